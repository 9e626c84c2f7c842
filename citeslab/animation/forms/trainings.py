"""What the pilot offers, what each says of her craft, what she thought of a session."""

from collections.abc import Mapping
from datetime import date, datetime

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from citeslab.animation import definitions
from citeslab.animation.enums import Competence
from citeslab.animation.models import Enrolment, HalfDay
from citeslab.core.values import instant
from citeslab.territories.models import Department
from citeslab.ui.forms import capitalized, day_input, time_input
from citeslab.ui.values import clock, day

HALVES = 4  # half-days that one form holds
MOST_SEATS = 500
FACES = [(1, _("no")), (2, _("so-so")), (3, _("yes"))]


def competence_choices(on: date) -> list[tuple[str, str]]:
    return [(one.value, capfirst(one.label)) for one in definitions.competences(on)]


class TrainingForm(forms.Form):
    """An entry of the catalogue."""

    title = forms.CharField(label=_("Title"), max_length=160)
    purpose = forms.CharField(label=_("What one learns"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}))
    competences = forms.MultipleChoiceField(label=_("Competences that it grows"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["competences"].choices = competence_choices(on)


class SessionForm(forms.Form):
    """Days, a place or a link, seats."""

    place = forms.CharField(label=_("Place"), required=False, max_length=160)
    link = forms.URLField(
        label=_("Link of the meeting"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("For a session at a distance."),
    )
    seats = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=MOST_SEATS,
        widget=forms.NumberInput(attrs={"class": "input-short", "min": 1}),
        help_text=_("Beyond, colleagues wait in line and take the seats that are given back."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(HALVES):
            needed = not number
            self.fields |= {
                f"day_{number}": forms.DateField(label=_("Day"), required=needed, widget=day_input()),
                f"starts_{number}": forms.TimeField(label=_("Begins at"), required=needed, widget=time_input()),
                f"ends_{number}": forms.TimeField(label=_("Ends at"), required=needed, widget=time_input()),
            }

    def rows(self):
        return [[self[f"{name}_{number}"] for name in ("day", "starts", "ends")] for number in range(HALVES)]

    def clean(self):
        asked = super().clean()
        self.half_days: list[tuple[datetime, datetime]] = []
        for number in range(HALVES):
            held_on, starts, ends = (asked.get(f"{name}_{number}") for name in ("day", "starts", "ends"))
            if number and not (held_on or starts or ends):
                continue
            if not (held_on and starts and ends):
                if number:
                    self.add_error(f"ends_{number}", _("A half-day has a day, a beginning and an end."))
                continue
            start, end = instant(held_on, starts), instant(held_on, ends)
            if end <= start:
                self.add_error(f"ends_{number}", _("The end comes after the beginning."))
            elif self.half_days and start < self.half_days[-1][1]:
                self.add_error(f"starts_{number}", _("A half-day begins after the one before."))
            else:
                self.half_days.append((start, end))
        if not asked.get("place") and not asked.get("link") and "link" not in self.errors:
            self.add_error("place", _("Say where it is: a place, or a link."))
        return asked


class Presences(forms.Form):
    """One choice a half-day: who was there."""

    def __init__(self, *args, half_days: list[HalfDay], enrolled: list[Enrolment], **kwargs):
        super().__init__(*args, **kwargs)
        self.half_days = half_days
        choices = [(one.pk, one.user.name) for one in enrolled]
        for half_day in half_days:
            self.fields[f"half_{half_day.pk}"] = forms.TypedMultipleChoiceField(
                label=f"{day(timezone.localdate(half_day.starts_at), 'near')}, {clock(half_day.starts_at)}",
                coerce=int,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def there(self) -> dict[int, list[int]]:
        return {half_day.pk: self.cleaned_data[f"half_{half_day.pk}"] for half_day in self.half_days}

    def rows(self):
        return [(half_day, self[f"half_{half_day.pk}"]) for half_day in self.half_days]


def question(label) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, choices=capitalized(FACES), widget=forms.RadioSelect)


class EvaluationForm(forms.Form):
    """Three questions; nothing says who answered."""

    useful = question(_("I will use it"))
    clear = question(_("It was clear"))
    recommended = question(_("I would tell a colleague to go"))


class CompetencesForm(forms.Form):
    """What she is good at, in her words, and what she wishes to grow."""

    def __init__(self, *args, skills: Mapping[str, str], needs: frozenset[str], on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.competences = definitions.competences(on)
        for one in self.competences:
            self.fields |= {
                f"can_{one}": forms.BooleanField(
                    label=_("I can help a colleague with it"), required=False, initial=one in skills
                ),
                f"words_{one}": forms.CharField(
                    label=_("In your words"), required=False, max_length=200, initial=skills.get(one, "")
                ),
                f"needs_{one}": forms.BooleanField(label=_("I wish to grow it"), required=False, initial=one in needs),
            }

    def rows(self):
        return [(one, *(self[f"{name}_{one}"] for name in ("can", "words", "needs"))) for one in self.competences]

    def skills(self) -> dict[str, str]:
        said = self.cleaned_data
        return {one.value: said[f"words_{one}"] for one in self.competences if said[f"can_{one}"]}

    def needs(self) -> list[str]:
        return [one.value for one in self.competences if self.cleaned_data[f"needs_{one}"]]


class DepartmentChoice(forms.ModelChoiceField):
    def label_from_instance(self, department):
        return f"{department.code} {department.name}"


class ColleaguesFilter(forms.Form):
    competence = forms.ChoiceField(
        label=_("Good at"), required=False, choices=[("", _("Any competence")), *capitalized(Competence.choices)]
    )
    department = DepartmentChoice(
        label=_("Department"),
        required=False,
        queryset=Department.objects.order_by("code"),
        empty_label=_("All departments"),
    )
    words = forms.CharField(
        label=_("A word of what they say"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
