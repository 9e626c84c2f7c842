"""What a person reaches with the link of her message, without an account. Reading changes nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citeslab.agenda import queries, services
from citeslab.agenda.models import PersonLink
from citeslab.core.middleware import in_asked_language
from citeslab.core.values import digest_of

# Not "no-referrer": a browser would then send its form without an origin, which is refused as a forgery.
HEADERS = {"Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow"}


@never_cache
@login_not_required
@in_asked_language
@require_http_methods(["GET", "HEAD", "POST"])
def hers(request, secret):
    """Her appointment: cancel it, or ask for another time. Nothing once its time has passed."""
    at = timezone.now()
    link = (
        PersonLink.objects.filter(digest=digest_of(secret), appointment__ends_at__gt=at)
        .select_related("appointment__advisor", "appointment__site")
        .first()
    )
    if link is None:
        raise Http404
    found, refusal = link.appointment, ""
    timezone.activate(found.site.zone)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "cancel":
                found = services.cancel_by_link(appointment=found, at=at)
            elif request.POST.get("act") == "move":
                services.ask_to_move(appointment=found, words=request.POST.get("words", ""), at=at)
        except services.NoLongerStands as refused:
            refusal = str(refused)
    response = TemplateResponse(
        request,
        "agenda/hers.html",
        {
            "appointment": found,
            "advisor": queries.advisor_as_told(found),
            "asked": found.move_requests.filter(settled_at=None).first(),
            "can_change": found.cancelled_at is None and not found.outcome and found.starts_at > at,
            "refusal": refusal,
        },
        status=422 if refusal else 200,
    )
    for name, value in HEADERS.items():
        response[name] = value
    return response
