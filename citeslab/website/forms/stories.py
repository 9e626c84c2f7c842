"""A story, its picture, what its person answers; an announcement."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from citeslab.rights.enums import Way
from citeslab.website.readers import MOST_BYTES

WAYS = [(way.value, way.label) for way in (Way.SPOKEN, Way.PHONE, Way.PAPER)]


class Story(forms.Form):
    """For one of the sites that this user sees by name; a single site, or that of the person, is not asked for."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=None, empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    first_name = forms.CharField(
        label=_("First name shown"),
        help_text=_("Hers, or another one that she chooses. Without any, nobody is named."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = forms.CharField(
        label=_("Story"),
        help_text=_(
            "What she lived, in her words. An empty line begins a paragraph. No name of somebody else, no health, no "
            "money owed: everyone will read it."
        ),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 14, "autocomplete": "off"}),
    )

    def __init__(self, *args, sites, **options):
        super().__init__(*args, **options)
        self.fields["site"].queryset = sites
        found = list(sites[:2])
        if len(found) == 1:
            self.only_site = found[0]
            del self.fields["site"]

    @property
    def chosen_site(self):
        return self.cleaned_data.get("site") or self.only_site

    def told(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "first_name", "words")}


class Picture(forms.Form):
    file = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, 10 MB at most. It is made smaller, and what the phone noted in it goes."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    description = forms.CharField(
        label=_("What it shows"),
        help_text=_("For those who do not see it: “Samira behind her counter, among loaves of bread.”"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("This file is too heavy: 10 MB at most. Send a smaller copy."))
        return file


class Agreement(forms.Form):
    """She read these very words."""

    way = forms.ChoiceField(label=_("How did she agree?"), choices=WAYS, widget=forms.RadioSelect)
    words = forms.BooleanField(label=_("She read these words and agrees that they are told to everyone."))
    picture = forms.BooleanField(label=_("She agrees that the picture is shown too."), required=False)

    def __init__(self, *args, has_picture: bool, **options):
        super().__init__(*args, **options)
        if not has_picture:
            del self.fields["picture"]


class Announcement(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    words = forms.CharField(
        label=_("Text"),
        help_text=_("An empty line begins a paragraph. It is on the press page as soon as it is published."),
        max_length=12_000,
        widget=forms.Textarea(attrs={"rows": 14, "autocomplete": "off"}),
    )
