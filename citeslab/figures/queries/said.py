"""The statements of the release, against the records."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.statements import AVERAGE_YEARS, KNOWN_BY, SAID_ON, STATEMENTS, Statement
from citeslab.figures.queries.computed import kept, ratio


@dataclass(frozen=True)
class Check:
    """A statement against the records: `holds` and `value` are nothing where no room keeps them."""

    statement: Statement
    value: float | None
    holds: bool | None


def statements() -> list[Check]:
    """Every statement of the release, with the value of its indicator as the books stood that day."""
    said = kept([SAID_ON.year], known_by=KNOWN_BY, day=SAID_ON)[SAID_ON.year]
    years = kept(AVERAGE_YEARS, known_by=KNOWN_BY)
    checks = []
    for statement in STATEMENTS:
        if not statement.indicator:
            checks.append(Check(statement, None, None))
            continue
        value = average(statement.indicator, [years[year] for year in statement.years] or [said])
        holds = value is not None and statement.qualifier.holds(value, statement.expected, is_share=statement.is_share)
        checks.append(Check(statement, value, holds))
    return checks


def average(id: str, years: list[dict[str, Any]]) -> float | None:
    """The mean of a count; of a share, that of all the years' people together."""
    defined = BY_ID[id]
    if defined.numerator:
        return ratio(sum(year[defined.numerator] for year in years), sum(year[defined.denominator] for year in years))
    mean = Fraction(sum(year[id] for year in years), len(years))
    return int(mean) if mean.denominator == 1 else float(round(mean, 1))
