"""Where money goes: the places that an agreement may name, and what they are called."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citeslab.core.values import sort_key, whole_number
from citeslab.funding.enums import Level
from citeslab.funding.models import Agreement
from citeslab.network.models import Site
from citeslab.territories.models import Commune, Department, Region

Choices = list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]


def region_of(level: str, code: str) -> Region | None:
    """The region of a place; none for the whole network. Raises `LookupError` for a place that does not exist."""
    match level:
        case Level.NETWORK if not code:
            return None
        case Level.REGION:
            found: QuerySet = Region.objects.filter(code=code)
        case Level.DEPARTMENT:
            found = Department.objects.filter(code=code)
        case Level.EPCI:
            found = Commune.objects.filter(epci_code=code)
        case Level.COMMUNE:
            found = Commune.objects.filter(code=code)
        case Level.SITE:
            found = Site.objects.filter(pk=whole_number(code))
        case _:
            raise LookupError(level, code)
    if level == Level.REGION:
        place = found.first()
        if place is None:
            raise LookupError(level, code)
        return place
    way = {Level.DEPARTMENT: "region"}.get(Level(level), "department__region")
    regions = list(found.order_by().values_list(way, flat=True)[:1])
    if not regions:
        raise LookupError(level, code)
    return Region.objects.filter(pk=regions[0]).first()


def choices() -> Choices:
    """What a form offers: the network, every region and department, and the places where the network has a site."""
    sites = list(Site.objects.order_by("sort_key", "pk").values_list("pk", "name", "commune_code"))
    communes = Commune.objects.filter(code__in={commune for _pk, _name, commune in sites} - {""})
    groups: list[tuple[str, Iterable[tuple[str, str]]]] = [
        (_("Regions"), named(Level.REGION, Region.objects.values_list("code", "name"))),
        (_("Departments"), named(Level.DEPARTMENT, Department.objects.values_list("code", "name"))),
        (
            _("Intercommunalities"),
            named(Level.EPCI, communes.exclude(epci_code="").values_list("epci_code", "epci_name")),
        ),
        (_("Communes"), named(Level.COMMUNE, communes.values_list("code", "name"))),
        (_("Sites"), [(f"{Level.SITE}:{pk}", name) for pk, name, _commune in sites]),
    ]
    return [("", _("the whole network")), *[(group, list(some)) for group, some in groups if some]]


def named(level: Level, rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    found = sorted(dict(rows).items(), key=lambda row: (sort_key(row[1]), row[0]))
    return [(f"{level}:{code}", name) for code, name in found]


def name_of(agreement: Agreement) -> str:
    """What the perimeter of an agreement is called."""
    level, code = agreement.level, agreement.code
    match level:
        case Level.NETWORK:
            return _("the whole network")
        case Level.REGION:
            name: QuerySet = Region.objects.filter(code=code).values_list("name", flat=True)
        case Level.DEPARTMENT:
            name = Department.objects.filter(code=code).values_list("name", flat=True)
        case Level.EPCI:
            name = Commune.objects.filter(epci_code=code).order_by("code").values_list("epci_name", flat=True)
        case Level.COMMUNE:
            name = Commune.objects.filter(code=code).values_list("name", flat=True)
        case _:
            name = Site.objects.filter(pk=int(code)).values_list("name", flat=True)
    return name.first() or code
