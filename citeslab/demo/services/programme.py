"""What the sites have on their programme these weeks: full actions with a line, others with seats, in schools, in a
series, one called off; seats offered, calls to make; one that waits to be closed; and some that were signed for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

import numpy as np
from django.db.models import Max

from citeslab.core.values import instant
from citeslab.demo.services import geography
from citeslab.network.models import Site, Tenure
from citeslab.partners.models import Office
from citeslab.people.models import Assignment, Person
from citeslab.people.values import is_mobile
from citeslab.territories.models import Commune
from citeslab.territories.values import territory_of
from citeslab.workshops.enums import Channel, ClassLevel, How, Kind, Occasion, State
from citeslab.workshops.models import Attendance, Call, Presence, Quota, Registration, Session, Signature, Workshop

# title, kind, place, theme
IDEAS = (
    ("Oser son idée : premier atelier", Kind.GENERAL, "Maison de quartier", "Oser"),
    ("Entreprendre au féminin", Kind.THEMATIC, "Médiathèque", "Entreprendre au féminin"),
    ("Ma petite entreprise, combien ça coûte ?", Kind.THEMATIC, "Centre social", "Chiffrer"),
    ("Vendre sur un marché", Kind.THEMATIC, "Salle des fêtes", "Vendre"),
)
SERIES = ("Bâtir son projet pas à pas", Kind.THEMATIC, "Tiers-lieu", "De l’idée au projet")
MORE = ("Un métier dans les mains", Kind.GENERAL, "Maison de l’emploi", "Métiers manuels")
SCHOOL = ("Et si je créais mon activité ?", Kind.SCHOOL, "", "")
OFF = ("Les aides, sans s’y perdre", Kind.THEMATIC, "Centre social", "Aides")
STREETS = (
    "2 place des Tilleuls",
    "14 rue des Arts",
    "7 allée du Parc",
    "31 avenue de la République",
    "5 rue du Marché",
)
SCHOOLS = ("Lycée professionnel Marie-Curie", "CFA des métiers", "Lycée Jean-Moulin")
LEVELS = (ClassLevel.VOCATIONAL, ClassLevel.APPRENTICES, ClassLevel.UPPER)
TOLD = (
    "On dit son idée, on écoute celle des autres, et chacune et chacun repart avec la première chose à faire. "
    "Ni dossier ni diplôme ne sont demandés."
)
OFF_BECAUSE = "La salle est fermée cette semaine-là. L’atelier sera proposé à une autre date."
GUESTS = (("Nour", "Bensaïd"), ("Yacine", "Haddad"), ("Fatoumata", "Cissé"), ("Lucie", "Perrin"), ("Yann", "Le Goff"))
SEATS, REGISTERED, SIGNED = 10, 12, 7
IN_DAYS, SCHOOL_IN, SERIES_IN, MORE_IN, OFF_IN = 6, 13, 9, 17, 11
DAYS_AGO, SIGNED_AGO = 2, 9
SERIES_EVERY, SERIES_LENGTH = 7, 3
FULL, SPREAD = 3, 9  # one site in three has a full action; the days that actions to come spread over
HOURS = (9, 14, 18)
LASTS = timedelta(hours=3)
AUDIENCE = "Ouvert à toutes et à tous"
KEYS = UUID("5d1f6a0e-3c55-4b0c-9a52-6a2f2b1f8a10")  # of what is made here: the same network for the same seed


@dataclass
class Planned:
    """An action with its half-days, and who is registered for it."""

    workshop: Workshop
    sessions: list[Session]
    people: Sequence[int] = ()
    guests: int = 0
    keeps: bool = False  # seats for the partner's people
    is_signed: bool = False
    registered: list[Registration] = field(default_factory=list)


def plant_programme(*, until: date) -> None:
    """For each site with someone in post: actions to come, full or not, announced to all; some past ones, one of them
    not closed, others signed for.
    """
    noted_on = working_day(until - timedelta(days=20))
    noted_at = instant(noted_on, time(10))
    advisors: dict[int, int] = {}
    in_post = Tenure.objects.on(until).filter(begins_on__lte=noted_on).order_by("pk")
    for site, user in in_post.values_list("post__site", "user"):
        advisors.setdefault(site, user)
    people: dict[int, list[int]] = {}
    known = {"person__site__in": advisors, "person__recorded_at__lte": noted_at}
    followed = Assignment.objects.standing().on(until).filter(**known)
    latest = followed.annotate(met=Max("person__meetings__held_on")).order_by("-met", "person")
    for site, person in latest.values_list("person__site", "person"):
        if len(people.setdefault(site, [])) < REGISTERED:
            people[site].append(person)
    place_towns()
    offices = {department: pk for pk, department in Office.objects.order_by("-pk").values_list("pk", "department")}
    planned: list[Planned] = []
    for rank, site in enumerate(Site.objects.filter(pk__in=advisors).order_by("pk")):
        at_site = People(people.get(site.pk, []), offices.get(site.department_id or ""))
        for one in of_site(rank, site, at_site, until):
            one.workshop.recorded_at, one.workshop.recorded_by_id = noted_at, advisors[site.pk]
            if one.workshop.cancelled_at:
                one.workshop.cancelled_by_id = advisors[site.pk]
            planned.append(one)
    write(planned, until=until, noted_at=noted_at)


def place_towns() -> None:
    """Where the towns of the demonstration are: the official list in the package has no positions."""
    towns = {town.code: town for town in geography.towns()}
    communes = list(Commune.objects.filter(pk__in=towns, longitude=None))
    for commune in communes:
        commune.longitude, commune.latitude = towns[commune.pk].longitude, towns[commune.pk].latitude
    Commune.objects.bulk_update(communes, ["longitude", "latitude"])


@dataclass(frozen=True)
class People:
    """Who comes to the actions of a site, and the office of the department that sends some."""

    followed: list[int]
    office: int | None


def of_site(rank: int, site: Site, who: People, until: date) -> Iterator[Planned]:
    rng = np.random.default_rng([50, rank])
    town = next((town for town in geography.towns() if town.code == site.commune_code), None)
    followed = who.followed

    def action(idea: tuple[str, Kind, str, str], days: int, *hours: int, **more) -> tuple[Workshop, list[Session]]:
        title, kind, place, theme = idea
        day = working_day(until + timedelta(days=days + (rank % SPREAD if days > 0 else rank % 3)))
        day = min(day, working_day(until - timedelta(days=1))) if days < 0 else day
        workshop = Workshop(
            site=site,
            held_on=day,
            kind=kind,
            title=title,
            theme=theme,
            place=place,
            address=STREETS[(rank + days) % len(STREETS)],
            audience=AUDIENCE,
            description=TOLD,
            capacity=SEATS,
            is_planned=True,
            is_public=True,
        )
        for name, value in more.items():
            setattr(workshop, name, value)
        if town:
            workshop.commune_code, workshop.commune_name = town.code, town.name
            workshop.longitude = round(town.longitude + float(rng.normal(0, 0.012)), 5)
            workshop.latitude = round(town.latitude + float(rng.normal(0, 0.008)), 5)
            workshop.territory = territory_of(workshop.longitude, workshop.latitude)
        begins = [instant(day, time(hour), site.zone) for hour in hours]
        return workshop, [Session(workshop=workshop, starts_at=at, ends_at=at + LASTS) for at in begins]

    # One in three is full, on any day, with a line: some of whom nobody knows, one of whom no message reaches.
    is_full = rank // 2 % FULL == 0
    first = action(IDEAS[rank % len(IDEAS)], IN_DAYS, HOURS[rank // SPREAD % len(HOURS)])
    yield Planned(*first, people=followed if is_full else followed[: 3 + rank % 5], guests=2)
    # Held, and not closed yet.
    yield Planned(*action(IDEAS[(rank + 1) % len(IDEAS)], -DAYS_AGO, 14), people=followed, guests=2)
    with_partner = action(MORE, MORE_IN, *((9, 14) if rank % 2 else (14,)), partner_id=who.office, capacity=12)
    yield Planned(*with_partner, people=followed[:2], guests=rank % 3, keeps=who.office is not None)
    if rank % 2 == 0:
        held = action(IDEAS[(rank + 2) % len(IDEAS)], -SIGNED_AGO, 9, is_planned=False)
        yield Planned(*held, people=followed[:SIGNED], is_signed=True)
    if rank % 3 == 1:
        series = uuid5(KEYS, f"series {rank}")
        for number in range(SERIES_LENGTH):
            one = action(SERIES, SERIES_IN + SERIES_EVERY * number, 14, series=series)
            yield Planned(*one, people=followed[2 : 6 + number])
    if rank % 4 == 2:
        school = {"establishment": SCHOOLS[rank % len(SCHOOLS)], "class_level": LEVELS[rank % len(LEVELS)]}
        yield Planned(*action(SCHOOL, SCHOOL_IN, 10, is_public=False, capacity=None, audience="", **school))
    if rank % 5 == 3:
        off_at = instant(working_day(until - timedelta(days=1)), time(17))
        off = action(OFF, OFF_IN, 14, cancelled_at=off_at, cancelled_because=OFF_BECAUSE)
        yield Planned(*off, people=followed[:4])


def write(planned: list[Planned], *, until: date, noted_at: datetime) -> None:
    Workshop.objects.bulk_create(one.workshop for one in planned)
    link = Workshop.animators.through
    link.objects.bulk_create(link(workshop=one.workshop, user_id=one.workshop.recorded_by_id) for one in planned)
    Session.objects.bulk_create(session for one in planned for session in one.sessions)
    Quota.objects.bulk_create(
        Quota(workshop=one.workshop, office_id=one.workshop.partner_id, seats=3, kept_until=one.workshop.held_on)
        for one in planned
        if one.keeps
    )
    for one in planned:
        one.registered = registrations(one, noted_at)
        offer_seat(one, until=until)
    registered = [registration for one in planned for registration in one.registered]
    Registration.objects.bulk_create(registered)
    call_those_unreached(registered, at=noted_at + timedelta(days=1))
    sign([one for one in planned if one.is_signed])


def registrations(one: Planned, noted_at: datetime) -> list[Registration]:
    """The people of the site first, then those without a file: beyond the seats, they are in line."""
    action = one.workshop
    who: list[dict] = [{"person_id": person} for person in one.people]
    for rank in range(one.guests):
        first_name, preferred_name = GUESTS[(action.site_id + rank) % len(GUESTS)]
        reached = {"phone": f"+336399801{(action.site_id + rank) % 90 + 10}"} if rank != 1 else {}
        who.append({"first_name": first_name, "preferred_name": preferred_name, "channel": Channel.HERSELF, **reached})
    return [
        Registration(
            workshop=action,
            number=rank + 1,
            key=uuid5(KEYS, f"{action.site_id} {action.title} {action.held_on} {rank}"),
            is_waiting=action.capacity is not None and rank >= action.capacity,
            recorded_at=noted_at + timedelta(minutes=15 * (rank + 1)),
            recorded_by_id=action.recorded_by_id,
            **said,
        )
        for rank, said in enumerate(who)
    ]


def offer_seat(one: Planned, *, until: date) -> None:
    """At one full action in four a seat was given back, and is offered to the first in line until tomorrow noon."""
    line = [registration for registration in one.registered if registration.is_waiting]
    if not line or one.workshop.site_id % 4 or one.workshop.held_on <= until + timedelta(days=1):
        return
    seat = one.registered[0]
    seat.withdrawn_at, seat.withdrawn_by_id = seat.recorded_at + timedelta(days=1), seat.recorded_by_id
    line[0].offered_until = instant(until + timedelta(days=1), time(12))


def call_those_unreached(registered: Sequence[Registration], *, at: datetime) -> None:
    """Whoever is offered a seat and cannot be written to is called."""
    offered = [one for one in registered if one.offered_until]
    asked = Person.objects.filter(pk__in=[one.person_id for one in offered if one.person_id])
    reached = {one.pk for one in asked if one.email or is_mobile(one.phone)}
    Call.objects.bulk_create(
        Call(registration=one, occasion=Occasion.OFFER, asked_at=at)
        for one in offered
        if one.person_id not in reached and not is_mobile(one.phone)
    )


def sign(held: Sequence[Planned]) -> None:
    """Who came is marked and has signed in the room, but the last one of the list, who was absent."""
    presences, signatures, attendances = [], [], []
    for one in held:
        for session in one.sessions:
            for rank, registration in enumerate(one.registered):
                came = rank < len(one.registered) - 1
                told_at = session.starts_at + timedelta(minutes=2 + rank)
                said = {"recorded_at": told_at, "recorded_by_id": one.workshop.recorded_by_id, "told_at": told_at}
                said |= {"session": session, "registration": registration}
                state = State.PRESENT if came else State.ABSENT
                how = How.CODE if came else How.LIST
                key = uuid5(KEYS, f"presence {registration.key} {session.starts_at}")
                presences.append(Presence(state=state, how=how, key=key, **said))
                if came:
                    key = uuid5(KEYS, f"signature {registration.key} {session.starts_at}")
                    signatures.append(Signature(strokes=drawn(rank + 7 * one.workshop.site_id), key=key, **said))
        first = one.sessions[0]
        attendances += [
            Attendance(
                workshop=one.workshop,
                person_id=registration.person_id,
                recorded_at=first.starts_at,
                recorded_by_id=one.workshop.recorded_by_id,
            )
            for registration in one.registered[:-1]
        ]
    Presence.objects.bulk_create(presences)
    Signature.objects.bulk_create(signatures)
    Attendance.objects.bulk_create(attendances)


def drawn(seed: int) -> list[list[list[int]]]:
    """A hand of its own: some loops, then a line under them."""
    rng = np.random.default_rng([51, seed])
    steps = np.linspace(0, 1, 40)
    loops, lean, high = rng.integers(3, 7), rng.uniform(20, 70), rng.uniform(60, 120)
    across = 140 + 640 * steps + lean * np.sin(2 * np.pi * loops * steps + 1.2)
    down = 190 - high * np.sin(2 * np.pi * loops * steps) * (1 - 0.6 * steps)
    under = [[180, 330], [480, 320 + int(rng.integers(-20, 20))], [int(rng.integers(700, 860)), 315]]
    return [[[int(x), int(y)] for x, y in zip(across, down, strict=True)], under]


def working_day(day: date) -> date:
    """The day, or the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - 4))
