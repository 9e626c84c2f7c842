"""What is asked of a resident: where she lives, and three fields."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.people import forms as people
from citeslab.territories.models import Commune
from citeslab.website.queries import finding


class Where(forms.Form):
    """An address, a commune, or a point that her phone gave."""

    ou = people.words(_("Your address or your commune"), 200, required=False)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ou"].widget.attrs["autocomplete"] = "street-address"

    @property
    def point(self) -> tuple[float, float] | None:
        self.is_valid()
        longitude, latitude = self.cleaned_data.get("longitude"), self.cleaned_data.get("latitude")
        return (longitude, latitude) if longitude is not None and latitude is not None else None

    @property
    def words(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("ou", "")


class Resident(forms.Form):
    """Who writes, and how she is reached. `site_web` is shown to nobody: a machine alone fills it in."""

    name = people.words(_("Your name"), people.LONGEST_NAME)
    contact = people.words(_("Phone or e-mail address"), 254)
    site_web = forms.CharField(required=False, max_length=200)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"key": uuid4(), **kwargs.pop("initial", {})}, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean_contact(self):
        return people.reached_by(self.cleaned_data["contact"])

    @property
    def is_a_machine(self) -> bool:
        return bool(self.data.get("site_web"))

    def said(self) -> dict:
        phone, email = self.cleaned_data["contact"]
        return {"name": self.cleaned_data["name"], "phone": phone, "email": email, "key": self.cleaned_data["key"]}


class Message(Resident):
    """To a site that she has found."""

    words = people.words(_("What brings you"), 500, required=False, help_text=_("One sentence, if you like."))

    def said(self) -> dict:
        return super().said() | {"words": self.cleaned_data["words"]}


class FirstContact(Resident):
    """To whichever site answers in her commune."""

    commune = people.words(_("Your commune"), 120, help_text=_("Its name, or the postal code."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["commune"].widget.attrs["autocomplete"] = "address-level2"

    def clean_commune(self):
        place = finding.place_written(self.cleaned_data["commune"])
        if place is None:
            raise forms.ValidationError(
                _("No commune of France is called so. Check the spelling, or write the postal code alone.")
            )
        alike = [one for one in (place.commune, *place.others) if one.sort_key == place.commune.sort_key]
        if len(alike) > 1:
            raise forms.ValidationError(
                _("Several communes are called so: %(communes)s. Add the postal code after the name.")
                % {"communes": ", ".join(map(with_department, alike))}
            )
        return place

    def said(self) -> dict:
        return super().said() | {"commune_name": with_department(self.cleaned_data["commune"].commune)}


def with_department(commune: Commune) -> str:
    return f"{commune.name} ({commune.department_id})"


class Booking(Resident):
    """For a free time: without phone or e-mail, the page of her appointment is enough."""

    words = people.words(_("What brings you"), 500, required=False, help_text=_("One sentence, if you like."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"].required = False
        self.fields["contact"].help_text = _("To confirm and remind. Neither? You keep the address of your page.")

    def said(self) -> dict:
        return super().said() | {"words": self.cleaned_data["words"]}
