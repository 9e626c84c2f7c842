"""What is asked on the pages of the agenda."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citeslab.agenda.enums import Kind, Nth, Rhythm, Weekday
from citeslab.agenda.models import Appointment, FirstContact, Surgery
from citeslab.core.values import instant
from citeslab.notifications.enums import Channel as Way
from citeslab.people import forms as people
from citeslab.ui.forms import capitalized, day_input, time_input

USUAL = 45  # minutes
LENGTHS = [(15, "15 min"), (30, "30 min"), (45, "45 min"), (60, "1 h"), (90, "1 h 30")]


class OneTime(forms.Form):
    """A free slot chosen by its button, or a day and an hour."""

    slot = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("How you meet"), choices=Kind, widget=forms.RadioSelect, initial=Kind.MEET)
    day = forms.DateField(label=_("Day"), required=False, widget=day_input())
    from_time = forms.TimeField(label=_("Hour"), required=False, widget=time_input())
    minutes = forms.TypedChoiceField(label=_("Length"), choices=LENGTHS, coerce=int, initial=USUAL, required=False)
    place = forms.CharField(label=_("Place"), max_length=300, required=False)

    def __init__(self, *args, slots, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = capitalized(Kind.choices)
        self.slots = {slot.starts_at.isoformat(): slot for slot in slots}

    def clean_slot(self):
        asked = self.cleaned_data["slot"]
        if asked and asked not in self.slots:
            raise forms.ValidationError(_("This time has just been taken. Choose another one below."))
        return self.slots.get(asked)

    def clean(self):
        asked = super().clean()
        if "slot" in self.errors:
            # The field has no face: what is wrong with it is said above the form.
            self.add_error(None, self.errors.pop("slot").as_data())
        elif not asked.get("slot"):
            for name in ("day", "from_time"):
                if not asked.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose a free slot above, or say the day and the hour."))
        return asked

    def time(self) -> dict:
        """What was chosen, as `book` and `move` ask it."""
        asked = self.cleaned_data
        if slot := asked.get("slot"):
            return {"starts_at": slot.starts_at, "minutes": slot.minutes, "place": slot.place, "kind": asked["kind"]}
        return {
            "starts_at": instant(asked["day"], asked["from_time"]),
            "minutes": asked["minutes"] or USUAL,
            "place": asked["place"],
            "kind": asked["kind"],
        }


class Booking(OneTime):
    told_by = forms.ChoiceField(label=_("Reminder"), widget=forms.RadioSelect, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    field_order = ["kind", "told_by", "day", "from_time", "minutes", "place"]

    def __init__(self, *args, ways, **kwargs):
        super().__init__(*args, **kwargs)
        names = {Way.EMAIL: _("by e-mail"), Way.SMS: _("by text message")}
        self.fields["told_by"].choices = capitalized(
            [*((way.value, names[way]) for way in ways), ("", _("no reminder"))]
        )
        self.fields["told_by"].initial = ways[0].value if ways else ""
        self.fields["key"].initial = uuid.uuid4().hex

    def wanted(self) -> dict:
        asked = self.cleaned_data
        return {**self.time(), "told_by": asked["told_by"], "key": asked["key"] or None}


class Moving(OneTime):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def as_it_is(appointment: Appointment) -> dict:
        begins = timezone.localtime(appointment.starts_at)
        return {
            "kind": appointment.kind,
            "day": begins.date(),
            "from_time": begins.time(),
            "minutes": appointment.minutes,
            "place": appointment.place,
            "seen": appointment.sequence,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.initial.get("minutes")
        if known and known not in dict(LENGTHS):
            self.fields["minutes"].choices = sorted([*LENGTHS, (known, f"{known} min")])

    def wanted(self) -> dict:
        return {**self.time(), "seen": self.cleaned_data["seen"]}


class ClosedDay(forms.Form):
    day = forms.DateField(label=_("Day"), widget=day_input())


class NewFile(forms.Form):
    """The file that a first contact opens: the name that she wrote, parted in two."""

    first_name = people.words(_("First name"), people.LONGEST_NAME)
    preferred_name = people.words(_("Name she goes by"), people.LONGEST_NAME)

    @staticmethod
    def named(contact: FirstContact) -> dict[str, str]:
        first, _space, rest = contact.name.partition(" ")
        return {"first_name": first, "preferred_name": rest}


class PublicName(forms.Form):
    first_name = people.words(
        _("First name"), 80, help_text=_("As you want to be called. Your family name is never shown.")
    )
    speaks = people.words(
        _("Languages that you speak"), 120, required=False, help_text=_("As one reads them: French and Portuguese.")
    )


class SurgeryDay(forms.Form):
    act = forms.ChoiceField(choices=[(act, act) for act in ("cancel", "move", "restore")])
    day = forms.DateField()
    held_on = forms.DateField(required=False)
    from_time = forms.TimeField(required=False)
    until_time = forms.TimeField(required=False)

    def clean(self):
        asked = super().clean()
        if asked.get("act") == "move":
            first, last = asked.get("from_time"), asked.get("until_time")
            if not (asked.get("held_on") and first and last and first < last):
                raise forms.ValidationError("move")
        return asked


class SurgeryRule(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=Weekday, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Surgery
        fields = [
            "site", "advisor", "place", "address", "access", "rhythm", "nth", "weekdays", "from_time", "until_time",
            "slot_minutes", "begins_on", "ends_on",
        ]  # fmt: skip
        widgets = {
            "access": forms.RadioSelect,
            "rhythm": forms.RadioSelect,
            "from_time": time_input(),
            "until_time": time_input(),
            "begins_on": day_input(),
            "ends_on": day_input(),
            "slot_minutes": forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
        }
        labels = {
            "place": _("Place"),
            "address": _("Address"),
            "access": _("Who may come"),
            "rhythm": _("Rhythm"),
            "nth": _("Which one of the month"),
            "from_time": _("From (hour)"),
            "until_time": _("Until (hour)"),
            "slot_minutes": _("Minutes of an appointment"),
            "begins_on": _("From (day)"),
            "ends_on": _("Until (day, excluded)"),
        }
        help_texts = {
            "place": _("As people know it: the community centre, the town hall annex."),
            "access": _("What is by appointment can be booked by anyone on the public page of the site."),
            "nth": _("Only for once a month."),
            "ends_on": _("Left empty, it goes on."),
        }

    def __init__(self, *args, sites, advisors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites
        self.fields["advisor"].queryset = advisors
        self.fields["advisor"].label_from_instance = lambda user: user.name
        for name in ("access", "rhythm"):
            self.fields[name].choices = capitalized(Surgery._meta.get_field(name).choices)
        self.fields["weekdays"].choices = capitalized(Weekday.choices)
        self.fields["nth"].choices = [("", _("Not once a month")), *Nth.choices]
        if len(sites) == 1:
            self.fields["site"].widget = forms.HiddenInput()
            self.fields["site"].initial = sites[0]

    def clean(self):
        asked = super().clean()
        if asked.get("rhythm") != Rhythm.MONTHLY:
            asked["nth"] = None
        return asked
