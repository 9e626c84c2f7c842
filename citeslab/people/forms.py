"""What is asked of a person: little at first, and nothing on health, origin, religion or justice."""

import re
import unicodedata
from dataclasses import asdict
from datetime import date
from uuid import uuid4

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from citeslab.core.values import dialled
from citeslab.people.enums import Grounds, Precision, Sex
from citeslab.people.models import Person
from citeslab.people.values import Home, national
from citeslab.territories import queries as territories
from citeslab.territories.values import Suggestion, is_firm
from citeslab.ui.forms import Remembering, day_input
from citeslab.ui.values import day

EARLIEST_BIRTH = date(1900, 1, 1)
MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
LONGEST_NAME, LONGEST_WORDS = 200, 120


class Words(forms.CharField):
    """Text kept exactly as it was written, in any script; only what no one can see or type is refused."""

    def clean(self, value):
        text = super().clean(value)
        if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
            raise forms.ValidationError(_("This text holds a character that nobody can read. Type it again."))
        return text


def words(label, longest: int, **more) -> Words:
    """A field of someone else's life: the browser has nothing to propose for it."""
    return Words(label=label, max_length=longest, widget=forms.TextInput(attrs={"autocomplete": "off"}), **more)


def a_day(label, **more) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=day_input(autocomplete="off"), **more)


def as_phone(said: str) -> str:
    if number := dialled(said):
        return number
    raise forms.ValidationError(
        _("This is not a phone number that one can dial. Check its digits, or begin with + and the country code.")
    )


def as_email(said: str) -> str:
    if MAILBOX.fullmatch(said):
        return said
    raise forms.ValidationError(_("An e-mail address looks like name@example.org. Check what is around the @."))


def reached_by(said: str) -> tuple[str, str]:
    """(phone, e-mail): an @ tells them apart."""
    if not said:
        return "", ""
    return ("", as_email(said)) if "@" in said else (as_phone(said), "")


def as_birth(born_on: date | None, *, today: date) -> date | None:
    if born_on and born_on > today:
        raise forms.ValidationError(_("This day has not come yet. Check the year of birth."))
    if born_on and born_on < EARLIEST_BIRTH:
        raise forms.ValidationError(
            _("Nobody we accompany was born before %(day)s. Check the year, or leave the date empty."),
            params={"day": day(EARLIEST_BIRTH)},
        )
    return born_on


class About(forms.Form):
    """What may be known of a person, all of it optional."""

    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=Sex, initial=Sex.UNKNOWN, widget=forms.RadioSelect)
    born_on = a_day(_("Date of birth"))
    situation_at_entry = words(_("Situation at entry"), LONGEST_WORDS, required=False)
    diploma = words(_("Diploma level"), LONGEST_WORDS, required=False)
    contact_source = words(_("How we met"), LONGEST_WORDS, required=False)

    def __init__(self, *args, today: date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_sex(self):
        return self.cleaned_data["sex"] or Sex.UNKNOWN

    def clean_born_on(self):
        return as_birth(self.cleaned_data["born_on"], today=self.today)


# -- where she lives --------------------------------------------------------------------------------------------------

SALT = "people.suggestion"


def packed(found: Suggestion, *, asked: str) -> str:
    """A suggestion as the form sends it back; signed, so that a position comes from the service and nowhere else."""
    return signing.dumps({**asdict(found), "asked": asked}, salt=SALT, compress=True)


class Address(forms.Form):
    """An address as she says it. `cleaned_data["home"]` has the place that was found for it, and how sure it is."""

    address = words(_("Address"), 300, required=False)
    commune = words(_("Commune or postal code"), LONGEST_WORDS, required=False)
    chosen = forms.CharField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if territories.has_address_service():
            self.fields["address"].help_text = _(
                "Number, street, postal code, town: the house must be found for the neighborhood to be sure."
                " The address alone is sent to the address service, without her name."
            )

    def clean_commune(self):
        said = self.cleaned_data["commune"]
        self.found_commune = None
        if not said:
            return said
        found = territories.commune_named(said)
        if len(found) == 1:
            self.found_commune = found[0]
        elif not found:
            raise forms.ValidationError(
                _("No commune is called so. Check the spelling, or write the postal code alone.")
            )
        else:
            raise forms.ValidationError(
                _("Several communes answer to this: %(communes)s. Write one with its department number."),
                params={"communes": ", ".join(f"{one.name} ({one.department_id})" for one in found[:6])},
            )
        return said

    def clean(self):
        cleaned = super().clean()
        if not self.errors.keys() & {"address", "commune", "longitude", "latitude"}:
            cleaned["home"] = self.home()
        return cleaned

    def home(self) -> Home:
        if chosen := self.chosen_suggestion():
            return home_at(chosen)
        written = self.cleaned_data["address"]
        commune = self.found_commune
        codes = commune.postal_codes if commune else []
        here = Home(written, codes[0] if len(codes) == 1 else "", commune.name if commune else "")
        longitude, latitude = self.cleaned_data.get("longitude"), self.cleaned_data.get("latitude")
        if longitude is not None and latitude is not None:
            return Home(*said(here), longitude, latitude, Precision.POINTED)
        found, is_sure = (
            territories.place_of(" ".join(part for part in said(here) if part)) if written else (None, False)
        )
        if found and is_sure:
            return home_at(found)
        if found:
            return Home(
                written,
                here.postal_code or found.postal_code,
                here.commune_name or found.city,
                found.longitude,
                found.latitude,
                Precision.UNSURE,
            )
        return here

    def chosen_suggestion(self) -> Suggestion | None:
        """The suggestion that was chosen, unless the address was written over since."""
        try:
            kept = signing.loads(self.cleaned_data.get("chosen") or "", salt=SALT)
        except signing.BadSignature:
            return None
        asked = kept.pop("asked")
        return Suggestion(**kept) if self.cleaned_data["address"] in (asked, kept["label"]) else None


def said(home: Home) -> tuple[str, str, str]:
    return home.address, home.postal_code, home.commune_name


def home_at(chosen: Suggestion) -> Home:
    """Asked again by its whole name, a suggestion is firm or not; when the service is down, its first score counts."""
    if not chosen.street:  # a whole commune is no place to live at
        return Home("", chosen.postal_code, chosen.city)
    found, is_sure = territories.place_of(chosen.label)
    if found is None or found.label != chosen.label:
        is_sure = found is None and is_firm(chosen, written=chosen.label)
    precision = Precision.HOUSE if is_sure else Precision.UNSURE
    return Home(chosen.line, chosen.postal_code, chosen.city, chosen.longitude, chosen.latitude, precision)


class Residence(Address):
    """A new address: a move, or a correction of what was noted."""

    MOVED, MISTAKE = "MOVED", "MISTAKE"
    why = forms.ChoiceField(
        label=_("Why does the address change?"),
        choices=[(MISTAKE, _("It was wrong, or not complete")), (MOVED, _("She moved"))],
        widget=forms.RadioSelect,
    )
    moved_on = a_day(_("Day of the move"), help_text=_("Empty: today."))

    field_order = ["why", "moved_on", "address", "commune"]

    def __init__(self, *args, has_home: bool, today: date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        if not has_home:
            del self.fields["why"], self.fields["moved_on"]

    def clean_moved_on(self):
        moved_on = self.cleaned_data["moved_on"]
        if moved_on and moved_on > self.today:
            raise forms.ValidationError(_("This day has not come yet. Note the move once it is done."))
        return moved_on

    def clean(self):
        cleaned = super().clean()
        if "home" in cleaned and not cleaned["home"]:
            self.add_error("address", _("Write the address. If she does not wish to say it, the commune is enough."))
        return cleaned

    @property
    def move(self) -> date | None:
        """The day of the move, when there was one."""
        if self.cleaned_data.get("why") != self.MOVED:
            return None
        return self.cleaned_data["moved_on"] or self.today


# -- who she is -------------------------------------------------------------------------------------------------------


class NewPerson(About, Address):
    """Three fields open a file; the rest is folded, for another day."""

    first_name = words(_("First name"), LONGEST_NAME)
    preferred_name = words(_("Name she goes by"), LONGEST_NAME)
    contact = words(
        _("One way to reach her"),
        254,
        required=False,
        help_text=_("A phone number or an e-mail address. Nothing yet? Leave it empty."),
    )
    site = forms.ModelChoiceField(label=_("Site"), queryset=None, to_field_name="code", empty_label=None)
    other_contact = words(_("Another way to reach her"), 254, required=False)
    same_household = forms.ModelMultipleChoiceField(label=_("Same household"), queryset=None, required=False)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    field_order = ["first_name", "preferred_name", "contact", "site"]

    def __init__(self, *args, sites, visible, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites
        self.fields["same_household"].queryset = visible
        self.fields["key"].initial = uuid4
        if not self.is_bound:
            self.fields["first_name"].widget.attrs["autofocus"] = True
        self.only_site = sites[0] if len(sites) == 1 else None
        if self.only_site:
            del self.fields["site"]

    def clean_contact(self):
        return reached_by(self.cleaned_data["contact"])

    def clean_other_contact(self):
        return reached_by(self.cleaned_data["other_contact"])

    def clean(self):
        cleaned = super().clean()
        first, second = cleaned.get("contact"), cleaned.get("other_contact")
        if first and second and any(one and other for one, other in zip(first, second, strict=True)):
            self.add_error(
                "other_contact", _("One phone number and one e-mail address are kept. Keep the one she answers.")
            )
        return cleaned

    @property
    def identity(self) -> dict:
        phones, emails = zip(self.cleaned_data["contact"], self.cleaned_data["other_contact"], strict=True)
        named = ("first_name", "preferred_name", "sex", "born_on", "situation_at_entry", "diploma", "contact_source")
        return {name: self.cleaned_data[name] for name in named} | {"phone": "".join(phones), "email": "".join(emails)}


class Identity(About, Remembering):
    """Who she is and how she is reached, corrected by one of several hands."""

    first_name = words(_("First name"), LONGEST_NAME)
    preferred_name = words(_("Name she goes by"), LONGEST_NAME)
    phone = words(_("Phone"), 32, required=False)
    email = words(_("E-mail address"), 254, required=False)

    field_order = ["first_name", "preferred_name", "phone", "email"]
    SHOWN = (
        "first_name", "preferred_name", "phone", "email", "sex", "born_on", "situation_at_entry", "diploma",
        "contact_source",
    )  # fmt: skip

    def __init__(self, data=None, *, person: Person, today: date):
        super().__init__(data, shown={name: getattr(person, name) for name in self.SHOWN}, today=today)
        self.initial["phone"] = national(person.phone)

    def in_words(self, name, value):
        return national(value) if name == "phone" and value else super().in_words(name, value)

    # What a workbook brought as it was written is kept until someone corrects it.
    def clean_phone(self):
        said = self.cleaned_data["phone"]
        return said if said in ("", self.shown["phone"]) else as_phone(said)

    def clean_email(self):
        said = self.cleaned_data["email"]
        return said if said in ("", self.shown["email"]) else as_email(said)


class Decision(forms.Form):
    """Does she live in it? What the map could not settle, and why."""

    grounds = forms.ChoiceField(label=_("How do you know?"), choices=Grounds, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What someone will need to understand it in a year. Nothing on her private life."),
    )
    lives_in = forms.ChoiceField(label=_("Your answer"), widget=forms.HiddenInput)

    NOWHERE = "none"

    def __init__(self, *args, codes: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lives_in"].choices = [(code, code) for code in (*codes, self.NOWHERE)]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("grounds") == Grounds.OTHER and not cleaned.get("reason"):
            self.add_error("reason", _("Say what your decision rests on: a few words are enough."))
        return cleaned

    @property
    def qpv_code(self) -> str:
        return "" if self.cleaned_data["lives_in"] == self.NOWHERE else self.cleaned_data["lives_in"]
