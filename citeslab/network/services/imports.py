"""Files of structures, posts and coverage taken in: all or nothing, nothing twice."""

import tempfile
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePath

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.readers import cells
from citeslab.core.readers.cells import Bad
from citeslab.core.readers.limits import Refused
from citeslab.core.readers.wanted import Sheet
from citeslab.network import readers
from citeslab.network.enums import Kind
from citeslab.network.errors import Unreadable, in_words
from citeslab.network.models import Import
from citeslab.network.services import coverage, places, posts
from citeslab.network.services.posts import NotThen
from citeslab.network.services.rows import READERS, Act, Row

REFUSALS = (
    places.NotASiret, places.SiretTaken, places.CodeTaken, posts.PostHeld, posts.ReferenceTaken, NotThen,
    coverage.NoSuchQPV, coverage.OutOfForce, coverage.AlreadyCovered,
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """A cell that keeps the file out, in words: what it says, why, and what would be right."""

    row: int
    column: str
    value: str
    reason: str
    right: str


@dataclass
class Outcome:
    """What a file did, or would do."""

    rows: int = 0
    changed: int = 0  # rows that write something
    changes: list[tuple[int, str]] = field(default_factory=list)  # row, in a sentence
    faults: list[Fault] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    is_written: bool = False

    @property
    def unchanged(self) -> int:
        return self.rows - self.changed - len({fault.row for fault in self.faults})

    def plain(self) -> dict:
        return {**asdict(self), "unchanged": self.unchanged}


class BadRows(Exception):
    """Some rows are bad: nothing was written."""

    def __init__(self, outcome: Outcome):
        super().__init__()
        self.outcome = outcome

    def __str__(self):
        return _("Some rows are to be corrected: nothing was written.")


class AlreadyTakenIn(Exception):
    def __str__(self):
        return _("This file is in already.")


# -- the whole file ---------------------------------------------------------------------------------------------------


def read(path: Path, kind: Kind, *, name: str = "") -> Sheet:
    """Raises `Unreadable`, in words."""
    try:
        return readers.read(path, kind)
    except Refused as refusal:
        raise Unreadable(refusal.code, name=name or path.name, **refusal.details) from refusal


@transaction.atomic
def rehearse(*, kind: Kind, sheet: Sheet, by: User, at: datetime) -> Outcome:
    """What the file would change, and what keeps it out; nothing is written."""
    with transaction.atomic():
        outcome = told(kind, sheet, Act(by, at))
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def take_in(*, kind: Kind, sheet: Sheet, by: User, at: datetime) -> Outcome:
    """All of it, or `BadRows` and nothing."""
    outcome = told(kind, sheet, Act(by, at))
    if outcome.faults:
        raise BadRows(outcome)
    outcome.is_written = True
    audit.record("network.file.taken_in", by=by, at=at, kind=kind, rows=outcome.rows, changed=outcome.changed)
    return outcome


def told(kind: Kind, sheet: Sheet, act: Act) -> Outcome:
    """Each row through the services of the room, in the order of the file."""
    outcome = Outcome(ignored=sheet.ignored)
    headings = readers.WANTED[kind].sheets[sheet.name]
    for number, values in sheet.rows:
        row = Row(number, dict(zip(headings, values, strict=True)))
        outcome.rows += 1
        try:
            with transaction.atomic():
                changes = [(number, sentence) for sentence in READERS[kind](row, act)]
        except Bad as bad:
            outcome.faults.append(fault(row, *in_words(bad)))
        except REFUSALS as refusal:
            outcome.faults.append(fault(row, str(refusal), right_of(refusal)))
        else:
            outcome.changes += changes
            outcome.changed += bool(changes)
    return outcome


def fault(row: Row, reason: str, right: str) -> Fault:
    return Fault(row.number, str(row.column), cells.shown(row.values[row.column][:200]), reason, right)


def right_of(refusal: Exception) -> str:
    """What would be right, for a refusal that knows it."""
    if isinstance(refusal, coverage.OutOfForce):
        return refusal.right
    if isinstance(refusal, coverage.NoSuchQPV) and refusal.near:
        return _("One of: %(right)s.") % {"right": ", ".join(refusal.near)}
    if isinstance(refusal, places.NotASiret):
        return _("The 14 digits of its papers, or an empty cell.")
    return _("Other days, or another place: the sentence before says which are taken.")


# -- files sent by page -----------------------------------------------------------------------------------------------


@transaction.atomic
def receive(*, kind: Kind, name: str, content: bytes, by: User, at: datetime) -> Import:
    """Keep the file until somebody decides, with what it would change; raises `Unreadable`, and keeps nothing then."""
    outcome = rehearse(kind=kind, sheet=sheet_of(kind, name, content), by=by, at=at)
    kept = Import.objects.create(
        kind=kind, name=PurePath(name).name[:200], content=content, findings=outcome.plain(), sent_at=at, sent_by=by
    )
    audit.record("network.file.sent", kept, by=by, at=at, kind=kind, rows=outcome.rows)
    return kept


def take_in_received(*, sent: Import, by: User, at: datetime) -> Outcome:
    """All of a file that was sent, or `BadRows` and what is wrong with it now; raises `AlreadyTakenIn`."""
    try:
        with transaction.atomic():
            found = Import.objects.select_for_update(of=["self"]).get(pk=sent.pk)
            if found.taken_in_at is not None or found.content is None:
                raise AlreadyTakenIn
            kind = Kind(found.kind)
            outcome = take_in(kind=kind, sheet=sheet_of(kind, found.name, bytes(found.content)), by=by, at=at)
            found.findings, found.content = outcome.plain(), None
            found.taken_in_at, found.taken_in_by = at, by
            found.save()
    except BadRows as refusal:
        Import.objects.filter(pk=sent.pk).update(findings=refusal.outcome.plain())
        raise
    return outcome


def sheet_of(kind: Kind, name: str, content: bytes) -> Sheet:
    suffix = PurePath(name).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sent{suffix if suffix in {'.csv', '.txt', '.tsv', '.xlsx'} else ''}"
        path.write_bytes(content)
        return read(path, kind, name=PurePath(name).name)
