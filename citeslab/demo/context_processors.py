"""Says on each page that the people are invented, where they are."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from citeslab.demo.models import Demonstration


def demonstration(request):
    """`demonstration`: true where the database holds invented people; `demo_mode`: one-click accounts are offered."""
    there = SimpleLazyObject(Demonstration.objects.exists)
    return {"demonstration": there, "demo_mode": settings.DEMO and there}
