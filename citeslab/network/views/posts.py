"""Doors: posts opened and ended, who takes them and leaves them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citeslab.network import forms, queries, services
from citeslab.network.models import Post, Tenure
from citeslab.network.views.places import form_page, seen_by, set_by
from citeslab.network.views.sites import back_to, settable
from citeslab.ui.values import day


@require_http_methods(["GET", "POST"])
def new_post(request, pk):
    """A funded place at a site."""
    site = settable(request, pk)
    form = forms.NewPost(request.POST or None, initial={"begins_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.open_post(
                site=site,
                full_time_percent=said["full_time_percent"],
                reference=said["reference"],
                begins_on=said["begins_on"],
                ends_on=said["ends_on"],
                by=request.user,
                at=timezone.now(),
            )
        except services.NotThen as refusal:
            form.add_error("begins_on", str(refusal))
        except services.ReferenceTaken as refusal:
            form.add_error("reference", str(refusal))
        else:
            messages.success(request, _("The post is open, and vacant until someone takes it."))
            return redirect("network:site", pk)
    heading = _("Add a post at %(name)s") % {"name": site.name}
    return form_page(request, form, heading=heading, back=back_to(site), verb=_("Open the post"))


def post_to_set(request, pk) -> Post:
    set_by(request)
    return get_object_or_404(Post.objects.select_related("site"), pk=pk)


def post_to_staff(request, pk) -> Post:
    seen = seen_by(request)
    return get_object_or_404(Post.objects.visible_to(request.user, on=seen.today).select_related("site"), pk=pk)


def tenure_to_staff(request, pk) -> Tenure:
    seen = seen_by(request)
    found = Tenure.objects.visible_to(request.user, on=seen.today).select_related("post__site", "user")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "POST"])
def correction_of_post(request, pk):
    """Its share of full time was written wrong."""
    post = post_to_set(request, pk)
    form = forms.Share(request.POST or None, initial={"full_time_percent": post.full_time_percent})
    if request.method == "POST" and form.is_valid():
        services.correct_post(
            post=post, full_time_percent=form.cleaned_data["full_time_percent"], by=request.user, at=timezone.now()
        )
        messages.success(request, _("The post is corrected."))
        return redirect("network:site", post.site_id)
    return form_page(
        request,
        form,
        heading=_("Correct a post of %(name)s") % {"name": post.site.name},
        lead=_(
            "Written wrong, it is corrected for all its days. To change it from a day on, end this post and open "
            "another."
        ),
        back=back_to(post.site),
        verb=_("Save the post"),
    )


@require_http_methods(["GET", "POST"])
def end_of_post(request, pk):
    """The last day that it is funded."""
    post = post_to_set(request, pk)
    form = forms.EndOfPost(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_post(post=post, ends_on=form.cleaned_data["closed_on"], by=request.user, at=timezone.now())
        except services.NotThen as refusal:
            form.add_error("last_on", str(refusal))
        else:
            messages.success(request, _("The end of the post is set."))
            return redirect("network:site", post.site_id)
    heading = _("End a post of %(name)s") % {"name": post.site.name}
    return form_page(request, form, heading=heading, back=back_to(post.site), verb=_("Set the end"))


@require_POST
def removal_of_post(request, pk):
    """It was opened by mistake, or does not begin after all."""
    post = post_to_set(request, pk)
    try:
        services.remove_post(post=post, by=request.user, at=timezone.now())
    except services.PostInUse as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The post is removed; the journal keeps it."))
    return redirect("network:site", post.site_id)


@require_http_methods(["GET", "POST"])
def new_tenure(request, pk):
    """Somebody takes a post."""
    on = timezone.localdate()
    post = post_to_staff(request, pk)
    candidates = queries.candidates(post, on=on)
    initial = {"begins_on": max(on, post.begins_on)}
    form = forms.NewTenure(request.POST or None, candidates=candidates, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.begin_tenure(
                post=post,
                user=said["user"],
                begins_on=said["begins_on"],
                ends_on=said["ends_on"],
                by=request.user,
                at=timezone.now(),
            )
        except (services.PostHeld, services.NotThen) as refusal:
            form.add_error("begins_on", str(refusal))
        else:
            told = _("%(name)s holds the post.") if made.begins_on <= on else _("%(name)s takes the post on %(day)s.")
            told %= {"name": made.user.name, "day": day(made.begins_on)}
            messages.success(request, services.with_cut(told, said["ends_on"], made))
            return redirect("network:site", post.site_id)
    notice = "" if candidates.exists() else _(
        "No advisor of this organization has an account yet: its coordinator invites one from the page of accounts."
    )  # fmt: skip
    return form_page(
        request,
        form,
        heading=_("Who takes this post at %(name)s?") % {"name": post.site.name},
        back=back_to(post.site),
        verb=_("Save who holds it"),
        notice=notice,
    )


@require_http_methods(["GET", "POST"])
def end_of_tenure(request, pk):
    """The last day that she holds it."""
    tenure = tenure_to_staff(request, pk)
    form = forms.EndOfTenure(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_tenure(
                tenure=tenure, ends_on=form.cleaned_data["closed_on"], by=request.user, at=timezone.now()
            )
        except (services.NotThen, services.PostHeld) as refusal:
            form.add_error("last_on", str(refusal))
        else:
            messages.success(request, _("The end is set. Her access and her files are handed over separately."))
            return redirect("network:site", tenure.post.site_id)
    return form_page(
        request,
        form,
        heading=_("%(name)s leaves her post") % {"name": tenure.user.name},
        back=back_to(tenure.post.site),
        verb=_("Set the end"),
    )


@require_POST
def removal_of_tenure(request, pk):
    """She never held it."""
    tenure = tenure_to_staff(request, pk)
    services.remove_tenure(tenure=tenure, by=request.user, at=timezone.now())
    messages.success(request, _("It is removed; the journal keeps it."))
    return redirect("network:site", tenure.post.site_id)
