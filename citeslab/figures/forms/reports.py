"""A report begun, its blocks, its seal."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from citeslab.figures.definitions.indicators import BY_ID, INDICATORS
from citeslab.figures.enums import OF_NUMBERS, OF_WORDS, BlockKind, Breakdown, ReportKind, Secrecy
from citeslab.figures.models import Report
from citeslab.figures.queries import FIRST_YEAR, breakdowns_of, can_be_asked, kind_of, read
from citeslab.figures.values import Block
from citeslab.ui.forms import capitalized

MOST_YEARS = 15


class NewReport(forms.Form):
    """Whose, and which year."""

    perimetre = forms.ChoiceField(label=_("Whose"))
    annee = forms.IntegerField(
        label=_("Year"),
        help_text=_("A year that has begun; while it runs, the draft grows with it."),
        widget=forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
    )
    secrecy = forms.ChoiceField(
        label=_("Small numbers"),
        choices=capitalized(Secrecy.choices),
        initial=Secrecy.USUAL,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "For good. A site's own report has exact counts; only a report for a funder may be rounded. What a reader "
            "finds elsewhere on this site keeps to numbers under 5."
        ),
    )

    def __init__(self, *args, perimeters: list[tuple[str, list[tuple[str, str]]]], on: date, **kwargs):
        super().__init__(*args, initial={"annee": on.year - 1, "secrecy": Secrecy.USUAL}, **kwargs)
        self.on = on
        # The whole network is said by nothing in an address; a form must say something.
        self.fields["perimetre"].choices = [
            (group, [(said or "network", name) for said, name in some]) for group, some in perimeters
        ]
        if all(kind_of(read(said)) == ReportKind.SITE for _group, some in perimeters for said, _name in some):
            del self.fields["secrecy"]  # exact, all of them

    def clean_annee(self) -> int:
        year = self.cleaned_data["annee"]
        if year < FIRST_YEAR:
            raise forms.ValidationError(gettext("The network began in %(year)s.") % {"year": FIRST_YEAR})
        return year

    def clean(self):
        said = super().clean()
        is_rounded = said.get("secrecy") == Secrecy.ROUNDED
        if is_rounded and said.get("perimetre") and self.kind() == ReportKind.NETWORK:
            self.add_error("secrecy", gettext("Only a report for a funder is rounded; a site's own is exact."))
        return said

    def kind(self) -> str:
        return kind_of(read(self.cleaned_data["perimetre"]))

    def asked(self) -> dict[str, Any]:
        """A site's own report is exact, whatever was chosen."""
        said = self.cleaned_data
        chosen = said.get("secrecy") or Secrecy.USUAL
        return {
            "kind": self.kind(),
            "perimeter": read(said["perimetre"]),
            "year": said["annee"],
            "secrecy": Secrecy.USUAL if self.kind() == ReportKind.SITE else Secrecy(chosen),
        }


def words_of(block: Block) -> str:
    """A block in one line: its words, or what it shows and by what."""
    if block.kind in OF_WORDS:
        return block.words.get(get_language() or "", "") or next(iter(block.words.values()), "")
    if block.kind not in OF_NUMBERS:
        return ""
    what = str(BY_ID[block.indicator].wording) if block.indicator in BY_ID else block.indicator
    by = ", ".join(str(Breakdown(one).label) for one in block.by)
    years = gettext("since %(years)s years before") % {"years": block.years} if block.years else ""
    by = gettext("by %(classes)s") % {"classes": by} if by else ""
    return ", ".join(filter(None, [what, by, years]))


class NewBlock(forms.Form):
    """One more block, and after which."""

    kind = forms.ChoiceField(label=_("What to add"), choices=capitalized(BlockKind.choices))
    indicator = forms.ChoiceField(label=_("Figure"), required=False, help_text=_("For a figure, a table or a chart."))
    by = forms.ChoiceField(label=_("By"), required=False)
    and_by = forms.ChoiceField(label=_("And by"), required=False)
    years = forms.IntegerField(
        label=_("Years before"), required=False, min_value=0, max_value=MOST_YEARS,
        help_text=_("Shown beside the report's own year, each in a column."),
        widget=forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
    )  # fmt: skip
    fr = forms.CharField(
        label=_("In French"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "lang": "fr"}),
        help_text=_("For a heading or your own sentences. Write nobody's name."),
    )  # fmt: skip
    en = forms.CharField(
        label=_("In English"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "lang": "en"})
    )
    after = forms.TypedChoiceField(label=_("Where"), coerce=int)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, report: Report, blocks: Sequence[Block], seen: str, **kwargs):
        initial = {"after": len(blocks), "kind": BlockKind.SENTENCE, "seen": seen}
        super().__init__(*args, initial=initial, **kwargs)
        self.report = report
        by_unit: dict[str, list[tuple[str, str]]] = {}
        for one in INDICATORS:
            if can_be_asked(Block(BlockKind.FIGURE, one.id), report.perimeter):
                by_unit.setdefault(str(one.unit).capitalize(), []).append((one.id, str(one.wording)))
        self.fields["indicator"].choices = [("", _("none")), *by_unit.items()]
        self.fields["by"].choices = self.fields["and_by"].choices = [
            ("", _("nothing")), *[(one.value, one.label) for one in Breakdown],
        ]  # fmt: skip
        self.fields["after"].choices = [
            (0, _("At the top")),
            *[(place, place_words(place, block)) for place, block in enumerate(blocks, start=1)],
        ]

    def clean(self):
        said = self.cleaned_data
        kind = said.get("kind")
        if kind in OF_WORDS:
            for language in ("fr", "en"):
                if not (said.get(language) or "").strip():
                    self.add_error(language, gettext("The report is read in both languages: say it here too."))
        elif kind in OF_NUMBERS:
            self.clean_numbers(said, kind)

    def clean_numbers(self, said, kind) -> None:
        if not said.get("indicator"):
            self.add_error("indicator", gettext("Choose which figure."))
            return
        by = [one for one in (said.get("by"), said.get("and_by")) if one]
        indicator = BY_ID[said["indicator"]]
        if kind == BlockKind.FIGURE and (by or said.get("years")):
            self.add_error("kind", gettext("A figure alone is not broken down: make it a table."))
        if len(by) != len(set(by)) or (said.get("and_by") and not said.get("by")):
            self.add_error("and_by", gettext("Choose two different breakdowns, the first one first."))
        if said.get("years") and len(by) > 1:
            self.add_error("and_by", gettext("Over several years a figure is broken down once."))
        for name in ("by", "and_by"):
            if said.get(name) and Breakdown(said[name]) not in breakdowns_of(indicator):
                self.add_error(
                    name,
                    gettext("This figure is not broken down by %(class)s.") % {"class": Breakdown(said[name]).label},
                )
        if not self.errors and not can_be_asked(self.block(), self.report.perimeter):
            self.add_error("indicator", gettext("This figure cannot be asked so on this perimeter."))

    def block(self) -> Block:
        said = self.cleaned_data
        if said["kind"] in OF_WORDS:
            return Block(said["kind"], words={language: said[language].strip() for language in ("fr", "en")})
        if said["kind"] not in OF_NUMBERS:
            return Block(said["kind"])
        by = tuple(one for one in (said.get("by"), said.get("and_by")) if one)
        return Block(said["kind"], said["indicator"], by, said.get("years") or 0)

    def asked(self) -> tuple[Block, int]:
        return self.block(), self.cleaned_data["after"]


def place_words(place: int, block: Block) -> str:
    words = words_of(block) or str(BlockKind(block.kind).label)
    return gettext("After %(place)s. %(words)s") % {"place": place, "words": words[:60]}


class Words(forms.Form):
    """A heading or a sentence, in both languages."""

    fr = forms.CharField(
        label=_("In French"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "lang": "fr"}),
        help_text=_("Write nobody's name."),
    )  # fmt: skip
    en = forms.CharField(label=_("In English"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class Sealing(forms.Form):
    """The first seal asks nothing; a correction says why."""

    reason = forms.CharField(
        label=_("What this version corrects, and why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Printed in the report. Write nobody's name."),
    )  # fmt: skip

    def __init__(self, *args, corrects: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["reason"]
