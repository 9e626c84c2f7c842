"""What a list may be asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.desk.enums import Format, Purpose
from citeslab.desk.exports import COLUMNS, USUAL
from citeslab.desk.values import ME, NOBODY
from citeslab.followup.enums import Stage
from citeslab.network.enums import HandoverReason, HandoverRule
from citeslab.people.enums import OpeningPurpose
from citeslab.territories.enums import Answer
from citeslab.ui.forms import day_input


class PeopleFilter(forms.Form):
    """The search and the filters above the list of people, all in the address so that it can be kept."""

    words = forms.CharField(
        label=_("Name, phone or reference"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "inputmode": "search"}),
    )
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All stages")), *Stage.choices])
    answer = forms.ChoiceField(
        label=_("Neighborhood of residence"),
        required=False,
        choices=[("", _("All answers")), *Answer.choices],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("Usual order")),
            ("-contact", _("Last contact, the latest first")),
            ("contact", _("Last contact, the oldest first")),
            ("name", _("Name, from A to Z")),
            ("-name", _("Name, from Z to A")),
        ],
    )
    site = forms.ChoiceField(label=_("Site"), required=False)

    advisor = forms.ChoiceField(label=_("Followed by"), required=False)

    field_order = ["words", "view", "advisor"]

    def __init__(self, *args, sites, advisors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [("", _("All sites")), *((site.code, site.name) for site in sites)]
        if len(sites) < 2:
            del self.fields["site"]
        self.fields["advisor"].choices = [
            ("", _("The whole site") if len(sites) == 1 else _("Everyone")),
            (ME, _("Me")),
            (NOBODY, _("Nobody yet")),
            *((str(advisor.pk), advisor.name) for advisor in advisors),
        ]


def day_field(**more):
    return forms.DateField(widget=day_input(), **more)


class SavedFilter(forms.Form):
    name = forms.CharField(label=_("Name of the filter"), max_length=60, widget=forms.TextInput())
    site = forms.ChoiceField(
        label=_("Who sees it"),
        required=False,
        help_text=_("Colleagues get the same question; each sees the people she may see."),
    )

    def __init__(self, *args, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [
            ("", _("Only me")),
            *((str(site.pk), _("Everyone at %(site)s") % {"site": site.name}) for site in sites),
        ]


class Name(forms.Form):
    name = forms.CharField(label=_("Name of the filter"), max_length=60)


class Export(forms.Form):
    """What a file holds, and what for."""

    purpose = forms.ChoiceField(
        label=_("What is this file for?"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
        help_text=_("Your answer is kept in the journal with the date and the number of people."),
    )
    format = forms.ChoiceField(label=_("Format"), choices=Format.choices, widget=forms.RadioSelect)
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        help_text=_("Take only what you need: what is not in the file cannot be lost with it."),
        widget=forms.CheckboxSelectMultiple,
        initial=USUAL,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(code, heading) for code, (heading, _cell) in COLUMNS.items()]


class AssignmentOf(forms.Form):
    """To whom the chosen people go, from which day."""

    to = forms.ChoiceField(label=_("Followed from now on by"))
    on = day_field(label=_("From"))

    def __init__(self, *args, advisors, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {str(advisor.pk): advisor for advisor in advisors}
        self.today = today
        self.fields["to"].choices = [(key, advisor.name) for key, advisor in self.by_key.items()]

    def clean_on(self):
        if self.cleaned_data["on"] > self.today:
            raise forms.ValidationError(_("Choose today or a day before: a list shows who follows whom today."))
        return self.cleaned_data["on"]


class Closing(forms.Form):
    on = day_field(label=_("Left on"))

    def __init__(self, *args, advisors, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self):
        if self.cleaned_data["on"] > self.today:
            raise forms.ValidationError(_("Nobody has left yet on a day to come: choose today or a day before."))
        return self.cleaned_data["on"]


class Handover(forms.Form):
    """Who goes, from when, why, and who takes the people."""

    reason = forms.ChoiceField(label=_("Why"), choices=HandoverReason.choices, widget=forms.RadioSelect)
    since = day_field(label=_("From"), help_text=_("From that day on, the file of each person is closed to her."))
    returns_on = day_field(
        label=_("Back on"), required=False, help_text=_("For an absence, if you know it. It can be given back any day.")
    )
    to = forms.MultipleChoiceField(label=_("To whom"), widget=forms.CheckboxSelectMultiple)
    rule = forms.ChoiceField(
        label=_("If there are several colleagues, share out"),
        choices=HandoverRule.choices,
        widget=forms.RadioSelect,
        initial=HandoverRule.TURN,
        required=False,
    )

    def __init__(self, *args, takers, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {str(user.pk): user for user in takers}
        self.fields["to"].choices = [(key, user.name) for key, user in self.by_key.items()]
        if len(takers) < 2:
            del self.fields["rule"]

    def clean(self):
        said = super().clean()
        if said.get("reason") != HandoverReason.AWAY:
            said["returns_on"] = None
        elif said.get("since") and said.get("returns_on") and said["returns_on"] <= said["since"]:
            self.add_error("returns_on", _("The return comes after the departure: choose a later day."))
        said["rule"] = HandoverRule(said.get("rule") or HandoverRule.TURN)
        said["takers"] = [self.by_key[key] for key in said.get("to", [])]
        return said


class OpenElsewhere(forms.Form):
    """The whole identity of somebody, as her papers say it, and why her file is needed here."""

    first_name = forms.CharField(label=_("First name"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    preferred_name = forms.CharField(
        label=_("Last name"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    born_on = forms.DateField(
        label=_("Date of birth"),
        widget=day_input(autocomplete="off"),
    )
    purpose = forms.ChoiceField(label=_("Why you need it"), choices=OpeningPurpose.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("In a sentence"),
        max_length=300,
        help_text=_("The person and the advisors of her site will read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
