"""What is asked to invite somebody, what she is asked in return, and the days that an FSE+ agreement pays for."""

from datetime import date, timedelta

from django import forms
from django.contrib.auth import password_validation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from citeslab.accounts.models import User
from citeslab.network.models import HostOrganization, Site
from citeslab.ui.forms import day_input

FSE_PLUS_BEGAN = date(2021, 1, 1)  # regulation (EU) 2021/1060, article 63


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


class SiteField(forms.ModelChoiceField):
    """A site of the whole network: two may share a name, so each is said with its organization."""

    def label_from_instance(self, site):
        organization = site.organization.name
        return site.name if organization == site.name else f"{site.name} ({organization})"


class DayOfAgreement(forms.DateField):
    """A day of an agreement; a year typed with a digit too many or too few is refused."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=day_input(),
            validators=[
                MinValueValidator(FSE_PLUS_BEGAN, _("No FSE+ agreement pays for days before 2021. Check the year.")),
                MaxValueValidator(date(2099, 12, 31), _("This day is too far away. Check the year.")),
            ],
            **kwargs,
        )


class FSEPlus(forms.Form):
    """The days as an agreement writes them, the last one included."""

    site = SiteField(
        label=_("Site"),
        queryset=Site.objects.select_related("organization").order_by("sort_key", "pk"),
        empty_label=_("Choose"),
    )
    reference = forms.CharField(
        label=_("Reference of the agreement"),
        max_length=64,
        help_text=_("As the agreement writes it: it goes with what is sent to the fund."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    begins_on = DayOfAgreement(label=_("First day"))
    last_on = DayOfAgreement(
        label=_("Last day"), required=False, help_text=_("It is paid too. Leave empty if the end is not known.")
    )

    def clean(self):
        said = super().clean()
        first, last = said.get("begins_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day comes before the first. Check the two days."))
        said["ends_on"] = last + timedelta(days=1) if last else None
        return said


class EndOfFSEPlus(forms.Form):
    last_on = DayOfAgreement(label=_("Last day paid"), help_text=_("From the day after, its items are not asked."))

    def clean(self):
        said = super().clean()
        said["ends_on"] = said["last_on"] + timedelta(days=1) if said.get("last_on") else None
        return said
