"""The public agenda: pages, calendars and blocks for other sites, for who has no account."""

from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from citeslab.core.values import digest_of
from citeslab.territories.models import Department
from citeslab.ui.charts import Department as Tile
from citeslab.ui.charts import drawn_tiles
from citeslab.workshops import exports, forms, queries
from citeslab.workshops.models import Workshop

ON_A_PAGE = 30
KEPT = 60  # seconds that a copy of a page may be shown


def asked(request):
    """What is looked for, the form that says it, and the actions found, by day."""
    on = timezone.localdate()
    form = forms.Wanted(request.GET or None)
    wanted = form.wanted(on=on)
    return form, wanted, queries.spots(Workshop.objects.announced(on=on), wanted)


@login_not_required
@require_safe
def agenda(request):
    """What is to come, near a commune, by kind, by day: on a map and in a list."""
    at = timezone.now()
    form, wanted, found = asked(request)
    counts = queries.by_department(found)
    shown = [spot for spot in found if not wanted.department or spot.department == wanted.department]
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    names = dict(Department.objects.filter(pk__in=counts).values_list("code", "name"))
    response = TemplateResponse(
        request,
        "workshops/agenda.html",
        {
            "form": form,
            "wanted": wanted,
            "page": page,
            "lines": queries.lines(list(page), wanted=wanted, at=at),
            "tiles": drawn_tiles([Tile(code, names[code], count) for code, count in counts.items() if code in names]),
            "departments": sorted((names.get(code, code), code, count) for code, count in counts.items()),
            "department": names.get(wanted.department, ""),
            "feed": f"{reverse('workshops:agenda_feed')}?{form.address()}",
        },
    )
    patch_cache_control(response, max_age=KEPT)
    return response


@login_not_required
@require_safe
def feed(request):
    """The same, for a calendar program: what was called off lately is said to be so."""
    at = timezone.now()
    on = timezone.localdate(at)
    wanted = forms.Wanted(request.GET or None).wanted(on=on)
    found = queries.spots(queries.for_calendars(on=on, at=at), wanted)
    keys = [spot.pk for spot in found if not wanted.department or spot.department == wanted.department]
    workshops = Workshop.objects.filter(pk__in=keys).prefetch_related("sessions").order_by("held_on", "pk")
    return calendar(request, list(workshops), name=_("CitésLab, collective actions"))


@login_not_required
@require_safe
def entry(request, pk):
    """One action, for one's own calendar."""
    found = get_object_or_404(Workshop.objects.filter(is_public=True).prefetch_related("sessions"), pk=pk)
    return calendar(request, [found], name=found.title)


def calendar(request, workshops, *, name):
    events = [event for one in workshops for event in exports.events_of(one, description=exports.public_address(one))]
    text = exports.calendar(events, name=name)
    etag = quote_etag(digest_of(text))
    headers = {"ETag": etag, "Content-Disposition": 'inline; filename="citeslab.ics"'}
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
    patch_cache_control(response, max_age=KEPT)
    return get_conditional_response(request, etag=etag, response=response)


@login_not_required
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@require_safe
def block(request):
    """The next actions near a commune, in a frame of a town's own site: no cookie, no script, nothing kept."""
    at = timezone.now()
    form, wanted, found = asked(request)
    response = TemplateResponse(
        request,
        "workshops/block.html",
        {
            "lines": queries.lines(found[: form.number()], wanted=wanted, at=at),
            "wanted": wanted,
            "more": f"{reverse('workshops:agenda')}?{form.address()}",
        },
    )
    patch_cache_control(response, max_age=KEPT)
    return response


@login_not_required
@csp_update({"frame-src": ["'self'"]})
@require_safe
def embedding(request):
    """The lines that a webmaster copies, and what they show."""
    form = forms.Wanted(request.GET or None)
    form.wanted(on=timezone.localdate())
    path = f"{reverse('workshops:block')}?{form.address(block=True)}"
    title = _("Next actions of CitésLab")
    snippet = (
        f'<iframe src="{settings.PUBLIC_URL}{path}" title="{title}" width="100%" height="460" loading="lazy"></iframe>'
    )
    return TemplateResponse(
        request, "workshops/embedding.html", {"form": form, "snippet": snippet, "path": path, "title": title}
    )


@require_safe
def poster(request, pk):
    """A poster to hang: A4, with the code that leads to the registration."""
    visible = Workshop.objects.visible_to(request.user, on=timezone.localdate())
    found = get_object_or_404(visible.select_related("site", "partner__network"), pk=pk)
    timezone.activate(found.site.zone)
    file = exports.poster(found, at=timezone.now())
    headers = {"Content-Disposition": f'inline; filename="{_("poster")}-{found.pk}.pdf"'}
    return HttpResponse(file, content_type="application/pdf", headers=headers)
