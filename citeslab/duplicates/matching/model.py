"""The model: traits of a file, levels of agreement, weights in bits, and the band that they give.

What a household shares (phone, address, family name, a twin's birth date) says nothing while the first name differs:
a pair is looked at only when the first names agree in some way. That keeps couples, siblings and twins apart.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import log2

from citeslab.core.values import sort_key
from citeslab.duplicates.enums import Band, Level, Trait

# Before anything is compared: one pair in 2 to the 18th is one person twice, in a network of some 65,000 people.
PRIOR_BITS = -18.0
POSSIBLE_FROM = 1.0  # bits: two chances in three
SAME_FROM = 7.0  # bits: more than 99 chances in 100

# Chance of each level between two files of one person (m), and of two people whose pair is looked at (u). For names
# and places `u` of SAME is their own share of the network.
WEIGHTS: dict[Trait, dict[Level, tuple[float, float]]] = {
    Trait.FIRST: {
        Level.SAME: (0.80, 0.004),
        Level.PART: (0.04, 0.002),
        Level.NEAR: (0.13, 0.003),
        Level.TURNED: (0.02, 0.000_01),  # stands for both names
        Level.OTHER: (0.01, 0.99),
    },
    Trait.FAMILY: {
        Level.SAME: (0.72, 0.001),
        Level.TURNED: (0.02, 0.02),  # already said by the first name
        Level.PART: (0.08, 0.002),
        Level.NEAR: (0.13, 0.001),
        Level.OTHER: (0.05, 0.976),  # married, or divorced
    },
    Trait.BORN: {
        Level.SAME: (0.86, 0.000_06),
        Level.TURNED: (0.05, 0.000_03),  # day and month
        Level.NEAR: (0.05, 0.001),  # one slip of a finger
        Level.YEAR: (0.02, 0.025),
        Level.OTHER: (0.02, 0.974),
    },
    Trait.PHONE: {Level.SAME: (0.50, 0.000_5), Level.OTHER: (0.50, 0.999_5)},
    Trait.EMAIL: {Level.SAME: (0.50, 0.000_2), Level.OTHER: (0.50, 0.999_8)},
    Trait.PLACE: {Level.SAME: (0.65, 0.02), Level.OTHER: (0.35, 0.98)},
    Trait.SEX: {Level.SAME: (0.99, 0.5), Level.OTHER: (0.01, 0.5)},
}

# What is common weighs less than what is rare. Shares are softened by so many people of before, of whom so many bear
# any name, or live at any place: the first hundred files of a new network do not make each of their names a common one.
SOFTENING = 20_000
UNSEEN = {Trait.FIRST: 10, Trait.FAMILY: 10, Trait.PLACE: 400}

NEAR_FROM, TWO_SLIPS_FROM = 4, 7  # letters: below the first, one letter makes another name; from the second, two slips
MANY = 20  # a number or an address that more people than this give is a hostel's or a site's own: it says nothing
SAID_BESIDE = frozenset({"nee", "ne", "epouse", "ep", "veuve", "vve", "dit", "dite", "mme", "mr", "m"})
PARTICLES = frozenset(
    {"de", "du", "da", "dos", "di", "la", "le", "el", "al", "ben", "bel", "van", "von", "des", "d", "l"}
)


@dataclass(frozen=True, slots=True)
class Traits:
    """A file, ready to be compared. Empty text is "not known"."""

    key: int | None
    first: str
    family: str
    whole: str  # the words of both names in alphabetical order: equal when they were turned round
    born: str
    born_turned: str
    phone: str
    email: str
    place: str
    sex: str
    first_parts: frozenset[str] = field(default=frozenset())
    family_parts: frozenset[str] = field(default=frozenset())
    written: tuple[str, str] = ("", "")  # as in the file


def traits(
    *,
    key: int | None = None,
    first_name: str,
    preferred_name: str,
    born_on: date | None = None,
    phone: str = "",
    email: str = "",
    place: str = "",
    sex: str = "",
) -> Traits:
    first, family = name_words(first_name), name_words(preferred_name)
    return Traits(
        key=key,
        first="".join(first),
        family="".join(family),
        whole=" ".join(sorted(first + family)),
        born=born_on.isoformat() if born_on else "",
        born_turned=day_turned(born_on),
        phone=phone,
        email=email.casefold().strip(),
        place=place.strip(),
        sex=sex if sex in {"WOMAN", "MAN"} else "",
        first_parts=parts(first),
        family_parts=parts(family),
        written=(first_name, preferred_name),
    )


@lru_cache(maxsize=100_000)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name, folded, without "born", "wife of" and the like."""
    return tuple(word for word in sort_key(name).replace(".", " ").split() if word not in SAID_BESIDE)


@lru_cache(maxsize=100_000)
def parts(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for word in words if word not in PARTICLES and len(word) > 1)


def day_turned(day: date | None) -> str:
    """The date with day and month the other way round, if there is one."""
    if day is None or day.day > 12 or day.day == day.month:
        return ""
    return f"{day.year:04d}-{day.day:02d}-{day.month:02d}"


def levels(one: Traits, other: Traits) -> dict[Trait, Level]:
    turned = are_turned(one, other)
    return {
        Trait.FIRST: first_level(one, other),
        Trait.FAMILY: name_level(
            one.family, other.family, one.family_parts, other.family_parts, turned and one.first != other.first
        ),
        Trait.BORN: born_level(one, other),
        Trait.PHONE: plain_level(one.phone, other.phone),
        Trait.EMAIL: plain_level(one.email, other.email),
        Trait.PLACE: plain_level(one.place, other.place),
        Trait.SEX: plain_level(one.sex, other.sex),
    }


def name_level(one: str, other: str, its_parts: frozenset, others_parts: frozenset, turned: bool) -> Level:
    if not one or not other:
        return Level.UNKNOWN
    if one == other:
        return Level.SAME
    if turned:
        return Level.TURNED
    if its_parts and others_parts and (its_parts <= others_parts or others_parts <= its_parts):
        return Level.PART
    return Level.NEAR if are_near(one, other) else Level.OTHER


def are_turned(one: Traits, other: Traits) -> bool:
    """The first name of one is the family name of the other, and the reverse, give or take a slip."""
    return one.whole == other.whole or (are_near(one.first, other.family) and are_near(one.family, other.first))


def born_level(one: Traits, other: Traits) -> Level:
    if not one.born or not other.born:
        return Level.UNKNOWN
    if one.born == other.born:
        return Level.SAME
    if one.born_turned == other.born:
        return Level.TURNED
    if is_one_slip(one.born, other.born):
        return Level.NEAR
    return Level.YEAR if one.born[:4] == other.born[:4] else Level.OTHER


def is_one_slip(day: str, other: str) -> bool:
    """One figure changed, or two neighbours the wrong way round: `slips` of one, for dates, which have one length."""
    wrong = [at for at in range(len(day)) if day[at] != other[at]]
    if len(wrong) == 2:
        at = wrong[0]
        return wrong[1] == at + 1 and day[at] == other[at + 1] and day[at + 1] == other[at]
    return len(wrong) == 1


def plain_level(one: str, other: str) -> Level:
    if not one or not other:
        return Level.UNKNOWN
    return Level.SAME if one == other else Level.OTHER


def are_near(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    allowed = 0 if shorter < NEAR_FROM else 1 if shorter < TWO_SLIPS_FROM else 2
    return abs(len(one) - len(other)) <= allowed and slips(one, other) <= allowed


def slips(one: str, other: str) -> int:
    """Damerau and Levenshtein's distance: letters missing, added, changed, or two neighbours the wrong way round."""
    far = len(one) + len(other)
    rows = [[far] * (len(other) + 2) for _ in range(len(one) + 2)]
    for i in range(len(one) + 1):
        rows[i + 1][1] = i
    for j in range(len(other) + 1):
        rows[1][j + 1] = j
    seen: dict[str, int] = {}
    for i, letter in enumerate(one, 1):
        last = 0
        for j, facing in enumerate(other, 1):
            above, left = seen.get(facing, 0), last
            same = letter == facing
            if same:
                last = j
            rows[i + 1][j + 1] = min(
                rows[i][j] + (not same),
                rows[i + 1][j] + 1,
                rows[i][j + 1] + 1,
                rows[above][left] + (i - above - 1) + 1 + (j - left - 1),
            )
        seen[letter] = i
    return rows[-1][-1]


def first_names_agree(one: Traits, other: Traits) -> bool:
    """Without that nothing else counts."""
    return first_level(one, other) not in {Level.OTHER, Level.UNKNOWN}


def first_level(one: Traits, other: Traits) -> Level:
    turned = are_turned(one, other)
    return name_level(one.first, other.first, one.first_parts, other.first_parts, turned)


def shares(people: Sequence[Traits]) -> dict[Trait, dict[str, float]]:
    """How common each name and place is among these files."""
    counted = {
        Trait.FIRST: Counter(one.first for one in people),
        Trait.FAMILY: Counter(one.family for one in people),
        Trait.PLACE: Counter(one.place for one in people),
    }
    return {
        trait: {text: softened(trait, count, len(people)) for text, count in counts.items() if text}
        for trait, counts in counted.items()
    }


def softened(trait: Trait, count: int, people: int) -> float:
    return (count + UNSEEN[trait]) / (people + SOFTENING)


def bits(found: Mapping[Trait, Level], shares: Mapping[Trait, float]) -> float:
    """The weight of the evidence, in powers of two. `shares` are those of the names and place that are the same."""
    weight = PRIOR_BITS
    for trait, level in found.items():
        if level == Level.UNKNOWN:
            continue
        m, u = WEIGHTS[trait][level]
        if trait in UNSEEN and level == Level.SAME:
            u = shares[trait]
        weight += log2(m / u)
    return weight


def band(found: Mapping[Trait, Level], weight: float) -> Band | None:
    """What is shown for that weight, or nothing.

    Another spelling of the first name is never more than possible: twins are called Lina and Lisa. Nor is another birth
    date, which a father and his son have, nor a name alone.
    """
    if weight < POSSIBLE_FROM or found[Trait.FIRST] in {Level.OTHER, Level.UNKNOWN}:
        return None
    names_agree = found[Trait.FIRST] in {Level.SAME, Level.TURNED} and found[Trait.FAMILY] != Level.OTHER
    born = found[Trait.BORN]
    reached = Level.SAME in {found[Trait.PHONE], found[Trait.EMAIL]}
    dated = born in {Level.SAME, Level.TURNED} or (born == Level.UNKNOWN and reached)
    sure = weight >= SAME_FROM and names_agree and dated and found[Trait.SEX] != Level.OTHER
    return Band.SAME if sure else Band.POSSIBLE


def evidence(found: Mapping[Trait, Level]) -> list[str]:
    """What was compared and how it agreed, as codes: "born:SAME"."""
    return [f"{trait.value}:{level.value}" for trait, level in found.items() if level != Level.UNKNOWN]
