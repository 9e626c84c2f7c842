"""What is asked of an action."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from citeslab.accounts.models import User
from citeslab.network.models import Site
from citeslab.people.enums import Sex
from citeslab.ui.forms import day_input, time_input
from citeslab.workshops.enums import Kind, State
from citeslab.workshops.models import Workshop

MOST_HEADS = 2_000


def hour(label, *, required=False):
    return forms.TimeField(label=label, required=required, widget=time_input())


class Animators(forms.ModelMultipleChoiceField):
    def label_from_instance(self, user):
        return user.name


class Programme(forms.ModelForm):
    """An action and its half-days, which are of one day."""

    day = forms.DateField(label=_("Day"), widget=day_input())
    starts = hour(_("Begins at"), required=True)
    ends = hour(_("Ends at"), required=True)
    starts_again = hour(_("Second half-day, begins at"))
    ends_again = hour(_("Second half-day, ends at"))
    animators = Animators(
        label=_("Who leads it"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Workshop
        fields = ("kind", "title", "audience", "place", "commune_name", "capacity", "description", "site")
        widgets = {
            "kind": forms.RadioSelect,
            "description": forms.Textarea(attrs={"rows": 3}),
            "capacity": forms.NumberInput(attrs={"class": "input-short", "min": 1}),
        }

    field_order = (
        "title", "kind", "day", "starts", "ends", "starts_again", "ends_again", "place", "commune_name", "capacity",
        "audience", "description", "animators", "site",
    )  # fmt: skip

    def __init__(self, *args, sites, animators, sessions=(), **kwargs):
        initial = kwargs.setdefault("initial", {})
        names = (("starts", "ends"), ("starts_again", "ends_again"))
        for session, (start, end) in zip(sessions, names, strict=False):
            begins = timezone.localtime(session.starts_at)
            initial |= {start: begins.time(), end: timezone.localtime(session.ends_at).time()}
            initial.setdefault("day", begins.date())
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in Kind]
        self.fields["animators"].queryset = animators
        self.fields["capacity"].help_text = _("Empty: all may come. Beyond, people wait in line and take freed seats.")
        self.fields["site"].queryset = Site.objects.filter(pk__in=[site.pk for site in sites])
        if len(sites) == 1:
            del self.fields["site"]
            self.instance.site = sites[0]
        if self.instance.pk:
            self.initial.setdefault("animators", [user.pk for user in self.instance.animators.all()])

    def clean(self):
        asked = super().clean()
        again = [asked.get("starts_again"), asked.get("ends_again")]
        if any(again) and not all(again):
            self.add_error("ends_again", _("A half-day has a beginning and an end."))
        pairs = [("starts", "ends"), ("starts_again", "ends_again")]
        for start, end in pairs:
            if asked.get(start) and asked.get(end) and asked[end] <= asked[start]:
                self.add_error(end, _("The end comes after the beginning."))
        if all(again) and asked.get("ends") and again[0] < asked["ends"]:
            self.add_error("starts_again", _("The second half-day begins after the first."))
        return asked

    def sessions(self) -> list[tuple[datetime, datetime]]:
        asked = self.cleaned_data
        zone = timezone.get_current_timezone()

        def instant(clock):
            return datetime.combine(asked["day"], clock, tzinfo=zone)

        halves = [(asked["starts"], asked["ends"]), (asked.get("starts_again"), asked.get("ends_again"))]
        return [(instant(start), instant(end)) for start, end in halves if start and end]


def heads(label):
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_HEADS,
        widget=forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
    )


class Heads(forms.Form):
    """People who came without a name: no field can hold one."""

    women = heads(_("Women"))
    men = heads(_("Men"))
    unknown = heads(_("Not known"))

    def counted(self) -> dict[str, int]:
        asked = self.cleaned_data
        return {
            Sex.WOMAN.value: asked["women"] or 0,
            Sex.MAN.value: asked["men"] or 0,
            Sex.UNKNOWN.value: asked["unknown"] or 0,
        }


class Mark(forms.Form):
    """One tap of the attendance list."""

    session = forms.IntegerField()
    registration = forms.IntegerField()
    state = forms.ChoiceField(choices=State)
    key = forms.UUIDField()
    told_at = forms.DateTimeField(required=False)
