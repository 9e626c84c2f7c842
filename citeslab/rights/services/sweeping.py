"""The night's run: closings announced, files without news anonymised, in batches that a kill leaves whole."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.people.models import Person
from citeslab.rights import queries
from citeslab.rights.enums import Cause
from citeslab.rights.models import Closing, Sweep
from citeslab.rights.services.forgetting import anonymise, forget_traces
from citeslab.rights.services.space import tell
from citeslab.ui.values import number

BATCH = 200
PAUSE = timedelta(days=7)  # since the last run, after which much to do needs someone's word
MUCH_SHARE, MUCH = 0.05, 20  # of the files with a name, and at least


class ClockBehind(Exception):
    def __str__(self):
        return _(
            "The clock of this machine is behind the newest fact of the books: nothing was done. Set the clock, then "
            "run it again."
        )


class TooManyAtOnce(Exception):
    def __init__(self, files: int, named: int):
        super().__init__(files, named)
        self.files, self.named = files, named

    def __str__(self):
        return _(
            "No run took place lately, and %(files)s files out of %(named)s would be announced or anonymised at once: "
            "nothing was done. Check the clock of this machine and read --dry-run; if all is right, say --yes."
        ) % {"files": number(self.files), "named": number(self.named)}


@dataclass(frozen=True)
class Swept:
    announced: int
    anonymised: int


def sweep(
    *,
    yes: bool = False,
    batch: int = BATCH,
    by: User,
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> Swept:
    """Announce the closing of files without news for 23 months, and anonymise those announced and past 24.

    Each batch is a transaction: killed anywhere, each file is whole or anonymised, and the next run goes on. Raises
    `ClockBehind`, or `TooManyAtOnce` unless `yes`.
    """
    on = timezone.localdate(at)
    newest = queries.newest_fact_at()
    if newest is not None and newest > at + timedelta(minutes=5):
        raise ClockBehind
    ends = list(queries.to_anonymise(on).order_by("pk").values_list("pk", flat=True))
    news = list(queries.to_announce(on).order_by("pk").values_list("pk", flat=True))
    if not yes:
        refuse_much(len(ends) + len(news), at)
    announced = sum(announce(people=keys, on=on, by=by, at=at) for keys in batches(news, batch))
    anonymised = 0
    for keys in batches(ends, batch):
        anonymised += anonymise_without_news(people=keys, on=on, by=by, at=at)
        progress(anonymised)
    forget_traces(by=by, at=at)
    Sweep.objects.create(at=at, announced=announced, anonymised=anonymised)
    return Swept(announced, anonymised)


def refuse_much(files: int, at: datetime) -> None:
    if Sweep.objects.filter(at__gt=at - PAUSE).exists():
        return
    named = Person.objects.named().count()
    if files > max(MUCH, MUCH_SHARE * named):
        raise TooManyAtOnce(files, named)


def batches(keys: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


@transaction.atomic
def announce(*, people: Sequence[int], on: date, by: User, at: datetime) -> int:
    """Say that these files will be anonymised: to her if her last contact is not yet 24 months old, and on her
    advisor's home. History that a site brings in is announced to the advisor alone.
    """
    late = queries.months_before(on, queries.KEPT_MONTHS)
    rows = list(queries.to_announce(on).filter(pk__in=people).select_related("site").order_by("pk"))
    Closing.objects.bulk_create(
        Closing(
            person=person,
            last_contact_on=person.last_contact_on,
            announced_on=on,
            is_sent=person.last_contact_on > late and tell_closing(person, at),
        )
        for person in rows
    )
    if rows:
        audit.record("rights.closings.announced", by=by, at=at, people=len(rows))
    return len(rows)


def tell_closing(person: Person, at: datetime) -> bool:
    return tell(
        person,
        key=f"rights.closing:{person.pk}:{person.last_contact_on}",
        subject=gettext_lazy("Your file will be closed in a month"),
        body=gettext_lazy(
            "We have had no news of each other for 23 months. In a month, %(site)s forgets your name and all "
            "that says who you are; there is nothing to do. If you are still working on your idea, tell your advisor, "
            "or say it in your space: %(url)s"
        ),
        at=at,
    )


@transaction.atomic
def anonymise_without_news(*, people: Sequence[int], on: date, by: User, at: datetime) -> int:
    """Anonymise those of these people who are still without news once their files are locked."""
    locked = Person.objects.named().filter(pk__in=people).order_by("pk").select_for_update(of=("self",))
    keys = [person.pk for person in locked]
    still = list(queries.to_anonymise(on).filter(pk__in=keys).values_list("pk", flat=True))
    return anonymise(people=still, cause=Cause.RETENTION, by=by, at=at)
