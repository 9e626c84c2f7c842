"""Who pays for an action: agreements, each with its share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from citeslab.funding.forms import Hundredths
from citeslab.funding.models import Agreement
from citeslab.funding.values import WHOLE

MOST_SHARES = 4


class Agreements(forms.ModelChoiceField):
    def label_from_instance(self, agreement):
        return f"{agreement.reference}, {agreement.funder.name}"


class Paying(forms.Form):
    """So many agreements at most; one alone pays the whole unless a share is said."""

    def __init__(self, *args, agreements, shares=(), **kwargs):
        super().__init__(*args, **kwargs)
        for place in range(MOST_SHARES):
            self.fields[f"agreement_{place}"] = Agreements(
                label=_("Agreement"),
                queryset=agreements.select_related("funder"),
                required=False,
                empty_label=_("none"),
            )
            self.fields[f"share_{place}"] = Hundredths(
                label=_("Share, in percent"),
                required=False,
                most=WHOLE,
                above=_("A share is at most the whole action: 100."),
            )
        for place, one in enumerate(shares[:MOST_SHARES]):
            self.initial |= {f"agreement_{place}": one.agreement_id, f"share_{place}": one.share}

    def rows(self):
        return [(self[f"agreement_{place}"], self[f"share_{place}"]) for place in range(MOST_SHARES)]

    def clean(self):
        said = super().clean()
        named = [place for place in range(MOST_SHARES) if said.get(f"agreement_{place}")]
        self.shares: dict[Agreement, int] = {}
        for place in range(MOST_SHARES):
            agreement, share = said.get(f"agreement_{place}"), said.get(f"share_{place}")
            if share and not agreement:
                self.add_error(f"agreement_{place}", _("Choose the agreement that pays this share."))
            if not agreement or f"share_{place}" in self.errors:
                continue
            if not share and len(named) > 1:
                self.add_error(f"share_{place}", _("Several agreements pay: say the share of each."))
            if agreement in self.shares:
                self.add_error(f"agreement_{place}", _("This agreement is there twice. Add up its shares."))
            self.shares[agreement] = share or WHOLE
        return said
