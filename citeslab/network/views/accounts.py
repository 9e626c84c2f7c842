"""Doors: who holds which role, invitations, the page that opens an account."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.accounts import services as account_services
from citeslab.accounts.models import User
from citeslab.core.values import digest_of
from citeslab.network import forms, queries, services
from citeslab.network.enums import Role
from citeslab.network.models import Invitation, Mandate, Tenure


def manages(request, on):
    """What she may staff; 404 for who manages nothing."""
    sites = queries.sites_to_staff(request.user, on=on)
    organizations = queries.organizations_to_staff(request.user, on=on)
    if not (sites.exists() or organizations.exists()):
        raise Http404
    return sites, organizations


@require_safe
def accounts(request):
    """Who holds which mandate, from when to when; what is offered and waits."""
    on = timezone.localdate()
    manages(request, on)
    mandates = (
        Mandate.objects.managed_by(request.user, on=on)
        .select_related("user", "site", "organization")
        .order_by("user__sort_key", "begins_on", "pk")
    )
    closable = set(queries.users_managed_by(request.user, on=on).values_list("pk", flat=True))
    running = [mandate for mandate in mandates if mandate.ends_on is None or mandate.ends_on > on]
    return TemplateResponse(
        request,
        "network/accounts.html",
        {
            "on": on,
            "running": running,
            "ended": [mandate for mandate in mandates if mandate not in running],
            "closable": closable,
            "invitations": Invitation.objects.managed_by(request.user, on=on)
            .open(timezone.now())
            .select_related("site", "organization")
            .order_by("-invited_at"),
        },
    )


@require_http_methods(["GET", "POST"])
def invitations(request):
    """Invite an advisor to a site, or a coordinator to an organization."""
    on = timezone.localdate()
    sites, organizations = manages(request, on)
    form = forms.Invite(request.POST or None, sites=sites, organizations=organizations, initial={"begins_on": on})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        services.invite(
            email=asked["email"],
            role=Role.ADVISOR if asked.get("site") else Role.COORDINATOR,
            site=asked.get("site"),
            organization=asked.get("organization"),
            begins_on=asked["begins_on"],
            ends_on=asked["ends_on"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("The invitation is on its way; its link is good for seven days."))
        return redirect("network:accounts")
    return TemplateResponse(request, "network/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def withdrawal(request, pk):
    """Take an invitation back: its link opens nothing any more."""
    found = get_object_or_404(Invitation.objects.managed_by(request.user, on=timezone.localdate()), pk=pk)
    services.withdraw_invitation(invitation=found, by=request.user, at=timezone.now())
    messages.success(request, _("The invitation is taken back."))
    return redirect("network:accounts")


@require_http_methods(["GET", "POST"])
def end_of_mandate(request, pk):
    """Say the first day on which the mandate opens nothing any more."""
    on = timezone.localdate()
    mandate = get_object_or_404(
        Mandate.objects.managed_by(request.user, on=on).select_related("user", "site", "organization"), pk=pk
    )
    form = forms.EndOfMandate(request.POST or None, initial={"ends_on": on})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_mandate(
                mandate=mandate, ends_on=form.cleaned_data["ends_on"], by=request.user, at=timezone.now()
            )
        except services.BeganThatDay as refusal:
            form.add_error("ends_on", str(refusal))
        else:
            messages.success(request, _("The end of the mandate is set."))
            return redirect("network:accounts")
    return TemplateResponse(
        request,
        "network/end_of_mandate.html",
        {"form": form, "mandate": mandate},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def closure(request, pk):
    """Close an account whose every mandate is hers to give."""
    on = timezone.localdate()
    closed = get_object_or_404(queries.users_managed_by(request.user, on=on), pk=pk)
    held = Tenure.objects.not_over(on).filter(user=closed).count()
    if request.method == "POST":
        services.close_account(user=closed, by=request.user, at=timezone.now(), on=on)
        told = _("The account is closed, and its sessions are signed out.")
        if held:
            told = _("The account is closed, its sessions too, and she holds no post any more.")
        messages.success(request, told)
        return redirect("network:accounts")
    return TemplateResponse(request, "network/closure.html", {"closed": closed, "held": held})


@require_POST
def lost_factor(request, pk):
    """She lost her phone and her codes, and said so by voice: her next sign-in sets another factor up."""
    user = get_object_or_404(queries.users_managed_by(request.user, on=timezone.localdate()), pk=pk)
    account_services.forget_factors(user=user, by=request.user, at=timezone.now())
    messages.success(request, _("The second factor is taken away. Her next sign-in sets another one up."))
    return redirect("network:accounts")


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request, secret):
    """By the link of the message: a name, a password, and the account is open."""
    at = timezone.now()
    found = Invitation.objects.open(at).filter(digest=digest_of(secret)).select_related("site", "organization").first()
    if found is None:
        return TemplateResponse(request, "network/invitation_over.html", {}, status=404)
    has_account = User.objects.filter(email__iexact=found.email).exists()
    is_hers = request.user.is_authenticated and request.user.email.lower() == found.email.lower()
    form = forms.Accept(None if has_account else request.POST or None, email=found.email)
    try:
        if request.method == "POST" and is_hers:
            services.accept_invitation_as(invitation=found, user=request.user, at=at)
            return redirect("desk:home")
        if request.method == "POST" and form.is_valid():
            user = services.accept_invitation(invitation=found, at=at, **form.cleaned_data)
            login = Login(user=user, redirect_url=reverse("desk:home"))
            return perform_password_login(request, {"email": user.email}, login)
    except (services.InvitationOver, services.AccountExists) as refusal:
        form.add_error(None, str(refusal))
    return TemplateResponse(
        request,
        "network/invitation.html",
        {
            "form": form,
            "invitation": found,
            "has_account": has_account,
            "is_hers": is_hers,
            "identity_provider": settings.IDENTITY,
            "secret": secret,
        },
        status=422 if form.errors else 200,
    )
