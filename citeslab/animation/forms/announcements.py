"""What is said, to whom, until when."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization
from citeslab.territories.models import Region
from citeslab.ui.forms import capitalized, day_input


class Regions(forms.ModelMultipleChoiceField):
    def label_from_instance(self, region):
        return region.name


class Organization(forms.ModelChoiceField):
    def label_from_instance(self, organization):
        return organization.name


class AnnouncementForm(forms.Form):
    """An announcement; a coordinator's is for her organization, chosen if she has several, and needs no region."""

    title = forms.CharField(label=_("Title"), max_length=120)
    words = forms.CharField(label=_("What you say"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 5}))
    roles = forms.MultipleChoiceField(
        label=_("To whom"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Say to whom.")}
    )
    organization = Organization(
        label=_("Organization"),
        queryset=HostOrganization.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose one of your organizations.")},
    )
    regions = Regions(
        label=_("Regions"),
        queryset=Region.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: everywhere."),
    )
    pinned_until = forms.DateField(
        label=_("Kept at the top until"), required=False, widget=day_input(), help_text=_("That day included.")
    )

    def __init__(self, *args, organizations: QuerySet[HostOrganization], **kwargs):
        super().__init__(*args, **kwargs)
        said = [Role.ADVISOR, Role.COORDINATOR] if organizations else [Role.ADVISOR, Role.COORDINATOR, Role.PILOT]
        self.fields["roles"].choices = capitalized([(role.value, role.label) for role in said])
        self.fields["organization"].queryset = organizations
        if len(organizations) < 2:
            del self.fields["organization"]
        if organizations:
            del self.fields["regions"]
