"""Acts on people and on where they live.

The functions that take many rows leave the journal to their caller: they are a part of its act, told in its line.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import numpy as np
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import queries as journal
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.network.enums import Role
from citeslab.network.models import Handover, Mandate, Site
from citeslab.notifications import services as notifications
from citeslab.people.enums import AssignmentReason, Grounds, Method, OpeningPurpose, Precision
from citeslab.people.models import Assignment, HouseholdTie, Opening, Person, Residence, ResidenceAnswer
from citeslab.people.values import Home
from citeslab.territories import queries as territories
from citeslab.territories.enums import Answer, Edition
from citeslab.territories.values import TERRITORIES, territories_of

BATCH = 5_000
POINTED_WITHIN_M = 500  # how far from the house a finger may be, on a map without its streets
IDENTITY = (
    "first_name",
    "preferred_name",
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
        person.sort_key = key_of_name(person)
    new = [person for person in people if person.pk is None]
    known = [person for person in people if person.pk is not None]
    for person in new:
        person.recorded_at, person.recorded_by = at, by
    for person in known:
        person.changed_at, person.changed_by = at, by
    Person.objects.bulk_create(new, batch_size=BATCH)
    Person.objects.bulk_update(known, [*IDENTITY, "sort_key", "changed_at", "changed_by"], batch_size=500)


def key_of_name(person: Person) -> str:
    """Her key in the lists, cut to what the column holds: one letter may fold into eighteen."""
    return sort_key(person.preferred_name, person.first_name)[: Person._meta.get_field("sort_key").max_length]


class ChangedMeanwhile(Exception):
    """Someone else saved this file after the form was opened; `now` is what it says today, by field."""

    def __init__(self, now: dict):
        self.now = now

    def __str__(self):
        return _("Someone changed this file after you opened it. See what changed below, then save again.")


@transaction.atomic
def create_person(
    *,
    site: Site,
    first_name: str,
    preferred_name: str,
    home: Home | None = None,
    same_household_as: Iterable[Person] = (),
    by: User,
    at: datetime,
    key: UUID | None = None,
    **more,
) -> Person:
    """Open the file of someone met for the first time; `more` are other fields of her identity.

    The advisor who opens it follows her from that day. The same `key` from the same user gives the same person: a
    form sent twice makes one.
    """
    person = Person(site=site, first_name=first_name, preferred_name=preferred_name, **more)
    identity = {field: getattr(person, field) for field in IDENTITY}
    person, is_new = Person.objects.get_or_create(
        creation_key=key or uuid4(),
        recorded_by=by,
        defaults={**identity, "site": site, "sort_key": key_of_name(person), "recorded_at": at},
    )
    if is_new:
        audit.record("people.person.created", person, by=by, at=at, site=site.pk)
        today = localdate(at)
        if Mandate.objects.on(today).filter(user=by, role=Role.ADVISOR, site=site).exists():
            assign(people=[person.pk], advisor=by, since=today, reason=AssignmentReason.ENTRY, by=by, at=at)
        if home:
            record_home(person=person, home=home, by=by, at=at)
        for other in same_household_as:
            tie_household(person=person, other=other, by=by, at=at)
    return person


@transaction.atomic
def correct_person(*, person: Person, wrote: dict, seen: dict, by: User, at: datetime) -> frozenset[str]:
    """Correct her identity with what the user `wrote`, where it differs from the file; gives the fields changed.

    `seen` is what the file said when the form was opened. When it says something else now, nothing is written and
    `ChangedMeanwhile` tells what it says.
    """
    person = Person.objects.select_for_update(of=["self"]).get(pk=person.pk)
    now = {field: getattr(person, field) for field in wrote}
    if any(seen.get(field) != now[field] for field in wrote):
        raise ChangedMeanwhile(now)
    changed = frozenset(field for field in wrote if wrote[field] != now[field])
    if changed:
        for field in changed:
            setattr(person, field, wrote[field])
        save_people(people=[person], by=by, at=at)
        audit.record("people.person.corrected", person, by=by, at=at, fields=sorted(changed))
    return changed


@transaction.atomic
def tie_household(*, person: Person, other: Person, by: User, at: datetime) -> HouseholdTie:
    """Say that two people live under one roof. Saying it twice gives the same tie."""
    one, other = sorted([person, other], key=lambda who: who.pk)
    list(Person.objects.select_for_update(of=["self"]).filter(pk__in=[one.pk, other.pk]).order_by("pk"))
    if known := HouseholdTie.objects.standing().filter(one=one, other=other).first():
        return known
    tie = HouseholdTie.objects.create(one=one, other=other, recorded_at=at, recorded_by=by)
    audit.record("people.household.tied", person, by=by, at=at, one=one.pk, other=other.pk)
    return tie


@transaction.atomic
def untie_household(*, tie: HouseholdTie, by: User, at: datetime) -> None:
    """Take back that two people live under one roof."""
    if HouseholdTie.objects.standing().filter(pk=tie.pk).update(withdrawn_at=at, withdrawn_by=by):
        audit.record("people.household.untied", tie.one, by=by, at=at, one=tie.one_id, other=tie.other_id)


class MoveBeforeHome(Exception):
    """A move is dated before the home it ends."""

    def __str__(self):
        return _("She cannot have left this home before she came to it. Check the day of the move.")


@transaction.atomic
def record_home(*, person: Person, home: Home, moved_on: date | None = None, by: User, at: datetime) -> Residence:
    """Record where she lives, and answer at once in each edition.

    With `moved_on` the home before ends that day, and what was answered for it stands; without, the home before was
    a mistake and is withdrawn. Raises `MoveBeforeHome`.
    """
    person = Person.objects.select_for_update(of=["self"]).get(pk=person.pk)
    before = Residence.objects.standing().filter(person=person, ends_on=None).first()
    begins_on = before.begins_on if before else None
    if before and moved_on:
        end_home(before, on=moved_on, by=by, at=at)
        begins_on = moved_on
    residence = Residence(person=person, begins_on=begins_on, **asdict(home))
    record_residences(residences=[residence], by=by, at=at)
    act = ("moved" if moved_on else "corrected") if before else "recorded"
    audit.record(f"people.residence.{act}", person, by=by, at=at, residence=residence.pk)
    return residence


def end_home(residence: Residence, *, on: date, by: User, at: datetime) -> None:
    """A fact is not rewritten: the open home is withdrawn, and recorded again with its end and its answers."""
    if residence.begins_on and residence.begins_on >= on:
        raise MoveBeforeHome
    answers = list(residence.answers.standing())
    withdraw_residences(residences=[residence.pk], by=by, at=at)
    ended = again(residence, by=by, at=at, ends_on=on)
    ResidenceAnswer.objects.bulk_create(
        [again(answer, by=by, at=at, save=False, residence_id=ended.pk) for answer in answers]
    )


def again(fact, *, by: User, at: datetime, save: bool = True, **changes):
    """A new row that says what `fact` said, but for `changes` (by column)."""
    said = {
        field.attname: getattr(fact, field.attname) for field in fact._meta.concrete_fields if not field.primary_key
    }
    books = {"recorded_at": at, "recorded_by_id": by.pk, "withdrawn_at": None, "withdrawn_by_id": None}
    fresh = type(fact)(**said | books | changes)
    if save:
        fresh.save()
    return fresh


class NothingToDecide(Exception):
    """The answer was decided, or the address changed, since the page was opened."""

    def __str__(self):
        return _("This address no longer waits: someone decided, or the address changed. Here is what is known now.")


@transaction.atomic
def decide(
    *, answer: ResidenceAnswer, qpv_code: str, grounds: Grounds, reason: str = "", by: User, at: datetime
) -> ResidenceAnswer:
    """Say that she lives in the QPV of this code, or in none (an empty code), and why. Raises `NothingToDecide`.

    The computed answer is withdrawn; the decision rests on the same release.
    """
    answer = ResidenceAnswer.objects.select_for_update(of=["self"]).get(pk=answer.pk)
    if answer.withdrawn_at or answer.answer != Answer.TO_CHECK:
        raise NothingToDecide
    withdraw_answer(answer, by=by, at=at)
    decided = again(
        answer,
        by=by,
        at=at,
        answer=Answer.IN if qpv_code else Answer.OUT,
        qpv_code=qpv_code,
        method=Method.MANUAL,
        grounds=grounds,
        reason=reason,
    )
    audit.record(
        "people.answer.decided", answer.residence.person, by=by, at=at, answer=decided.pk, said=decided.answer,
        edition=answer.edition, qpv=qpv_code, grounds=grounds,
    )  # fmt: skip
    return decided


@transaction.atomic
def undo_decision(*, answer: ResidenceAnswer, by: User, at: datetime) -> ResidenceAnswer:
    """Take a decision back: what the map said waits to be checked again. Raises `NothingToDecide`."""
    answer = ResidenceAnswer.objects.select_for_update(of=["self"]).get(pk=answer.pk)
    computed = (
        ResidenceAnswer.objects.filter(residence=answer.residence_id, edition=answer.edition, method=Method.COMPUTED)
        .exclude(withdrawn_at=None)
        .order_by("-withdrawn_at", "-pk")
        .first()
    )
    if answer.withdrawn_at or answer.method != Method.MANUAL or computed is None:
        raise NothingToDecide
    withdraw_answer(answer, by=by, at=at)
    waiting = again(computed, by=by, at=at)
    audit.record("people.decision.undone", answer.residence.person, by=by, at=at, answer=answer.pk)
    return waiting


def withdraw_answer(answer: ResidenceAnswer, *, by: User, at: datetime) -> None:
    ResidenceAnswer.objects.filter(pk=answer.pk).update(withdrawn_at=at, withdrawn_by=by)


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
            answer=as_sure_as(residence, answer, border),
            qpv_code=code,
            border_m=None if np.isnan(border) or residence.precision == Precision.UNSURE else round(border, 1),
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


def as_sure_as(residence: Residence, answer: str, border: float) -> str:
    """What may be said of a place that is not known to the house: a human decides, unless no border is near."""
    unsure = residence.precision == Precision.UNSURE
    near = residence.precision == Precision.POINTED and border < POINTED_WITHIN_M
    return Answer.TO_CHECK if unsure or near else answer


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
