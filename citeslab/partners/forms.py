"""What the directory may be asked, and what is written in it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.partners.enums import Purpose
from citeslab.partners.models import Network
from citeslab.territories.models import Commune, Department


class DepartmentChoice(forms.ModelChoiceField):
    def label_from_instance(self, department):
        return f"{department.code} {department.name}"


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


class NewOffice(forms.Form):
    """An office and where it works."""

    network = forms.ModelChoiceField(
        label=_("Network"), queryset=Network.objects.order_by("sort_key"), empty_label=_("Choose a network")
    )
    name = forms.CharField(
        label=_("Name of the office"), max_length=160, help_text=_("As it is called there: the network and the town.")
    )
    department = DepartmentChoice(
        label=_("Department"), queryset=Department.objects.order_by("code"), empty_label=_("Choose a department")
    )
    communes = forms.CharField(
        label=_("Communes covered"),
        help_text=_("INSEE codes apart by spaces. Nothing: the whole department."),
        required=False,
        max_length=2_000,
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=32)
    address = forms.CharField(label=_("Address"), required=False, max_length=300)
    city = forms.CharField(label=_("Town"), required=False, max_length=120)

    def clean_communes(self):
        codes = self.cleaned_data["communes"].replace(",", " ").split()
        known = set(Commune.objects.filter(code__in=codes).values_list("code", flat=True))
        unknown = [code for code in codes if code not in known]
        if unknown:
            said = _("No commune has this code: %(codes)s.") % {"codes": ", ".join(unknown)}
            raise forms.ValidationError(said)
        return codes


class ContactForm(forms.Form):
    """Someone at an office; the working address that links are sent to."""

    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Her own working address: the link opens a person's sheet. No shared mailbox."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
