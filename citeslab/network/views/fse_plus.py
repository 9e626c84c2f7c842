"""Doors: the days that FSE+ agreements pay for."""

from itertools import groupby

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from citeslab.network import forms, queries, rules, services
from citeslab.network.enums import Phase
from citeslab.network.models import FSEPlus

LINES_ON_A_PAGE = 50


@require_safe
def fse_plus(request):
    """The days that FSE+ agreements pay for, site by site; the pilot sets them, a coordinator reads her sites'."""
    on = timezone.localdate()
    if not rules.may_see_fse_plus(request.user, on=on):
        raise Http404
    page = Paginator(queries.fse_plus_periods(request.user, on=on), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "network/fse_plus.html",
        {
            "page": page,
            "phases": [
                {"phase": Phase(phase), "periods": list(periods), "kind": "sunk" if phase == Phase.PAST else ""}
                for phase, periods in groupby(page, lambda one: one.phase)
            ],
            "sets": rules.may_set_fse_plus(request.user, on=on),
            "manages": queries.sites_to_staff(request.user, on=on).exists()
            or queries.organizations_to_staff(request.user, on=on).exists(),
        },
    )


def periods_to_set(request, on):
    """What the pilot alone sets, ends and removes."""
    if not rules.may_set_fse_plus(request.user, on=on):
        raise Http404
    return FSEPlus.objects.visible_to(request.user, on=on).select_related("site")


@require_http_methods(["GET", "POST"])
def new_fse_plus(request):
    """Say that an agreement pays for a site on these days."""
    on = timezone.localdate()
    periods_to_set(request, on)
    form = forms.FSEPlus(request.POST or None, initial={"begins_on": on})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            period = services.set_fse_plus(
                site=asked["site"],
                reference=asked["reference"],
                begins_on=asked["begins_on"],
                ends_on=asked["ends_on"],
                by=request.user,
                at=timezone.now(),
            )
        except services.DaysAlreadyPaid as refusal:
            form.add_error("begins_on", str(refusal))
        else:
            messages.success(request, _("The period is set for %(site)s.") % {"site": period.site.name})
            return redirect("network:fse_plus")
    return TemplateResponse(request, "network/new_fse_plus.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def end_of_fse_plus(request, pk):
    """Say the last day that an agreement pays for, sooner than was set."""
    on = timezone.localdate()
    period = get_object_or_404(periods_to_set(request, on).not_over(on), pk=pk)
    likely = max(period.begins_on, min(period.last_on or on, on))
    form = forms.EndOfFSEPlus(request.POST or None, initial={"last_on": likely})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_fse_plus(
                period=period, ends_on=form.cleaned_data["ends_on"], by=request.user, at=timezone.now()
            )
        except services.NotSooner as refusal:
            form.add_error("last_on", str(refusal))
        else:
            messages.success(request, _("The end is set for %(site)s.") % {"site": period.site.name})
            return redirect("network:fse_plus")
    page = {"form": form, "period": period}
    return TemplateResponse(request, "network/end_of_fse_plus.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def removal_of_fse_plus(request, pk):
    """Remove a period set by mistake, or say why it stays."""
    on = timezone.localdate()
    period = get_object_or_404(periods_to_set(request, on), pk=pk)
    refusal = services.AlreadyAnswered() if queries.is_answered(period) else None
    if request.method == "POST":
        try:
            services.remove_fse_plus(period=period, by=request.user, at=timezone.now())
        except services.AlreadyAnswered as refused:
            refusal = refused
        else:
            messages.success(request, _("The period is removed for %(site)s.") % {"site": period.site.name})
            return redirect("network:fse_plus")
    return TemplateResponse(
        request,
        "network/removal_of_fse_plus.html",
        {"period": period, "refusal": refusal, "is_over": period.ends_on is not None and period.ends_on <= on},
        status=422 if request.method == "POST" else 200,
    )
