"""What the directory may be asked, and what is written in it."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.partners.enums import Purpose
from citeslab.partners.models import Network
from citeslab.territories import queries as territories
from citeslab.territories.models import Commune, Department
from citeslab.ui.forms import capitalized, day_input

CODES = re.compile(r"^\d[\dAB]\d{3}( +\d[\dAB]\d{3})*$")
AMOUNT = re.compile(r"^\d{1,9}([.,]\d{1,2})?$")


class DepartmentChoice(forms.ModelChoiceField):
    def label_from_instance(self, department):
        return f"{department.code} {department.name}"


class Euros(forms.Field):
    """An amount as people write it (8 000, 8 000,50 €), in cents."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "input-short", "autocomplete": "off"})

    def to_python(self, value):
        written = "".join((value or "").replace("€", "").split())
        if not written:
            return None
        if not AMOUNT.match(written):
            raise forms.ValidationError(_("Write an amount in euros, such as 8000 or 8000.50."))
        euros, _mark, cents = written.replace(",", ".").partition(".")
        return int(euros) * 100 + int(f"{cents:0<2}")

    def prepare_value(self, value):
        return in_euros(value) if isinstance(value, int) else value


def in_euros(cents: int) -> str:
    return str(cents // 100) if cents % 100 == 0 else f"{cents // 100}.{cents % 100:02}"


class Town(forms.CharField):
    """One commune, by its name, with its postal code when several have it."""

    def clean(self, value):
        written = super().clean(value).replace("\0", "")
        if not written:
            return None
        found = territories.commune_named(written)
        if not found:
            raise forms.ValidationError(_("No commune has this name."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several communes have this name: write its postal code beside it."))
        return found[0]


class DirectoryFilter(forms.Form):
    words = forms.CharField(
        label=_("Search a network or a town"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "inputmode": "search"}),
    )
    purpose = forms.ChoiceField(label=_("For"), required=False, choices=[("", _("All purposes")), *Purpose.choices])
    department = DepartmentChoice(
        label=_("Department"),
        required=False,
        queryset=Department.objects.order_by("code"),
        empty_label=_("All departments"),
    )
    commune = Town(
        label=_("Commune"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    amount = Euros(label=_("Amount to finance, in euros"), required=False)


class OfficeForm(forms.Form):
    """What an office is called, where it is and works."""

    name = forms.CharField(
        label=_("Name of the office"), max_length=160, help_text=_("As it is called there: the network and the town.")
    )
    department = DepartmentChoice(
        label=_("Department"), queryset=Department.objects.order_by("code"), empty_label=_("Choose a department")
    )
    communes = forms.CharField(
        label=_("Communes covered"),
        help_text=_("One a line: its name, or its INSEE code. Nothing: the whole department."),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=32)
    address = forms.CharField(label=_("Address"), required=False, max_length=300)
    city = forms.CharField(label=_("Town"), required=False, max_length=120)

    def clean_communes(self):
        written = [part.strip() for part in re.split(r"[\n,;]", self.cleaned_data["communes"]) if part.strip()]
        codes, unknown, unclear = [], [], []
        written = [one for part in written for one in (part.split() if CODES.match(part) else [part])]
        known = set(Commune.objects.filter(code__in=written).values_list("code", flat=True))
        for part in written:
            found = [part] if part in known else [one.pk for one in territories.commune_named(part)]
            codes += found[:1]
            unknown += [part] if not found else []
            unclear += [part] if len(found) > 1 else []
        if unknown:
            said = _("No commune has this name or this code: %(written)s.") % {"written": ", ".join(unknown)}
            raise forms.ValidationError(said)
        if unclear:
            said = _("Several communes are named so; write the INSEE code: %(written)s.")
            raise forms.ValidationError(said % {"written": ", ".join(unclear)})
        return list(dict.fromkeys(codes))

    def said(self) -> dict[str, object]:
        said = dict(self.cleaned_data)
        return said | {"commune_codes": said.pop("communes")}


class NewOffice(OfficeForm):
    network = forms.ModelChoiceField(
        label=_("Network"), queryset=Network.objects.order_by("sort_key"), empty_label=_("Choose a network")
    )
    field_order = ["network"]


class NetworkForm(forms.Form):
    """A network, in a few words."""

    description = forms.CharField(
        label=_("In a few words"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    website = forms.URLField(label=_("Website"), required=False, max_length=300, assume_scheme="https")


class OfferForm(forms.Form):
    """What they do, for whom, from which day."""

    purpose = forms.ChoiceField(label=_("For"), choices=capitalized(Purpose.choices))
    title = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As people say it: microcredit, loan on trust, incubator…")
    )
    amount_from_cents = Euros(label=_("From, in euros"), required=False)
    amount_to_cents = Euros(label=_("Up to, in euros"), required=False)
    audience = forms.CharField(label=_("For whom"), required=False, max_length=200)
    conditions = forms.CharField(
        label=_("Conditions"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    begins_on = forms.DateField(label=_("From"), widget=day_input(), help_text=_("The first day of these conditions."))
    ends_on = forms.DateField(label=_("Until (excluded)"), required=False, widget=day_input())

    def clean(self):
        said = self.cleaned_data
        lowest, highest = said.get("amount_from_cents"), said.get("amount_to_cents")
        if said.get("purpose") != Purpose.FINANCE and (lowest is not None or highest is not None):
            self.add_error("amount_from_cents", _("Only financing has amounts."))
        elif lowest is not None and highest is not None and highest < lowest:
            self.add_error("amount_to_cents", _("The greatest amount is not less than the smallest."))
        if said.get("begins_on") and said.get("ends_on") and said["ends_on"] <= said["begins_on"]:
            self.add_error("ends_on", _("The end comes after the beginning."))
        return said


class ContactForm(forms.Form):
    """Someone at an office; the working address that links are sent to."""

    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Her own working address: the link opens a person's sheet. No shared mailbox."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
