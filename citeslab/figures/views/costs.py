"""The door of costs: what a meeting, a supported person, an action cost in a year."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from citeslab.figures import queries
from citeslab.figures.queries import FIRST_YEAR
from citeslab.funding.rules import keeps_funders


@require_safe
def costs(request):
    """The network and its regions, with the rule of each cost. For the pilot, who sees all the money."""
    on = timezone.localdate()
    if not keeps_funders(request.user, on=on):
        raise Http404
    asked = request.GET.get("annee", "")
    years = range(on.year, FIRST_YEAR - 1, -1)
    year = int(asked) if asked in map(str, years) else on.year - 1
    rows = queries.costs(year)
    page = {"year": year, "years": years, "whole": rows[0], "regions": rows[1:], "is_running": year == on.year}
    return TemplateResponse(request, "figures/costs.html", page)
