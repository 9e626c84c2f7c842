"""What an advisor writes: the note, a step of the path, a step of the plan, news asked later."""

from datetime import date, timedelta
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.core.values import is_siret, whole_number
from citeslab.followup.enums import (
    Education,
    Evidence,
    ExitReason,
    FSEResult,
    Kind,
    Labour,
    Moment,
    Nature,
    Situation,
    Stage,
)
from citeslab.followup.models import LONGEST_NOTE, Meeting, NextStep, Transition
from citeslab.followup.values import Planned
from citeslab.people.models import Person
from citeslab.ui.forms import capitalized, day_input, time_input

USUAL_MINUTES = (15, 30, 45, 60)
USUAL_LENGTH = 45
AGAIN_IN = timedelta(days=14)
CALL_IN = timedelta(days=7)
AS_PLANNED, NOTHING, UNSAID = "AS_PLANNED", "NOTHING", "UNSAID"


class DayField(forms.DateField):
    """A day, in the form that the browser's own field speaks."""

    def __init__(self, **kwargs):
        super().__init__(widget=day_input(), **kwargs)


class Note(forms.Form):
    """Five things, filled in ahead: nature, length, what was retained, stage, what comes next.

    The hidden fields make it safe to send again: the key, who wrote it, the step that the page showed.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    writer = forms.IntegerField(widget=forms.HiddenInput)
    project = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    written_at_device = forms.DateTimeField(
        required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%fZ"]
    )
    held_on = DayField(label=_("Day of the meeting"))
    nature = forms.ChoiceField(label=_("Which meeting?"), choices=Nature, widget=forms.RadioSelect)
    minutes = forms.TypedChoiceField(label=_("How long?"), coerce=int, empty_value=None, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What did you retain?"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    stage = forms.ChoiceField(choices=Stage, widget=forms.RadioSelect)
    exit_reason = forms.ChoiceField(
        label=_("Why does she leave?"), required=False, choices=[("", _("Choose the reason")), *ExitReason.choices]
    )
    following = forms.ChoiceField(label=_("And next?"), widget=forms.RadioSelect)
    meet_on = DayField(label=_("Day"), required=False)
    meet_time = forms.TimeField(label=_("Hour"), required=False, widget=time_input(step=300))
    call_on = DayField(label=_("Day"), required=False)
    other_on = DayField(label=_("Day"), required=False)
    other_about = forms.CharField(label=_("For what?"), required=False, max_length=120)
    labour = forms.ChoiceField(
        label=_("Situation on the labor market, at entry"),
        required=False,
        choices=[("", _("Later")), *[choice for choice in Labour.choices if choice[0] != Labour.EDUCATION]],
    )
    education = forms.ChoiceField(
        label=_("Level of education, at entry"), required=False, choices=[("", _("Later")), *Education.choices]
    )
    result = forms.ChoiceField(
        label=_("Result at exit"), required=False, choices=[("", _("Later")), *FSEResult.choices]
    )

    def __init__(self, *args, writer: int, today: date, current: Transition | None, last: Meeting | None,
                 planned: NextStep | None, appointment: dict, asked: frozenset[Moment], person: Person,
                 project: int | None, **kwargs):  # fmt: skip
        self.today, self.person, self.current, self.planned, self.asked = today, person, current, planned, asked
        self.appointment = appointment
        keeps = planned is not None and planned.due_on > today
        length = appointment.get("minutes") or (last.minutes if last else None) or USUAL_LENGTH
        initial = {
            "key": uuid4(),
            "writer": writer,
            "project": project,
            "seen": current.pk if current else None,
            "held_on": today,
            "nature": appointment.get("nature") or self.usual_nature(last),
            "minutes": length,
            "stage": current.stage if current else Stage.ACCU,
            "exit_reason": current.exit_reason if current else "",
            "following": AS_PLANNED if keeps else NOTHING if current and current.stage == Stage.SORT else Kind.MEET,
            "meet_on": today + AGAIN_IN,
            "meet_time": appointment.get("time"),
            "call_on": today + CALL_IN,
            "other_on": today + CALL_IN,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["minutes"].choices = [
            (minutes, str(minutes)) for minutes in sorted({*USUAL_MINUTES, int(length), self.sent_length()})
            if minutes > 0
        ]  # fmt: skip
        self.fields["following"].choices = [
            *([(AS_PLANNED, _("as planned"))] if keeps or self.data.get("following") == AS_PLANNED else []),
            *Kind.choices,
            (NOTHING, _("nothing for now")),
        ]
        for name, moment in (("labour", Moment.ENTRY), ("education", Moment.ENTRY), ("result", Moment.EXIT)):
            if moment not in asked and not self.data.get(name):
                del self.fields[name]

    @staticmethod
    def usual_nature(last: Meeting | None) -> str:
        """The last one's; after a first reception, the ordinary follow-up."""
        if last is None:
            return Nature.RECEPTION
        return Nature.FOLLOW_UP if last.nature == Nature.RECEPTION else last.nature

    def sent_length(self) -> int:
        """A note may arrive when the usual length of the page has changed: its own is still a choice."""
        sent = whole_number(str(self.data.get("minutes", "")))
        return sent if sent is not None and sent <= 600 else 0

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is to come. A note tells a meeting that has taken place."))
        if day < self.today - timedelta(days=365 * 2):
            raise forms.ValidationError(_("This day is more than two years ago. Check the year."))
        return day

    def clean(self):
        said = super().clean()
        if said.get("stage") == Stage.SORT and not said.get("exit_reason"):
            self.add_error("exit_reason", _("Say why she leaves: the network learns from it."))
        if said.get("stage") and said["stage"] != Stage.SORT:
            said["exit_reason"] = ""
        needed = {Kind.MEET: "meet_on", Kind.CALL: "call_on", Kind.OTHER: "other_on"}.get(said.get("following"))
        if needed and not said.get(needed) and not self.has_error(needed):
            self.add_error(needed, _("Choose the day, or say that nothing is planned."))
        if needed and said.get(needed) and said.get("held_on") and said[needed] < said["held_on"]:
            self.add_error(needed, _("This day is before the meeting. Choose a later one."))
        return said

    def gesture(self) -> dict:
        """What `write_note` is told: the stage only if it moved from the one that the page showed."""
        said = self.cleaned_data
        shown = Transition.objects.filter(pk=said["seen"], person=self.person).first() if said["seen"] else None
        moved = (said["stage"], said["exit_reason"]) != ((shown.stage, shown.exit_reason) if shown else ("", ""))
        fse = {name: said.get(name, "") for name in ("labour", "education", "result")}
        return {
            "key": said["key"],
            "nature": Nature(said["nature"]),
            "minutes": said["minutes"],
            "held_on": said["held_on"],
            "text": said["text"].strip(),
            "stage": Stage(said["stage"]) if moved else None,
            "exit_reason": said["exit_reason"],
            "seen_step": said["seen"],
            "planned": self.what_follows(),
            "fse": fse if any(fse.values()) else None,
            "written_at_device": said["written_at_device"],
        }

    def what_follows(self) -> Planned | str | None:
        said = self.cleaned_data
        match said["following"]:
            case Kind.MEET:
                return Planned(Kind.MEET, said["meet_on"], said["meet_time"])
            case Kind.CALL:
                return Planned(Kind.CALL, said["call_on"])
            case Kind.OTHER:
                return Planned(Kind.OTHER, said["other_on"], None, said["other_about"].strip())
            case Kind.REFER:
                return Planned(Kind.REFER, self.today)
            case "AS_PLANNED":
                return AS_PLANNED
        return None

    def show(self, step: Transition | None) -> None:
        """Show the step that someone else recorded meanwhile: the next save is made knowing it."""
        self.data = {**self.data.dict(), "seen": str(step.pk) if step else ""}


class Words(forms.Form):
    """The words of a note, to correct."""

    text = forms.CharField(
        label=_("What did you retain?"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


class Step(forms.Form):
    """A step of the path without a meeting, or the right one instead of a wrong one."""

    project = forms.TypedChoiceField(label=_("Project"), required=False, coerce=int, empty_value=None)
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage)
    exit_reason = forms.ChoiceField(
        label=_("Reason, if she leaves"), required=False, choices=[("", _("She does not leave")), *ExitReason.choices]
    )
    occurred_on = DayField(label=_("Since"))
    evidence = forms.ChoiceField(label=_("What it rests on"), choices=Evidence, widget=forms.RadioSelect)
    siret = forms.CharField(
        label=_("SIRET"),
        required=False,
        max_length=20,
        help_text=_("14 digits, if the business is registered: on the certificate of registration."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-short"}),
    )

    def __init__(self, *args, today: date, projects, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [("", _("No project yet")), *[(one.pk, one.title) for one in projects]]
        if not projects:
            del self.fields["project"]

    def clean_occurred_on(self):
        day = self.cleaned_data["occurred_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is to come. Write down what has taken place."))
        return day

    def clean(self):
        said = super().clean()
        leaves, reason = said.get("stage") == Stage.SORT, said.get("exit_reason")
        if leaves and not reason:
            self.add_error("exit_reason", _("Say why she leaves: the network learns from it."))
        if not leaves and reason:
            self.add_error("exit_reason", _("A reason goes with leaving. Choose the stage Left, or no reason."))
        said["siret"] = "".join(said.get("siret", "").split())
        if said.get("evidence") == Evidence.REGISTERED and not is_siret(said["siret"]):
            self.add_error(
                "siret", _("This SIRET does not fit its key: a digit is wrong or missing. Look at the certificate.")
            )
        if said.get("evidence") != Evidence.REGISTERED and said["siret"]:
            self.add_error("evidence", _("A SIRET goes with a registration: choose it, or empty the SIRET."))
        return said


class PlanStep(forms.Form):
    """One more step of the plan."""

    what = forms.CharField(
        label=_("What is to do?"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    due_on = DayField(label=_("By when?"), required=False)


class LaterNews(forms.Form):
    """What she answered. An unanswered call is an answer too: it has its own button."""

    situation = forms.ChoiceField(label=_("Where is she today?"), choices=Situation, widget=forms.RadioSelect)
    business_alive = forms.TypedChoiceField(
        label=_("Is the business alive?"),
        required=False,
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))],
        coerce=lambda said: said == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    jobs = forms.IntegerField(
        label=_("How many jobs, hers included?"),
        required=False,
        min_value=0,
        max_value=999,
        widget=forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
    )
    labour = forms.ChoiceField(
        label=_("Her situation for the FSE+ agreement"),
        help_text=_("The agreement that paid for the site when she came asks it six months after she left."),
        choices=[("", _("Choose")), *Labour.choices, (UNSAID, _("she does not say"))],
    )

    def __init__(self, *args, asks_fse: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["situation"].choices = capitalized(Situation.choices)
        if not asks_fse:
            del self.fields["labour"]

    def clean_labour(self):
        said = self.cleaned_data["labour"]
        return "" if said == UNSAID else said
