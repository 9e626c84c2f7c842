"""Doors of the library of methods: searched, written, published. A method itself is shown by the desk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.animation import forms, queries, services
from citeslab.animation.models import Method, Version
from citeslab.animation.views.doors import member
from citeslab.core.values import whole_number
from citeslab.network.models import Site

ON_A_PAGE = 25


def to_write(request, pk, *, on):
    return get_object_or_404(Method.objects.written_by(request.user, on=on).select_related("site", "source"), pk=pk)


@require_safe
def methods(request):
    """What colleagues share."""
    on = member(request)
    form = forms.MethodFilter(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("words", "")
    sites = Site.objects.keys_with_names_for(request.user, on=on)
    ours = request.GET.get("de") == "nous" and sites
    found = queries.library(words=words, sites=sites if ours else None)
    return TemplateResponse(
        request,
        "animation/methods.html",
        {
            "form": form,
            "ours": ours,
            "has_sites": bool(sites),
            "is_asked": bool(words or ours),
            "drafts": queries.drafts(request.user, on=on),
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_method(request):
    """A method from nothing, or from a published version of a colleague's (`?depuis=`)."""
    on = member(request)
    asked = request.GET.get("depuis", "")
    visible = Method.objects.visible_to(request.user, on=on)
    source = None
    if asked:
        known = Version.objects.published().filter(method__in=visible).select_related("method__site")
        source = get_object_or_404(known, pk=whole_number(asked))
    form = forms.MethodText(
        request.POST or None,
        source=source,
        sites=list(Site.objects.with_names_for(request.user, on=on).order_by("sort_key", "pk")),
        initial=forms.of_version(source) if source else {},
    )
    if request.method == "POST" and form.is_valid():
        draft = services.begin_method(
            site=form.author(), text=form.text(), source=source, by=request.user, at=timezone.now()
        )
        messages.success(request, _("The draft is kept. Read it again, then give it to the network."))
        return redirect("desk:method", draft.method_id)
    return TemplateResponse(
        request, "animation/method_form.html", {"form": form, "source": source}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request, pk):
    """Write the next version of a method: a draft until it is published."""
    on = member(request)
    method = to_write(request, pk, on=on)
    last = method.versions.order_by("-number").first()
    form = forms.MethodText(
        request.POST or None,
        source=method.source,
        is_first=last.number == 1 and not last.published_at,
        initial=forms.of_version(last) | {"changes": "" if last.published_at else last.changes},
    )
    if request.method == "POST" and form.is_valid():
        services.write_version(method=method, text=form.text(), by=request.user, at=timezone.now())
        messages.success(request, _("The draft is kept. Read it again, then give it to the network."))
        return redirect("desk:method", pk)
    return TemplateResponse(
        request,
        "animation/method_form.html",
        {"form": form, "method": method, "last": last, "source": method.source},
        status=422 if form.errors else 200,
    )


@require_POST
def publication(request, pk):
    """Give the draft to the network."""
    method = to_write(request, pk, on=member(request))
    try:
        services.publish(method=method, by=request.user, at=timezone.now())
    except (services.NoLicence, services.NotItsLicence, services.NoSteps, services.NoChanges) as refusal:
        messages.warning(request, str(refusal))
        return redirect("animation:new_version", pk)
    messages.success(request, _("The method is in the library."))
    return redirect("desk:method", pk)


@require_POST
def method_withdrawal(request, pk):
    """Out of the library."""
    method = to_write(request, pk, on=member(request))
    services.withdraw_method(method=method, by=request.user, at=timezone.now())
    messages.success(request, _("The method is out of the library. The actions that followed it still name it."))
    return redirect("animation:methods")
