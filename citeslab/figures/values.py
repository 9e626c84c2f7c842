"""Small pure types of figures."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Perimeter:
    """Whose figures: the whole network (`level` empty), or the place or agreement of that code."""

    level: str = ""
    code: str = ""

    @property
    def at(self) -> tuple[tuple[str, str], ...]:
        return ((self.level, self.code),) if self.level else ()

    @property
    def said(self) -> str:
        """As an address says it.

        >>> Perimeter("department", "59").said
        'department:59'
        """
        return f"{self.level}:{self.code}" if self.level else ""


@dataclass(frozen=True)
class Block:
    """One block of a report, from top to bottom: words in each language, or numbers of an indicator.

    `years` are those shown before the report's own, each a column; else up to two breakdowns.
    """

    kind: str
    indicator: str = ""
    by: tuple[str, ...] = ()
    years: int = 0
    words: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "indicator": self.indicator,
            "by": [str(one) for one in self.by],
            "years": self.years,
            "words": dict(self.words),
        }


def canonical(content: Any) -> str:
    """One text for one content: keys in order, no space, every sign as itself.

    >>> canonical({"b": 0.5, "a": [1, None]})
    '{"a":[1,null],"b":0.5}'
    """
    return json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def digest(content: str | bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
