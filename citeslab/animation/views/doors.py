"""Who comes in: the day, for who takes part in the life of the network; a pilot, for what she alone writes."""

from django.http import Http404, HttpResponse
from django.utils import timezone

from citeslab.animation import rules


def member(request):
    """The day, for who takes part in the life of the network."""
    on = timezone.localdate()
    if not rules.is_member(request.user, on=on):
        raise Http404
    return on


def pilot(request):
    """The day, for the pilot."""
    on = timezone.localdate()
    if not rules.is_pilot(request.user, on=on):
        raise Http404
    return on


def calendar_file(text, name):
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )
