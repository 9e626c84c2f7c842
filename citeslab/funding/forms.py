"""What an agreement says, what an instalment becomes, what pays for a post; each amount as it is typed in France."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citeslab.accounts.models import User
from citeslab.funding import queries
from citeslab.funding.enums import Axis, FunderKind, Phase, ReportKind, Rhythm, Use
from citeslab.funding.models import Agreement, Funder
from citeslab.funding.values import MOST_CENTS, WHOLE, NotANumber, hundredths
from citeslab.network.models import HostOrganization, Post
from citeslab.ui.forms import capitalized, day_input

FIRST_DAY, LAST_DAY = date(2002, 1, 1), date(2099, 12, 31)
MOST_INSTALMENTS = 36
LONGEST = 40  # signs of a number: more of them are a larger number than any that is taken
LIMIT = {Rhythm.ANNUAL: 366, Rhythm.TRIENNIAL: 1_096}  # days


class Hundredths(forms.CharField):
    """A number with two decimals at most, kept as its hundredths: cents of euros, hundredths of a percent."""

    def __init__(self, *, most: int, above, **kwargs):
        self.most, self.above = most, above
        attributes = {"inputmode": "decimal", "class": "input-short", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **kwargs)

    def prepare_value(self, value):
        return f"{value // 100},{value % 100:02}".removesuffix(",00") if isinstance(value, int) else value

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        try:
            number = hundredths(text[:LONGEST])
        except NotANumber as refusal:
            said = {
                "decimals": _("Two figures at most after the mark: nothing here is rounded for you."),
                "sign": _("An amount is never negative. To correct one, take it back and write it again."),
                "shape": _("Write a number, as 1234,50."),
            }
            raise ValidationError(said[refusal.why]) from refusal
        if number > self.most:
            raise ValidationError(self.above)
        return number

    def clean(self, value):
        number = super().clean(value)
        if number == 0:
            raise ValidationError(_("Write more than zero, or leave it empty."))
        return number


def euros(label, **kwargs) -> Hundredths:
    above = _("That is more than a hundred million euros. Check the number of zeros.")
    return Hundredths(label=label, most=MOST_CENTS, above=above, **kwargs)


def day_of(label, *, required=True, has_come=False, help_text="") -> forms.DateField:
    """A day of the network's life, today at the latest where it `has_come`; a mistyped year is refused."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=day_input(),
        validators=[
            MinValueValidator(FIRST_DAY, _("The network began in 2002. Check the year.")),
            MaxValueValidator(timezone.localdate, _("This day has not come yet. Check the year."))
            if has_come
            else MaxValueValidator(LAST_DAY, _("This day is too far away. Check the year.")),
        ],
    )


class Hosts(forms.ModelChoiceField):
    def label_from_instance(self, organization):
        return organization.name


class Posts(forms.ModelChoiceField):
    def label_from_instance(self, post):
        return f"{post.site.name} ({post.full_time_percent} %, {post.begins_on.year})"


class People(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return user.name


class ListFilter(forms.Form):
    mots = forms.CharField(
        label=_("Search a reference, a funder or a host"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "inputmode": "search"}),
    )
    etat = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *capitalized(Phase.choices)]
    )
    financeur = forms.ChoiceField(
        label=_("Kind of funder"), required=False, choices=[("", _("All funders")), *capitalized(FunderKind.choices)]
    )
    annee = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("-end", _("the last to end first")),
            ("end", _("the first to end first")),
            ("funder", _("by funder")),
            ("host", _("by host organization")),
            ("-amount", _("the largest promise first")),
            ("-paid", _("the most paid first")),
            ("reference", _("by reference")),
        ],
    )

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        years = [(year, str(year)) for year in range(on.year + 3, FIRST_DAY.year - 1, -1)]
        self.fields["annee"].choices = [("", _("All years")), *years]

    def asked(self) -> queries.Question:
        self.is_valid()
        said = self.cleaned_data
        order = self.data.get("sort", "")
        return queries.Question(
            words=said.get("mots", ""),
            phase=said.get("etat", ""),
            kind=said.get("financeur", ""),
            year=said.get("annee"),
            sort=order if order.removeprefix("-") in queries.ORDERS else queries.USUAL,
        )


class AccountsFilter(forms.Form):
    par = forms.ChoiceField(label=_("Sums"), required=False, choices=capitalized(Axis.choices))
    de = forms.TypedChoiceField(label=_("From"), required=False, coerce=int, empty_value=None)
    a = forms.TypedChoiceField(label=_("Until"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        years = [("", _("all years")), *[(year, str(year)) for year in range(on.year + 3, FIRST_DAY.year - 1, -1)]]
        self.fields["de"].choices = self.fields["a"].choices = years

    def asked(self) -> tuple[Axis, dict[str, int]]:
        self.is_valid()
        said = self.cleaned_data
        years = {name: said[field] for name, field in (("first", "de"), ("last", "a")) if said.get(field)}
        return Axis(said.get("par") or Axis.YEAR), years


class AgreementForm(forms.Form):
    """What an agreement says, its last day included. One to come also says how it is paid."""

    funder = forms.ModelChoiceField(
        label=_("Funder"), queryset=Funder.objects.order_by("sort_key", "pk"), empty_label=_("Choose a funder")
    )
    organization = Hosts(label=_("Host organization"), queryset=HostOrganization.objects.none())
    reference = forms.CharField(
        label=_("Reference"),
        max_length=64,
        help_text=_("As the agreement writes it. Actions and figures go by it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    rhythm = forms.ChoiceField(label=_("Made for"), choices=Rhythm.choices, widget=forms.RadioSelect)
    begins_on = day_of(_("First day"))
    last_on = day_of(_("Last day"))
    amount = euros(_("Amount promised, in euros"))
    place = forms.ChoiceField(
        label=_("Where"),
        required=False,
        help_text=_("The place whose figures its funder reads."),
        error_messages={"invalid_choice": _("This perimeter does not exist. Choose another one in the list.")},
    )
    objectives = forms.CharField(
        label=_("Objectives"),
        required=False,
        max_length=4_000,
        help_text=_("In the words of the agreement. Numbers to reach are set as targets, with the figures."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    signed_on = day_of(
        _("Signed on"), required=False, has_come=True, help_text=_("Nothing is paid before. Empty: not signed yet.")
    )
    instalments = forms.IntegerField(
        label=_("Number of instalments"),
        required=False,
        min_value=1,
        max_value=MOST_INSTALMENTS,
        help_text=_("The promise is cut into equal parts, no cent lost. You can also plan them one by one."),
        widget=forms.NumberInput(attrs={"class": "input-short", "min": 1, "max": MOST_INSTALMENTS}),
    )
    owes_reports = forms.BooleanField(
        label=_("Reports are owed"),
        required=False,
        initial=True,
        help_text=_("On 31 March after each year, and at the end of June for the last one. You can change that."),
    )

    def __init__(self, *args, hosts, keeps_network: bool, agreement: Agreement | None = None, **kwargs):
        if agreement:
            kwargs["initial"] = said_by(agreement)
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = hosts
        self.fields["organization"].required = not keeps_network
        self.fields["organization"].empty_label = (
            _("none: the pilot spends for the whole network") if keeps_network else _("Choose an organization")
        )
        self.fields["rhythm"].choices = capitalized(Rhythm.choices)
        self.fields["place"].choices = queries.choices()
        if agreement:
            del self.fields["signed_on"], self.fields["instalments"], self.fields["owes_reports"]

    def clean(self):
        said = super().clean()
        first, last, rhythm = said.get("begins_on"), said.get("last_on"), said.get("rhythm")
        if first and last and last < first:
            self.add_error("last_on", _("The last day comes before the first. Check the two days."))
        elif first and last and rhythm and (last - first).days + 1 > LIMIT[Rhythm(rhythm)]:
            self.add_error(
                "last_on",
                _("An annual agreement lasts a year at most. Choose “over several years”, or another day.")
                if rhythm == Rhythm.ANNUAL
                else _("An agreement lasts three years at most. Record what follows as another one."),
            )
        if said.get("place") and not said.get("organization") and "organization" not in self.errors:
            self.add_error("place", _("Without a host organization, an agreement is of the whole network."))
        return said

    def terms(self) -> dict[str, object]:
        """As the act of recording takes them."""
        said = self.cleaned_data
        level, _colon, code = said["place"].partition(":")
        return {
            "funder": said["funder"],
            "organization": said["organization"],
            "reference": said["reference"],
            "rhythm": Rhythm(said["rhythm"]),
            "begins_on": said["begins_on"],
            "ends_on": said["last_on"] + timedelta(days=1),
            "committed_cents": said["amount"],
            "level": level,
            "code": code,
            "objectives": said["objectives"],
        }


def said_by(agreement: Agreement) -> dict[str, object]:
    return {
        "funder": agreement.funder_id,
        "organization": agreement.organization_id,
        "reference": agreement.reference,
        "rhythm": agreement.rhythm,
        "begins_on": agreement.begins_on,
        "last_on": agreement.last_on,
        "amount": agreement.committed_cents,
        "place": agreement.place,
        "objectives": agreement.objectives,
    }


def following(agreement: Agreement) -> dict[str, object]:
    """What the agreement after this one most likely says."""
    kept = {name: value for name, value in said_by(agreement).items() if name != "reference"}
    return kept | {
        "begins_on": agreement.ends_on,
        "last_on": as_long_after(agreement.begins_on, agreement.ends_on) - timedelta(days=1),
        "instalments": agreement.instalments.standing().count() or None,
    }


def as_long_after(begins_on: date, ends_on: date) -> date:
    """The end of a period that begins where this one ends and is as long: in years, where it is made of whole years."""
    years = ends_on.year - begins_on.year
    if (begins_on.month, begins_on.day) == (ends_on.month, ends_on.day) != (2, 29):
        return ends_on.replace(year=ends_on.year + years)
    return ends_on + (ends_on - begins_on)


class Signature(forms.Form):
    signed_on = day_of(_("Signed on"), has_come=True)


class NewInstalment(forms.Form):
    due_on = day_of(_("Due on"))
    amount = euros(_("Amount, in euros"))


class Step(forms.Form):
    """From which day, and for how much."""

    reached_on = day_of(_("Day"), has_come=True)
    amount = euros(_("Amount, in euros"))


class NewPayment(forms.Form):
    """When the money came, and how much of it for each use."""

    paid_on = day_of(_("Paid on"), has_come=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for use in Use:
            self.fields[use.value] = euros(_("For %(use)s, in euros") % {"use": use.label}, required=False)

    def clean(self):
        said = super().clean()
        self.amounts = {use: said[use.value] for use in Use if said.get(use.value)}
        if not self.amounts and not self.errors:
            self.add_error(Use.POST.value, _("Write what was paid, for one use at least."))
        return said


class NewShare(forms.Form):
    """How much of a post, on which days, the last one included."""

    post = Posts(label=_("Post"), queryset=Post.objects.none(), empty_label=_("Choose a post"))
    share = Hundredths(
        label=_("Share of the post, in percent"), most=WHOLE, above=_("A share is at most the whole post: 100.")
    )
    begins_on = day_of(_("First day"))
    last_on = day_of(_("Last day"))

    def __init__(self, *args, posts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts

    def clean(self):
        said = super().clean()
        if said.get("begins_on") and said.get("last_on") and said["last_on"] < said["begins_on"]:
            self.add_error("last_on", _("The last day comes before the first. Check the two days."))
        return said


class NewReport(forms.Form):
    kind = forms.ChoiceField(label=_("Report"), choices=ReportKind.choices)
    due_on = day_of(_("Due on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = capitalized(ReportKind.choices)


class NewFunder(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=FunderKind.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = capitalized(FunderKind.choices)


class NewDelegate(forms.Form):
    """Someone whose mandate is a funder's."""

    user = People(label=_("Who reads this account"), queryset=User.objects.none(), empty_label=_("Choose"))

    def __init__(self, *args, users, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users


class Document(forms.Form):
    file = forms.FileField(
        label=_("Document"),
        help_text=_("PDF, image, Word, Excel or OpenDocument, 10 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.odt,.ods"}),
        allow_empty_file=True,
    )
