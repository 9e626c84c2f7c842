"""Organizations, sites, posts and who holds them: what is asked of the list, and of each act."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from citeslab.core.values import dialled
from citeslab.network.enums import LegalForm
from citeslab.network.models import HostOrganization
from citeslab.network.values import LABELS, Contact
from citeslab.territories.models import Commune, Department, Region
from citeslab.ui.forms import capitalized, day_input

FIRST_DAY = LABELS[0].since


class Day(forms.DateField):
    """A day of the network's life; a year typed with a digit too many or too few is refused."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=day_input(),
            validators=[
                MinValueValidator(FIRST_DAY, _("The network began in 2002. Check the year.")),
                MaxValueValidator(date(2099, 12, 31), _("This day is too far away. Check the year.")),
            ],
            **kwargs,
        )


class Phone(forms.CharField):
    """A number that can be dialed, kept as the world dials it."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "class": "input-short"})
        super().__init__(label=_("Phone"), required=False, max_length=32, widget=widget, **kwargs)

    def clean(self, value):
        said = super().clean(value)
        number = dialled(said) if said else ""
        if said and not number:
            raise ValidationError(_("This is not a phone number. Write it as one dials it, such as 03 81 61 50 50."))
        return number


class Reached(forms.Form):
    """Where one calls, writes and comes."""

    phone = Phone()
    email = forms.EmailField(
        label=_("E-mail address"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label=_("Address"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    @property
    def contact(self) -> Contact:
        return Contact(**{name: self.cleaned_data[name] for name in ("phone", "email", "address")})


def contact_of(row) -> dict:
    return {"phone": row.phone, "email": row.email, "address": row.address}


class Correction(Reached):
    """What an organization is, but for its name."""

    legal_form = forms.ChoiceField(label=_("Legal form"), choices=capitalized(LegalForm.choices))
    siret = forms.CharField(
        label="SIRET",
        required=False,
        max_length=20,
        help_text=_("Its 14 digits, with or without spaces."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-short"}),
    )
    contact_name = forms.CharField(
        label=_("Who answers for it"),
        required=False,
        max_length=160,
        help_text=_("Somebody of the organization, for the network alone."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ["name", "legal_form", "siret", "contact_name", "phone", "email", "address"]


class NewOrganization(Correction):
    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class OrganizationField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(queryset=HostOrganization.objects.none(), empty_label=_("Choose"), **kwargs)


class NewSite(Reached):
    organization = OrganizationField(label=_("Host organization"))
    name = forms.CharField(
        label=_("Name"),
        max_length=160,
        help_text=_("As people know it: CitésLab and the town."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        help_text=_("Short, without a space: it names the site in files and on the command line."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-short"}),
    )
    commune = forms.CharField(
        label=_("INSEE code of its commune"),
        max_length=5,
        help_text=_("Five signs, such as 59350 for Lille: not the postal code."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-short"}),
    )
    opened_on = Day(label=_("Opened on"))

    field_order = ["organization", "name", "code", "commune", "opened_on", "phone", "email", "address"]

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = HostOrganization.objects.standing(on).order_by("sort_key", "pk")

    def clean_code(self):
        code = self.cleaned_data["code"].strip().upper()
        if " " in code:
            raise ValidationError(_("A code has no space."))
        return code

    def clean_commune(self):
        code = self.cleaned_data["commune"].strip().upper()
        if not Commune.objects.filter(code=code).exists():
            raise ValidationError(
                _("No commune has this INSEE code. It is not the postal code: look it up on insee.fr.")
            )
        return code


class ContactOfSite(Reached):
    """What everyone may read."""


class Renaming(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    since = Day(label=_("From"), help_text=_("Pages of a day before keep the name of that day."))

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_since(self):
        since = self.cleaned_data["since"]
        if since > self.on:
            raise ValidationError(_("This day has not come yet: rename it on the day."))
        return since


class Closing(forms.Form):
    last_on = Day(label=_("Last day open"))

    def clean(self):
        said = super().clean()
        said["closed_on"] = said["last_on"] + timedelta(days=1) if said.get("last_on") else None
        return said


class Merger(forms.Form):
    into = OrganizationField(label=_("Taken in by"))
    merged_on = Day(label=_("From"), help_text=_("Pages of a day before keep the two apart."))

    def __init__(self, *args, organization, on, **kwargs):
        super().__init__(*args, **kwargs)
        others = HostOrganization.objects.standing(on).exclude(pk=organization.pk)
        self.fields["into"].queryset = others.order_by("sort_key", "pk")


class Until(forms.Form):
    """The last day, as people write it; `ends_on` is the day after."""

    last_on = Day(label=_("Last day"), required=False, help_text=_("Leave empty if the end is not known."))

    def clean(self):
        said = super().clean()
        first, last = said.get("begins_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day comes before the first. Check the two days."))
        said["ends_on"] = last + timedelta(days=1) if last else None
        return said


class Share(forms.Form):
    full_time_percent = forms.IntegerField(
        label=_("Share of full time, in percent"),
        min_value=1,
        max_value=100,
        initial=100,
        widget=forms.NumberInput(attrs={"class": "input-short"}),
    )


class NewPost(Share, Until):
    reference = forms.CharField(
        label=_("Reference"),
        required=False,
        max_length=32,
        help_text=_("What the organization calls it; files name the post by it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-short"}),
    )
    begins_on = Day(label=_("First day"))

    field_order = ["full_time_percent", "reference", "begins_on", "last_on"]


class EndOfPost(Closing):
    last_on = Day(label=_("Last day of the post"), help_text=_("Who holds it leaves it then."))


class HolderField(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return user.name


class NewTenure(Until):
    user = HolderField(label=_("Who holds it"), queryset=None, empty_label=_("Choose"))
    begins_on = Day(label=_("First day"))

    field_order = ["user", "begins_on", "last_on"]

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = candidates


class EndOfTenure(Closing):
    last_on = Day(label=_("Last day"), help_text=_("The post is vacant from the day after."))


# -- what is asked of the list ----------------------------------------------------------------------------------------


def day_asked(said: str | None, *, today: date) -> date:
    """The past day of an address (`?jour=2009-06-30`); today when it says none, a day to come, or no day."""
    try:
        day = date.fromisoformat(said or "")
    except ValueError:
        return today
    return day if FIRST_DAY <= day < today else today


class DepartmentChoice(forms.ModelChoiceField):
    def label_from_instance(self, department):
        return f"{department.code} {department.name}"


class Filter(forms.Form):
    """A question in an address: a word that means nothing asks nothing, and is not reproached."""

    jour = forms.DateField(label=_("As on"), required=False, widget=day_input())

    def said(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}

    def again(self) -> "Filter":
        """The form to show, with what was understood."""
        return type(self)(initial=self.said())


class NetworkFilter(Filter):
    words = forms.CharField(
        label=_("Search a site, an organization or a town"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "inputmode": "search"}),
    )
    region = forms.ModelChoiceField(
        label=_("Region"), required=False, queryset=Region.objects.order_by("name"), empty_label=_("All regions")
    )
    department = DepartmentChoice(
        label=_("Department"),
        required=False,
        queryset=Department.objects.order_by("code"),
        empty_label=_("All departments"),
    )
    vacant = forms.BooleanField(label=_("With a vacant post"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("name", _("by name")),
            ("organization", _("by organization")),
            ("department", _("by department")),
            ("opened", _("by age")),
        ],
    )

    def asked(self) -> dict:
        """What the query is told."""
        said, order = self.said(), self.data.get("sort", "")
        return {
            "words": said["words"],
            "region": said["region"].pk if said["region"] else "",
            "department": said["department"].pk if said["department"] else "",
            "is_vacant": bool(said["vacant"]),
            "sort": order if order.startswith("-") else said["sort"] or "name",
        }
