"""What is asked about a person's rights, of her advisor and of herself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.rights.enums import Ground, Purpose, Said, Way, Wish
from citeslab.rights.values import day_written
from citeslab.ui.forms import day_input

TOLD = [(way.value, way.label) for way in Way if way != Way.SPACE]


class Told(forms.Form):
    way = forms.ChoiceField(label=_("How was she told?"), choices=TOLD, initial=Way.SPOKEN, widget=forms.RadioSelect)


class Agreed(forms.Form):
    purpose = forms.ChoiceField(choices=Purpose)
    said = forms.ChoiceField(choices=Said)


class News(forms.Form):
    reason = forms.CharField(
        label=_("What news do you have of her?"),
        help_text=_("A few words, which she can read."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class Kept(forms.Form):
    ground = forms.ChoiceField(label=_("Why must this file be kept?"), choices=Ground)
    until = forms.DateField(label=_("Until"), widget=day_input())


class Answer(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    )


class Code(forms.Form):
    """A code and something she knows: a refusal never says which was wrong."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Ten letters and figures, from your advisor or from the message you received."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    answer = forms.CharField(
        label=_("Your birth date, or the last 4 figures of your phone"),
        help_text=_("For example 12/03/1987. With a code received by message: your birth date."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )


class Asking(forms.Form):
    contact = forms.CharField(
        label=_("Your e-mail address or your phone, as your advisor knows it"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )
    born_on = forms.CharField(
        label=_("Your birth date"),
        help_text=_("For example 12/03/1987."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "bday", "class": "input-short"}),
    )

    def clean_born_on(self):
        day = day_written(self.cleaned_data["born_on"])
        if day is None:
            raise forms.ValidationError(_("This is not a date. Write the day, the month and the year: 12/03/1987."))
        return day


class Request(forms.Form):
    wish = forms.ChoiceField(
        label=_("What do you ask?"), choices=Wish, initial=Wish.CORRECTION, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In your words"),
        help_text=_("What is wrong, and what would be right."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
