"""Invented people with planted duplicates, couples, siblings on one phone and twins; the same for the same seed.

In 100 second files of one person: a slip in the first name in 30, in the name in 30, no accents in 15, a double or
another name in 16, the two names turned round in 2, day and month turned round in 3, no birth date in 3, moved in 35,
another phone in 45, no phone in 15, no e-mail in 40.
"""

import random
import string
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

WORDS = Path(__file__).resolve().parent.parent / "citeslab" / "demo" / "data"
SYLLABLES = [
    onset + vowel
    for onset in ("b", "d", "k", "l", "m", "n", "r", "s", "t", "v")
    for vowel in ("a", "e", "i", "o", "ou")
]


@dataclass
class File:
    """One file, as a site would have written it; `who` is the person behind it."""

    who: int
    first_name: str
    preferred_name: str
    born_on: date | None
    phone: str
    email: str
    place: str
    sex: str


@dataclass
class Crowd:
    files: list[File] = field(default_factory=list)
    couples: set[tuple[int, int]] = field(default_factory=set)  # places of two files that are not one person
    siblings: set[tuple[int, int]] = field(default_factory=set)
    twins: set[tuple[int, int]] = field(default_factory=set)
    alike: set[tuple[int, int]] = field(default_factory=set)  # twins called Lina and Lisa
    namesakes: set[tuple[int, int]] = field(default_factory=set)  # a parent and a child of one name, on one phone

    @property
    def true_pairs(self) -> set[tuple[int, int]]:
        places: dict[int, list[int]] = {}
        for place, one in enumerate(self.files):
            places.setdefault(one.who, []).append(place)
        return {(one, other) for same in places.values() for at, one in enumerate(same) for other in same[at + 1 :]}


def crowd(people: int, *, again: float = 0.12, seed: int = 2017) -> Crowd:
    """`people` files: `again` of them are a second file of someone; 2 % are a couple's, siblings', twins'."""
    chance = random.Random(seed)
    words = {name: (WORDS / f"{name}.txt").read_text().split("\n") for name in ("women", "men", "names")}
    given = {"WOMAN": [one for one in words["women"] if one], "MAN": [one for one in words["men"] if one]}
    invented = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize() for _ in range(people // 12)]
    families = [one for one in words["names"] if one] + invented
    made = Crowd()

    def somebody(who: int) -> File:
        sex = chance.choice(["WOMAN", "MAN"])
        names = given[sex]
        first = names[min(int(chance.paretovariate(0.7)) - 1, len(names) - 1)]
        family = families[min(int(chance.paretovariate(0.35) * 3) - 3, len(families) - 1) if chance.random() < 0.6
                          else chance.randrange(len(families))]  # fmt: skip
        born = date(1950, 1, 1) + timedelta(days=chance.randrange(20_500))
        return File(
            who,
            first,
            family,
            born if chance.random() > 0.04 else None,
            new_phone(chance) if chance.random() < 0.85 else "",
            f"{plain(first)}.{plain(family)}{chance.randrange(99_999)}@exemple.fr" if chance.random() < 0.55 else "",
            new_place(chance),
            sex if chance.random() > 0.012 else "",
        )

    second_files = int(people * again)
    for who in range(people - second_files):
        made.files.append(somebody(who))
    firsts = len(made.files)
    plant_households(made, chance, given, firsts)
    for _ in range(second_files):
        made.files.append(second_file(chance, made.files[chance.randrange(firsts)], families))
    return made


def plant_households(made: Crowd, chance: random.Random, given: dict[str, list[str]], firsts: int) -> None:
    """Pairs beside each other, one in fifty: a couple, siblings on one phone, or twins."""
    for rank, place in enumerate(range(0, firsts - 1, 50)):
        one, other = made.files[place], made.files[place + 1]
        if rank % 25 == 24:
            plant_alike(made, chance, given, place)
            continue
        kind = rank % 3
        one.phone = other.phone = one.phone or new_phone(chance)
        other.preferred_name, other.place = one.preferred_name, one.place
        if kind == 0:
            other.sex = {"WOMAN": "MAN", "MAN": "WOMAN"}.get(one.sex, "")
            made.couples.add((place, place + 1))
        elif kind == 1:
            if one.born_on:
                other.born_on = one.born_on + timedelta(days=chance.randrange(320, 3_000))
            made.siblings.add((place, place + 1))
        else:
            one.born_on = other.born_on = one.born_on or date(1984, 5, 6)
            if chance.random() < 0.5:
                other.sex = one.sex
            other.email = one.email
            made.twins.add((place, place + 1))
        names = given[other.sex or "WOMAN"]
        others = [name for name in names if plain(name) != plain(one.first_name)]
        other.first_name = chance.choice(others)


def plant_alike(made: Crowd, chance: random.Random, given: dict[str, list[str]], place: int) -> None:
    """The hard ones: twins whose first names are a slip apart, or a parent and a child who share both names."""
    one, other = made.files[place], made.files[place + 1]
    one.phone = other.phone = one.phone or new_phone(chance)
    other.preferred_name, other.place, other.sex = one.preferred_name, one.place, one.sex
    pairs = [(a, b) for names in given.values() for a in names for b in names if plain(a) < plain(b) and alike(a, b)]
    if place // 50 % 2 and pairs:
        one.first_name, other.first_name = chance.choice(pairs)
        one.born_on = other.born_on = one.born_on or date(1991, 2, 3)
        made.alike.add((place, place + 1))
    else:
        other.first_name = one.first_name
        one.born_on = one.born_on or date(1958, 7, 20)
        other.born_on = one.born_on + timedelta(days=chance.randrange(8_000, 12_000))
        made.namesakes.add((place, place + 1))


def alike(one: str, other: str) -> bool:
    """One letter changed."""
    a, b = plain(one), plain(other)
    return len(a) == len(b) > 3 and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def second_file(chance: random.Random, known: File, families: list[str]) -> File:
    first, family, born, place = known.first_name, known.preferred_name, known.born_on, known.place
    phone, email = known.phone, known.email
    if chance.random() < 0.30:
        first = slip(chance, first)
    if chance.random() < 0.15:
        first, family = plain(first).upper(), plain(family).upper()
    if chance.random() < 0.30:
        family = slip(chance, family)
    kind = chance.random()
    if kind < 0.08:
        family = f"{family}-{chance.choice(families)}"  # a double name
    elif kind < 0.12:
        family = f"{chance.choice(families)} née {family}"
    elif kind < 0.16:
        family = chance.choice(families)  # married
    elif kind < 0.18:
        first, family = family, first
    if born and chance.random() < 0.08 and born.day <= 12:
        born = date(born.year, born.day, born.month)
    elif born and chance.random() < 0.03:
        born = born + timedelta(days=chance.choice([-1, 1, 10]))
    if chance.random() < 0.03:
        born = None
    if chance.random() < 0.35:
        place = new_place(chance)
    if chance.random() < 0.45:
        phone = new_phone(chance)
    if chance.random() < 0.15:
        phone = ""
    if chance.random() < 0.40:
        email = ""
    return File(known.who, first, family, born, phone, email, place, known.sex)


def slip(chance: random.Random, name: str) -> str:
    """One letter lost, changed or turned round with the next, or the accents gone."""
    if len(name) < 3:
        return name
    at = chance.randrange(len(name) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == 2:
        return name[:at] + chance.choice(string.ascii_lowercase) + name[at + 1 :]
    return plain(name)


def plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def new_phone(chance: random.Random) -> str:
    return f"+336{chance.randrange(100_000_000):08d}"


def new_place(chance: random.Random) -> str:
    return f"{min(int(chance.paretovariate(0.8) * 8), 700):05d}"
