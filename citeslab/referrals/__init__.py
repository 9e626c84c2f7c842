"""A person sent to a partner, and the partner's answer (FR: orientation)."""
