"""Those who write for the public site: stories of their site, announcements of the network."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.core.values import whole_number
from citeslab.network.models import Site
from citeslab.people.models import Person
from citeslab.rights.enums import Way
from citeslab.website import rules, services
from citeslab.website.forms import stories as forms
from citeslab.website.models import Announcement, Picture
from citeslab.website.queries import stories as queries
from citeslab.website.readers import NotAPicture

ON_A_PAGE = 25
REFUSALS = (services.AlreadyTold, services.Gone, services.NotAgreed)


def shown(request, pk):
    """A story that this user may see, and what she may do with it."""
    on = timezone.localdate()
    found = get_object_or_404(queries.stories_for(request.user, on=on), pk=pk)
    return found, queries.acts_of(request.user, found, on=on)


def hers_to_write(request, pk):
    found, acts = shown(request, pk)
    if not acts["writes"]:
        raise Http404
    return found


@require_safe
def stories(request):
    """The stories of her sites; for the pilot, those that may be published."""
    on = timezone.localdate()
    if not rules.may_read_stories(request.user, on=on):
        raise Http404
    page = Paginator(queries.stories_for(request.user, on=on), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "writes": bool(Site.objects.keys_with_names_for(request.user, on=on)),
        "announces": rules.may_announce(request.user, on=on),
    }
    return TemplateResponse(request, "website/writing/stories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_story(request):
    """Begin one; `personne` says whose, from her file."""
    on = timezone.localdate()
    sites = Site.objects.with_names_for(request.user, on=on).order_by("sort_key", "pk")
    if not sites:
        raise Http404
    person = None
    if key := request.GET.get("personne", ""):
        hers = Person.objects.visible_to(request.user, on=on).filter(site__in=sites)
        person = get_object_or_404(hers.select_related("site"), pk=whole_number(key))
        sites = sites.filter(pk=person.site_id)
    form = forms.Story(request.POST or None, sites=sites, initial={"first_name": person.first_name if person else ""})
    if request.method == "POST" and form.is_valid():
        made = services.write(site=form.chosen_site, person=person, by=request.user, at=timezone.now(), **form.told())
        return redirect("website:writing_story", made.pk)
    return TemplateResponse(
        request,
        "website/writing/edit.html",
        {"form": form, "person": person},
        status=422 if form.errors else 200,
    )


def page_of_story(request, found, acts, *, refusal="", picture_form=None, agreement=None, status=200):
    picture = Picture.objects.of(found, for_who_writes=acts["writes"]).defer("content").first()
    is_open = found.published_at is None and found.withdrawn_at is None
    context = {
        "story": found,
        "picture": picture,
        "refusal": refusal,
        "is_open": is_open and acts["writes"],
        "picture_form": picture_form or forms.Picture(),
        "agreement": agreement or forms.Agreement(has_picture=picture is not None),
        **acts,
    }
    return TemplateResponse(request, "website/writing/story.html", context, status=status)


@require_safe
def story(request, pk):
    """One story: its words, where it stands, what comes next."""
    return page_of_story(request, *shown(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk):
    """Other words, until it is published."""
    found = hers_to_write(request, pk)
    if found.published_at or found.withdrawn_at:
        raise Http404
    sites = Site.objects.filter(pk=found.site_id)
    initial = {"title": found.title, "first_name": found.first_name, "words": found.words}
    form = forms.Story(request.POST or None, sites=sites, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(story=found, by=request.user, at=timezone.now(), **form.told())
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("website:writing_story", pk)
    return TemplateResponse(
        request,
        "website/writing/edit.html",
        {"form": form, "story": found, "person": None},
        status=422 if form.errors else 200,
    )


@require_POST
def picture(request, pk):
    """Put a picture beside it, or take it away."""
    found, acts = shown(request, pk)
    if not acts["writes"]:
        raise Http404
    at = timezone.now()
    if "remove" in request.POST:
        services.take_picture_away(story=found, by=request.user, at=at)
        return redirect("website:writing_story", pk)
    form = forms.Picture(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.illustrate(
                story=found,
                sent=form.cleaned_data["file"].read(),
                description=form.cleaned_data["description"],
                by=request.user,
                at=at,
            )
        except NotAPicture as refusal:
            form.add_error("file", str(refusal))
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The picture is there. Show it to her before she agrees."))
            return redirect("website:writing_story", pk)
    return page_of_story(request, found, acts, picture_form=form, status=422)


@require_safe
def picture_file(request, pk):
    """The picture, for those who see the story before everyone does; unless they write it, as she agreed to it."""
    found, acts = shown(request, pk)
    picture = get_object_or_404(Picture.objects.of(found, for_who_writes=acts["writes"]))
    response = HttpResponse(bytes(picture.content), content_type="image/webp")
    add_never_cache_headers(response)
    return response


@require_POST
def agreement(request, pk):
    """She read these words, and said yes."""
    found, acts = shown(request, pk)
    if not acts["writes"]:
        raise Http404
    form = forms.Agreement(request.POST, has_picture=Picture.objects.filter(story=found).exists())
    if form.is_valid():
        try:
            services.agree(
                story=found,
                way=Way(form.cleaned_data["way"]),
                with_picture=form.cleaned_data.get("picture", False),
                by=request.user,
                at=timezone.now(),
            )
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted. A coordinator or the pilot may now publish it."))
            return redirect("website:writing_story", pk)
    return page_of_story(request, found, acts, agreement=form, status=422)


@require_POST
def publication(request, pk):
    """Show it to everyone."""
    found, acts = shown(request, pk)
    if not acts["publishes"]:
        raise Http404
    try:
        services.publish(story=found, by=request.user, at=timezone.now())
    except REFUSALS as refusal:
        return page_of_story(request, found, acts, refusal=str(refusal), status=422)
    messages.success(request, _("Published. Everyone may read it within a minute."))
    return redirect("website:writing_story", pk)


@require_POST
def withdrawal(request, pk):
    """Take it off every page, by whoever writes or publishes it: that may always be done."""
    found, acts = shown(request, pk)
    if not any(acts.values()):
        raise Http404
    services.withdraw(story=found, by=request.user, at=timezone.now())
    messages.success(request, _("Withdrawn. It is off every page; copies kept on the way end within a minute."))
    return redirect("website:stories_to_write")


@require_http_methods(["GET", "HEAD", "POST"])
def announcements(request):
    """What the network announced; say one more thing."""
    if not rules.may_announce(request.user, on=timezone.localdate()):
        raise Http404
    form = forms.Announcement(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.announce(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Published. Everyone may read it within a minute."))
        return redirect("website:announcements")
    every = Announcement.objects.select_related("published_by").order_by("-published_at", "-pk")
    context = {"form": form, "page": Paginator(every, ON_A_PAGE).get_page(request.GET.get("page"))}
    return TemplateResponse(request, "website/writing/announcements.html", context, status=422 if form.errors else 200)


@require_POST
def announcement_withdrawal(request, pk):
    if not rules.may_announce(request.user, on=timezone.localdate()):
        raise Http404
    found = get_object_or_404(Announcement, pk=pk)
    services.withdraw_announcement(announcement=found, by=request.user, at=timezone.now())
    messages.success(request, _("Withdrawn. Its address says so."))
    return redirect("website:announcements")
