"""How every form is drawn. `FORM_RENDERER` names the class; a form needs nothing of its own to look right."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.forms.renderers import TemplatesSetting
from django.utils.text import capfirst

from citeslab.ui.values import day


class Renderer(TemplatesSetting):
    """`{{ form }}`: the summary of errors, then one field under the other."""

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"

    def render(self, template_name, context, request=None):
        # What `{% field %}` may say of a field, and `{{ form }}` does not.
        return super().render(template_name, {"quiet": False, "grid": "", "attributes": {}, **context}, request)


def capitalized(choices) -> list:
    """Choices as one reads them on a button; in a sentence they are written small."""
    return [(value, capfirst(label)) for value, label in choices]


def day_input(**attributes: Any) -> forms.DateInput:
    """A day, in the form that the browser's own field speaks."""
    return forms.DateInput(attrs={"type": "date", "class": "input-short", **attributes}, format="%Y-%m-%d")


def time_input(**attributes: Any) -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time", "class": "input-short", **attributes}, format="%H:%M")


@dataclass(frozen=True)
class Change:
    """A field that someone else saved after the form was opened, each value in words."""

    label: str
    before: str
    now: str
    wrote: str  # empty when this user had left the field as it was: it then takes the new value


class Remembering(forms.Form):
    """A form that carries what it showed when it was opened, so that two people may correct one file.

    `shown` is what the file says now. The act is given `wrote` and `seen`; when it refuses because the file says
    something else since, `meet(now)` keeps what was typed, takes what was not touched, lists the `changes`, and the
    next sending counts as having seen them.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, shown: dict[str, Any], **kwargs):
        self.shown = shown
        self.changes: list[Change] = []
        super().__init__(data, initial={**shown, "seen": packed(shown)}, **kwargs)
        self.fields["seen"].required = False

    @property
    def wrote(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.shown}

    @property
    def seen_values(self) -> dict[str, Any]:
        """What was shown, as the fields read it; nothing when it did not come back whole."""
        try:
            kept = signing.loads(self.data.get(self.add_prefix("seen"), ""), salt="ui.forms.remembering")
        except signing.BadSignature:
            return {}
        return {
            name: value if isinstance(self.shown[name], str) else self.fields[name].to_python(value)
            for name, value in kept.items()
            if name in self.shown
        }

    def meet(self, now: dict[str, Any]) -> None:
        seen, wrote = self.seen_values, self.wrote
        data = self.data.copy()
        for name in self.shown:
            before = seen.get(name)
            if now[name] == before:
                continue
            touched = wrote[name] not in (before, now[name])
            self.changes.append(
                Change(
                    str(self.fields[name].label),
                    self.in_words(name, before),
                    self.in_words(name, now[name]),
                    self.in_words(name, wrote[name]) if touched else "",
                )
            )
            if not touched:
                data[self.add_prefix(name)] = plain(now[name])
        data[self.add_prefix("seen")] = packed(now)
        self.data = data

    def in_words(self, name: str, value: Any) -> str:
        if isinstance(value, date):
            return day(value)
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, plain(value)))


def plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def packed(values: dict[str, Any]) -> str:
    return signing.dumps({name: plain(value) for name, value in values.items()}, salt="ui.forms.remembering")


class Specimen(forms.Form):
    """One field of each kind, for the living page of the look."""

    NATURES = [("FIRST", "First meeting"), ("FOLLOW_UP", "Follow-up"), ("PHONE", "Telephone")]

    name = forms.CharField(help_text="As she says it herself.")
    email = forms.EmailField(required=False)
    met_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date", "class": "input-short"}))
    nature = forms.ChoiceField(choices=NATURES, widget=forms.RadioSelect)
    site = forms.ChoiceField(choices=[("", "Choose a site"), ("TLS", "Toulouse, Grand Mirail")])
    retained = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="Two sentences are enough. Nothing on health, origin, religion or justice.",
    )
    workbook = forms.FileField(
        help_text="An .xlsx workbook of 25 MB at most.", widget=forms.FileInput(attrs={"accept": ".xlsx"})
    )
    agreed = forms.BooleanField(label="She agreed, in writing", help_text="The paper stays at the site.")
