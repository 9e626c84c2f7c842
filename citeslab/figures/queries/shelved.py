"""Whose reports a user may begin, and what reports are called."""

from collections.abc import Iterable
from datetime import date

from citeslab.accounts.models import User
from citeslab.figures.enums import Breakdown, ReportKind
from citeslab.figures.queries.labelled import labels
from citeslab.figures.queries.perimeters import NETWORK, Choices, exact_for, name_of, perimeters_for
from citeslab.figures.values import Perimeter
from citeslab.network.enums import Role
from citeslab.network.models import held_by


def read(said: str) -> Perimeter:
    """The perimeter that an address says."""
    level, _colon, code = said.partition(":")
    return Perimeter(level if code else "", code)


def kind_of(perimeter: Perimeter) -> ReportKind:
    """A site's own, the network's yearly one, or a funder's on the perimeter of its agreement."""
    if perimeter == NETWORK:
        return ReportKind.NETWORK
    return ReportKind.SITE if perimeter.level == Breakdown.SITE else ReportKind.FUNDER


def reported_perimeters(user: User, *, on: date) -> Choices:
    """Her own sites; for the pilot the network and its places, whose people have no name here."""
    hers = exact_for(user, on=on)
    is_pilot = any(mandate.role == Role.PILOT for mandate in held_by(user, on=on))
    groups = [
        (group, [(said, name) for said, name in some if offered(read(said), hers=hers, is_pilot=is_pilot)])
        for group, some in perimeters_for(user, on=on)
    ]
    return [(group, some) for group, some in groups if some]


def offered(perimeter: Perimeter, *, hers: frozenset[Perimeter], is_pilot: bool) -> bool:
    return perimeter in hers or (is_pilot and perimeter.level != Breakdown.SITE)


def names_of(perimeters: Iterable[Perimeter]) -> dict[Perimeter, str]:
    """What they are called; one question a level."""
    by_level: dict[str, set[str]] = {}
    for one in perimeters:
        by_level.setdefault(one.level, set()).add(one.code)
    named = {}
    for level, codes in by_level.items():
        words = labels(Breakdown(level), codes) if level else {"": name_of(NETWORK)}
        named |= {Perimeter(level, code): words[code] for code in codes}
    return named
