"""In the room: who signs by its code, who walks in, three faces, and the file of another phone."""

import json
import re

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.people import forms as people
from citeslab.workshops.forms.registering import Guest

NUMBER = re.compile(r"(?:n[°ºo]?\.?\s*)?([0-9]{1,5})", re.IGNORECASE)
MOST_DRAWN = 60_000  # letters of a drawing
FACES = [(3, _("Yes")), (2, _("So-so")), (1, _("No"))]


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


def drawing_of(said: str) -> list | None:
    """What the page drew, as the service reads it; nothing when nothing was drawn."""
    if not said or len(said) > MOST_DRAWN:
        return None
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and found else None


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
