"""The form that sends a file of the network."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from citeslab.network.enums import Kind
from citeslab.network.errors import Unreadable
from citeslab.ui.forms import capitalized


class Upload(forms.Form):
    kind = forms.ChoiceField(
        label=_("What it holds"), choices=capitalized(Kind.choices), widget=forms.RadioSelect, initial=Kind.STRUCTURES
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("A .csv (UTF-8) or an .xlsx, with one sheet. 25 MB at most."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        allow_empty_file=True,  # said in our words by the reader
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.INTAKE_MAX_BYTES:
            limit = settings.INTAKE_MAX_BYTES // (1024 * 1024)
            raise ValidationError(str(Unreadable("too_many_bytes", name=file.name, limit=limit)))
        return file
