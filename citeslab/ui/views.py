"""The pages of the look itself: refusals, and the living page that shows every component."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from citeslab.ui import forms, specimens


def bad_request(request, exception):
    return render(request, "ui/400.html", status=400)


def forbidden(request, exception):
    return render(request, "ui/403.html", status=403)


def not_found(request, exception):
    return render(request, "ui/404.html", status=404)


def server_error(request):
    # No request: the session, the database or a context processor may be what broke.
    return HttpResponse(render_to_string("ui/500.html"), status=500)


def look(request):
    """Every component on one page, with invented values; only where nobody is at work."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "ui/look.html", {"form": forms.Specimen(), "faulty": forms.Specimen({}), **specimens.ALL})
