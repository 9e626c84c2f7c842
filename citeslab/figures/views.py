"""Doors: a site's year, the statements of the release, the definitions."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from citeslab.core.values import last_day
from citeslab.figures import exports, forms, queries
from citeslab.figures.definitions.indicators import INDICATORS
from citeslab.figures.definitions.statements import SAID_ON
from citeslab.network.models import Site


@require_safe
def year_of_site(request):
    """Exact counts of a site's own people, for who sees them by name."""
    on = timezone.localdate()
    sites = Site.objects.with_names_for(request.user, on=on).order_by("sort_key")
    if not sites:
        raise Http404
    form = forms.YearOfSite(request.GET, sites=sites, last_year=on.year)
    form.is_valid()
    year = form.cleaned_data.get("annee") or on.year
    site = form.cleaned_data.get("site") or sites[0]
    figures = queries.cached_figures_of_year(year=year, site=site)
    if request.GET.get("format") == "csv":
        name = f"citeslab-{site.pk}-{year}.csv"
        return HttpResponse(
            exports.year_as_csv(figures),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    bound = forms.YearOfSite({"annee": year, "site": site.code}, sites=sites, last_year=on.year)
    return TemplateResponse(
        request,
        "figures/year_of_site.html",
        {
            "form": bound,
            "year": year,
            "is_running": on < last_day(year),
            "site": site,
            "figures": figures,
            "where": site.name,
        },
    )


@require_safe
def statements(request):
    """What the release said, and whether the records say it too. No name is in it: anyone signed in may read it."""
    return TemplateResponse(request, "figures/statements.html", {"checks": queries.statements(), "said_on": SAID_ON})


@require_safe
def dictionary(request):
    """Every indicator: what it counts, and how."""
    return TemplateResponse(request, "figures/dictionary.html", {"indicators": INDICATORS})
