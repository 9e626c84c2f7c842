"""What the library may be asked, and what is written in it."""

import re
from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.animation import rules
from citeslab.animation.models import Version
from citeslab.animation.values import Step, Text
from citeslab.network.models import Site

STEP = re.compile(r"^(\d{1,3})(?!\d)\s*(?:min\.?|mn|')?\s*[-–:.]?\s*(\S.*)$")
MOST_STEPS = 20
PLAIN = {"autocomplete": "off"}


def search_input() -> forms.TextInput:
    return forms.TextInput(attrs={"type": "search", "autocomplete": "off", "inputmode": "search"})


class MethodFilter(forms.Form):
    words = forms.CharField(label=_("Search a method"), required=False, max_length=100, widget=search_input())


class Steps(forms.Field):
    """A step a line, its minutes first."""

    widget = forms.Textarea

    def to_python(self, value):
        lines = [line.strip() for line in (value or "").replace("\0", "").splitlines() if line.strip()]
        found = [STEP.match(line) for line in lines]
        for line, match in zip(lines, found, strict=True):
            if not match or not int(match[1]):
                said = _("This line does not begin with its minutes: %(line)s") % {"line": line[:60]}
                raise forms.ValidationError(said)
            if len(match[2]) > 300:
                raise forms.ValidationError(_("A step is said in 300 characters at most."))
        if len(found) > MOST_STEPS:
            raise forms.ValidationError(_("A method has twenty steps at most."))
        return tuple(Step(int(match[1]), match[2]) for match in found if match)

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else written(value)


def written(steps: Iterable[Step]) -> str:
    return "\n".join(f"{step.minutes} {step.words}" for step in steps)


class MethodText(forms.Form):
    """A method, as a colleague who was not there needs it."""

    title = forms.CharField(label=_("Title"), max_length=160, widget=forms.TextInput(attrs=PLAIN))
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=2_000,
        help_text=_("What people leave with. Name nobody: this page is read by the whole network."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    audience = forms.CharField(
        label=_("For whom"), max_length=160, help_text=_("How many people, who, from which age.")
    )
    steps = Steps(
        label=_("How it goes"),
        required=False,
        help_text=_("A step a line, its minutes first: 20 Each says her idea in two sentences."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    material = forms.CharField(
        label=_("Material"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    link = forms.URLField(
        label=_("Address of its documents"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("Where colleagues find the slides and the sheets."),
    )
    licence = forms.ChoiceField(
        label=_("Licence"),
        required=False,
        help_text=_("All of these let colleagues use it and change it. It is needed to publish."),
    )
    changes = forms.CharField(
        label=_("What this version changes"),
        required=False,
        max_length=300,
        help_text=_("In a sentence, for those who know the version before."),
    )
    site = forms.ModelChoiceField(label=_("Author site"), queryset=Site.objects.none())

    def __init__(
        self, *args, source: Version | None = None, sites: Sequence[Site] = (), is_first: bool = True, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.fields["licence"].choices = [("", _("Not chosen yet"))] + [
            (one.value, one.label) for one in rules.licences(source)
        ]
        self.fields["site"].queryset = Site.objects.filter(pk__in=[site.pk for site in sites]).order_by("sort_key")
        if len(sites) < 2:
            del self.fields["site"]
            self.only = sites[0] if sites else None
        if is_first:
            del self.fields["changes"]

    def author(self) -> Site | None:
        return self.cleaned_data["site"] if "site" in self.fields else self.only

    def text(self) -> Text:
        return Text(**{name: value for name, value in self.cleaned_data.items() if name != "site"})


def of_version(version: Version) -> dict[str, object]:
    """What a form shows of a version."""
    names = ("title", "purpose", "audience", "material", "link", "licence")
    steps = [Step(step.minutes, step.words) for step in version.steps.all()]
    return {name: getattr(version, name) for name in names} | {"steps": written(steps)}
