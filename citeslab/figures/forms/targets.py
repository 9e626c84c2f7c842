"""Whose targets, of which year; a number aimed at, for one perimeter or for many sites."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from citeslab.figures.definitions.indicators import BY_ID, Indicator
from citeslab.figures.queries import FIRST_YEAR, aimable, can_be_aimed_at, read
from citeslab.figures.values import Perimeter
from citeslab.network.models import Site

NETWORK = "network"  # the whole network is said by nothing in an address; a form must say something
YEARS_AHEAD = 3  # agreements are made for so long
MOST = 1_000_000


def years(on: date) -> list[tuple[int, str]]:
    return [(year, str(year)) for year in range(on.year + YEARS_AHEAD, FIRST_YEAR - 1, -1)]


def sayable(perimeters: list[tuple[str, list[tuple[str, str]]]]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(group, [(said or NETWORK, name) for said, name in some]) for group, some in perimeters]


def heard(said: str) -> Perimeter:
    return Perimeter() if said == NETWORK else read(said)


def by_unit(indicators: Iterable[Indicator]) -> list[tuple[str, list[tuple[str, str]]]]:
    grouped: dict[str, list[tuple[str, str]]] = {}
    for one in indicators:
        grouped.setdefault(str(one.unit).capitalize(), []).append((one.id, str(one.wording)))
    return list(grouped.items())


def aim_input(label: str = "") -> forms.NumberInput:
    named = {"aria-label": label} if label else {}
    return forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric", **named})


class TargetsOf(forms.Form):
    """A year, and whose; what is not one of the choices is as if it had not been said."""

    annee = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)
    perimetre = forms.ChoiceField(label=_("Whose"), required=False)

    def __init__(self, *args, perimeters: list[tuple[str, list[tuple[str, str]]]], on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.on, self.perimeters = on, perimeters
        self.fields["annee"].choices = years(on)
        self.fields["perimetre"].choices = sayable(perimeters)
        self.first = perimeters[0][1][0][0]
        if sum(len(some) for _group, some in perimeters) == 1:
            del self.fields["perimetre"]

    def asked(self) -> tuple[int, Perimeter]:
        self.is_valid()
        said = self.cleaned_data
        return said.get("annee") or self.on.year, heard(said.get("perimetre") or self.first)

    def again(self) -> "TargetsOf":
        """The form as it was answered."""
        year, perimeter = self.asked()
        said = {"annee": year, "perimetre": perimeter.said or NETWORK}
        return TargetsOf(said, perimeters=self.perimeters, on=self.on)


class NewTarget(forms.Form):
    """A number aimed at."""

    annee = forms.TypedChoiceField(label=_("Year"), coerce=int)
    perimetre = forms.ChoiceField(label=_("Whose"))
    indicateur = forms.ChoiceField(label=_("Figure"))
    aim = forms.IntegerField(
        label=_("Number aimed at"), min_value=1, max_value=MOST, widget=aim_input(),
        help_text=_("By 31 December. A number that is set already is replaced, and kept below the new one."),
    )  # fmt: skip

    def __init__(self, *args, perimeters: list[tuple[str, list[tuple[str, str]]]], on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = years(on)
        self.fields["perimetre"].choices = sayable(perimeters)
        self.fields["indicateur"].choices = by_unit(aimable())

    def clean(self):
        said = self.cleaned_data
        if {"perimetre", "indicateur"} <= said.keys() and not can_be_aimed_at(
            said["indicateur"], heard(said["perimetre"])
        ):
            self.add_error(
                "indicateur", gettext("This figure is not counted by agreement: only collective actions name theirs.")
            )

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "year": said["annee"],
            "indicator": said["indicateur"],
            "perimeter": heard(said["perimetre"]),
            "aim": said["aim"],
        }


class FigureOfSites(forms.Form):
    """Which figure, which year, for a table of sites."""

    annee = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)
    indicateur = forms.ChoiceField(label=_("Figure"), required=False)

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["annee"].choices = years(on)
        self.fields["indicateur"].choices = by_unit(aimable())

    def asked(self) -> tuple[int, Indicator]:
        self.is_valid()
        said = self.cleaned_data
        return said.get("annee") or self.on.year, BY_ID[said.get("indicateur") or "persons_supported"]

    def again(self) -> "FigureOfSites":
        """The form as it was answered."""
        year, indicator = self.asked()
        return FigureOfSites({"annee": year, "indicateur": indicator.id}, on=self.on)


class TargetsOfSites(forms.Form):
    """One number a site. It carries what it showed: a row left as it was changes nothing, whoever did meanwhile."""

    def __init__(self, *args, sites: Sequence[Site], stands: Mapping[int, int], **kwargs):
        super().__init__(*args, **kwargs)
        self.sites = sites
        for site in sites:
            self.fields[name_of_field(site)] = forms.IntegerField(
                label=site.name, min_value=1, max_value=MOST, required=False, initial=stands.get(site.pk),
                show_hidden_initial=True, widget=aim_input(gettext("Aimed at, %(site)s") % {"site": site.name}),
            )  # fmt: skip

    def aims(self) -> dict[Perimeter, int | None]:
        """What was touched; nothing where the number was taken away."""
        return {
            Perimeter("site", str(site.pk)): self.cleaned_data[name_of_field(site)]
            for site in self.sites
            if name_of_field(site) in self.changed_data
        }


def name_of_field(site: Site) -> str:
    return f"site_{site.pk}"
