"""The statements of the release, against the records."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.statements import AVERAGE_YEARS, KNOWN_BY, SAID_ON, STATEMENTS, Statement
from citeslab.figures.queries.computed import kept, ratio
from citeslab.figures.queries.protected import OF_SOMEONE

FEWEST = 300  # a share of fewer, told to the whole percent, may say who


@dataclass(frozen=True)
class Check:
    """A statement against the records: `holds` and `value` are nothing where no room keeps them.

    `of` is how many it rests on, where it counts people or what stands for someone.
    """

    statement: Statement
    value: float | None
    holds: bool | None
    of: int | None = None

    def as_published(self) -> "Check":
        """With as many digits as leave three people or more in doubt; nothing where it rests on few."""
        if self.value is None or self.of is None:
            return self
        if self.of < FEWEST:
            return Check(self.statement, None, None, self.of)
        if self.statement.is_share:
            value = round(self.value, 3 if self.of >= 10 * FEWEST else 2)
        else:
            value = round(self.value / 10) * 10
        return Check(self.statement, value, self.holds, self.of)


def statements() -> list[Check]:
    """Every statement of the release, with the value of its indicator as the books stood that day."""
    said = kept([SAID_ON.year], known_by=KNOWN_BY, day=SAID_ON)[SAID_ON.year]
    years = kept(AVERAGE_YEARS, known_by=KNOWN_BY)
    checks = []
    for statement in STATEMENTS:
        if not statement.indicator:
            checks.append(Check(statement, None, None))
            continue
        of_years = [years[year] for year in statement.years] or [said]
        value = average(statement.indicator, of_years)
        holds = value is not None and statement.qualifier.holds(value, statement.expected, is_share=statement.is_share)
        checks.append(Check(statement, value, holds, people_of(statement.indicator, of_years)))
    return checks


def people_of(id: str, years: list[dict[str, Any]]) -> int | None:
    """How many a value rests on; nothing for what counts nobody."""
    counted = BY_ID[id].denominator or id
    return sum(year[counted] for year in years) if BY_ID[counted].base in OF_SOMEONE else None


def average(id: str, years: list[dict[str, Any]]) -> float | None:
    """The mean of a count; of a share, that of all the years' people together."""
    defined = BY_ID[id]
    if defined.numerator:
        return ratio(sum(year[defined.numerator] for year in years), sum(year[defined.denominator] for year in years))
    mean = Fraction(sum(year[id] for year in years), len(years))
    return int(mean) if mean.denominator == 1 else float(round(mean, 1))
