"""Surgeries: their list, their rule with its next dates, one day cancelled or moved."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.agenda import forms, queries, rules, services
from citeslab.agenda.models import Surgery
from citeslab.network import queries as network
from citeslab.network.models import Site


def visible(request):
    return Surgery.objects.visible_to(request.user, on=timezone.localdate()).select_related("site", "advisor")


def sites_of(request):
    sites = Site.objects.with_names_for(request.user, on=timezone.localdate()).order_by("sort_key", "pk")
    if not sites:
        raise Http404
    return sites


@require_safe
def surgeries(request):
    """Where and when people may come, each with its next date."""
    on = timezone.localdate()
    sites = sites_of(request)
    return TemplateResponse(
        request,
        "agenda/surgeries.html",
        {"on": on, "rows": queries.surgeries_with_next(visible(request), on=on), "sites": sites},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_surgery(request):
    """Open a surgery; its next five dates are shown before it is saved."""
    on = timezone.localdate()
    sites = sites_of(request)
    advisors = network.advisors_of(sites, on=on)
    mine = advisors.filter(pk=request.user.pk).first()
    form = forms.SurgeryRule(
        request.POST or None,
        sites=sites,
        advisors=advisors,
        initial={"site": sites[0], "advisor": mine, "begins_on": on},
    )
    return ruled(request, form, services.open_surgery, _("The surgery is open."))


@require_http_methods(["GET", "HEAD", "POST"])
def surgery(request, pk):
    """Change its rule; cancel or move one of its next days."""
    sites = sites_of(request)
    found = get_object_or_404(visible(request), pk=pk)
    timezone.activate(found.site.zone)
    advisors = network.advisors_of(sites, on=timezone.localdate())
    form = forms.SurgeryRule(request.POST or None, instance=found, sites=sites, advisors=advisors)
    return ruled(request, form, services.change_surgery, _("The surgery is changed."))


def ruled(request, form, act, said):
    """Save the rule, or show the dates it gives."""
    on = timezone.localdate()
    asks = request.method == "POST" and "preview" in request.POST
    is_right = form.is_valid() if form.is_bound else True
    if form.is_bound and is_right and not asks:
        saved = act(surgery=form.instance, by=request.user, at=timezone.now())
        messages.success(request, said)
        return redirect("agenda:surgery", saved.pk)
    shown = form.instance if (form.is_bound and is_right) or form.instance.pk else None
    if shown:
        timezone.activate(shown.site.zone)
    changes = list(form.instance.changes.order_by("day")) if form.instance.pk else []
    page = "agenda/surgery.html"
    return TemplateResponse(
        request,
        f"{page}#dates" if request.htmx and asks else page,
        {
            "form": form,
            "surgery": form.instance if form.instance.pk else None,
            "dates": rules.next_days(shown, changes, on) if shown and is_right else [],
            "cancelled": [change for change in changes if change.day >= on and not change.held_on],
            "is_preview": asks,
            "on": on,
        },
        status=200 if is_right or asks else 422,
    )


@require_POST
def ending(request, pk):
    """Hold it no more from tomorrow on."""
    found = get_object_or_404(visible(request), pk=pk)
    on = timezone.localdate()
    services.end_surgery(surgery=found, ends_on=on, by=request.user, at=timezone.now())
    messages.success(request, _("The surgery is ended. What was booked stays, to move or cancel."))
    return redirect("agenda:surgeries")


@require_POST
def day(request, pk):
    """One of its days: not held, held at another time, or held again as its rule says."""
    found = get_object_or_404(visible(request), pk=pk)
    form = forms.SurgeryDay(request.POST)
    at = timezone.now()
    if not form.is_valid():
        messages.error(request, _("Give the new day and its hours, in order: 14:00, then 16:00."))
        return redirect("agenda:surgery", pk)
    asked = form.cleaned_data
    try:
        match asked["act"]:
            case "restore":
                services.restore_day(surgery=found, day=asked["day"], by=request.user, at=at)
                said = _("This day is held again.")
            case "move":
                services.change_day(
                    surgery=found,
                    day=asked["day"],
                    held_on=asked["held_on"],
                    from_time=asked["from_time"],
                    until_time=asked["until_time"],
                    by=request.user,
                    at=at,
                )
                said = _("This day is moved.")
            case _other:
                services.change_day(surgery=found, day=asked["day"], by=request.user, at=at)
                said = _("This day is cancelled. What was booked stays, to move or cancel.")
    except services.NotHeldThatDay as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("agenda:surgery", pk)
