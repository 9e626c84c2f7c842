"""Who came: by name, by a tap of the list, or counted without a name; and the sheet that says so."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from citeslab.people.enums import Sex
from citeslab.workshops.enums import AgeBand, How, State
from citeslab.workshops.forms.registering import Guest
from citeslab.workshops.readers.sheets import MOST_BYTES

MOST_HEADS = 2_000
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


class ListMark(Mark):
    """The same, by a list without script; what was on a paper sheet says so."""

    how = forms.ChoiceField(choices=[(How.LIST, ""), (How.PAPER, "")])


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
