"""What an advisor sends, what a partner answers, what a list may be asked."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from citeslab.core.values import new_secret
from citeslab.network.models import Site
from citeslab.partners.enums import Purpose
from citeslab.partners.models import Contact
from citeslab.projects.models import Project
from citeslab.referrals import rules
from citeslab.referrals.enums import Kind, Manner, Outcome, Reason, SheetField
from citeslab.ui.forms import day_input

MOST_WORDS = 2_000


def as_sentences(codes):
    """Choices that stand alone begin with a capital."""
    return [(code, capfirst(label)) for code, label in codes.choices]


class ContactChoice(forms.ModelChoiceField):
    def label_from_instance(self, contact):
        return f"{contact.office.whole_name} ({contact.name})"


class ProjectChoice(forms.ModelChoiceField):
    def label_from_instance(self, project):
        return project.title


class Sending(forms.Form):
    """Whom, for what, with which words and which fields."""

    contact = ContactChoice(
        label=_("To whom"), queryset=Contact.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    project = ProjectChoice(
        label=_("For which project"), queryset=Project.objects.none(), required=False, empty_label=_("No project yet")
    )
    message = forms.CharField(
        label=_("Your words to the partner"),
        help_text=_(
            "Two sentences are enough: what she looks for, what is ready. Nothing on health, origin or religion."
        ),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    fields_agreed = forms.MultipleChoiceField(
        label=_("What she agrees to send"),
        help_text=_("Go through the list with her. What is not ticked is not sent."),
        widget=forms.CheckboxSelectMultiple,
    )
    form_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, contacts, projects, sheet, **options):
        super().__init__(*args, **options)
        self.fields["contact"].queryset = contacts
        self.fields["project"].queryset = projects
        if not projects:
            del self.fields["project"]
        labels = dict(SheetField.choices)
        # What is not known cannot be sent: it is not asked for.
        self.fields["fields_agreed"].choices = [
            (code, _("%(label)s: %(value)s") % {"label": capfirst(labels[code]), "value": value})
            for code, value in sheet
        ]

    def clean_fields_agreed(self):
        agreed = self.cleaned_data["fields_agreed"]
        if SheetField.NAME not in agreed:
            raise forms.ValidationError(
                _("Without a name the partner cannot answer. Ask her, or do not refer her yet.")
            )
        return agreed


class Agreement(forms.Form):
    """How she agreed, once she has seen the sheet."""

    manner = forms.ChoiceField(label=_("She agreed"), choices=as_sentences(Manner), widget=forms.RadioSelect)
    agreed_on = forms.DateField(label=_("On"), widget=day_input())

    def __init__(self, *args, today, **options):
        super().__init__(*args, **options)
        self.today = today

    def clean_agreed_on(self):
        day = self.cleaned_data["agreed_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet: give the day when she said yes."))
        return day


def words(label, help_text=""):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def past_day(label):
    return forms.DateField(label=label, widget=day_input())


class Reply(forms.Form):
    """One answer of a partner. `kind` is the answer; the form holds only what it needs."""

    kind: Kind
    form_key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def said(self):
        """The arguments of the act."""
        return {"kind": self.kind, **self.cleaned_data}

    def show(self, refusal):
        """Why the act was refused, beside the field that it is about."""
        field = getattr(refusal, "field", None)
        self.add_error(field if field in self.fields else None, str(refusal))


class Acceptance(Reply):
    kind = Kind.ACCEPTED
    text = words(_("A word for her advisor"), _("For example the day of the appointment, or what to bring."))


class Refusal(Reply):
    kind = Kind.REFUSED
    reason = forms.ChoiceField(label=_("Why"), choices=as_sentences(Reason), widget=forms.RadioSelect)
    text = words(_("A word for her advisor"))

    def clean(self):
        if self.cleaned_data.get("reason") == Reason.OTHER and not self.cleaned_data.get("text"):
            self.add_error("text", _("Say in a few words why: it helps us to refer better."))
        return self.cleaned_data


class FirstMeeting(Reply):
    kind = Kind.FIRST_MEETING
    occurred_on = past_day(_("Held on"))
    text = words(_("A word for her advisor"))


class Ending(Reply):
    kind = Kind.OUTCOME
    outcome = forms.ChoiceField(label=_("What came of it"), choices=as_sentences(Outcome), widget=forms.RadioSelect)
    occurred_on = past_day(_("On"))
    amount = forms.DecimalField(
        label=_("Amount of the loan, in euros"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal(1_000_000),
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-short"}),
        localize=True,
    )
    siret = forms.CharField(
        label=_("SIRET of the business"),
        help_text=_("14 digits, on the registration notice."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-short", "autocomplete": "off"}),
    )
    text = words(_("A word for her advisor"))

    def clean(self):
        if self.cleaned_data.get("outcome") == Outcome.REGISTERED and not self.cleaned_data.get("siret"):
            self.add_error("siret", _("A registration is confirmed by its SIRET."))
        return self.cleaned_data

    def said(self):
        said = super().said()
        amount = said.pop("amount")
        return {**said, "amount_cents": int(amount * 100) if amount is not None else None}


REPLIES: dict[str, type[Reply]] = {form.kind.value: form for form in (Acceptance, FirstMeeting, Ending, Refusal)}


def replies_to(state: str | None, *, today: date, failed: Reply | None = None) -> list[Reply]:
    """The forms of the answers that may follow a state, `failed` among them as it was sent."""
    replies = []
    for kind, form in REPLIES.items():
        if failed is not None and failed.kind == kind:
            replies.append(failed)
        elif rules.may_follow(state, Kind(kind)):
            replies.append(form(prefix=kind.lower(), initial={"form_key": new_secret(), "occurred_on": today}))
    return replies


class ReferralsFilter(forms.Form):
    """The search above the list of referrals."""

    words = forms.CharField(
        label=_("Search a person or a network"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "inputmode": "search"}),
    )
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    purpose = forms.ChoiceField(label=_("For"), required=False, choices=[("", _("All purposes")), *Purpose.choices])
    site = forms.ModelChoiceField(
        label=_("Site"),
        required=False,
        queryset=Site.objects.none(),
        to_field_name="code",
        empty_label=_("All sites"),
    )

    def __init__(self, *args, sites, **options):
        super().__init__(*args, **options)
        self.fields["site"].queryset = sites
        if len(sites) < 2:
            del self.fields["site"]
