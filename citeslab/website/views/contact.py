"""A first contact in three fields: it reaches the site of her commune, or the one that she has found."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from citeslab.accounts import services as accounts
from citeslab.agenda import services
from citeslab.core.middleware import at_hand, in_asked_language, kept_language
from citeslab.core.values import origin
from citeslab.network.models import Site
from citeslab.website.forms import finding as forms
from citeslab.website.queries import finding
from citeslab.website.views.frame import in_languages, page


@never_cache
@login_not_required
@in_asked_language
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request):
    """For who does not know her site: her commune says it."""
    return asked(request, forms.FirstContact(request.POST or None), site=None)


@never_cache
@login_not_required
@in_asked_language
@require_http_methods(["GET", "HEAD", "POST"])
def message(request, pk):
    """To a site that she has found."""
    site = get_object_or_404(finding.open_sites(timezone.localdate()), pk=pk)
    return asked(request, forms.Message(request.POST or None), site=site)


def asked(request, form, *, site: Site | None):
    at, status = timezone.now(), 200
    if request.method == "POST":
        status = 422
        if form.is_a_machine:
            return redirect(reverse("website:received") + kept_language(request))  # told the same, and nothing is kept
        try:
            if form.is_valid():
                knock(request, at)
                to = site or answering(form, at)
                if to:
                    services.receive(site=to, **form.said(), at=at)
                    return redirect(reverse("website:received_by", args=[to.pk]) + kept_language(request))
                form.add_error(None, _("Nobody answers there yet. Try again in some days."))
        except accounts.TooOften as refusal:
            form.add_error(None, str(refusal))
            status = 429
    return TemplateResponse(
        request,
        "website/finding/contact.html",
        {**in_languages(request), "form": form, "site": site, "contact": settings.CONTACT, "page_name": "contact"},
        status=status,
    )


def knock(request, at):
    """Counts what would be kept: who mistypes her number three times has sent nothing yet."""
    accounts.knock(door="website.contact", origin=origin(request.META), most=settings.CONTACTS_AN_HOUR, at=at)


def answering(form, at) -> Site | None:
    found = finding.answer(form.cleaned_data["commune"], on=timezone.localdate(at))
    return found.site if found else None


@at_hand
def received(request, pk=None):
    """It has arrived: who answers, and what happens next. The same for everyone."""
    site = get_object_or_404(finding.open_sites(timezone.localdate()), pk=pk) if pk else None
    return page(request, "website/finding/received.html", {"site": site, "page_name": "contact"})
