"""Doors: the network of a day, as a list and as a file; what the other doors of the network share."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citeslab.network import exports, forms, queries, rules
from citeslab.network.values import LABELS
from citeslab.ui.exports import TYPES

SITES_ON_A_PAGE = 25


@dataclass(frozen=True)
class Seen:
    """Who reads, today, the network of which day."""

    today: date
    on: date
    sets: bool  # whether she changes it

    @property
    def as_of(self) -> str:
        """What an address carries to stay on that day."""
        return "" if self.on == self.today else f"?jour={self.on.isoformat()}"

    @property
    def is_past(self) -> bool:
        return self.on != self.today


def seen_by(request) -> Seen:
    """404 for who reads nothing of it. On a past day nobody changes anything."""
    today = timezone.localdate()
    if not rules.may_read_posts(request.user, on=today):
        raise Http404
    on = forms.day_asked(request.GET.get("jour"), today=today)
    return Seen(today, on, rules.may_set_network(request.user, on=today) and on == today)


def set_by(request) -> date:
    """Today, for the pilot; 404 for the others."""
    today = timezone.localdate()
    if not rules.may_set_network(request.user, on=today):
        raise Http404
    return today


def form_page(request, form, *, heading, back, verb, lead="", notice=""):
    """One form on a page: every act on the network is asked so."""
    page = {"form": form, "heading": heading, "back": back, "verb": verb, "lead": lead, "notice": notice}
    return TemplateResponse(request, "network/form.html", page, status=422 if form.errors else 200)


@require_safe
def network(request):
    """Organizations, sites, posts and who holds them, on a day."""
    seen = seen_by(request)
    form = forms.NetworkFilter(request.GET)
    found = queries.listed(request.user, today=seen.today, on=seen.on, **form.asked())
    page = Paginator(found.select_related("department__region"), SITES_ON_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request,
        "network/network.html",
        {
            "seen": seen,
            "form": form.again(),
            "page": page,
            "sites": queries.described(page, on=seen.on),
            "state": queries.state(request.user, today=seen.today, on=seen.on),
            "labels": LABELS,
            "age": seen.on.year - LABELS[0].since.year,
            "anniversaries": queries.anniversaries(request.user, today=seen.today, on=seen.on),
            "is_filtered": any(value for name, value in form.asked().items() if name != "sort"),
            "query": request.GET.urlencode(),
        },
    )


@require_safe
def network_file(request):
    """The same list, whole, a row a post."""
    seen = seen_by(request)
    found = queries.listed(request.user, today=seen.today, on=seen.on, **forms.NetworkFilter(request.GET).asked())
    sites = queries.described(found.select_related("department__region"), on=seen.on)
    return file(request, lambda format: exports.posts_file(format, sites), _("network"), seen.on)


def file(request, made, name: str, on: date) -> HttpResponse:
    format = request.GET.get("format", "XLSX").upper()
    if format not in TYPES:
        raise Http404
    name = f"{name}-{on.isoformat()}.{format.lower()}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(made(format), content_type=TYPES[format], headers=headers)
