"""What is asked to invite somebody, and what she is asked in return."""

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from citeslab.accounts.models import User
from citeslab.network.models import HostOrganization, Site
from citeslab.ui.forms import day_input


class Invite(forms.Form):
    """An advisor for a site, or a coordinator for an organization: what the one who invites may give."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Her own professional address: it will be the name of her account."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("Choose")
    )
    organization = forms.ModelChoiceField(
        label=_("Host organization"),
        queryset=HostOrganization.objects.none(),
        required=False,
        empty_label=_("Choose"),
    )
    begins_on = forms.DateField(label=_("From"), widget=day_input())
    ends_on = forms.DateField(
        label=_("Until (that day excluded)"),
        required=False,
        help_text=_("Leave empty for a post without an end."),
        widget=day_input(),
    )

    def __init__(self, *args, sites, organizations, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in (("site", sites), ("organization", organizations)):
            if choices.exists():
                self.fields[name].queryset = choices
            else:
                del self.fields[name]
        if len(self.fields) == 4:  # one kind of perimeter alone: it must be said
            for name in {"site", "organization"} & set(self.fields):
                self.fields[name].required = True

    def clean(self):
        asked = self.cleaned_data
        if (
            "site" in self.fields
            and "organization" in self.fields
            and bool(asked.get("site")) == bool(asked.get("organization"))
        ):
            raise forms.ValidationError(_("Choose a site for an advisor, or an organization for a coordinator."))
        if asked.get("begins_on") and asked.get("ends_on") and asked["ends_on"] <= asked["begins_on"]:
            self.add_error("ends_on", _("The end comes after the beginning."))
        return asked


class Accept(forms.Form):
    name = forms.CharField(
        label=_("First name and last name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        help_text=_("14 characters or more: a sentence that you remember is better than a complicated word."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        if password := self.cleaned_data.get("password"):
            try:
                password_validation.validate_password(
                    password, User(email=self.email, name=self.cleaned_data.get("name", ""))
                )
            except forms.ValidationError as refusal:
                self.add_error("password", refusal)
        return self.cleaned_data


class EndOfMandate(forms.Form):
    ends_on = forms.DateField(
        label=_("First day without access"),
        widget=day_input(),
    )
