"""Which year, which site."""

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.figures.queries import FIRST_YEAR
from citeslab.network.models import Site


class YearOfSite(forms.Form):
    """A year that has begun, and one of the sites that this user sees."""

    annee = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), to_field_name="code", required=False, empty_label=None
    )

    def __init__(self, *args, sites, last_year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = [(year, str(year)) for year in range(last_year, FIRST_YEAR - 1, -1)]
        self.fields["site"].queryset = sites
        if len(sites) < 2:
            del self.fields["site"]
