"""The public door: how sites are reached, who agreed to be named, and who came by these last days."""

from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np

from citeslab.accounts.models import User
from citeslab.agenda import queries, services
from citeslab.agenda.enums import ContactOutcome
from citeslab.agenda.models import FirstContact, PublicName
from citeslab.demo.services.staff import NAMED_ADVISOR
from citeslab.network.enums import Role
from citeslab.network.models import Mandate, Site

# Numbers that are kept for fiction, by the zone of the numbering plan.
FICTION = {"01": "+3319900", "02": "+3326191", "03": "+3335301", "04": "+3346571", "05": "+3353649"}
ZONES = {
    "01": "75 77 78 91 92 93 94 95",
    "02": "14 18 22 27 28 29 35 36 37 41 44 45 49 50 53 56 61 72 76 85 974 976",
    "03": "02 08 10 21 25 39 51 52 54 55 57 58 59 60 62 67 68 70 71 80 88 89 90",
    "04": "01 03 04 05 06 07 11 13 15 26 2A 2B 30 34 38 42 43 48 63 66 69 73 74 83 84",
}
ZONE_OF = {code: zone for zone, codes in ZONES.items() for code in codes.split()}
SPEAKS = ("", "", "français et arabe", "français et portugais", "français, turc et anglais", "français et wolof")
AGREED = 0.65
NAMES = (
    "Nour Bensaïd", "Mickaël Roussel", "Fatoumata Diallo", "Élise Morvan", "Karim Haddad", "Jeanne Pasquier",
    "Aïssa Traoré", "Lucas Fontaine", "Yasmina Cherif", "Paulo Ferreira", "Nadège Hoarau", "Sofia Benali",
)  # fmt: skip
WORDS = (
    "Je voudrais vendre mes plats le midi, je ne sais pas par où commencer.",
    "Un triporteur à café, mais je travaille encore à mi-temps.",
    "On m’a parlé de vous à la médiathèque.",
    "J’ai un diplôme de coiffure et une voisine qui loue un local.",
    "",
    "Est-ce que c’est pour moi si je n’ai pas encore d’idée ?",
)
ELSEWHERE = 10  # other sites that somebody wrote to


def plant_door(*, seed: int, until: date, by: User, at: datetime) -> None:
    rng = np.random.default_rng([seed, 60])
    say_numbers()
    held = Mandate.objects.on(until).filter(role=Role.ADVISOR).select_related("site", "user").order_by("site", "pk")
    mandates = list(held)
    agree(rng, mandates, at)
    named = [one for one in mandates if one.user.name == NAMED_ADVISOR]
    others = [one for one in mandates if one not in named][:: max(len(mandates) // ELSEWHERE, 1)]
    rank = 0
    for mandate, calls, booked in [*((one, 4, 2) for one in named), *((one, 1, n % 2) for n, one in enumerate(others))]:
        site = mandate.site
        assert site is not None  # an advisor's mandate names one
        for number in range(calls):
            made = call(site, rank, seed, at=at - timedelta(hours=3 + 20 * number))
            if number == 1:
                services.answer(contact=made, outcome=ContactOutcome.TRIED, by=mandate.user, at=at - timedelta(hours=2))
            if number == 3:
                services.answer(
                    contact=made, outcome=ContactOutcome.SPOKEN, by=mandate.user, at=at - timedelta(hours=5)
                )
            rank += 1
        for number in range(booked):
            book(site, mandate.user, rank, seed, place=3 + 4 * number, at=at)
            rank += 1


def say_numbers() -> None:
    sites = list(Site.objects.filter(phone="").order_by("pk"))
    for rank, site in enumerate(sites):
        zone = ZONE_OF.get(site.department_id or "", "05")
        site.phone = f"{FICTION[zone]}{117 + 37 * rank % 9_000:04}"
    Site.objects.bulk_update(sites, ["phone"])


def agree(rng: np.random.Generator, mandates: list[Mandate], at: datetime) -> None:
    people = {one.user_id: one.user for one in mandates}
    agreed = [user for user in people.values() if user.name == NAMED_ADVISOR or rng.random() < AGREED]
    PublicName.objects.bulk_create(
        PublicName(
            advisor=user,
            first_name=user.name.split()[0],
            speaks=SPEAKS[int(rng.integers(len(SPEAKS)))],
            recorded_at=at - timedelta(days=40),
            recorded_by=user,
        )
        for user in agreed
    )


def someone(rank: int, seed: int) -> dict:
    """The same each time: a name, a number kept for fiction, a sentence, and the key of her form."""
    return {
        "name": NAMES[rank % len(NAMES)],
        "phone": f"+336399801{rank % 100:02}",
        "words": WORDS[rank % len(WORDS)],
        "key": UUID(int=seed * 1_000 + rank),
    }


def call(site: Site, rank: int, seed: int, *, at: datetime) -> FirstContact:
    return services.receive(site=site, **someone(rank, seed), at=at)


def book(site: Site, advisor: User, rank: int, seed: int, *, place: int, at: datetime) -> None:
    free = [slot for slot in queries.bookable(site, at=at) if slot.advisor_id == advisor.pk]
    if len(free) > place:
        services.book_online(site=site, advisor=advisor, starts_at=free[place].starts_at, **someone(rank, seed), at=at)
