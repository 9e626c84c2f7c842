"""Doors: sign in, prove it twice, choose a password, look after one's own account."""

import json
import logging
from functools import wraps

import segno
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import (
    perform_login,
    perform_password_login,
    record_authentication,
)
from allauth.account.models import Login
from allauth.core.ratelimit import consume
from allauth.mfa.adapter import get_adapter as second_factors
from allauth.mfa.base.internal.flows import delete_and_cleanup, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal.flows import add_authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citeslab.accounts import forms, gateways, queries, rules, services
from citeslab.accounts.enums import Factor
from citeslab.accounts.receivers import TOO_MANY

logger = logging.getLogger(__name__)


def status_of(*bound) -> int:
    return 422 if any(form.errors for form in bound) else 200


def wanted(request, otherwise: str) -> str:
    """The page she was on her way to, when it is one of ours."""
    way = request.POST.get("next") or request.GET.get("next") or ""
    return way if url_has_allowed_host_and_scheme(way, {request.get_host()}) else reverse(otherwise)


# -- the way in


class SignIn(LoginView):
    """The way in; who is already in goes home. Who has a second factor is asked for it before anything opens."""

    template_name = "accounts/sign_in.html"
    authentication_form = forms.SignIn
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"identity_provider": settings.IDENTITY}

    def form_valid(self, form):
        user = form.get_user()
        login = Login(user=user, redirect_url=self.get_success_url())
        return perform_password_login(self.request, {"email": user.email}, login)

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@require_http_methods(["GET", "POST"])
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
def second_step(request):
    """The password was right; the second factor is asked. Nobody is signed in yet."""
    stage = request._login_stage
    user = stage.login.user
    asked = request.POST if request.method == "POST" else None
    by_passkey = asked is not None and "credential" in asked
    code = forms.SecondStep(None if by_passkey else asked, user=user)
    key = forms.PasskeyStep(asked if by_passkey else None, user=user)
    sent = key if by_passkey else code
    if sent.is_bound and sent.is_valid():
        sent.save()
        return stage.exit()
    kinds = queries.factors(user)
    options = passkeys.begin_authentication(user) if kinds[Factor.PASSKEY] else None
    return TemplateResponse(
        request,
        "accounts/second_step.html",
        {
            "form": code if kinds[Factor.TOTP] or kinds[Factor.RECOVERY_CODES] else None,
            "passkey_form": key,
            "passkey_options": json.dumps(options) if options else "",
        },
        status=status_of(code, key),
    )


@login_not_required
@require_http_methods(["GET", "POST"])
def forgotten_password(request):
    """The answer is the same whether the address has an account or not."""
    form = forms.ForgottenPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if not consume(request, action="reset_password", key=address.lower()):
            form.add_error(None, TOO_MANY)
        else:
            services.send_password_link(email=address, at=timezone.now())
            return TemplateResponse(request, "accounts/password_link_sent.html", {"address": address})
    return TemplateResponse(request, "accounts/forgotten_password.html", {"form": form}, status=status_of(form))


@method_decorator(login_not_required, name="dispatch")
class NewPassword(PasswordResetConfirmView):
    """By the link of the message, once; Django keeps its secret out of the address while the form is filled."""

    template_name = "accounts/new_password.html"
    form_class = forms.NewPassword  # type: ignore[assignment]

    def form_valid(self, form):
        services.change_password(user=self.user, password=form.cleaned_data["password"], at=timezone.now())
        self.request.session.flush()
        messages.success(self.request, _("Your password is changed. Sign in with it."))
        return redirect("accounts:sign_in")

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = 422
        return response


# -- by an identity provider


@login_not_required
@require_POST
def identity(request):
    """Off to the identity provider; an invitation, or an account to link, comes along in the session."""
    if not settings.IDENTITY:
        raise Http404
    visit = gateways.secrets_of_a_visit()
    request.session["visit"] = visit | {
        "next": wanted(request, "desk:home"),
        "invitation": request.POST.get("invitation", "")[:200],
        "link": request.user.pk if request.user.is_authenticated and rules.is_fresh(request.session) else None,
    }
    try:
        return redirect(gateways.address(visit, back=back_of(request)))
    except gateways.IdentityRefused as refusal:
        return refused(request, refusal)


@login_not_required
@require_safe
def identity_return(request):
    """Back from the provider, which can only answer by a GET: this one may write."""
    if not settings.IDENTITY:
        raise Http404
    visit = request.session.pop("visit", None)
    state = request.GET.get("state", "")
    if not visit or not constant_time_compare(state, visit["state"]) or "code" not in request.GET:
        return refused(request, "no visit of ours")
    try:
        claims = gateways.claims_of(request.GET["code"], visit, back=back_of(request))
    except gateways.IdentityRefused as refusal:
        return refused(request, refusal)
    request.may_write = True
    at = timezone.now()
    if request.user.is_authenticated:
        if visit["link"] == request.user.pk and services.link_identity(user=request.user, claims=claims, at=at):
            messages.success(request, _("This identity now opens your account."))
            return redirect("accounts:security")
        return refused(request, "an identity of another account")
    user = services.user_of_identity(claims=claims, invitation=visit["invitation"], at=at)
    if user is None:
        return refused(request, "nobody known")
    record_authentication(request, user, "socialaccount", second_factor=claims.second_factor)
    return perform_login(request, Login(user=user, redirect_url=visit["next"]))


def back_of(request) -> str:
    return f"{settings.PUBLIC_URL}{reverse('accounts:identity_return')}"


def refused(request, why):
    logger.info("An identity was refused: %s", why)
    return TemplateResponse(request, "accounts/identity_refused.html", status=403)


# -- one's own account


def fresh(view):
    """What protects the account is shown and changed by who proved herself a short while ago."""

    @wraps(view)
    def asked_again(request, *args, **kwargs):
        if rules.is_fresh(request.session):
            return view(request, *args, **kwargs)
        way = request.path if request.method == "GET" else reverse("accounts:security")
        return HttpResponseRedirect(f"{reverse('accounts:confirmation')}?{urlencode({'next': way})}")

    return asked_again


@require_http_methods(["GET", "POST"])
def confirmation(request):
    """Prove it again: by password, by code or by passkey, whichever she has."""
    user, asked = request.user, request.POST if request.method == "POST" else None
    kinds = queries.factors(user)
    sent_by = next((name for name in ("credential", "code", "password") if asked is not None and name in asked), "")
    bound = {
        "password": forms.ConfirmByPassword(asked if sent_by == "password" else None, user=user, request=request),
        "code": forms.ConfirmByCode(asked if sent_by == "code" else None, user=user),
        "credential": forms.ConfirmByPasskey(asked if sent_by == "credential" else None, user=user),
    }
    if sent_by and bound[sent_by].is_valid():
        if sent_by == "password":
            record_authentication(request, user, "password", reauthenticated=True)
        else:
            bound[sent_by].save()
        return HttpResponseRedirect(wanted(request, "accounts:security"))
    options = passkeys.begin_authentication(user) if kinds[Factor.PASSKEY] else None
    return TemplateResponse(
        request,
        "accounts/confirmation.html",
        {
            # Who has a second factor and has not shown it in this session is not asked for her password instead.
            "password_form": bound["password"]
            if user.has_usable_password() and (rules.has_second_factor(request.session) or not queries.has_factor(user))
            else None,
            "code_form": bound["code"] if kinds[Factor.TOTP] else None,
            "passkey_form": bound["credential"],
            "passkey_options": json.dumps(options) if options else "",
            "next": wanted(request, "accounts:security"),
        },
        status=status_of(*bound.values()),
    )


@never_cache
@require_safe
def security(request):
    """What protects the account, and where it is open."""
    kinds = queries.factors(request.user)
    codes = kinds[Factor.RECOVERY_CODES]
    return TemplateResponse(
        request,
        "accounts/security.html",
        {
            "application": next(iter(kinds[Factor.TOTP]), None),
            "passkeys": kinds[Factor.PASSKEY],
            "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else 0,
            "has_factor": bool(kinds[Factor.TOTP] or kinds[Factor.PASSKEY]),
            "identity_provider": settings.IDENTITY,
            "has_identity": request.user.identities.exists(),
            "sessions": queries.open_sessions(request.user, at=timezone.now(), current_key=request.session.session_key),
        },
    )


@require_http_methods(["GET", "POST"])
def password(request):
    """Change it: the other sessions are signed out, this one stays."""
    user = request.user
    if not user.has_usable_password():  # her identity provider has it
        return redirect("accounts:security")
    now = forms.ConfirmByPassword(request.POST or None, user=user, request=request)
    form = forms.NewPassword(request.POST or None, user=user, prefix="new")
    if request.method == "POST" and consume(request, action="change_password") and now.is_valid() and form.is_valid():
        services.change_password(
            user=user,
            password=form.cleaned_data["password"],
            at=timezone.now(),
            keep_session=request.session.session_key,
        )
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed; your other sessions are signed out."))
        return redirect("accounts:security")
    return TemplateResponse(request, "accounts/password.html", {"now": now, "form": form}, status=status_of(now, form))


@require_POST
def end_of_sessions(request):
    """One session by its mark, or every other one."""
    mark, at = request.POST.get("session", ""), timezone.now()
    if mark:
        session = queries.session_of(request.user, at=at, mark=mark)
        if session is not None and session.session_key != request.session.session_key:
            services.end_session(session=session, by=request.user, at=at)
        messages.success(request, _("This session is signed out."))
    else:
        services.end_sessions(user=request.user, by=request.user, at=at, except_key=request.session.session_key)
        messages.success(request, _("Your other sessions are signed out."))
    return redirect("accounts:security")


# -- second factors


@require_safe
def second_factor(request):
    """Why a second factor, and which one; where who may see names is led while she has none."""
    if queries.has_factor(request.user) and rules.has_second_factor(request.session):
        return redirect("accounts:security")
    return TemplateResponse(
        request,
        "accounts/second_factor.html",
        {"has_factor": queries.has_factor(request.user), "next": wanted(request, "desk:home")},
    )


def added(request, authenticator, factor):
    """The session has just shown this factor; recovery codes come with the first one."""
    post_authentication(request, authenticator)
    services.note_second_factor(user=request.user, factor=factor, added=True, at=timezone.now())
    messages.success(request, _("Your account is protected by a second factor."))
    return redirect("accounts:recovery_codes")


@never_cache
@fresh
@require_http_methods(["GET", "POST"])
def application(request):
    """An application on a phone that shows a code every thirty seconds."""
    if queries.factors(request.user)[Factor.TOTP]:
        return redirect("accounts:security")
    form = forms.AddApplication(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        authenticator, _codes = activate_totp(request, form)
        return added(request, authenticator, Factor.TOTP)
    address = second_factors().build_totp_url(request.user, form.secret)
    secret = form.secret
    return TemplateResponse(
        request,
        "accounts/application.html",
        {
            "form": form,
            "drawing": segno.make(address, micro=False).svg_data_uri(scale=5, light="#fff", border=3),
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "address": address,
        },
        status=status_of(form),
    )


@never_cache
@fresh
@require_http_methods(["GET", "POST"])
def passkey(request):
    """The phone, the computer or a key recognizes her: nothing to type."""
    form = forms.AddPasskey(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        authenticator, _codes = add_authenticator(
            request, name=form.cleaned_data["name"], credential=form.cleaned_data["credential"]
        )
        return added(request, authenticator, Factor.PASSKEY)
    options = passkeys.begin_registration(request.user, False)
    return TemplateResponse(
        request,
        "accounts/passkey.html",
        {"form": form, "passkey_options": json.dumps(options)},
        status=status_of(form),
    )


@never_cache
@fresh
@require_http_methods(["GET", "POST"])
def recovery_codes(request):
    """Ten codes for the day the phone is lost, each of use once; asking for new ones ends the old ones."""
    if not queries.has_factor(request.user):
        return redirect("accounts:second_factor")
    if request.method == "POST":
        generate_recovery_codes(request)
        services.note_second_factor(user=request.user, factor=Factor.RECOVERY_CODES, added=True, at=timezone.now())
        messages.success(request, _("Here are your new codes; the old ones are worth nothing any more."))
        return redirect("accounts:recovery_codes")
    kept = queries.factors(request.user)[Factor.RECOVERY_CODES]
    codes = RecoveryCodes(kept[0]).get_unused_codes() if kept else []
    return TemplateResponse(
        request,
        "accounts/recovery_codes.html",
        {"codes": [f"{code[:4]} {code[4:]}" for code in codes]},
    )


@fresh
@require_POST
def removal(request, pk):
    """A factor taken away; the recovery codes go with the last one."""
    authenticator = get_object_or_404(
        Authenticator.objects.exclude(type=Factor.RECOVERY_CODES), pk=pk, user_id=request.user.pk
    )
    factor = Factor(authenticator.type)
    delete_and_cleanup(request, authenticator)
    services.note_second_factor(user=request.user, factor=factor, added=False, at=timezone.now())
    messages.success(request, _("This second factor is taken away."))
    return redirect("accounts:security")
