"""The front page of the life of the network."""

from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from citeslab.animation import queries
from citeslab.animation.models import NetworkMeeting
from citeslab.animation.views.doors import member

LINES = 3


@require_safe
def home(request):
    """What is new, what comes, what is waited for."""
    on = member(request)
    at = timezone.now()
    visible = NetworkMeeting.objects.visible_to(request.user, on=on)
    return TemplateResponse(
        request,
        "animation/home.html",
        {
            "on": on,
            "today": queries.today(request.user, on=on),
            "sessions": queries.sessions_to_come(at)[:LINES],
            "meetings": queries.meetings_to_come(visible, at)[:LINES],
            "latest": queries.library()[:LINES],
        },
    )
