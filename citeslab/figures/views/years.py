"""Doors: a site's year, the statements of the release, how people walk, what the figures wait for."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from citeslab.core.values import last_day
from citeslab.figures import exports, forms, queries
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.definitions.journeys import HORIZONS
from citeslab.figures.definitions.statements import SAID_ON
from citeslab.followup.enums import Stage
from citeslab.network.models import Site
from citeslab.network.rules import may_see_network
from citeslab.people.models import Person
from citeslab.workshops.models import Workshop

COHORTS = 8  # years of entry shown
RECORDS = 10  # of a kind, named


def asked(request, on):
    """The year and the site, of those whose people she sees by name; the form as it was answered."""
    sites = Site.objects.with_names_for(request.user, on=on).order_by("sort_key")
    if not sites:
        raise Http404
    form = forms.YearOfSite(request.GET, sites=sites, last_year=on.year)
    form.is_valid()
    year = form.cleaned_data.get("annee") or on.year
    site = form.cleaned_data.get("site") or sites[0]
    return year, site, forms.YearOfSite({"annee": year, "site": site.code}, sites=sites, last_year=on.year)


@require_safe
def year_of_site(request):
    """Exact counts of a site's own people, for who sees them by name."""
    on = timezone.localdate()
    year, site, bound = asked(request, on)
    figures = queries.cached_figures_of_year(year=year, site=site)
    if request.GET.get("format") == "csv":
        name = f"citeslab-{site.pk}-{year}.csv"
        return HttpResponse(
            exports.year_as_csv(figures),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
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
def journeys(request):
    """From stage to stage, and cohorts by year of entry: of one's site exactly; else of the network, protected.

    Cohorts of the network are read from the last snapshot alone: the database would take minutes for them.
    """
    on = timezone.localdate()
    if Site.objects.with_names_for(request.user, on=on) or not may_see_network(request.user, on=on):
        year, site, bound = asked(request, on)
    else:
        bound = forms.YearOfSite(request.GET, sites=Site.objects.none(), last_year=on.year)
        bound.is_valid()
        year, site = bound.cleaned_data.get("annee") or on.year, None
        bound = forms.YearOfSite({"annee": year}, sites=Site.objects.none(), last_year=on.year)
    key = site.pk if site else None
    flows = queries.flows_of(Scope(year=year, site_id=key, day=min(on, last_day(year))))
    entering = Scope(year=year, since=year - COHORTS + 1, site_id=key, day=on)
    source = queries.source_for(entering)
    if site:
        cohorts = queries.cohorts_of(entering)
    else:
        flows, cohorts = queries.protected_flows(flows), {}
        if source.as_of:
            entering = replace(entering, day=min(on, timezone.localdate(source.as_of)))
            cohorts = queries.protected_cohorts(queries.cohorts_of(entering, source.engine))
    names = dict(Stage.choices)
    return TemplateResponse(
        request,
        "figures/journeys.html",
        {
            "form": bound,
            "year": year,
            "site": site,
            "where": site.name if site else "",
            "flows": [
                {**vars(flow), "from_name": names.get(flow.came_from, ""), "to_name": names[flow.stage]}
                for flow in flows
            ],
            "source": source,
            "horizons": list(HORIZONS),
            "cohorts": [
                {"year": entered, "cohorts": [found.get(months) for months in HORIZONS]}
                for entered, found in reversed(cohorts.items())
            ],
        },
    )


@require_safe
def quality(request):
    """What is missing or contradicts itself at a site, and where to repair it."""
    on = timezone.localdate()
    year, site, bound = asked(request, on)
    counted = reverse("figures:counted")
    found = queries.contradictions(site, year=year, on=on)
    names = {
        person.pk: person
        for person in Person.objects.visible_to(request.user, on=on).filter(
            pk__in={key for one in found for key in one.people}
        )
    }
    titles = dict(
        Workshop.objects.filter(pk__in={key for one in found for key in one.workshops}).values_list("pk", "title")
    )
    return TemplateResponse(
        request,
        "figures/quality.html",
        {
            "form": bound,
            "year": year,
            "site": site,
            "where": site.name,
            "gaps": [
                {
                    "wording": gap.wording,
                    "weighs_on": gap.weighs_on,
                    "count": gap.count,
                    "of": gap.of,
                    "share": gap.share,
                    "url": f"{counted}?{urlencode(gap.query)}",
                }
                for gap in queries.gaps(site, year=year)
            ],
            "contradictions": [described(one, names, titles) for one in found],
        },
    )


def described(one, names, titles):
    """The first records of a kind, each with its page."""
    people = [(names[key].name, reverse("desk:person", args=[key])) for key in one.people if key in names]
    actions = [(titles[key], reverse("workshops:workshop", args=[key])) for key in one.workshops]
    records = people + actions
    return {
        "wording": one.wording,
        "weighs_on": one.weighs_on,
        "count": one.count,
        "records": [{"name": name, "url": url} for name, url in records[:RECORDS]],
        "more": max(0, one.count - min(len(records), RECORDS)),
    }
