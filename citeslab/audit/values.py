"""How the journal's chain is computed and sealed."""

import hashlib
import json
from datetime import UTC, datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

START = "0" * 64


def line_digest(previous: str, *, at: datetime, action: str, actor_id, subject_kind, subject_id, details) -> str:
    """SHA-256 (hex) of the previous line's digest and of this line in canonical JSON, times in UTC."""
    line = [previous, at.astimezone(UTC).isoformat(), action, actor_id, subject_kind, subject_id, details]
    return hashlib.sha256(
        json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def signatures(position: int, digest: str, sealed_at: datetime, forgets: bool) -> list[str]:
    """What a seal must be signed with: by the present key, or by an older one that is still trusted."""
    told = f"{position} {digest} {sealed_at.astimezone(UTC).isoformat()} {forgets:d}"
    return [
        salted_hmac("citeslab.audit.seal", told, secret=key, algorithm="sha256").hexdigest()
        for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    ]
