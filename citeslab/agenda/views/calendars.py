"""The private address where a calendar program reads an advisor's appointments."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.defaults import page_not_found

from citeslab.agenda import exports, queries, services
from citeslab.agenda.models import Feed
from citeslab.core.values import digest_of, origin
from citeslab.network.models import Site

# A calendar program asks every quarter of an hour at most; several devices may share the address.
READS_AN_HOUR, GUESSES_AN_HOUR, HOUR = 120, 30, 3600


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request):
    """Her calendar's address: made, made anew, revoked; initials or names."""
    at = timezone.now()
    if not Site.objects.with_names_for(request.user, on=timezone.localdate(at)).exists():
        raise Http404
    secret = ""
    found = queries.feed_of(request.user)
    if request.method == "POST":
        match request.POST.get("act"):
            case "make":
                shows_names = found.shows_names if found else False
                secret = services.make_feed(advisor=request.user, shows_names=shows_names, by=request.user, at=at)
                found = queries.feed_of(request.user)
            case "revoke":
                services.revoke_feed(advisor=request.user, by=request.user, at=at)
                messages.success(request, _("The address no longer answers."))
                return redirect("agenda:calendar")
            case "names" | "initials" as shown if found:
                services.show_names(feed=found, shows_names=shown == "names", by=request.user, at=at)
                messages.success(request, _("Your calendar will show it at its next reading."))
                return redirect("agenda:calendar")
            case _other:
                return redirect("agenda:calendar")
    address = f"{settings.PUBLIC_URL}{reverse('agenda:feed', args=[secret])}" if secret else ""
    return TemplateResponse(request, "agenda/calendar.html", {"feed": found, "address": address})


@login_not_required
@require_safe
def feed(request, secret):
    """The calendar itself: no cookie, no session, nothing but the address."""
    digest = digest_of(secret)
    found = (
        Feed.objects.filter(digest=digest, revoked_at=None, advisor__is_active=True).select_related("advisor").first()
    )
    known = f"agenda.feed:{digest}" if found else f"agenda.feed.guess:{origin(request.META)}"
    if counted(known) > (READS_AN_HOUR if found else GUESSES_AN_HOUR):
        return HttpResponse(status=429, headers={"Retry-After": str(HOUR)})
    if found is None:
        return page_not_found(request, None)  # an exception would take back what was counted
    text, changed_at = exports.feed(found, at=timezone.now())
    headers = {
        "ETag": quote_etag(digest_of(text)),
        "Last-Modified": http_date(changed_at.timestamp()),
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'inline; filename="agenda.ics"',
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
    }
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
    return get_conditional_response(
        request, etag=headers["ETag"], last_modified=int(changed_at.timestamp()), response=response
    )


def counted(key: str) -> int:
    """How often this was asked within an hour of the first time."""
    now = time.time()
    until, count = cache.get(key) or (now + HOUR, 0)
    cache.set(key, (until, count + 1), max(1, until - now))
    return count + 1
