"""Doors of the announcements: read, made, taken back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.animation import forms, queries, rules, services
from citeslab.animation.models import Announcement
from citeslab.animation.views.doors import member
from citeslab.network.enums import Role

ON_A_PAGE = 25


@require_safe
def announcements(request):
    """What was said to her; what she said."""
    on = member(request)
    found = queries.announcements(request.user, on=on)
    return TemplateResponse(
        request,
        "animation/announcements.html",
        {
            "on": on,
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
            "may_announce": rules.may_call_meetings(request.user, on=on),
            "hers": set(Announcement.objects.written_by(request.user, on=on).values_list("pk", flat=True)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_announcement(request):
    """Say something to the network; a coordinator, to her organization."""
    on = member(request)
    if not rules.may_call_meetings(request.user, on=on):
        raise Http404
    organizations = queries.organizations_to_tell(request.user, on=on)
    only = organizations[0] if len(organizations) == 1 else None
    form = forms.AnnouncementForm(request.POST or None, organizations=organizations)
    if request.method == "POST" and form.is_valid():
        said = {"regions": [], "organization": only, **form.cleaned_data}
        said |= {"roles": [Role(one) for one in form.cleaned_data["roles"]]}
        try:
            services.announce(**said, by=request.user, at=timezone.now())
        except services.Nobody as refusal:
            form.add_error("roles", str(refusal))
        else:
            messages.success(request, _("It is said."))
            return redirect("animation:announcements")
    return TemplateResponse(
        request,
        "animation/announcement_form.html",
        {"form": form, "organization": only},
        status=422 if form.errors else 200,
    )


@require_POST
def reading(request, pk):
    """It is no longer new to her."""
    found = Announcement.objects.addressed_to(request.user, on=member(request))
    services.mark_read(announcement=get_object_or_404(found, pk=pk), by=request.user)
    return redirect("desk:home" if request.POST.get("back") == "today" else "animation:announcements")


@require_POST
def announcement_withdrawal(request, pk):
    """Nobody reads it any more."""
    found = Announcement.objects.written_by(request.user, on=member(request))
    services.take_back_announcement(announcement=get_object_or_404(found, pk=pk), by=request.user, at=timezone.now())
    messages.success(request, _("The announcement is taken back."))
    return redirect("animation:announcements")
