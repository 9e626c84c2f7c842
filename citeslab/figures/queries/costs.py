"""What a meeting, a supported person, an action cost: money paid in a year over what was done in it, by region."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citeslab.figures.definitions.facts import Scope, Shape
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.money import paid
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.queries.computed import ENGINE
from citeslab.figures.queries.explored import Asked, Explored, Number
from citeslab.figures.queries.perimeters import NETWORK
from citeslab.figures.queries.sheltered import sheltered
from citeslab.funding.enums import Use


@dataclass(frozen=True)
class Rule:
    """A cost: what was paid in the year for these uses, over an indicator of the same year."""

    id: str
    wording: str | Promise
    uses: frozenset[Use]
    indicator: str


RULES = (
    Rule("meeting", _("An individual meeting"), frozenset({Use.POST}), "meetings_held"),
    Rule("person", _("A person supported"), frozenset(Use), "persons_supported"),
    Rule("action", _("A collective action"), frozenset({Use.ACTION}), "actions_held.total"),
)


@dataclass(frozen=True)
class Cost:
    """`cents` for one, to the nearest cent; none where nothing was done, where it is hidden, or nothing was paid."""

    rule: Rule
    paid_cents: int
    number: Number

    @property
    def cents(self) -> int | None:
        if not self.number.count or not self.paid_cents:
            return None
        return int(Fraction(self.paid_cents, self.number.count) + Fraction(1, 2))


@dataclass(frozen=True)
class Row:
    """The whole network (`code` empty), or a region."""

    code: str
    label: str
    costs: list[Cost]


@cache
def statement() -> str:
    return ENGINE.sql(paid(Shape()))


def paid_by_region(year: int) -> dict[str, dict[Use, int]]:
    """Cents by use; of agreements of the whole network under `UNKNOWN`."""
    sums: defaultdict[str, dict[Use, int]] = defaultdict(dict)
    for row in ENGINE.rows(statement(), Scope(year=year).parameters):
        sums[row["region"]][Use(row["use"])] = int(row["cents"])
    return dict(sums)


def costs(year: int) -> list[Row]:
    """The network, then its regions. Small counts, and those that would give one away, are hidden, and their cost too.

    What is paid by agreements of the whole network is in the network's cost, and in no region's.
    """
    tables = [sheltered(Asked(BY_ID[rule.indicator], NETWORK, year, by=(Breakdown.REGION,))) for rule in RULES]
    money = paid_by_region(year)
    everywhere: dict[Use, int] = {use: sum(of.get(use, 0) for of in money.values()) for use in Use}
    rows = [row_of("", "", everywhere, tables)]
    labels = {code: words for table in tables for code, words in table.rows.items() if code != UNKNOWN}
    rows += [row_of(code, words, money.get(code, {}), tables) for code, words in labels.items()]
    return rows


def row_of(code: str, label: str, money: Mapping[Use, int], tables: list[Explored]) -> Row:
    return Row(
        code,
        label,
        [
            Cost(rule, sum(money.get(use, 0) for use in rule.uses), table.at(code, ""))
            for rule, table in zip(RULES, tables, strict=True)
        ],
    )
