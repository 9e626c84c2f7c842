"""A meeting, its minutes, what was taken on."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citeslab.accounts.models import User
from citeslab.animation.models import NetworkMeeting
from citeslab.core.values import instant
from citeslab.ui.forms import capitalized, day_input, time_input


class People(forms.ModelMultipleChoiceField):
    def label_from_instance(self, user):
        return user.name


class Owner(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return user.name


class MeetingForm(forms.ModelForm):
    """When, where, on what."""

    day = forms.DateField(label=_("Day"), widget=day_input())
    starts = forms.TimeField(label=_("Begins at"), widget=time_input())
    ends = forms.TimeField(label=_("Ends at"), widget=time_input())
    link = forms.URLField(label=_("Link of the meeting"), required=False, max_length=300, assume_scheme="https")
    field_order = ("title", "kind", "day", "starts", "ends", "place", "link", "agenda")

    class Meta:
        model = NetworkMeeting
        fields = ("title", "kind", "place", "agenda")
        widgets = {"kind": forms.RadioSelect, "agenda": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = capitalized(self.fields["kind"].choices)
        self.fields["kind"].help_text = _(
            "The pilot and the coordinators read a committee’s minutes, with who was there."
        )
        self.fields["agenda"].help_text = _("A point a line.")
        if self.instance.pk:
            begins, ends = (timezone.localtime(when) for when in (self.instance.starts_at, self.instance.ends_at))
            self.initial |= {
                "link": self.instance.link,
                "day": begins.date(),
                "starts": begins.time(),
                "ends": ends.time(),
            }

    def clean(self):
        asked = super().clean()
        self.instance.link = asked.get("link", "")
        if asked.get("day") and asked.get("starts") and asked.get("ends"):
            self.instance.starts_at = instant(asked["day"], asked["starts"])
            self.instance.ends_at = instant(asked["day"], asked["ends"])
            if self.instance.ends_at <= self.instance.starts_at:
                self.add_error("ends", _("The end comes after the beginning."))
        return asked


class PresentForm(forms.Form):
    present = People(
        label=_("Who was there"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label=_("Others who were there"), required=False, max_length=300, help_text=_("Guests, funders: as you say it.")
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["present"].queryset = members


class DecisionForm(forms.Form):
    words = forms.CharField(label=_("What was decided"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CommitmentForm(forms.Form):
    what = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = Owner(label=_("By whom"), queryset=User.objects.none(), empty_label=_("Choose a colleague"))
    due_on = forms.DateField(label=_("By the day"), widget=day_input())

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members
