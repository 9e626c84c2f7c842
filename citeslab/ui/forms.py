"""How every form is drawn. `FORM_RENDERER` names the class; a form needs nothing of its own to look right."""

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """`{{ form }}`: the summary of errors, then one field under the other."""

    form_template_name = "ui/form/form.html"
    field_template_name = "ui/form/field.html"

    def render(self, template_name, context, request=None):
        # What `{% field %}` may say of a field, and `{{ form }}` does not.
        return super().render(template_name, {"quiet": False, "grid": "", "attributes": {}, **context}, request)


class Specimen(forms.Form):
    """One field of each kind, for the living page of the look."""

    NATURES = [("FIRST", "First meeting"), ("FOLLOW_UP", "Follow-up"), ("PHONE", "Telephone")]

    name = forms.CharField(help_text="As she says it herself.")
    email = forms.EmailField(required=False)
    met_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date", "class": "input-short"}))
    nature = forms.ChoiceField(choices=NATURES, widget=forms.RadioSelect)
    site = forms.ChoiceField(choices=[("", "Choose a site"), ("TLS", "Toulouse, Grand Mirail")])
    retained = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="Two sentences are enough. Nothing on health, origin, religion or justice.",
    )
    workbook = forms.FileField(
        help_text="An .xlsx workbook of 25 MB at most.", widget=forms.FileInput(attrs={"accept": ".xlsx"})
    )
    agreed = forms.BooleanField(label="She agreed, in writing", help_text="The paper stays at the site.")
