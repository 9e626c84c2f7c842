"""Doors of what actions gave: to those who know who came, and to the funder who pays for them."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citeslab.audit import services as audit
from citeslab.funding.models import Funder
from citeslab.workshops import exports, queries
from citeslab.workshops.views.programme import ON_A_PAGE, sites_of, visible

YEARS = 15  # that one chooses from


def year_asked(request):
    """The year chosen, and those to choose from."""
    this = timezone.localdate().year
    years = list(range(this, this - YEARS, -1))
    asked = request.GET.get("annee", "")
    return (int(asked) if asked in map(str, years) else this), years


def as_csv(text, year):
    name = f"{_('actions')}-{year}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def balance(request):
    """What the actions of a year gave: hours of people by agreement, and who was met and supported afterwards."""
    sites_of(request)
    year, years = year_asked(request)
    found = visible(request).held().filter(held_on__year=year)
    held = list(found.select_related("site").order_by("held_on", "pk"))
    of = queries.balances(found)
    if request.GET.get("sous") == "csv":
        audit.record("workshops.balance.exported", by=request.user, at=timezone.now(), year=year, actions=len(held))
        return as_csv(exports.balance_as_csv(held, of), year)
    sums = queries.by_agreement(held, of)
    return TemplateResponse(
        request,
        "workshops/balance.html",
        {
            "year": year,
            "years": years,
            "sums": sums,
            "total": sum(of.values(), start=queries.Balance()),
            "held": Paginator([(one, of[one.pk]) for one in held], ON_A_PAGE).get_page(request.GET.get("page")),
        },
    )


@require_safe
def funded(request, pk):
    """What the actions that a funder pays for gave in a year, by agreement, rounded. No name."""
    readable = Funder.objects.accounts_visible_to(request.user, on=timezone.localdate())
    funder = get_object_or_404(readable, pk=pk)
    year, years = year_asked(request)
    lines = queries.funded(funder, year=year)
    if request.GET.get("sous") == "csv":
        audit.record("workshops.funded.exported", funder, by=request.user, at=timezone.now(), year=year)
        return as_csv(exports.funded_as_csv(lines), year)
    return TemplateResponse(
        request,
        "workshops/funded.html",
        {"funder": funder, "year": year, "years": years, "lines": lines},
    )
