"""What someone looks for on the public agenda, what a town shows of it, and what a poster says beside the action."""

from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from citeslab.people import forms as people
from citeslab.territories import queries as territories
from citeslab.territories.models import Commune
from citeslab.ui.forms import day_input
from citeslab.workshops import queries
from citeslab.workshops.enums import Kind

NEAR = (5, 10, 20, 50)  # kilometers
LINES, USUAL_LINES = range(3, 13), 5


class Wanted(forms.Form):
    """Every field may be left empty, and nothing is refused: what cannot be read is told, and left out."""

    WEEK, MONTH = "semaine", "mois"
    commune = forms.CharField(label=_("Commune or postal code"), max_length=120, required=False)
    km = forms.TypedChoiceField(
        label=_("Around"), coerce=int, required=False, choices=[(km, f"{km} km") for km in NEAR], initial=20
    )
    quand = forms.ChoiceField(
        label=_("When"),
        choices=[("", _("from now on")), (WEEK, _("within a week")), (MONTH, _("within a month"))],
        required=False,
    )
    du = forms.DateField(label=_("From the day"), widget=day_input(), required=False)
    genre = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *Kind.choices], required=False)
    departement = forms.RegexField(r"^[0-9][0-9AB][0-9]?$", required=False, widget=forms.HiddenInput)
    langue = forms.ChoiceField(choices=settings.LANGUAGES, required=False, widget=forms.HiddenInput)

    def __init__(self, data):
        self.given = data.dict()
        usual = {name: field.initial for name, field in self.base_fields.items() if field.initial is not None}
        super().__init__(usual | self.given)
        self.meant: list[Commune] = []
        self.fields["commune"].widget.attrs["autocomplete"] = "postal-code"

    def clean_commune(self):
        """The first of those that it may mean; the others are in `meant`."""
        said = self.cleaned_data["commune"]
        if not said:
            return None
        self.meant = territories.communes_meant(said)
        if not self.meant:
            raise forms.ValidationError(
                _("No commune is called so. Check the spelling, or write the postal code alone.")
            )
        return self.meant[0]

    def wanted(self, *, on: date) -> queries.Wanted:
        self.is_valid()
        asked = self.cleaned_data
        asked_day = asked.get("du")
        since = asked_day if asked_day and asked_day > on else None
        within = {self.WEEK: timedelta(days=7), self.MONTH: timedelta(days=31)}.get(asked.get("quand", ""))
        return queries.Wanted(
            since=since,
            until=(since or on) + within if within else None,
            kind=asked.get("genre", ""),
            department=asked.get("departement", ""),
            commune=asked.get("commune"),
            km=asked.get("km") or self.fields["km"].initial,
        )

    def said(self, *names: str) -> dict[str, str]:
        """What was asked and could be read, as an address says it."""
        return {
            name: self.given[name]
            for name in names or self.fields
            if self.given.get(name) and self.cleaned_data.get(name)
        }


class Block(Wanted):
    """The block that a town puts on its own site: how many actions, in which look and language."""

    n = forms.TypedChoiceField(
        label=_("How many actions"),
        choices=[(lines, lines) for lines in LINES],
        coerce=int,
        required=False,
        initial=USUAL_LINES,
    )
    theme = forms.ChoiceField(
        label=_("Colors"),
        choices=[("", _("as the visitor chose")), ("clair", _("light")), ("sombre", _("dark"))],
        required=False,
    )
    langue = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False, initial="fr")

    @property
    def lines(self) -> int:
        return self.cleaned_data.get("n") or USUAL_LINES


class Poster(forms.Form):
    """What a poster says beside the action; kept nowhere."""

    phone = people.words(_("Phone number on the poster"), 32, required=False, help_text=_("Printed, and kept nowhere."))
    langue = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False, initial="fr")
