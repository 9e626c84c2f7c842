"""How the journal's chain is computed."""

import hashlib
import json
from datetime import UTC, datetime

START = "0" * 64


def line_digest(previous: str, *, at: datetime, action: str, actor_id, subject_kind, subject_id, details) -> str:
    """SHA-256 (hex) of the previous line's digest and of this line in canonical JSON, times in UTC."""
    line = [previous, at.astimezone(UTC).isoformat(), action, actor_id, subject_kind, subject_id, details]
    return hashlib.sha256(
        json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()
