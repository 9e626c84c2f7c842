"""The list of the first weeks."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FirstStepForm(forms.Form):
    words = forms.CharField(label=_("What a new advisor does"), max_length=200)
    days = forms.IntegerField(
        label=_("Within how many days"),
        min_value=0,
        max_value=365,
        widget=forms.NumberInput(attrs={"class": "input-short", "min": 0, "max": 365}),
    )
