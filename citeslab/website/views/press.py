"""The press page: published figures, statements with their check, releases; each of these alone."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from citeslab.core.middleware import at_hand
from citeslab.figures.definitions.statements import SAID_ON
from citeslab.website import exports, feeds
from citeslab.website.models import Announcement
from citeslab.website.queries import pages
from citeslab.website.queries import stories as queries

RELEASES = 20
IN_A_RESULT = 150  # signs of a description that search engines show


@at_hand
def press(request):
    """What may be quoted, as it was published: never a number of today's books."""
    context = {
        "title": _("Press"),
        "description": _("Published figures of CitésLab, ready to quote with their source and their check; releases."),
        "said_on": SAID_ON,
        "publisher": settings.PUBLISHER,
        "contact": settings.CONTACT,
        "announcements": queries.announced()[:RELEASES],
        **(pages.last_published() or {"found": None}),
    }
    return render(request, "website/press/press.html", {"csrf_token": "", **context})


@at_hand
def press_text(request):
    """The same in plain text, to paste."""
    text = exports.press_text(pages.last_published(), queries.announced()[:RELEASES])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@at_hand
def announcement(request, pk):
    """One release; withdrawn, its address says so."""
    found = Announcement.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.withdrawn_at is not None:
        context = {"csrf_token": "", "title": _("This announcement was withdrawn")}
        return render(request, "website/press/gone.html", context, status=410)
    context = {
        "title": found.title,
        "description": Truncator(" ".join(found.paragraphs)).chars(IN_A_RESULT),
        "og_type": "article",
        "announcement": found,
        "publisher": settings.PUBLISHER,
    }
    return render(request, "website/press/announcement.html", {"csrf_token": "", **context})


@at_hand
def feed(request):
    return feeds.Announcements()(request)
