"""The public agenda: pages, calendars and blocks for other sites, for who has no account.

They are the same for everyone, set no cookie and hold no form that writes: caches keep them for a while, and they are
compressed, since there is no secret in them.
"""

from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from citeslab.core.middleware import at_hand, compressed, for_everyone
from citeslab.core.values import digest_of
from citeslab.territories import queries as territories
from citeslab.territories.models import Department
from citeslab.ui.charts import Department as Tile
from citeslab.ui.charts import drawn_tiles
from citeslab.workshops import charts, exports, forms, queries
from citeslab.workshops.models import Workshop

ON_A_PAGE = 30
CALENDAR_KEPT = 900  # seconds that a copy of a calendar may be shown
MEANT = 5  # other communes of the same name that are proposed


def address(name: str, said: dict, **changes) -> str:
    """An address of this room that says what is asked; `None` takes a word away."""
    asked = {key: value for key, value in (said | changes).items() if value is not None}
    return reverse(name) + (f"?{urlencode(asked)}" if asked else "")


def languages(name: str, said: dict) -> list[tuple[str, str, str]]:
    """The other languages: code, own name, and the address of this page in it."""
    return [
        (code, translation.get_language_info(code)["name_local"], address(name, said, langue=code))
        for code, _name in settings.LANGUAGES
        if code != translation.get_language()
    ]


def named(commune) -> str:
    return f"{commune.name} ({commune.department_id})"


@at_hand
def agenda(request):
    """What is to come, near a commune, by kind, by day: on a map and in a list."""
    at = timezone.now()
    form = forms.Wanted(request.GET)
    wanted = form.wanted(on=timezone.localdate(at))
    found = queries.announced(wanted, at=at)
    said = form.said()
    page = Paginator(found.actions, ON_A_PAGE).get_page(request.GET.get("page"))
    counts = {} if found.here else found.by_department
    names = dict(Department.objects.filter(pk__in={*counts, wanted.department} - {""}).values_list("code", "name"))

    def agenda_of(**changes):
        return address("workshops:agenda", said, **changes)

    tiles = drawn_tiles([Tile(code, names[code], count) for code, count in counts.items() if code in names])
    tiles["tiles"] = [tile | {"url": agenda_of(departement=tile["code"])} for tile in tiles["tiles"]]
    return render(
        request,
        "workshops/agenda.html",
        {
            "csrf_token": "",  # no form here writes, and without it no cookie is set
            "form": form,
            "wanted": wanted,
            "found": found,
            "page": page,
            "lines": queries.with_seats(page.object_list or found.nearest, at=at),
            "map": local_map(found, wanted, said),
            "tiles": tiles,
            "departments": sorted(
                (names.get(code, code), count, agenda_of(departement=code)) for code, count in counts.items()
            ),
            "department": names.get(wanted.department, ""),
            "meant": [(named(one), agenda_of(commune=named(one))) for one in form.meant[1 : MEANT + 1]],
            "wider": [(km, agenda_of(km=km)) for km in forms.NEAR if wanted.commune and km > wanted.km],
            "any_day": agenda_of(quand=None, du=None),
            "any_kind": agenda_of(genre=None),
            "everywhere": agenda_of(commune=None, km=None, departement=None),
            "feed": address("workshops:agenda_feed", said),
            "embedding": address("workshops:embedding", form.said("commune", "km", "langue")),
            "languages": languages("workshops:agenda", said),
            "langue": said.get("langue", ""),
            "contact": settings.CONTACT,
        },
    )


def local_map(found, wanted, said):
    """What is around a commune whose position is known."""
    if found.here is None or not found.actions:
        return None
    language = urlencode({"langue": said["langue"]}) if "langue" in said else ""
    return charts.drawn(
        found.actions,
        found.here,
        km=wanted.km,
        page=lambda one: reverse("workshops:public", args=[one.pk]) + (language and f"?{language}"),
        closer=lambda one, km: address("workshops:agenda", said, commune=queries.town_of(one), km=km),
        towns=territories.towns_around(*found.here, km=wanted.km),
    )


@login_not_required
@compressed
@require_safe
def feed(request):
    """The same, for a calendar program: what was called off lately is said to be so."""
    at = timezone.now()
    wanted = forms.Wanted(request.GET).wanted(on=timezone.localdate(at))
    with translation.override(language_of(request)):
        return calendar(request, queries.for_calendars(wanted, at=at), name=_("CitésLab, collective actions"))


@login_not_required
@compressed
@require_safe
def entry(request, pk):
    """One action, for one's own calendar."""
    found = get_object_or_404(Workshop.objects.filter(is_public=True).prefetch_related("sessions"), pk=pk)
    with translation.override(language_of(request)):
        return calendar(request, [found], name=found.title)


def language_of(request) -> str:
    """For what is read outside of a browser, or in another site: as the address says, else French."""
    language = request.GET.get("langue", "")
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def calendar(request, workshops, *, name):
    events = [event for one in workshops for event in exports.public_events(one)]
    text = exports.calendar(events, name=name)
    etag = quote_etag(digest_of(text))
    headers = {"ETag": etag, "Content-Disposition": 'inline; filename="citeslab.ics"'}
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
    patch_cache_control(response, public=True, max_age=CALENDAR_KEPT)
    return get_conditional_response(request, etag=etag, response=response)


# Above the rest, and rendered at once: an answer that says "not modified" is another one, and allows the frame too.
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@for_everyone
def block(request):
    """The next actions near a commune, in a frame of a town's own site: no cookie, no script, nothing kept."""
    at = timezone.now()
    translation.activate(language_of(request))  # of the site around it, not of the visitor's browser
    form = forms.Block(request.GET)
    wanted = form.wanted(on=timezone.localdate(at))
    found = queries.announced(wanted, at=at)
    return render(
        request,
        "workshops/block.html",
        {
            "csrf_token": "",
            "lines": queries.with_seats(found.actions[: form.lines], at=at),
            "wanted": wanted,
            "theme": form.cleaned_data.get("theme", ""),
            "langue": form.given.get("langue", ""),
            "base": settings.PUBLIC_URL,
            "more": settings.PUBLIC_URL
            + address("workshops:agenda", form.said("commune", "km", "genre", "departement", "langue")),
        },
    )


@csp_update({"frame-src": [SELF]})
@for_everyone
def embedding(request):
    """The lines that a webmaster copies, and what they show."""
    form = forms.Block(request.GET)
    wanted = form.wanted(on=timezone.localdate())
    said = form.said()
    where = {"commune": named(wanted.commune), "km": wanted.km} if wanted.commune else {}
    source = address(
        "workshops:block", {name: said[name] for name in ("genre", "n", "theme", "langue") if name in said} | where
    )
    return render(
        request,
        "workshops/embedding.html",
        {
            "csrf_token": "",
            "form": form,
            "source": source,
            "snippet": exports.frame_of(
                source, commune=wanted.commune, lines=form.lines, language=language_of(request)
            ),
            "height": exports.height_of(form.lines),
            "languages": languages("workshops:embedding", said),
        },
    )


@require_safe
def poster(request, pk):
    """A poster to hang, with the code that leads to the registration: in French unless another language is asked."""
    visible = Workshop.objects.visible_to(request.user, on=timezone.localdate())
    found = get_object_or_404(visible.select_related("site", "partner__network"), pk=pk)
    timezone.activate(found.site.zone)
    form = forms.Poster(request.GET)
    form.is_valid()
    with translation.override(form.cleaned_data.get("langue") or settings.LANGUAGE_CODE):
        file, _warnings = exports.poster(found, phone=form.cleaned_data.get("phone", ""), at=timezone.now())
    headers = {"Content-Disposition": f'inline; filename="{_("poster")}-{found.pk}.pdf"'}
    return HttpResponse(file, content_type="application/pdf", headers=headers)
