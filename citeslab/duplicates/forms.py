"""What is asked when two files are joined or said apart, and what is read while a file is being written."""

import phonenumbers
from django import forms
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from citeslab.core.values import dialled
from citeslab.duplicates import rules
from citeslab.duplicates.matching import model
from citeslab.duplicates.matching.model import Traits
from citeslab.people.enums import Sex
from citeslab.people.models import Person, Residence

KEPT, GONE = "kept", "gone"


class Join(forms.Form):
    """One choice for each value that the two files do not share; what one file alone knows is taken over."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, kept: Person, gone: Person, addresses: dict[int, Residence], **kwargs):
        super().__init__(*args, **kwargs)
        self.kept, self.gone = kept, gone
        self.same: list[tuple[str, str]] = []
        self.completed: list[tuple[str, str]] = []
        self.fields["seen"].initial = rules.fingerprint(kept, gone)
        self.fills: list[str] = []
        for field in rules.chosen_fields(kept, gone):
            self.offer(field.name, field.verbose_name, *(shown(person, field) for person in (kept, gone)))
        its, others = (address_of(addresses.get(person.pk)) for person in (kept, gone))
        self.offer("residence", _("address"), its, others)

    def offer(self, name, label, its: str, others: str) -> None:
        label = str(label)[:1].upper() + str(label)[1:]
        if its == others:
            if its:
                self.same.append((label, its))
        elif not its or not others:
            self.completed.append((label, its or others))
            if others:
                self.fills.append(name)
        else:
            self.fields[name] = forms.ChoiceField(
                label=label, choices=[(KEPT, its), (GONE, others)], initial=KEPT, widget=forms.RadioSelect
            )

    @property
    def taken(self) -> list[str]:
        """The fields whose value comes from the file that goes."""
        return self.fills + [name for name, value in self.cleaned_data.items() if value == GONE and name != "seen"]


def shown(person: Person, field) -> str:
    value = getattr(person, field.attname)
    if rules.is_blank(field, person):
        return ""
    if field.name == "phone":
        return national(value)
    if field.choices:
        return str(getattr(person, f"get_{field.name}_display")())
    return formats.date_format(value) if hasattr(value, "isoformat") else str(value)


def national(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def address_of(residence: Residence | None) -> str:
    if residence is None:
        return ""
    return " ".join(part for part in (residence.address, residence.postal_code, residence.commune_name) if part)


class Difference(forms.Form):
    reason = forms.CharField(
        label=_("Why they are two people"),
        help_text=_("A few words for your colleagues: two sisters, a father and his son."),
        max_length=300,
    )


class Typed(forms.Form):
    """A file being written, read as far as it goes: nothing here is ever refused."""

    first_name = forms.CharField(required=False, max_length=200)
    preferred_name = forms.CharField(required=False, max_length=200)
    born_on = forms.DateField(required=False)
    phone = forms.CharField(required=False, max_length=32)
    email = forms.CharField(required=False, max_length=254)
    contact = forms.CharField(required=False, max_length=254)  # the one or the other, in one field
    postal_code = forms.CharField(required=False, max_length=10)
    sex = forms.ChoiceField(required=False, choices=Sex)
    site = forms.IntegerField(required=False)

    def traits(self) -> Traits:
        self.is_valid()
        said = self.cleaned_data
        if contact := said.get("contact"):
            said["email" if "@" in contact else "phone"] = contact
        return model.traits(
            first_name=said.get("first_name") or "",
            preferred_name=said.get("preferred_name") or "",
            born_on=said.get("born_on"),
            phone=dialled(said["phone"]) if said.get("phone") else "",
            email=said.get("email") or "",
            place=said.get("postal_code") or "",
            sex=said.get("sex") or "",
        )


def age_band(person: Person, on) -> str:
    """Her age to ten years: enough to know whether it is she."""
    if person.born_on is None:
        return gettext("age not known")
    age = on.year - person.born_on.year - ((on.month, on.day) < (person.born_on.month, person.born_on.day))
    return gettext("%(low)s to %(high)s years old") % {"low": age // 10 * 10, "high": age // 10 * 10 + 9}
