"""The home, the pages of words, what search engines ask for. The same for everyone: no cookie, no script."""

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.core.middleware import at_hand, for_everyone
from citeslab.website import exports, feeds
from citeslab.website.definitions import QUESTIONS, TEXTS
from citeslab.website.queries import pages, stories

ON_HOME = {"workshops": 3, "stories": 2}
DATA = {"questions": exports.questions_data}


@at_hand
def home(request):
    """What it is, for who never heard of it; one button."""
    context = {
        "title": _("An idea, a wish? Somebody listens, near you"),
        "description": _("Free advisors in priority neighborhoods listen to your idea and lead you, step by step."),
        "workshops": pages.upcoming(at=timezone.now(), most=ON_HOME["workshops"]),
        "stories": stories.told()[: ON_HOME["stories"]],
        "sentence": pages.last_sentence(),
        "data": exports.site_data(),
    }
    return render(request, "website/pages/home.html", {"csrf_token": "", **context})


@at_hand
def text(request, name):
    """A page of words."""
    said = TEXTS[name]
    context = {
        "title": said.title,
        "description": said.description,
        "publisher": settings.PUBLISHER,
        "contact": settings.CONTACT,
        "questions": QUESTIONS if name == "questions" else (),
        "data": DATA[name]() if name in DATA else "",
    }
    return render(request, f"website/pages/{name}.html", {"csrf_token": "", **context})


@at_hand
def plan(request):
    """Every public page, in lists."""
    context = {
        "title": _("Plan of the site"),
        "description": _("Every page of the public site."),
        "texts": TEXTS,
    }
    return render(request, "website/pages/plan.html", {"csrf_token": "", **context})


@at_hand
def sitemap(request):
    """The same, for search engines."""
    return sitemap_of(request, {"pages": feeds.Pages}).render()


@for_everyone
def robots(request):
    return HttpResponse(exports.robots(), content_type="text/plain; charset=utf-8")


@for_everyone
def favicon(request):
    """Where browsers look for it by habit."""
    return redirect(static("ui/icon.svg"))


@at_hand
def workshops_feed(request):
    return feeds.Workshops()(request)
