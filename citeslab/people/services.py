"""Acts on people and on where they live.

The functions that take many rows leave the journal to their caller: they are a part of its act, told in its line.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import queries as journal
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.network.enums import Role
from citeslab.network.models import Handover, Mandate, Site
from citeslab.notifications import services as notifications
from citeslab.people.enums import AssignmentReason, Method, OpeningPurpose
from citeslab.people.models import Assignment, Opening, Person, Residence, ResidenceAnswer
from citeslab.territories import queries as territories
from citeslab.territories.enums import Answer, Edition
from citeslab.territories.values import TERRITORIES, territories_of

BATCH = 5_000
IDENTITY = (
    "first_name",
    "preferred_name",
    "sort_key",
    "sex",
    "born_on",
    "phone",
    "email",
    "situation_at_entry",
    "diploma",
    "contact_source",
)


@transaction.atomic
def save_people(*, people: Sequence[Person], by: User, at: datetime) -> None:
    """Record the new ones (those without a key, which they receive) and rewrite the identity of the others."""
    for person in people:
        person.sort_key = sort_key(person.preferred_name, person.first_name)
    new = [person for person in people if person.pk is None]
    known = [person for person in people if person.pk is not None]
    for person in new:
        person.recorded_at, person.recorded_by = at, by
    Person.objects.bulk_create(new, batch_size=BATCH)
    Person.objects.bulk_update(known, IDENTITY, batch_size=500)


@transaction.atomic
def record_residences(*, residences: Sequence[Residence], by: User, at: datetime) -> None:
    """Record where people live and answer at once in each edition that has a release.

    The open residence that a person already had is withdrawn with its answers: this is a correction, not a move.
    The territory is found from the position.
    """
    withdraw_residences(residences=open_residences(residences), by=by, at=at)
    place(residences)
    for residence in residences:
        residence.recorded_at, residence.recorded_by = at, by
    Residence.objects.bulk_create(residences, batch_size=BATCH)
    answer_residences(residences=residences, by=by, at=at)


def open_residences(residences: Iterable[Residence]) -> list[int]:
    people = [residence.person_id for residence in residences]
    return list(
        Residence.objects.standing().filter(person__in=people, ends_on=None).order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def withdraw_residences(*, residences: Sequence[int], by: User, at: datetime) -> None:
    """Take back residences (given by their keys) and the answers made for them."""
    if not residences:
        return
    withdrawn = {"withdrawn_at": at, "withdrawn_by": by}
    ResidenceAnswer.objects.standing().filter(residence__in=residences).update(**withdrawn)
    Residence.objects.standing().filter(pk__in=residences).update(**withdrawn)


def place(residences: Sequence[Residence]) -> None:
    """Write the territory of each residence that has a position, and none on the others."""
    located = [residence for residence in residences if residence.longitude is not None]
    for residence in residences:
        residence.territory = ""
    for residence, number in zip(located, territories_of(*positions(located)), strict=True):
        residence.territory = TERRITORIES[number]


def positions(residences: Sequence[Residence]) -> tuple[np.ndarray, np.ndarray]:
    longitudes = np.array([residence.longitude for residence in residences], dtype=float)
    latitudes = np.array([residence.latitude for residence in residences], dtype=float)
    return longitudes, latitudes


@transaction.atomic
def answer_residences(*, residences: Sequence[Residence], by: User, at: datetime) -> int:
    """Store the QPV answer of each located residence, in each edition that has a release and no standing answer.

    The latest release of the edition answers. Returns how many answers were stored. A standing answer, computed
    or decided by a human, is left as it is: a new release never rewrites an old answer.
    """
    located = [residence for residence in residences if residence.longitude is not None]
    keys = [residence.pk for residence in located]
    answered = defaultdict(set)
    standing = ResidenceAnswer.objects.standing().filter(residence__in=keys)
    for edition, residence in standing.values_list("edition", "residence"):
        answered[edition].add(residence)
    return sum(
        store_answers(
            [residence for residence in located if residence.pk not in answered[edition]], edition=edition, by=by, at=at
        )
        for edition in Edition
    )


def store_answers(residences: Sequence[Residence], *, edition: Edition, by: User, at: datetime) -> int:
    """Nothing is stored for a place outside France, nor when no release of the edition is loaded."""
    if not residences:
        return 0
    longitudes, latitudes = positions(residences)
    places = territories.locate_many(longitudes=longitudes, latitudes=latitudes, edition=edition)
    if places is None:
        return 0
    rows = [
        ResidenceAnswer(
            residence_id=residence.pk,
            edition=edition,
            release_id=places.index.release_id,
            answer=answer,
            qpv_code=code,
            border_m=None if np.isnan(border) else round(border, 1),
            method=Method.COMPUTED,
            recorded_at=at,
            recorded_by=by,
        )
        for residence, answer, code, border in zip(
            residences, places.answers, places.first_codes, places.borders.tolist(), strict=True
        )
        if answer != Answer.NOT_LOCATED
    ]
    ResidenceAnswer.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


@transaction.atomic
def answer_in_edition(*, edition: Edition, by: User, at: datetime) -> int:
    """Answer, in batches, every located residence that has no standing answer in this edition yet."""
    answer = ResidenceAnswer.objects.standing().filter(residence=OuterRef("pk"), edition=edition)
    waiting = Residence.objects.standing().exclude(longitude=None).filter(~Exists(answer))
    stored, last = 0, 0
    while batch := list(waiting.filter(pk__gt=last).order_by("pk")[:BATCH]):
        stored += store_answers(batch, edition=edition, by=by, at=at)
        last = batch[-1].pk
    return stored


# -- who follows whom -------------------------------------------------------------------------------------------------


class NotAnAdvisorThere(Exception):
    """The advisor may not see the names of a site on that day: she cannot follow its people."""

    def __str__(self):
        return _("This advisor has no access to all of these people on that day: choose a colleague of their site.")


@dataclass(frozen=True)
class Taken:
    """An assignment written, by its key, and what it replaced: enough to undo it."""

    person: int
    new: int
    before: int | None = None  # the one that it ended,
    end: date | None = None  # and the end that one had
    withdrawn: list[int] = field(default_factory=list)  # those that were to begin that day or later


@transaction.atomic
def assign(
    *,
    people: Collection[int],
    advisor: User,
    since: date,
    reason: AssignmentReason,
    by: User,
    at: datetime,
    handover: Handover | None = None,
) -> list[Taken]:
    """From that day `advisor` follows these people (given by their keys), and nobody else does.

    Those she follows already are left as they are. Raises `NotAnAdvisorThere`. The journal is left to the caller.
    """
    keys = list(people)
    # The lock stops two colleagues from taking the same person: the second sees what the first did.
    sites = set(
        Person.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("site", flat=True)
    )
    if sites - set(Site.objects.keys_with_names_for(advisor, on=since)):
        raise NotAnAdvisorThere
    before: dict[int, list[Assignment]] = defaultdict(list)
    in_the_way = Assignment.objects.standing().filter(Q(ends_on=None) | Q(ends_on__gt=since), person__in=keys)
    for one in in_the_way.order_by("begins_on"):
        before[one.person_id].append(one)
    new, ended, withdrawn = [], {}, {}
    for person in dict.fromkeys(keys):
        others = before[person]
        if [(one.advisor_id, one.ends_on) for one in others] == [(advisor.pk, None)] and others[0].begins_on <= since:
            continue
        if others and others[0].begins_on < since:
            ended[person] = others.pop(0)
        withdrawn[person] = [one.pk for one in others]
        new.append(
            Assignment(
                person_id=person,
                advisor=advisor,
                begins_on=since,
                reason=reason,
                handover=handover,
                recorded_at=at,
                recorded_by=by,
            )
        )
    Assignment.objects.filter(pk__in=[one.pk for one in ended.values()]).update(ends_on=since)
    Assignment.objects.filter(pk__in=[key for keys in withdrawn.values() for key in keys]).update(
        withdrawn_at=at, withdrawn_by=by
    )
    Assignment.objects.bulk_create(new, batch_size=BATCH)
    return [
        Taken(
            one.person_id,
            one.pk,
            ended[one.person_id].pk if one.person_id in ended else None,
            ended[one.person_id].ends_on if one.person_id in ended else None,
            withdrawn[one.person_id],
        )
        for one in new
    ]


@transaction.atomic
def take_assignments_back(*, assigned: Collection[Taken], on: date, by: User, at: datetime) -> set[int]:
    """Undo assignments; gives the keys of those undone.

    One that something came after is left as it is, and so is one whose advisor before has left the site since.
    """
    by_key = {one.new: one for one in assigned}
    standing = Assignment.objects.standing().filter(pk__in=by_key, ends_on=None).order_by("pk").select_for_update()
    undone = dict(standing.values_list("pk", "person__site"))
    replaced = {
        row.pk: row
        for row in Assignment.objects.filter(
            pk__in=[key for new in undone for key in (by_key[new].before, *by_key[new].withdrawn) if key]
        ).select_related("advisor")
    }
    sites = {row.advisor: set(Site.objects.keys_with_names_for(row.advisor, on=on)) for row in replaced.values()}
    for new, site in list(undone.items()):
        rows = [replaced[key] for key in (by_key[new].before, *by_key[new].withdrawn) if key]
        if any(site not in sites[row.advisor] for row in rows):
            del undone[new]
    Assignment.objects.filter(pk__in=undone).update(withdrawn_at=at, withdrawn_by=by)
    reopened, again = [], []
    for new in undone:
        taken = by_key[new]
        if taken.before:
            replaced[taken.before].ends_on = taken.end
            reopened.append(replaced[taken.before])
        for key in taken.withdrawn:
            row = replaced[key]
            row.pk, row.withdrawn_at, row.withdrawn_by, row.recorded_at, row.recorded_by = None, None, None, at, by
            row._state.adding = True
            again.append(row)
    Assignment.objects.bulk_update(reopened, ["ends_on"], batch_size=500)
    Assignment.objects.bulk_create(again, batch_size=BATCH)
    return set(undone)


OPENED_FOR = timedelta(hours=24)
TRIES_A_DAY = 10


class TooManyTries(Exception):
    def __str__(self):
        return _("You tried many names today. Wait until tomorrow, or call the site that you think of.")


@transaction.atomic
def open_elsewhere(
    *, first_name: str, preferred_name: str, born_on: date, purpose: OpeningPurpose, reason: str, by: User, at: datetime
) -> Opening | None:
    """Open for a day the file of the one person of another site who has this very identity, or nothing.

    Two people of one identity open nothing either: what is not hers is not told apart. What was tried in vain is
    journaled and counted; raises `TooManyTries`.
    """
    since = at - timedelta(days=1)
    if journal.about(by).filter(action="people.opening.refused", at__gt=since).count() >= TRIES_A_DAY:
        raise TooManyTries
    hers = Site.objects.keys_with_names_for(by, on=at.date())
    same = Person.objects.filter(sort_key=sort_key(preferred_name, first_name), born_on=born_on)
    found = list(same.exclude(site__in=hers)[:2]) if hers else []
    if len(found) != 1:
        audit.record("people.opening.refused", by, by=by, at=at, purpose=purpose)
        return None
    opening = Opening.objects.create(
        person=found[0], user=by, purpose=purpose, reason=reason, opened_at=at, ends_at=at + OPENED_FOR
    )
    audit.record("people.person.opened_elsewhere", found[0], by=by, at=at, purpose=purpose, opening_id=opening.pk)
    tell_its_site(opening, at)
    return opening


def tell_its_site(opening: Opening, at: datetime) -> None:
    advisors = Mandate.objects.on(at.date()).filter(role=Role.ADVISOR, site=opening.person.site_id)
    for user in User.objects.filter(pk__in=advisors.values("user"), is_active=True):
        notifications.post(
            key=f"people.opening:{opening.pk}:{user.pk}",
            to=user.email,
            subject=_("A file of your site was opened by another site"),
            body="\n\n".join(
                [
                    _("Hello,"),
                    _("A colleague of another site opened one of your files for 24 hours. Read there who, and why:")
                    + f"\n{settings.PUBLIC_URL}{reverse('desk:person', args=[opening.person_id])}",
                    "CitésLab",
                ]
            ),
            at=at,
            about=opening,
        )
