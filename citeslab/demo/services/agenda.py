"""The agenda: a surgery at every site, and the appointments of these weeks at some."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import numpy as np

from citeslab.accounts.models import User
from citeslab.agenda.enums import Access, Kind, Outcome, Reason, Rhythm
from citeslab.agenda.models import Appointment, MoveRequest, Surgery
from citeslab.agenda.values import monday_of
from citeslab.core.values import instant
from citeslab.demo.services.staff import NAMED_ADVISOR
from citeslab.followup.models import Meeting
from citeslab.network.enums import Role
from citeslab.network.models import Mandate
from citeslab.people.models import Person

PLACES = ("Maison de quartier", "Centre social", "Médiathèque", "Mairie annexe", "Maison France services")
STREETS = (
    "2 place des Tilleuls",
    "14 rue des Arts",
    "7 allée du Parc",
    "31 avenue de la République",
    "5 rue du Marché",
)
HOURS = (time(9), time(10, 30), time(14), time(15, 30), time(17, 15))
LENGTHS = (45, 45, 60, 45, 15)
WEEKS_BEFORE, OTHER_SITES = 4, 12
MISSED, BOOKED = 0.09, 0.55


def plant_agenda(*, seed: int, until: date, by: User, at: datetime) -> None:
    """Surgeries for who is in post, appointments from four weeks ago to the end of next week; today has its own."""
    rng = np.random.default_rng([seed, 40])
    held = Mandate.objects.on(until).filter(role=Role.ADVISOR).select_related("site", "user").order_by("site", "pk")
    mandates = list(held)
    surgeries = [
        surgery for rank, mandate in enumerate(mandates) for surgery in surgeries_of(rank, mandate, until, by, at)
    ]
    Surgery.objects.bulk_create(surgeries)
    named = next((one for one in mandates if one.user.name == NAMED_ADVISOR), None)
    hers = [one for one in mandates if named is not None and one.site_id == named.site_id]
    others = [one for one in mandates if one not in hers][:: max(len(mandates) // OTHER_SITES, 1)]
    places: dict[int, str] = {}  # of each advisor's first surgery
    for surgery in surgeries:
        places.setdefault(surgery.advisor_id, f"{surgery.place}, {surgery.address}")
    appointments = []
    for mandate in [*sorted(hers, key=lambda one: one != named), *others]:
        appointments += appointments_of(rng, mandate, places[mandate.user_id], until, at, is_named=mandate == named)
    Appointment.objects.bulk_create(appointments)
    asking = next(
        (one for one in appointments if one.starts_at > at + timedelta(days=2) and not one.cancelled_at), None
    )
    if asking:
        MoveRequest.objects.create(appointment=asking, words="Plutôt le mardi matin, si c’est possible", asked_at=at)


def surgeries_of(rank: int, mandate: Mandate, until: date, by: User, at: datetime) -> Iterator[Surgery]:
    said = {
        "site": mandate.site,
        "advisor": mandate.user,
        "begins_on": max(mandate.begins_on, date(until.year - 1, 1, 1)),
        "changed_at": at,
        "changed_by": by,
    }
    morning = rank % 2 == 0
    yield Surgery(
        **said,
        place=PLACES[rank % 2],
        address=STREETS[rank % len(STREETS)],
        weekdays=[(rank + 3) % 5],
        from_time=time(9, 30) if morning else time(14),
        until_time=time(12) if morning else time(17),
        slot_minutes=30,
    )
    yield Surgery(
        **said,
        place="Au bureau",
        address=STREETS[(rank + 1) % len(STREETS)],
        access=Access.BOOKED,
        weekdays=[rank % 5, (rank + 1) % 5],
        from_time=time(14),
        until_time=time(17),
        slot_minutes=45,
    )
    if rank % 4 == 0:
        yield Surgery(
            **said,
            place=PLACES[2 + rank % 3],
            address=STREETS[(rank + 2) % len(STREETS)],
            rhythm=Rhythm.MONTHLY,
            nth=1 + rank % 3,
            weekdays=[(rank + 4) % 5],
            from_time=time(9),
            until_time=time(11),
            slot_minutes=30,
        )


def appointments_of(
    rng: np.random.Generator, mandate: Mandate, place: str, until: date, at: datetime, *, is_named: bool
) -> list[Appointment]:
    """Of people met lately at the site; what is past has its outcome, but for one of today."""
    people = people_of(mandate)
    if not people:
        return []
    first = monday_of(until) - timedelta(weeks=WEEKS_BEFORE if is_named else 0)
    days = [first + timedelta(days=number) for number in range((WEEKS_BEFORE if is_named else 0) * 7 + 14)]
    made: list[Appointment] = []
    for day in days:
        if day.weekday() > 4 and day != until:
            continue
        for rank, (hour, minutes) in enumerate(zip(HOURS, LENGTHS, strict=True)):
            if rng.random() > BOOKED and not (day == until and rank in (0, 1, 4)):
                continue
            one = appointment(people[len(made) % len(people)], mandate, day, hour, minutes, place, at)
            if one.ends_at < at and day < until:
                one.outcome = Outcome.NO_SHOW if rng.random() < MISSED else Outcome.HELD
                one.outcome_at, one.outcome_by = one.ends_at, mandate.user
            elif one.starts_at > at + timedelta(days=5) and rng.random() < 0.1:
                one.cancelled_at, one.cancelled_by, one.cancel_reason = at, mandate.user, Reason.PERSON
                one.sequence = 1
            made.append(one)
    return made


def people_of(mandate: Mandate) -> list[Person]:
    """The last met of her site, each once."""
    met = Meeting.objects.standing().filter(site=mandate.site).order_by("-held_on", "-pk").values_list("person")[:120]
    keys = list(dict.fromkeys(key for (key,) in met))[:60]
    people = Person.objects.in_bulk(keys)
    return [people[key] for key in keys]


def appointment(
    person: Person, mandate: Mandate, day: date, hour: time, minutes: int, place: str, at: datetime
) -> Appointment:
    starts_at = instant(day, hour, mandate.site.zone if mandate.site else None)
    is_call = minutes == 15
    booked_at = min(at, starts_at - timedelta(days=8))
    return Appointment(
        person=person,
        advisor=mandate.user,
        site=mandate.site,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        place="" if is_call else place,
        kind=Kind.PHONE if is_call else Kind.MEET,
        told_by="EMAIL" if person.email else "",
        booked_at=booked_at,
        booked_by=mandate.user,
        changed_at=booked_at,
    )
