"""Whose figures a user may ask for: her sites to the person, the network and its places protected."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.core.values import sort_key
from citeslab.figures.enums import Breakdown
from citeslab.figures.queries.labelled import labels
from citeslab.figures.values import Perimeter
from citeslab.network.enums import Role
from citeslab.network.models import Coverage, Site
from citeslab.network.rules import may_see_network, roles
from citeslab.territories.models import QPV, Commune, Department, Region
from citeslab.workshops.models import Workshop

NETWORK = Perimeter()
Choices = list[tuple[str, list[tuple[str, str]]]]


def exact_for(user: User, *, on: date) -> frozenset[Perimeter]:
    """Those whose small numbers she sees: the sites whose people she knows by name."""
    return frozenset(Perimeter(Breakdown.SITE.value, str(key)) for key in Site.objects.keys_with_names_for(user, on=on))


def perimeters_for(user: User, *, on: date, chosen: str | None = None) -> Choices:
    """What a form offers: groups of perimeters as an address says them, with their words.

    There are thousands of neighborhoods: those that a site covers now, or, where they are searched, the one `chosen`.
    """
    groups: Choices = []
    hers = Site.objects.with_names_for(user, on=on).order_by("sort_key").values_list("pk", "name")
    if hers:
        groups.append((_("My sites"), [(f"site:{pk}", name) for pk, name in hers]))
    if may_see_network(user, on=on):
        groups.append((_("Network"), [("", _("the whole network"))]))
    if Role.PILOT in roles(user, on=on):  # a funder's own perimeter is that of its agreements
        sites = Site.objects.order_by("sort_key").values(
            "pk", "name", "commune_code", "department", "department__region"
        )
        rows = list(sites)
        communes = {row["commune_code"] for row in rows} - {""}
        groups_of = Commune.objects.filter(code__in=communes).exclude(epci_code="")
        agreements = Workshop.objects.held().exclude(agreement="").order_by("agreement").values_list("agreement")
        covered = Coverage.objects.on(on).values("qpv_code")
        wanted = covered if chosen is None else [chosen.removeprefix(f"{Breakdown.QPV}:")]
        neighborhoods = QPV.objects.filter(code__in=wanted)
        groups += [
            (_("Regions"), places("region", Region, {row["department__region"] for row in rows})),
            (_("Departments"), places("department", Department, {row["department"] for row in rows})),
            (_("Intercommunalities"), pairs("epci", groups_of.values_list("epci_code", "epci_name"))),
            (_("Communes"), places("commune", Commune, communes)),
            (_("Sites"), [(f"site:{row['pk']}", row["name"]) for row in rows]),
            (_("Priority neighborhoods"), pairs("qpv", neighborhoods.values_list("code", "name"))),
            (_("Agreements"), [(f"agreement:{one}", one) for (one,) in agreements.distinct()]),
        ]
    return [(group, some) for group, some in groups if some]


def searches_places(user: User, *, on: date) -> bool:
    """Whether she may ask any place."""
    return Role.PILOT in roles(user, on=on)


def places(level: str, model, codes: set) -> list[tuple[str, str]]:
    return pairs(level, model.objects.filter(code__in=codes - {None}).values_list("code", "name"))


def pairs(level: str, found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """By name; two places of one name are told apart by their code."""
    named = dict(found)
    twice = {name for name, times in Counter(named.values()).items() if times > 1}
    return [
        (f"{level}:{code}", f"{name} ({code})" if name in twice or level == "qpv" else name)
        for code, name in sorted(named.items(), key=lambda item: (sort_key(item[1]), item[0]))
    ]


def name_of(perimeter: Perimeter) -> str:
    if not perimeter.level:
        return _("the whole network")
    return labels(Breakdown(perimeter.level), [perimeter.code])[perimeter.code]


def site_of(perimeter: Perimeter) -> Site | None:
    return Site.objects.filter(pk=int(perimeter.code)).first() if perimeter.level == Breakdown.SITE else None
