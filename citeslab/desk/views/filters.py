"""Questions kept under a name: saved, renamed, taken away, brought back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citeslab.desk import forms
from citeslab.desk.models import KEPT, SavedFilter
from citeslab.desk.services import filters
from citeslab.desk.views.lists import asked_by


@require_http_methods(["GET", "HEAD", "POST"])
def saved_filters(request):
    """Her filters; the question of the address can become one more."""
    asked = asked_by(request)
    form = forms.SavedFilter(request.POST or None, sites=asked.sites)
    if request.method == "POST" and form.is_valid():
        site = next((one for one in asked.sites if str(one.pk) == form.cleaned_data["site"]), None)
        try:
            filters.save(
                name=form.cleaned_data["name"],
                question=asked.question,
                site=site,
                by=request.user,
                at=timezone.now(),
            )
        except (filters.NameTaken, filters.TooManyFilters) as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The filter is saved: find it above the list."))
            return redirect(f"{reverse('desk:people')}?{asked.question.query}")
    return manage(request, asked, form=form if asked.question.is_narrowed else None)


def manage(request, asked, *, form=None, refused=None, refusal=""):
    now = timezone.now()
    hers = SavedFilter.objects.filter(user=request.user).order_by("name", "pk")
    return TemplateResponse(
        request,
        "desk/people/filters.html",
        {
            "form": form,
            "question": asked.question,
            "saved": hers.filter(removed_at=None).select_related("site"),
            "removed": hers.filter(removed_at__gt=now - KEPT),
            "shared": SavedFilter.objects.standing()
            .visible_to(request.user, on=asked.on)
            .exclude(user=request.user)
            .select_related("user", "site")
            .order_by("name", "pk"),
            "refused": refused,
            "refusal": refusal,
        },
        status=422 if refusal or (form and form.errors) else 200,
    )


def hers_or_404(request, pk):
    return get_object_or_404(SavedFilter, pk=pk, user=request.user)


@require_POST
def saved_filter_name(request, pk):
    asked, saved = asked_by(request), hers_or_404(request, pk)
    form = forms.Name(request.POST)
    if not form.is_valid():
        return manage(request, asked, refused=pk, refusal=_("A filter needs a name of 60 letters at most."))
    try:
        filters.rename(saved=saved, name=form.cleaned_data["name"], by=request.user, at=timezone.now())
    except filters.NameTaken as refusal:
        return manage(request, asked, refused=pk, refusal=str(refusal))
    messages.success(request, _("The filter has its new name."))
    return redirect("desk:saved_filters")


@require_POST
def saved_filter_removal(request, pk):
    """Take a filter away, or bring it back."""
    asked, saved = asked_by(request), hers_or_404(request, pk)
    if "back" in request.POST:
        try:
            filters.bring_back(saved=saved, by=request.user, at=timezone.now())
        except filters.NameTaken as refusal:
            return manage(request, asked, refused=pk, refusal=str(refusal))
        messages.success(request, _("The filter is back."))
    else:
        filters.remove(saved=saved, by=request.user, at=timezone.now())
        messages.success(request, _("The filter is removed. You can bring it back below until tomorrow."))
    return redirect("desk:saved_filters")
