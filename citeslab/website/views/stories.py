"""Stories: as everyone reads them."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from citeslab.core.middleware import at_hand, for_everyone
from citeslab.website import exports, feeds
from citeslab.website.models import Picture
from citeslab.website.queries import stories as queries

ON_A_PAGE = 12
IN_A_RESULT = 150  # signs of a description that search engines show


@at_hand
def stories(request):
    """The stories that everyone may read."""
    context = {
        "title": _("They tell it"),
        "description": _("People tell what they lived with their CitésLab advisor, in words that they agreed to."),
        "page": Paginator(queries.told(), ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "website/stories/stories.html", {"csrf_token": "", **context})


@for_everyone
def story(request, pk):
    """One story; its address says that it is gone once it was taken back, withdrawn or forgotten."""
    found = queries.told().filter(pk=pk).first()
    if found is None:
        return gone(request, pk)
    picture = queries.picture_of(found)
    context = {
        "title": found.title,
        "description": Truncator(found.beginning).chars(IN_A_RESULT),
        "og_type": "article",
        "story": found,
        "picture": picture,
        "others": queries.told().exclude(pk=pk)[:2],
        "data": exports.story_data(found, has_picture=picture is not None),
    }
    return render(request, "website/stories/story.html", {"csrf_token": "", **context})


def gone(request, pk):
    if not queries.was_told(pk):
        raise Http404
    context = {"csrf_token": "", "title": _("This story is no longer told")}
    return render(request, "website/stories/gone.html", context, status=410)


@for_everyone
def picture(request, pk):
    """The picture of a story, while both are agreed to."""
    found = Picture.objects.published().filter(story=pk).first()
    if found is None:
        return HttpResponse(status=410 if queries.was_told(pk) else 404)
    return HttpResponse(bytes(found.content), content_type="image/webp")


@at_hand
def feed(request):
    return feeds.Stories()(request)
