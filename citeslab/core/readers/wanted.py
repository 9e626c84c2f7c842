"""What is asked of a file, and what a reading gives."""

from dataclasses import asdict, dataclass, field
from typing import Any

# A row of a sheet as text: its number in the spreadsheet, then one value per heading asked for, "" when empty.
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    rows: list[tuple[int, Cells]]
    ignored: tuple[str, ...] = ()  # headings that nobody asked for
    is_correction: bool = False  # the extra heading is there


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that keeps its row out: where it is, what it says, why, and what would be right."""

    sheet: str
    row: int
    column: str
    value: str | None
    code: str
    details: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """The sheets of a file and their headings.

    `extra` is a heading whose presence alone is told; those of `optional` may be missing. A file of one sheet may be
    one text file, or a workbook whose only sheet has any name.
    """

    sheets: dict[str, tuple[str, ...]]
    extra: str = ""
    optional: tuple[str, ...] = ()

    @property
    def is_alone(self) -> bool:
        return len(self.sheets) == 1

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Wanted":
        sheets = {name: tuple(headings) for name, headings in plain["sheets"].items()}
        return cls(sheets, plain["extra"], tuple(plain["optional"]))
