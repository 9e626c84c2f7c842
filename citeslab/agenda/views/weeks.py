"""An advisor's week, and the days she closes."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citeslab.agenda import forms, queries, services
from citeslab.agenda.values import monday_of
from citeslab.core.values import whole_number
from citeslab.network import queries as network
from citeslab.network.models import Site
from citeslab.ui.values import day as said_day

FIRST, LAST = date(2002, 1, 1), date(2199, 1, 1)


def sites_of(request, on):
    sites = list(Site.objects.with_names_for(request.user, on=on).order_by("sort_key", "pk"))
    if not sites:
        raise Http404
    return sites


@require_safe
def week(request):
    """Seven days of an advisor: her own, or a colleague's of the same site."""
    at = timezone.now()
    on = timezone.localdate(at)
    sites = sites_of(request, on)
    advisors = list(network.advisors_of(sites, on=on))
    asked = request.GET.get("avec", "")
    advisor = next((one for one in advisors if str(one.pk) == asked), None)
    advisor = advisor or next((one for one in advisors if one == request.user), advisors[0] if advisors else None)
    if advisor is None:
        return TemplateResponse(request, "agenda/nobody.html")
    monday = monday_asked(request.GET.get("semaine", ""), on)
    days = queries.week(advisor=advisor, seen_by=request.user, monday=monday, on=on, at=at)

    def address(week_of, whose=advisor):
        return f"{reverse('agenda:week')}?semaine={week_of.isoformat()}&avec={whose.pk}"

    return TemplateResponse(
        request,
        "agenda/week.html",
        {
            "on": on,
            "monday": monday,
            "sunday": monday + timedelta(days=6),
            "this_week": monday == monday_of(on),
            "days": [day for day in days if day.date.weekday() < 5 or day.lines or day.held],
            "advisor": advisor,
            "is_mine": advisor == request.user,
            "before": address(monday - timedelta(days=7)),
            "after": address(monday + timedelta(days=7)),
            "now": address(monday_of(on)),
            "colleagues": [
                {"label": one.name, "url": address(monday, one), "current": one == advisor} for one in advisors
            ],
            "asking": list(queries.asking(advisor, on=on, at=at)) if advisor == request.user else [],
            "form": forms.ClosedDay(),
        },
    )


def monday_asked(text: str, on: date) -> date:
    """The week in the address; a strange one is this week."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = on
    return monday_of(asked if FIRST <= asked <= LAST else on)


@require_POST
def closures(request):
    """Close a day of an advisor of her sites, or open it again."""
    at = timezone.now()
    on = timezone.localdate(at)
    advisors = network.advisors_of(sites_of(request, on), on=on)
    form = forms.ClosedDay(request.POST)
    asked = whole_number(request.POST.get("avec", ""))
    advisor = get_object_or_404(advisors, pk=request.user.pk if asked is None else asked)
    if not form.is_valid():
        messages.error(request, _("Say which day, as 26/11/2026."))
        return redirect("agenda:week")
    day = form.cleaned_data["day"]
    if request.POST.get("act") == "open":
        services.open_day(advisor=advisor, day=day, by=request.user, at=at)
        said = _("%(day)s is open again.")
    else:
        services.close_day(advisor=advisor, day=day, by=request.user, at=at)
        said = _("%(day)s is closed: nobody can be booked. What was booked stays, to move or cancel.")
    messages.success(request, said % {"day": said_day(day, "weekday").capitalize()})
    return redirect(f"{reverse('agenda:week')}?semaine={day.isoformat()}&avec={advisor.pk}")
