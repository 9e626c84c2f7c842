"""Says on each page that the people are invented, where they are."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from citeslab.demo.models import Demonstration


def demonstration(request):
    """`demonstration`: the database holds invented people; `demo_mode`, `demo_accounts`: one click signs in."""
    there = SimpleLazyObject(Demonstration.objects.exists)
    return {
        "demonstration": there,
        "demo_mode": settings.DEMO and there,
        "demo_accounts": accounts() if settings.DEMO else [],
    }


def accounts() -> list[dict[str, str]]:
    return [
        {
            "key": "advisor",
            "label": _("An advisor"),
            "description": _("Ines meets people in Besancon: her day, her people, her figures."),
        },
        {
            "key": "coordinator",
            "label": _("A coordinator"),
            "description": _("Samuel answers for the two sites of an organization."),
        },
        {
            "key": "pilot",
            "label": _("The national pilot"),
            "description": _("Agnes sees the whole network, and no name."),
        },
        {"key": "funder", "label": _("A funder"), "description": _("Claire reads the network's figures, and no name.")},
    ]
