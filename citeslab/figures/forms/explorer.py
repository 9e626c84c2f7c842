"""Which year, which site; which figure, whose, by what."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.core.values import last_day
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS, Indicator
from citeslab.figures.enums import Breakdown
from citeslab.figures.queries import FIRST_YEAR, Asked, breakdowns_of
from citeslab.figures.values import Perimeter
from citeslab.network.models import Site
from citeslab.territories.queries import in_force_on, neighborhood_of, neighborhoods_like

MOST_FOUND = 12


class YearOfSite(forms.Form):
    """A year that has begun, and one of the sites that this user sees."""

    annee = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), to_field_name="code", required=False, empty_label=None
    )

    def __init__(self, *args, sites, last_year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = [(year, str(year)) for year in range(last_year, FIRST_YEAR - 1, -1)]
        self.fields["site"].queryset = sites
        if len(sites) < 2:
            del self.fields["site"]


class Explorer(forms.Form):
    """A figure, whose, when, by what. What cannot be is left out, and `left_out` says so in words."""

    indicateur = forms.ChoiceField(label=_("Figure"), required=False)
    perimetre = forms.ChoiceField(label=_("Whose"), required=False)
    annee = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)
    depuis = forms.TypedChoiceField(label=_("Since the year"), coerce=int, required=False, empty_value=None)
    par = forms.ChoiceField(label=_("By"), required=False)
    et = forms.ChoiceField(label=_("And by"), required=False)
    quartier = forms.CharField(
        label=_("Find a priority neighborhood"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=_("Its name, or that of its town."),
    )

    def __init__(
        self, *args, perimeters: list[tuple[str, list[tuple[str, str]]]], on: date, searches: bool = False, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.on, self.searches = on, searches
        if not searches:
            del self.fields["quartier"]
        self.left_out: list[str] = []
        by_unit: dict[str, list[tuple[str, str]]] = {}
        for one in INDICATORS:
            if breakdowns_of(one):
                by_unit.setdefault(str(one.unit).capitalize(), []).append((one.id, str(one.wording)))
        years = [(year, str(year)) for year in range(on.year, FIRST_YEAR - 1, -1)]
        by = [("", _("nothing")), *[(one.value, one.label) for one in Breakdown]]
        self.fields["indicateur"].choices = list(by_unit.items())
        self.fields["perimetre"].choices = perimeters
        self.fields["annee"].choices = years
        self.fields["depuis"].choices = [("", _("that year alone")), *years]
        self.fields["par"].choices = self.fields["et"].choices = by
        if sum(len(some) for _group, some in perimeters) == 1:
            del self.fields["perimetre"]
        self.first = perimeters[0][1][0][0]

    def asked(self) -> Asked:
        """What was asked, as far as it can be answered."""
        self.is_valid()
        said = self.cleaned_data
        for name in self.errors:
            self.left_out.append(str(_("%(field)s: this choice does not exist.") % {"field": self.fields[name].label}))
        indicator = BY_ID[said.get("indicateur") or "persons_supported"]
        level, _colon, code = (said.get("perimetre") or self.first).partition(":")
        year = said.get("annee") or self.on.year
        since = said.get("depuis")
        if since is not None and since >= year:
            since = None
        if level not in (Breakdown.SITE, "") and Breakdown(level) not in breakdowns_of(indicator):
            self.left_out.append(str(_("This figure is not counted by %(level)s.") % {"level": Breakdown(level).label}))
            level, code = "", ""
        chosen = [Breakdown(one) for one in (said.get("par"), said.get("et")) if one]
        fit = [one for one in dict.fromkeys(chosen) if one in breakdowns_of(indicator)]
        for one in set(chosen) - set(fit):
            self.left_out.append(str(_("This figure is not broken down by %(class)s.") % {"class": one.label}))
        if since is not None and len(fit) > 1:
            self.left_out.append(str(_("Over several years a figure is broken down once: the second is left out.")))
            fit = fit[:1]
        return Asked(indicator, Perimeter(level if code else "", code), year, since, tuple(fit))

    def found(self) -> list[dict[str, str]]:
        """The neighborhoods of what was searched, each with the address of its figures."""
        if not (words := self.cleaned_data.get("quartier")):
            return []
        address = self.data.copy()
        address.pop("quartier")
        found = []
        for one, towns in neighborhoods_like(words, limit=MOST_FOUND):
            address["perimetre"] = f"{Breakdown.QPV}:{one.code}"
            found.append(
                {
                    "name": one.name,
                    "code": one.code,
                    "towns": towns,
                    "edition": one.release.get_edition_display(),
                    "url": f"?{address.urlencode()}",
                }
            )
        return found

    @staticmethod
    def neighborhood(asked: Asked) -> dict[str, Any] | None:
        """What to know of the neighborhood that is the perimeter: its edition, and whether it was in force."""
        one = neighborhood_of(asked.perimeter.code) if asked.perimeter.level == Breakdown.QPV else None
        if one is None:
            return None
        return {"edition": one.release.get_edition_display(), "in_force": in_force_on(one, last_day(asked.year))}

    def again(self, asked: Asked) -> "Explorer":
        """The form as it was answered."""
        said = {
            "indicateur": asked.indicator.id,
            "perimetre": asked.perimeter.said,
            "annee": asked.year,
            "depuis": asked.since or "",
            "par": asked.by[0] if asked.by else "",
            "et": asked.by[1] if len(asked.by) > 1 else "",
            "quartier": self.cleaned_data.get("quartier", ""),
        }
        perimeters = (
            self.fields["perimetre"].choices if "perimetre" in self.fields else [("", [(asked.perimeter.said, "")])]
        )
        return Explorer(said, perimeters=list(perimeters), on=self.on, searches=self.searches)


class Comparison(forms.Form):
    """With which other meaning, whose, when."""

    avec = forms.ChoiceField(label=_("Compare with"), required=False)
    perimetre = forms.ChoiceField(label=_("Whose"), required=False)
    annee = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)

    def __init__(self, *args, others: list[Indicator], perimeters: list[tuple[str, list[tuple[str, str]]]], on: date):
        super().__init__(*args)
        self.others = {one.said: one for one in others}
        self.fields["avec"].choices = [(one.said, meaning(one)) for one in others]
        self.fields["perimetre"].choices = perimeters
        self.fields["annee"].choices = [(year, str(year)) for year in range(on.year, FIRST_YEAR - 1, -1)]
        self.first = perimeters[0][1][0][0]
        self.on = on

    def asked(self) -> tuple[Indicator, Perimeter, int]:
        """What is compared: of what cannot be, the first that can."""
        self.is_valid()
        said = self.cleaned_data
        other = self.others.get(said.get("avec") or "") or next(iter(self.others.values()))
        level, _colon, code = (said.get("perimetre") or self.first).partition(":")
        return other, Perimeter(level if code else "", code), said.get("annee") or self.on.year

    def again(self) -> "Comparison":
        """The form as it was answered."""
        other, perimeter, year = self.asked()
        return Comparison(
            {"avec": other.said, "perimetre": perimeter.said, "annee": year},
            others=list(self.others.values()),
            perimeters=list(self.fields["perimetre"].choices),
            on=self.on,
        )


def meaning(one: Indicator) -> str:
    """A version by its number, another meaning by its words."""
    return _("%(words)s, version %(version)s") % {"words": one.wording, "version": one.version}
