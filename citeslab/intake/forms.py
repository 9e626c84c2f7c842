"""The form that sends a workbook."""

from pathlib import PurePath

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from citeslab.intake.errors import Unreadable


class Upload(forms.Form):
    """A workbook for one of the sites that this user sees by name; a single site is not asked for."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=None, empty_label=None)
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("An .xlsx with the five sheets, or a .zip of five .csv files. 25 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.zip"}),
        allow_empty_file=True,  # said in our words by the reader
    )

    def __init__(self, *args, sites, **options):
        super().__init__(*args, **options)
        self.fields["site"].queryset = sites
        found = list(sites[:2])
        if len(found) == 1:
            self.only_site = found[0]
            del self.fields["site"]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.INTAKE_MAX_BYTES:
            limit = settings.INTAKE_MAX_BYTES // (1024 * 1024)
            raise ValidationError(str(Unreadable("too_many_bytes", name=PurePath(file.name).name, limit=limit)))
        return file

    @property
    def chosen_site(self):
        return self.cleaned_data.get("site") or self.only_site
