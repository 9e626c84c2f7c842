"""What a list may be asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.followup.enums import Stage
from citeslab.network.models import Site
from citeslab.territories.enums import Answer


class PeopleFilter(forms.Form):
    """The search and the filters above the list of people, all in the address so that it can be kept."""

    words = forms.CharField(
        label=_("Search a name or a reference"),
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
            ("-contact", _("Last contact, the latest first")),
            ("contact", _("Last contact, the oldest first")),
            ("name", _("Name, from A to Z")),
            ("-name", _("Name, from Z to A")),
        ],
    )
    site = forms.ModelChoiceField(
        label=_("Site"),
        required=False,
        queryset=Site.objects.none(),
        to_field_name="code",
        empty_label=_("All sites"),
    )

    def __init__(self, *args, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites
        if len(sites) < 2:
            del self.fields["site"]
