"""The days that an FSE+ agreement pays for."""

from datetime import date, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from citeslab.network.models import Site
from citeslab.ui.forms import day_input

FSE_PLUS_BEGAN = date(2021, 1, 1)  # regulation (EU) 2021/1060, article 63


class SiteField(forms.ModelChoiceField):
    """A site of the whole network: two may share a name, so each is said with its organization."""

    def label_from_instance(self, site):
        organization = site.organization.name
        return site.name if organization == site.name else f"{site.name} ({organization})"


class DayOfAgreement(forms.DateField):
    """A day of an agreement; a year typed with a digit too many or too few is refused."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=day_input(),
            validators=[
                MinValueValidator(FSE_PLUS_BEGAN, _("No FSE+ agreement pays for days before 2021. Check the year.")),
                MaxValueValidator(date(2099, 12, 31), _("This day is too far away. Check the year.")),
            ],
            **kwargs,
        )


class FSEPlus(forms.Form):
    """The days as an agreement writes them, the last one included."""

    site = SiteField(
        label=_("Site"),
        queryset=Site.objects.select_related("organization").order_by("sort_key", "pk"),
        empty_label=_("Choose"),
    )
    reference = forms.CharField(
        label=_("Reference of the agreement"),
        max_length=64,
        help_text=_("As the agreement writes it: it goes with what is sent to the fund."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    begins_on = DayOfAgreement(label=_("First day"))
    last_on = DayOfAgreement(
        label=_("Last day"), required=False, help_text=_("It is paid too. Leave empty if the end is not known.")
    )

    def clean(self):
        said = super().clean()
        first, last = said.get("begins_on"), said.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day comes before the first. Check the two days."))
        said["ends_on"] = last + timedelta(days=1) if last else None
        return said


class EndOfFSEPlus(forms.Form):
    last_on = DayOfAgreement(label=_("Last day paid"), help_text=_("From the day after, its items are not asked."))

    def clean(self):
        said = super().clean()
        said["ends_on"] = said["last_on"] + timedelta(days=1) if said.get("last_on") else None
        return said
