"""Doors: which neighborhood has an advisor; the white zones, closed one by one."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.core.values import sort_key
from citeslab.network import charts, exports, forms, queries, rules, services
from citeslab.network.enums import Cover
from citeslab.network.models import Coverage
from citeslab.network.values import edition_of
from citeslab.network.views.places import file, form_page, seen_by, set_by
from citeslab.network.views.sites import back_to, settable
from citeslab.territories import queries as territories
from citeslab.territories.enums import Edition
from citeslab.territories.values import change_day_of

QUARTERS_ON_A_PAGE = 50


def asked_by(request, seen):
    """Every neighborhood that she reads, and those that her question keeps."""
    form = forms.CoverageFilter(request.GET)
    asked = form.asked()
    every = queries.quarters(on=seen.on, user=request.user, today=seen.today)
    shown = [one for one in every if not asked["department"] or one.department == asked["department"]]
    here = shown
    if asked["cover"]:
        covers = queries.coverage.WHITE if asked["cover"] == "WHITE" else (asked["cover"],)
        shown = [one for one in shown if one.cover in covers]
    if key := sort_key(asked["words"]):
        shown = [one for one in shown if key in sort_key(one.code, one.name, one.communes)]
    return form, asked, every, here, shown


@require_safe
def coverage(request):
    """The map and the list: France by departments, or one department."""
    seen = seen_by(request)
    form, asked, every, here, shown = asked_by(request, seen)
    counts = Counter(one.cover for one in here)
    white = [one for one in here if one.is_white]
    known = [one.residents for one in white if one.residents is not None]
    drawing = {"tiles": charts.tiles(mark_of(one) for one in every)}
    if asked["department"]:
        places = {code: place for edition in Edition for code, place in territories.middles(edition).items()}
        drawing = {"department": charts.department([mark_of(one) for one in here], places)}
    return TemplateResponse(
        request,
        "network/coverage.html",
        {
            "seen": seen,
            "form": form.again(),
            "asked": asked,
            "total": len(here),
            "counts": {cover.name: counts[cover] for cover in Cover},
            "white": len(white),
            "overlapping": sum(len(one.sites) > 1 for one in here),
            "residents": sum(known) if known else None,
            "unknown": len(white) - len(known),
            "departments": departments_of(every) if not asked["department"] else [],
            "department_name": here[0].department_name if asked["department"] and here else "",
            "page": Paginator(shown, QUARTERS_ON_A_PAGE).get_page(request.GET.get("page")),
            "legend": [(cover, counts[cover]) for cover in charts.DRAWN_FIRST],
            "query": request.GET.urlencode(),
            **drawing,
        },
    )


def mark_of(one):
    return charts.Mark(one.code, one.name, one.department, one.communes.split(", ")[0], one.cover)


def departments_of(quarters):
    """Each department with its neighborhoods and its white zones, those with the most to close first."""
    names = {one.department: one.department_name for one in quarters}
    total = Counter(one.department for one in quarters)
    white = Counter(one.department for one in quarters if one.is_white)
    order = sorted(total, key=lambda code: (-white[code], code))
    return [{"code": code, "name": names[code], "total": total[code], "white": white[code]} for code in order]


@require_safe
def coverage_file(request):
    """The same list, a row a neighborhood."""
    seen = seen_by(request)
    *_others, shown = asked_by(request, seen)
    return file(request, lambda format: exports.quarters_file(format, shown), _("coverage"), seen.on)


@require_http_methods(["GET", "POST"])
def quarter(request, code):
    """A neighborhood: who covers it; a white zone is closed here, by the site that takes it."""
    seen = seen_by(request)
    edition = edition_of(code)
    found = queries.quarter_of(code, edition=edition, on=seen.on) if edition else None
    if found is None or not reads(request, found, seen):
        raise Http404
    near = queries.nearest_sites(found, on=seen.on) if seen.sets else []
    form = None
    if seen.sets and edition == edition_there(found, seen.on):
        form = forms.ClosedZone(request.POST or None, near=near, on=seen.on, initial={"begins_on": seen.on})
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = services.cover(
                    site=said["chosen"],
                    qpv_code=code,
                    begins_on=said["begins_on"],
                    ends_on=said["ends_on"],
                    by=request.user,
                    at=timezone.now(),
                )
            except (services.AlreadyCovered, services.OutOfForce, services.NoSuchQPV, services.NotThen) as refusal:
                form.add_error("begins_on", str(refusal))
            else:
                covered = _("%(site)s covers %(quarter)s. Was it a mistake? It can be removed on this page.") % {
                    "site": made.site.name, "quarter": found.name,
                }  # fmt: skip
                messages.success(request, services.with_cut(covered, said["ends_on"], made))
                return redirect("network:quarter", code)
    other = Edition.E2015 if edition == Edition.E2024 else Edition.E2024
    return TemplateResponse(
        request,
        "network/quarter.html",
        {
            "seen": seen,
            "quarter": found,
            "form": form,
            # On a past day nothing of what came after is told.
            "coverages": queries.coverages_of(code, edition=edition, on=seen.on, also_to_come=not seen.is_past),
            "counterparts": territories.counterparts(code, edition=edition, wanted=other),
            "other": other,
        },
        status=422 if form is not None and form.errors else 200,
    )


def edition_there(found, on) -> Edition:
    return Edition.E2024 if on >= change_day_of(found.department) else Edition.E2015


def reads(request, found, seen) -> bool:
    """The pilot reads each one; a coordinator those that a site of hers covers or covered."""
    if rules.may_set_network(request.user, on=seen.today):
        return True
    return Coverage.objects.visible_to(request.user, on=seen.today).filter(qpv_code=found.code).exists()


@require_http_methods(["GET", "POST"])
def new_coverage(request, pk):
    """Neighborhoods that a site covers, by their codes: all of them, or none."""
    site = settable(request, pk)
    form = forms.NewCoverage(request.POST or None, initial={"begins_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made = services.cover_all(
                site=site,
                codes=asked["codes"],
                begins_on=asked["begins_on"],
                ends_on=asked["ends_on"],
                by=request.user,
                at=timezone.now(),
            )
        except services.NotThen as refusal:
            form.add_error("begins_on", str(refusal))
        except (services.AlreadyCovered, services.OutOfForce, services.NoSuchQPV) as refusal:
            form.add_error("codes", str(refusal))
        else:
            said = ngettext("One neighborhood is covered.", "%(count)s neighborhoods are covered.", len(made))
            # Those of one form begin together: they are of one edition, and end with it or with the site.
            messages.success(request, services.with_cut(said % {"count": len(made)}, asked["ends_on"], made[0]))
            return redirect("network:site", pk)
    return form_page(
        request,
        form,
        heading=_("What %(name)s covers") % {"name": site.name},
        lead=_(
            "The codes of the edition in force on the first day. Each white zone of the map proposes the nearest sites."
        ),
        back=back_to(site),
        verb=_("Save the coverage"),
    )


def coverage_to_set(request, pk) -> Coverage:
    set_by(request)
    return get_object_or_404(Coverage.objects.select_related("site"), pk=pk)


@require_http_methods(["GET", "POST"])
def end_of_coverage(request, pk):
    """The last day that the site covers it."""
    found = coverage_to_set(request, pk)
    form = forms.EndOfCoverage(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_coverage(
                coverage=found, ends_on=form.cleaned_data["closed_on"], by=request.user, at=timezone.now()
            )
        except services.NotThen as refusal:
            form.add_error("last_on", str(refusal))
        else:
            messages.success(request, _("The end of the coverage is set."))
            return redirect("network:quarter", found.qpv_code)
    return form_page(
        request,
        form,
        heading=_("%(site)s covers %(code)s no more") % {"site": found.site.name, "code": found.qpv_code},
        back=(reverse("network:quarter", args=[found.qpv_code]), found.qpv_code),
        verb=_("Set the end"),
    )


@require_POST
def removal_of_coverage(request, pk):
    """The site never covered it, or will not: the act is undone, from the page of either."""
    found = coverage_to_set(request, pk)
    services.remove_coverage(coverage=found, by=request.user, at=timezone.now())
    messages.success(
        request, _("%(site)s does not cover %(code)s.") % {"site": found.site.name, "code": found.qpv_code}
    )
    if "of_site" in request.POST:
        return redirect("network:site", found.site_id)
    return redirect("network:quarter", found.qpv_code)
