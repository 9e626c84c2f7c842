"""How one signs in, proves who one is, and chooses a password."""

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


def code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("The six digits of your application, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "input-short",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )


class SignIn(AuthenticationForm):
    """E-mail address and password; a refusal never says which of the two was wrong."""

    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": _("This address and this password do not go together. Check both, then try again."),
        "inactive": _("This account is closed. Ask the coordinator of your organization."),
    }

    def clean(self):
        address, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if address and password:
            # Counts the attempt, and refuses when there were too many.
            self.user_cache = get_adapter().authenticate(self.request, username=address, password=password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return self.cleaned_data


class SecondStep(AuthenticateForm):
    code = code_field()


class ConfirmByCode(ReauthenticateForm):
    code = code_field()


class PasskeyStep(AuthenticateWebAuthnForm):
    pass


class ConfirmByPasskey(ReauthenticateWebAuthnForm):
    pass


class ConfirmByPassword(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args, user, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.request = user, request

    def clean_password(self):
        password = self.cleaned_data["password"]
        found = get_adapter().authenticate(self.request, username=self.user.email, password=password)
        if found is None or found.pk != self.user.pk:
            raise forms.ValidationError(_("This is not the password of your account."))
        return password


class AddApplication(ActivateTOTPForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("The six digits that the application shows now."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input-short"}),
    )


class AddPasskey(AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name of this passkey"),
        max_length=60,
        required=False,
        help_text=_("To know it again: my phone, the key on my ring."),
    )


class ForgottenPassword(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class NewPassword(forms.Form):
    """Chosen twice, since it cannot be read while it is typed."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=4096,
        help_text=_("14 characters or more: a sentence that you remember is better than a complicated word."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two are not the same. Type the new password again."))
        elif password:
            try:
                password_validation.validate_password(password, self.user)
            except forms.ValidationError as refusal:
                self.add_error("password", refusal)
        return self.cleaned_data
