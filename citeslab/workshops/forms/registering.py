"""Who registers: three fields."""

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.people import forms as people
from citeslab.workshops import values


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
