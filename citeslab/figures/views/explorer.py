"""Doors of the explorer: a figure broken down, and the people that a number counts."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citeslab.audit import services as audit
from citeslab.core.values import last_day
from citeslab.figures import exports, forms, queries
from citeslab.figures.enums import Breakdown
from citeslab.people.models import Person
from citeslab.ui.values import day

A_PAGE = 50


def bound(request, on):
    """The form, with the perimeters of this user; a neighborhood is one where it was found by its name."""
    perimeters = queries.perimeters_for(request.user, on=on, chosen=request.GET.get("perimetre", ""))
    if not perimeters:
        raise Http404
    return forms.Explorer(
        request.GET, perimeters=perimeters, on=on, searches=queries.searches_places(request.user, on=on)
    )


@require_safe
def explorer(request):
    """One figure: whose, when, by what. Its address says all of it and can be sent to who has the same rights."""
    on = timezone.localdate()
    form = bound(request, on)
    asked = form.asked()
    hers = queries.exact_for(request.user, on=on)
    exact = asked.perimeter in hers
    found = queries.explored(asked) if exact else queries.sheltered(asked)
    if request.GET.get("format") == "csv":
        name = f"citeslab-{asked.indicator.id}-{asked.perimeter.said or 'network'}-{asked.year}.csv".replace(":", "-")
        return HttpResponse(
            exports.explored_as_csv(found),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    whose = queries.name_of(asked.perimeter)
    title = _("%(figure)s, %(whose)s, %(year)s") % {
        "figure": asked.indicator.wording,
        "whose": whose,
        "year": f"{asked.since}–{asked.year}" if asked.since is not None else asked.year,
    }
    source = _("Source: files of the network, read on %(day)s.") % {"day": day(on)}
    drawn = exports.neighborhood_map(found, queries.drawn_neighborhoods(found), title=title, source=source)
    chart = (
        ("areas", drawn)
        if drawn
        else exports.picture(found, title=title, source=source, year_runs=on <= last_day(asked.year))
    )
    return TemplateResponse(
        request,
        "figures/explorer.html",
        {
            "form": form.again(asked),
            "has_sites": bool(hers),
            "left_out": form.left_out,
            "searched": form.cleaned_data.get("quartier", ""),
            "neighborhoods": form.found(),
            "neighborhood": form.neighborhood(asked),
            "asked": asked,
            "whose": whose,
            "title": title,
            "found": found,
            "total": exports.cell(found, "", str(asked.year) if asked.since is not None else "", None),
            "table": exports.table(found, people_of=asked if exact else None),
            "chart": chart,
            "unknown_share": unknown_share(found),
            "unknowns": queries.unknowns_of(asked) if asked.indicator.unknowns and exact else None,
            "is_exact": exact,
            "is_running": on <= last_day(asked.year),
            "reference_day": last_day(asked.year),
            "csv": f"?{request.GET.urlencode()}&format=csv" if request.GET else "?format=csv",
        },
    )


def unknown_share(found):
    """Of a count broken down, the share whose class is not known; nothing where that is hidden or nobody."""
    if found.total.is_share or found.total.is_hidden or found.unknown.is_hidden or not found.unknown.count:
        return None
    return queries.ratio(found.unknown.count, found.total.count)


@require_safe
def counted(request):
    """The people behind a number of one's own sites, each with why she is counted."""
    on = timezone.localdate()
    asked = bound(request, on).asked()
    if asked.perimeter not in queries.exact_for(request.user, on=on) or not asked.indicator.of_people:
        raise Http404
    at = tuple(
        (one.value, request.GET[one.value])
        for one in Breakdown
        if one.value in request.GET and one in queries.breakdowns_of(asked.indicator)
    )
    scope = queries.scope_of(asked, year=asked.year, since=None, at=at)
    visible = Person.objects.visible_to(request.user, on=on)
    keys = queries.members(asked.indicator.id, scope=scope)
    page = Paginator(visible.filter(pk__in=keys).order_by("sort_key", "pk"), A_PAGE).get_page(request.GET.get("page"))
    people = list(page.object_list)
    audit.record(
        "figures.people.listed",
        by=request.user,
        at=timezone.now(),
        indicator=asked.indicator.id,
        perimeter=asked.perimeter.said,
        people=len(people),
    )
    back = request.GET.copy()
    for name, _value in at:
        back.pop(name)
    site = queries.site_of(asked.perimeter)
    why = queries.explanations(asked.indicator, persons=people, year=asked.year, site=site)
    return TemplateResponse(
        request,
        "figures/counted.html",
        {
            "asked": asked,
            "whose": queries.name_of(asked.perimeter),
            "back": back.urlencode(),
            "classes": [(one.label, queries.labels(one, [value])[value]) for one, value in named(at)],
            "page": page,
            "people": [(person, why[person.pk].reason) for person in people],
            "not_shown": len(keys) - page.paginator.count,
        },
    )


def named(at):
    return [(Breakdown(name), value) for name, value in at]
