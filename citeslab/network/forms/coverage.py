"""Neighborhoods covered: what is asked of the list, and of each act."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from citeslab.network.enums import Cover
from citeslab.network.forms.fse_plus import SiteField
from citeslab.network.forms.places import Closing, Day, DepartmentChoice, Filter, Until
from citeslab.network.models import Site
from citeslab.territories.models import Department
from citeslab.ui.forms import capitalized

MOST_CODES = 100


class NewCoverage(Until):
    """Several neighborhoods at once: a site often takes those of a town together."""

    codes = forms.CharField(
        label=_("QPV codes"),
        max_length=2_000,
        help_text=_("Such as QN02501M. Several are set apart by spaces or lines."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "characters"}),
    )
    begins_on = Day(label=_("First day"))

    field_order = ["codes", "begins_on", "last_on"]

    def clean_codes(self):
        codes = list(dict.fromkeys(self.cleaned_data["codes"].replace(",", " ").replace(";", " ").upper().split()))
        if len(codes) > MOST_CODES:
            raise ValidationError(_("A hundred codes at most. For more, send a file."))
        return codes


class EndOfCoverage(Closing):
    last_on = Day(label=_("Last day covered"))


class NearSiteField(SiteField):
    """The nearest first, with how far they are; then the others by name."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Site.objects.none(), empty_label=_("Choose"), **kwargs)


class ClosedZone(Until):
    """Which site takes a neighborhood, from when."""

    site = NearSiteField(label=_("Which site takes it"), widget=forms.RadioSelect, required=False)
    other = NearSiteField(label=_("Or another site"), required=False)
    begins_on = Day(label=_("First day"))

    field_order = ["site", "other", "begins_on", "last_on"]

    def __init__(self, *args, near, on, **kwargs):
        super().__init__(*args, **kwargs)
        open_sites = Site.objects.open_on(on).select_related("organization").order_by("sort_key", "pk")
        self.fields["other"].queryset = open_sites
        if near:
            self.fields["site"].queryset = open_sites
            self.fields["site"].choices = [
                (site.pk, _("%(site)s, %(km)s km away") % {"site": site.name, "km": km}) for site, km in near
            ]
        else:
            del self.fields["site"]
            self.fields["other"].label = _("Which site takes it")

    def clean(self):
        said = super().clean()
        chosen = [one for one in (said.get("site"), said.get("other")) if one]
        if len(set(chosen)) == 1:
            said["chosen"] = chosen[0]
        elif chosen:
            self.add_error("other", _("Two sites are chosen. Keep one: a second can be added on its own page."))
        elif not self.errors:
            self.add_error("other", _("Choose the site that takes this neighborhood."))
        return said


class CoverageFilter(Filter):
    words = forms.CharField(
        label=_("Search a neighborhood, a code or a town"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "inputmode": "search"}),
    )
    department = DepartmentChoice(
        label=_("Department"),
        required=False,
        queryset=Department.objects.order_by("code"),
        empty_label=_("All departments"),
    )
    cover = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All neighborhoods")),
            ("WHITE", _("White zones: no advisor")),
            *capitalized(Cover.choices),
        ],
    )

    def asked(self) -> dict:
        """What the list keeps."""
        said = self.said()
        return {
            "words": said["words"],
            "department": said["department"].pk if said["department"] else "",
            "cover": said["cover"],
        }
