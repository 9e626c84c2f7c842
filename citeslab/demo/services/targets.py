"""What the network aimed at last year and aims at now, set by who answers for it, from what was achieved before."""

from collections.abc import Iterable
from datetime import date, datetime, time

from citeslab.accounts.models import User
from citeslab.core.values import instant
from citeslab.demo.services.accounts import email_of
from citeslab.figures import queries
from citeslab.figures import services as figures
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.enums import Breakdown
from citeslab.figures.queries import NETWORK
from citeslab.figures.values import Perimeter
from citeslab.network.models import Site

OF_THE_NETWORK = {"persons_supported": 104, "women": 108, "residence.in": 102, "actions_held.total": 105}
OF_HERS = {"persons_supported": 108, "women": 112, "residence.in": 104, "actions_held.total": 110}  # percent
OF_A_SITE = 100


def plant_targets(*, until: date, at: datetime) -> None:
    """The network's and one figure of each site, by the pilot; more of hers by the coordinator, one of them twice."""
    pilot, coordinator = (User.objects.filter(email=email_of(account)).first() for account in ("pilot", "coordinator"))
    if not (pilot and coordinator):
        return
    sites = Site.objects.order_by("pk")
    hers = {site_of(key) for key in sites.keys_with_names_for(coordinator, on=until)}
    others = [one for one in map(site_of, sites.values_list("pk", flat=True)) if one not in hers]
    for year in (until.year - 1, until.year):
        in_january, in_march = (min(at, instant(day, time(10))) for day in (date(year, 1, 15), date(year, 3, 10)))
        for indicator, percent in OF_THE_NETWORK.items():
            aim(indicator, [NETWORK], percent, year, by=pilot, at=in_january)
        aim("persons_supported", others, OF_A_SITE, year, by=pilot, at=in_january)
        aim("persons_supported", hers, OF_A_SITE, year, by=pilot, at=in_january)
        for indicator, percent in OF_HERS.items():
            aim(indicator, hers, percent, year, by=coordinator, at=in_march)


def site_of(key: int) -> Perimeter:
    return Perimeter(Breakdown.SITE.value, str(key))


def aim(indicator: str, whose: Iterable[Perimeter], percent: int, year: int, *, by: User, at: datetime) -> None:
    """So many percent of what the year before had achieved; where it had achieved nothing, nothing is aimed at."""
    before = {one: queries.Asked(BY_ID[indicator], one, year - 1) for one in whose}
    found = queries.outlooks(before.values(), exact=before.keys(), on=date(year, 1, 1))
    aims = {one: -(-(found[asked].achieved or 0) * percent // 100) for one, asked in before.items()}
    figures.set_targets(
        year=year, indicator=indicator, aims={one: number for one, number in aims.items() if number}, by=by, at=at
    )  # fmt: skip
