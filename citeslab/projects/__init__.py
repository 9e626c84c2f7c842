"""Business ideas and their holders."""
