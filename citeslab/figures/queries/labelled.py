"""The classes of breakdowns in words, in the order in which they are read."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from citeslab.core.values import whole_number
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.people import SITUATIONS
from citeslab.figures.enums import UNKNOWN, Age, Breakdown, ContactSource, Diploma, SituationAtEntry
from citeslab.followup.enums import ExitReason, Stage
from citeslab.network.models import Site
from citeslab.people.enums import Sex
from citeslab.projects.values import SECTORS
from citeslab.territories.enums import Answer
from citeslab.territories.models import QPV, Commune, Department, Region
from citeslab.workshops.enums import Kind

CHOICES = {
    Breakdown.SEX: Sex,
    Breakdown.AGE: Age,
    Breakdown.SITUATION_AT_ENTRY: SituationAtEntry,
    Breakdown.DIPLOMA: Diploma,
    Breakdown.CONTACT_SOURCE: ContactSource,
    Breakdown.STAGE: Stage,
    Breakdown.RESIDENCE: Answer,
    Breakdown.KIND: Kind,
}
PLACES = {
    Breakdown.COMMUNE: (Commune.objects.all(), "code", "name"),
    Breakdown.EPCI: (Commune.objects.order_by("epci_code"), "epci_code", "epci_name"),
    Breakdown.DEPARTMENT: (Department.objects.all(), "code", "name"),
    Breakdown.REGION: (Region.objects.all(), "code", "name"),
    Breakdown.QPV: (QPV.objects.order_by("release__released_on"), "code", "name"),
}


def labels(breakdown: Breakdown, classes: Iterable[str]) -> dict[str, str]:
    """The words of these classes, in order: as declared, places by name; the unknown last."""
    wanted = set(classes)
    match breakdown:
        case Breakdown.SITUATION:
            named = {name: str(BY_ID[f"situation.{name}.persons"].wording) for name in SITUATIONS}
        case Breakdown.EXIT:
            named = {reason.value: str(reason.label) for reason in ExitReason} | {"STILL_HERE": _("on the way")}
        case Breakdown.SECTOR:
            named = {code: str(name) for code, name in SECTORS.items()}
        case Breakdown.SITE:
            known = Site.objects.filter(
                pk__in=[number for one in wanted if (number := whole_number(one)) is not None]
            ).order_by("sort_key")
            named = {str(pk): name for pk, name in known.values_list("pk", "name")}
        case Breakdown.AGREEMENT | Breakdown.BEGUN:
            named = {one: one for one in sorted(wanted - {UNKNOWN})}
        case _ if breakdown in PLACES:
            rows, code, name = PLACES[breakdown]
            found = dict(rows.filter(**{f"{code}__in": wanted}).values_list(code, name))
            named = dict(sorted(found.items(), key=lambda item: (item[1], item[0])))
        case _:
            named = {choice.value: str(choice.label) for choice in CHOICES[breakdown]}
    missing = {one: one for one in sorted(wanted - named.keys() - {UNKNOWN})}
    last = {UNKNOWN: named.pop(UNKNOWN, _("not known"))} if UNKNOWN in wanted else {}
    return {code: words for code, words in named.items() if code in wanted} | missing | last
