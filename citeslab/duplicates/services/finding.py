"""Likenesses found: of the whole network by a job, or of one file as soon as it is saved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.duplicates import queries
from citeslab.duplicates.matching import model
from citeslab.duplicates.matching.model import Traits
from citeslab.duplicates.models import Difference, JoinRequest, Likeness, NameShare
from citeslab.people.models import Person

FILES_LOCK = 7_205_060  # any constant: files are not joined while likenesses are written
BATCH = 5_000
SAME_BITS = 1e-6
FRESH, MOST_FRESH = timedelta(minutes=15), 200
Progress = Callable[[str, int, int], None]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """What a run changed."""

    files: int
    likenesses: int
    new: int
    gone: int


def hold_files() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FILES_LOCK])


@transaction.atomic
def find(*, by: User, at: datetime, progress: Progress = lambda step, done, total: None) -> Found:
    """Compare everyone with everyone and keep the likenesses; killed at any moment, nothing of it stays.

    Run again, it gives the same rows. A pair said to be two people is not kept.
    """
    # Splink, DuckDB and Arrow take 100 MB and a fifth of a second: only who compares the network pays.
    from citeslab.duplicates.matching import network  # noqa: PLC0415

    everyone = Person.objects.named()
    total = everyone.count()
    people: list[Traits] = []
    for one, _site in queries.files(everyone.order_by("pk")):
        people.append(one)
        if len(people) % 5_000 == 0:
            progress("Reading files", len(people), total)
    progress("Comparing", 0, total)
    pairs = {
        (pair.first, pair.second): Likeness(
            first_id=pair.first,
            second_id=pair.second,
            bits=pair.bits,
            band=pair.band,
            evidence=pair.evidence,
            found_at=at,
        )
        for pair in network.compared(people)
    }
    progress("Writing likenesses", total, total)
    hold_files()
    keep_shares(people)
    new, gone = keep(pairs, of=Likeness.objects.all())
    fill_requests()
    found = Found(len(people), Likeness.objects.count(), new, gone)
    audit.record(
        "duplicates.likenesses.found", by=by, at=at, files=found.files, likenesses=found.likenesses, new=found.new
    )
    return found


def keep_shares(people: Iterable[Traits]) -> None:
    """How common names and places are, for the comparison of one file; a name of one person alone is not listed."""
    people = list(people)
    rows = []
    for trait, shares in model.shares(people).items():
        rare = model.softened(trait, 1, len(people))
        rows.append(NameShare(digest=queries.share_digest(trait, ""), share=rare))
        rows += [
            NameShare(digest=queries.share_digest(trait, text), share=share)
            for text, share in shares.items()
            if share > rare
        ]
    NameShare.objects.all().delete()
    NameShare.objects.bulk_create(rows, batch_size=BATCH)


def keep(pairs: dict[Pair, Likeness], *, of) -> tuple[int, int]:
    """Make `pairs` the likenesses kept among `of`: new ones written, changed ones rewritten, the others taken away."""
    apart = set(Difference.objects.standing().values_list("first", "second"))
    there = set(
        Person.objects.named()
        .filter(pk__in={key for pair in pairs for key in pair})
        .order_by()
        .values_list("pk", flat=True)
    )
    wanted = {pair: one for pair, one in pairs.items() if pair not in apart and there.issuperset(pair)}
    known = {(one.first_id, one.second_id): one for one in of}
    fresh = [one for pair, one in sorted(wanted.items()) if pair not in known]
    changed = []
    for pair, one in wanted.items():
        row = known.get(pair)
        if row and (abs(row.bits - one.bits) > SAME_BITS or row.evidence != one.evidence or row.band != one.band):
            row.bits, row.evidence, row.band = one.bits, one.evidence, one.band
            changed.append(row)
    stale = [row.pk for pair, row in known.items() if pair not in wanted]
    Likeness.objects.bulk_create(fresh, batch_size=BATCH)
    Likeness.objects.bulk_update(changed, ["bits", "band", "evidence"], batch_size=BATCH)
    Likeness.objects.filter(pk__in=stale).delete()
    return len(fresh), len(stale)


@transaction.atomic
def find_for(*, person: Person, at: datetime) -> list[Likeness]:
    """Compare one file with everyone and keep its likenesses: when it is saved, so that nobody waits for the night."""
    hold_files()
    pairs = {}
    for found in queries.likenesses_of(person):
        if found.band:
            first, second = sorted((person.pk, found.person))
            pairs[first, second] = Likeness(
                first_id=first,
                second_id=second,
                bits=found.bits,
                band=found.band,
                evidence=found.evidence,
                found_at=at,
            )
    mine = Likeness.objects.filter(Q(first=person) | Q(second=person))
    keep(pairs, of=mine)
    fill_requests(asking_site=person.site_id)
    return list(mine.order_by("-bits", "pk"))


def find_fresh(*, at: datetime) -> int:
    """Compare the files saved in the last minutes; a whole workbook taken in waits for the night."""
    fresh = list(
        Person.objects.named().filter(recorded_at__gt=at - FRESH, recorded_at__lte=at).order_by("pk")[: MOST_FRESH + 1]
    )
    if len(fresh) > MOST_FRESH:
        return 0
    for person in fresh:
        find_for(person=person, at=at)
    return len(fresh)


def fill_requests(**only) -> None:
    """A request made while a file was being written receives that file, once it is there and looks the same."""
    for request in JoinRequest.objects.open().filter(ours=None, **only).order_by("pk"):
        theirs = request.theirs_id
        pairs = (
            Likeness.objects.filter(Q(first=theirs, second__site=request.asking_site_id))
            | Likeness.objects.filter(Q(second=theirs, first__site=request.asking_site_id))
        ).order_by("-bits", "pk")
        pair = pairs.first()
        if pair is None:
            continue
        ours = pair.second_id if pair.first_id == theirs else pair.first_id
        if not JoinRequest.objects.open().filter(ours=ours, theirs=theirs).exists():
            JoinRequest.objects.filter(pk=request.pk).update(ours=ours)
