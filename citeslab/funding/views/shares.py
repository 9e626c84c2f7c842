"""Doors of what pays for posts: each post on a day, a share recorded, a share withdrawn."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.core.values import whole_number
from citeslab.funding import forms, queries, rules, services
from citeslab.funding.models import Agreement, PostShare
from citeslab.funding.views.agreements import written

ON_A_PAGE = 25


@require_safe
def posts(request):
    """What pays for each post today, those that lack something first."""
    on = timezone.localdate()
    if not rules.sees_agreements(request.user, on=on):
        raise Http404
    found = queries.funded(list(queries.posts_seen(request.user, on=on)), on=on)
    found.sort(key=lambda one: -one.missing)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    lacking = sum(one.missing > 0 for one in found)
    return TemplateResponse(request, "funding/posts.html", {"page": page, "on": on, "lacking": lacking})


@require_http_methods(["GET", "POST"])
def new_share(request, pk):
    """The agreement pays so much of a post; `?poste=` chooses it."""
    agreement = written(request, pk)
    sites = queries.posts_of(agreement)
    form = forms.NewShare(request.POST or None, posts=sites, initial=in_common(agreement, sites, request.GET))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.share_post(
                agreement=agreement,
                post=said["post"],
                share=said["share"],
                begins_on=said["begins_on"],
                ends_on=said["last_on"] + timedelta(days=1),
                by=request.user,
                at=timezone.now(),
            )
        except services.OutsideDays as refusal:
            form.add_error("begins_on", str(refusal))
        except services.AlreadyShared as refusal:
            form.add_error("post", str(refusal))
        except services.AboveWhole as refusal:
            form.add_error("share", str(refusal))
        else:
            messages.success(request, _("The share is recorded."))
            return redirect(agreement)
    page = {"form": form, "agreement": agreement}
    return TemplateResponse(request, "funding/new_share.html", page, status=422 if form.errors else 200)


def in_common(agreement, posts, asked):
    """The days of the agreement and, once it is chosen, of the post."""
    first, last = agreement.begins_on, agreement.last_on
    key = whole_number(asked.get("poste", ""))
    post = posts.filter(pk=key).first() if key else None
    if post:
        first = max(first, post.begins_on)
        last = min(last, post.last_on or last)
    return {"begins_on": first, "last_on": last, "post": post}


@require_POST
def share_withdrawal(request, pk):
    """It was not so."""
    hers = Agreement.objects.written_by(request.user, on=timezone.localdate())
    share = get_object_or_404(PostShare.objects.filter(agreement__in=hers).select_related("agreement"), pk=pk)
    services.withdraw_share(share=share, by=request.user, at=timezone.now())
    messages.success(request, _("The share is withdrawn."))
    return redirect(share.agreement)
