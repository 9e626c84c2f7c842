"""What is asked of an action, and of who comes to it."""

import json
import re
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from citeslab.accounts.models import User
from citeslab.core.values import instant
from citeslab.network.models import Site
from citeslab.partners.models import Office
from citeslab.people import forms as people
from citeslab.people.enums import Sex
from citeslab.territories import queries as territories
from citeslab.territories.values import territory_of
from citeslab.ui.forms import day_input, time_input
from citeslab.workshops import queries, values
from citeslab.workshops.enums import AgeBand, ClassLevel, How, Kind, State
from citeslab.workshops.models import Workshop
from citeslab.workshops.readers.sheets import MOST_BYTES

MOST_HEADS = 2_000
HALVES = 6  # half-days that one form holds
MOST_REPEATS = 12
EVERY = {"7": _("every week"), "14": _("every two weeks"), "28": _("every four weeks")}


def hour(label, *, required=False):
    return forms.TimeField(label=label, required=required, widget=time_input())


class Animators(forms.ModelMultipleChoiceField):
    def label_from_instance(self, user):
        return user.name


class Offices(forms.ModelChoiceField):
    def label_from_instance(self, office):
        return office.whole_name


class Programme(people.Address, forms.ModelForm):
    """An action, its half-days, its place, the seats kept for some, and the days it is held again."""

    animators = Animators(
        label=_("Who leads it"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    repeat = forms.ChoiceField(label=_("Held again"), choices=[("", _("no")), *EVERY.items()], required=False)
    times = forms.IntegerField(
        label=_("How many more times"),
        required=False,
        min_value=1,
        max_value=MOST_REPEATS,
        widget=forms.NumberInput(attrs={"class": "input-short", "min": 1, "max": MOST_REPEATS}),
    )
    kept_for_advisors = forms.IntegerField(
        label=_("Seats kept for those whom you register"),
        required=False,
        min_value=1,
        max_value=MOST_HEADS,
        widget=forms.NumberInput(attrs={"class": "input-short", "min": 1}),
    )
    kept_for_partner = forms.IntegerField(
        label=_("Seats kept for those whom the partner sends"),
        required=False,
        min_value=1,
        max_value=MOST_HEADS,
        widget=forms.NumberInput(attrs={"class": "input-short", "min": 1}),
    )

    class Meta:
        model = Workshop
        fields = (
            "kind", "title", "theme", "audience", "place", "capacity", "description", "partner", "agreement",
            "establishment", "class_level", "is_public", "site",
        )  # fmt: skip
        field_classes = {"partner": Offices}
        widgets = {
            "kind": forms.RadioSelect,
            "description": forms.Textarea(attrs={"rows": 3}),
            "capacity": forms.NumberInput(attrs={"class": "input-short", "min": 1}),
        }

    def __init__(self, *args, sites, animators, sessions=(), **kwargs):
        initial = kwargs.setdefault("initial", {})
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            initial = kwargs["initial"] = {**of_place(instance), **initial}
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = _("It says whether the action takes place in a priority neighborhood.")
        self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in Kind]
        self.fields["class_level"].choices = [("", "–"), *ClassLevel.choices]
        self.fields["animators"].queryset = animators
        self.fields["partner"].queryset = Office.objects.select_related("network").order_by("sort_key", "pk")
        self.fields["partner"].empty_label = _("no partner")
        self.fields["capacity"].help_text = _("Empty: all may come. Beyond, people wait in line and take freed seats.")
        self.fields["agreement"].help_text = _("Its number, as the funder writes it.")
        self.fields["is_public"].help_text = _("Anyone may register in three fields. Otherwise: on invitation.")
        self.fields["site"].queryset = Site.objects.filter(pk__in=[site.pk for site in sites])
        if len(sites) == 1:
            del self.fields["site"]
            self.instance.site = sites[0]
        if self.instance.pk:
            self.initial.setdefault("animators", [user.pk for user in self.instance.animators.all()])
            self.initial |= {
                "kept_for_partner" if quota.office_id else "kept_for_advisors": quota.seats
                for quota in self.instance.quotas.all()
            }
            del self.fields["repeat"], self.fields["times"]
        self.add_halves(sessions)

    def add_halves(self, sessions) -> None:
        for number in range(HALVES):
            self.fields |= {
                f"day_{number}": forms.DateField(label=_("Day"), required=not number, widget=day_input()),
                f"starts_{number}": hour(_("Begins at"), required=not number),
                f"ends_{number}": hour(_("Ends at"), required=not number),
            }
        for number, session in enumerate(sessions[:HALVES]):
            begins = timezone.localtime(session.starts_at)
            self.initial.setdefault(f"day_{number}", begins.date())
            self.initial.setdefault(f"starts_{number}", begins.time())
            self.initial.setdefault(f"ends_{number}", timezone.localtime(session.ends_at).time())

    def rows(self):
        """The fields of each half-day."""
        return [[self[f"{name}_{number}"] for name in ("day", "starts", "ends")] for number in range(HALVES)]

    @property
    def has_more_halves(self) -> bool:
        return any(field.value() or field.errors for row in self.rows()[1:] for field in row)

    def clean(self):
        asked = super().clean()
        before: datetime | None = None
        self.halves: list[tuple[datetime, datetime]] = []
        for number in range(HALVES):
            day, starts, ends = (asked.get(f"{name}_{number}") for name in ("day", "starts", "ends"))
            if number and not (starts or ends):
                continue
            if number and not (starts and ends):
                self.add_error(f"ends_{number}", _("A half-day has a beginning and an end."))
                continue
            day = day or (before.date() if before else None)
            if not (day and starts and ends):
                continue
            start, end = instant(day, starts), instant(day, ends)
            if end <= start:
                self.add_error(f"ends_{number}", _("The end comes after the beginning."))
            elif before and start < before:
                self.add_error(f"starts_{number}", _("A half-day begins after the one before."))
            else:
                self.halves.append((start, end))
                before = end
        if asked.get("kind") != Kind.SCHOOL:
            self.instance.establishment = asked["establishment"] = ""
            self.instance.class_level = asked["class_level"] = ""
        elif not asked.get("establishment") and "establishment" in self.fields:
            self.add_error("establishment", _("In which school or training center?"))
        if asked.get("kept_for_partner") and not asked.get("partner"):
            self.add_error("kept_for_partner", _("Choose the partner first."))
        if asked.get("repeat") and not asked.get("times"):
            self.add_error("times", _("How many more times?"))
        if "home" in asked:
            self.place(asked["home"])
        return asked

    def place(self, home) -> None:
        found = self.found_commune
        if found is None and home and home.commune_name:
            named = territories.commune_named(f"{home.postal_code} {home.commune_name}")
            found = named[0] if len(named) == 1 else None
        where = self.instance
        where.address = home.address if home else ""
        where.commune_name = found.name if found else (home.commune_name if home else "")
        where.commune_code = found.code if found else ""
        where.longitude, where.latitude = (home.longitude, home.latitude) if home else (None, None)
        where.territory = "" if where.longitude is None else territory_of(where.longitude, where.latitude)

    def again(self) -> list[list[tuple[datetime, datetime]]]:
        """The same half-days on the other days of the series, at the same hours of the clock."""
        asked = self.cleaned_data
        if not asked.get("repeat"):
            return []
        steps = [timedelta(days=int(asked["repeat"]) * time) for time in range(1, asked["times"] + 1)]
        return [[(later(start, step), later(end, step)) for start, end in self.halves] for step in steps]

    def kept(self) -> dict[int | None, int]:
        asked = self.cleaned_data
        kept: dict[int | None, int] = {}
        if asked.get("kept_for_advisors"):
            kept[None] = asked["kept_for_advisors"]
        if asked.get("kept_for_partner"):
            kept[asked["partner"].pk] = asked["kept_for_partner"]
        return kept


def of_place(workshop: Workshop) -> dict[str, object]:
    return {
        "address": workshop.address,
        "commune": workshop.commune_name,
        "longitude": workshop.longitude,
        "latitude": workshop.latitude,
    }


def later(moment: datetime, step: timedelta) -> datetime:
    local = timezone.localtime(moment)
    return instant(local.date() + step, local.time())


class Wanted(forms.Form):
    """What someone looks for on the public agenda; what cannot be read is left out."""

    WEEK, MONTH = "semaine", "mois"
    commune = forms.CharField(label=_("Commune or postal code"), max_length=120, required=False)
    km = forms.TypedChoiceField(
        label=_("Around"), coerce=int, required=False, choices=[(n, f"{n} km") for n in (5, 10, 20, 50)]
    )
    genre = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *Kind.choices], required=False)
    quand = forms.ChoiceField(
        label=_("When"),
        choices=[("", _("from now on")), (WEEK, _("within a week")), (MONTH, _("within a month"))],
        required=False,
    )
    du = forms.DateField(label=_("From the day"), widget=day_input(), required=False)
    departement = forms.RegexField(r"^[0-9][0-9AB][0-9]?$", required=False, widget=forms.HiddenInput)

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["commune"].widget.attrs["autocomplete"] = "postal-code"
        self.fields["km"].initial = 20

    def clean_commune(self):
        said = self.cleaned_data["commune"].replace("\0", "")
        if not said.strip():
            return None
        found = territories.commune_named(said)
        if not found:
            raise forms.ValidationError(
                _("No commune is called so. Check the spelling, or write the postal code alone.")
            )
        return found[0]  # the largest of those that are called so

    def wanted(self, *, on: date) -> queries.Wanted:
        self.is_valid()
        asked = self.cleaned_data if self.is_bound else {}
        since = max(on, asked.get("du") or on)
        within = {self.WEEK: timedelta(days=7), self.MONTH: timedelta(days=31)}.get(asked.get("quand", ""))
        return queries.Wanted(
            since=since,
            until=since + within if within else None,
            kind=asked.get("genre", ""),
            department=asked.get("departement", ""),
            commune=asked.get("commune"),
            km=asked.get("km") or 20,
        )

    def number(self) -> int:
        """How many lines a block shows."""
        said = self.data.get("n", "")
        return min(20, max(1, int(said))) if said.isascii() and said.isdecimal() and len(said) < 3 else 5

    def address(self, *, block: bool = False) -> str:
        """What was asked and could be read, as the end of an address."""
        asked = self.cleaned_data if self.is_bound else {}
        names = ("commune", "km", "genre", "quand", "du", "departement")
        said = {name: self.data.get(name) for name in names if asked.get(name) and self.data.get(name)}
        if block:
            said |= {"n": str(self.number())}
        return urlencode(said)


class Guest(forms.Form):
    """Three fields, and nothing else: who has neither phone nor e-mail address keeps a number."""

    first_name = people.words(_("First name"), people.LONGEST_NAME)
    preferred_name = people.words(_("Name"), people.LONGEST_NAME)
    contact = people.words(
        _("Phone or e-mail address"),
        254,
        required=False,
        help_text=_("To confirm, remind, or offer you a freed seat. Neither? You keep a number."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, kind in (("first_name", "given-name"), ("preferred_name", "family-name")):
            self.fields[name].widget.attrs["autocomplete"] = kind

    def clean_contact(self):
        return people.reached_by(self.cleaned_data["contact"])

    def who(self) -> values.Guest:
        asked = self.cleaned_data
        phone, email = asked["contact"]
        return values.Guest(asked["first_name"], asked["preferred_name"], phone, email)


class AdvisorsGuest(Guest):
    """The same, written by an advisor for someone who has no file; on the day, someone who walks in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="guest_%s", **kwargs)  # beside `Named` on one page
        self.fields["contact"].help_text = _("Neither? She keeps a number.")
        for name in ("first_name", "preferred_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class CallingOff(forms.Form):
    because = people.words(
        _("What people are told"),
        300,
        required=False,
        help_text=_("In the message to those who registered: why, and what comes instead."),
    )


BANDS = [band for band in AgeBand if band != AgeBand.UNKNOWN]


def heads(label):
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_HEADS,
        widget=forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
    )


class Heads(forms.Form):
    """People who came without a name, by sex and, where it is known, by age: no field can hold a name."""

    SEXES = (Sex.WOMAN, Sex.MAN, Sex.UNKNOWN)
    COLUMNS = {Sex.WOMAN: _("Women"), Sex.MAN: _("Men"), Sex.UNKNOWN: _("Not known")}

    def __init__(self, *args, counted: dict[tuple[str, str], int] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        for band in AgeBand:
            for sex in self.SEXES:
                label = f"{self.COLUMNS[sex]}, {band.label}" if band != AgeBand.UNKNOWN else self.COLUMNS[sex]
                field = self.fields[name_of(sex, band)] = heads(label)
                field.initial = (counted or {}).get((sex, band)) or None

    def total_row(self):
        """Where no age is said."""
        return [self[name_of(sex, AgeBand.UNKNOWN)] for sex in self.SEXES]

    def age_rows(self):
        return [(band.label, [self[name_of(sex, band)] for sex in self.SEXES]) for band in BANDS]

    @property
    def has_ages(self) -> bool:
        return any(field.value() or field.errors for _label, row in self.age_rows() for field in row)

    def counted(self) -> dict[tuple[str, str], int]:
        asked = self.cleaned_data
        return {(sex.value, band.value): asked[name_of(sex, band)] or 0 for band in AgeBand for sex in self.SEXES}


def name_of(sex: str, band: str) -> str:
    return f"{sex.lower()}_{band.lower()}"


class Named(Guest):
    """One of the heads counted who gives her name after all."""

    sex = forms.ChoiceField(label=_("Counted as"), choices=Sex)
    age_band = forms.ChoiceField(label=_("Age"), choices=AgeBand)

    field_order = ["first_name", "preferred_name", "contact", "sex", "age_band"]


class Mark(forms.Form):
    """One tap of the attendance list."""

    session = forms.IntegerField()
    registration = forms.IntegerField()
    state = forms.ChoiceField(choices=State)
    key = forms.UUIDField()
    told_at = forms.DateTimeField(required=False)


class SheetToCheck(forms.Form):
    """The file of an attendance sheet, by whoever holds one."""

    file = forms.FileField(
        label=_("Attendance sheet (PDF)"),
        help_text=_("The PDF as you received it: a scan or a photograph cannot be checked. 16 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        allow_empty_file=True,  # it is no sheet: said by the answer
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("This file is too large to be a sheet of ours: they hold 16 MB at most."))
        return file


class ListMark(Mark):
    """The same, by a list without script; what was on a paper sheet says so."""

    how = forms.ChoiceField(choices=[(How.LIST, ""), (How.PAPER, "")])


class CheckIn(forms.Form):
    """Who she says she is, by the code of the room, and her signature."""

    who = people.words(
        _("Your number, or the phone or e-mail address that you gave"),
        254,
        help_text=_("The number is on your message or your paper."),
    )
    first_name = people.words(_("Your first name"), people.LONGEST_NAME, required=False)
    strokes = forms.CharField(required=False, widget=forms.HiddenInput)
    agreed = forms.BooleanField(label=_("I sign without drawing"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)
    ticket = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks_first_name = False
        self.fields["who"].widget.attrs["autocapitalize"] = "none"
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"

    def clean_who(self):
        """The number, the phone or the address: which of them is said by `number`, `phone` and `email`."""
        said = self.cleaned_data["who"]
        self.number = self.phone = self.email = ""
        plain = NUMBER.fullmatch(said)
        if plain:
            self.number = plain[1]
        else:
            self.phone, self.email = people.reached_by(said)
        return said

    def clean(self):
        asked = super().clean()
        self.drawing = drawing_of(asked.get("strokes", ""))
        if self.drawing is None and not asked.get("agreed"):
            self.add_error("agreed", _("Draw your signature, or tick this box."))
        return asked

    def ask_first_name(self, why: str) -> None:
        """A household shares a phone: which of them, without showing any name."""
        self.asks_first_name = True
        self.add_error("first_name", why)


class WalkIn(Guest):
    """Who is not on the list: three fields, and her signature."""

    strokes = forms.CharField(required=False, widget=forms.HiddenInput)
    agreed = forms.BooleanField(label=_("I sign without drawing"), required=False)
    ticket = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"].help_text = _("Neither? Leave it empty.")

    def clean(self):
        asked = super().clean()
        self.drawing = drawing_of(asked.get("strokes", ""))
        if self.drawing is None and not asked.get("agreed"):
            self.add_error("agreed", _("Draw your signature, or tick this box."))
        return asked


NUMBER = re.compile(r"(?:n[°ºo]?\.?\s*)?([0-9]{1,5})", re.IGNORECASE)
MOST_DRAWN = 60_000  # letters of a drawing


def drawing_of(said: str) -> list | None:
    """What the page drew, as the service reads it; nothing when nothing was drawn."""
    if not said or len(said) > MOST_DRAWN:
        return None
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and found else None


FACES = [(3, _("Yes")), (2, _("So-so")), (1, _("No"))]


class Opinion(forms.Form):
    """Three pictograms, and no word: nothing that could say who she is."""

    useful = forms.TypedChoiceField(label=_("It was useful to me"), choices=FACES, coerce=int, widget=forms.RadioSelect)
    understood = forms.TypedChoiceField(label=_("I understood"), choices=FACES, coerce=int, widget=forms.RadioSelect)
    next_step = forms.TypedChoiceField(
        label=_("I know what to do next"), choices=FACES, coerce=int, widget=forms.RadioSelect
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class ActsFile(forms.Form):
    """A file that a phone saved; then, once looked at, what was in it."""

    acts = forms.FileField(label=_("File saved by the other phone"), widget=forms.FileInput(attrs={"accept": ".json"}))
