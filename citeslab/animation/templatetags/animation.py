"""The sections of the life of the network, above each of its pages."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

register = template.Library()


@register.inclusion_tag("animation/sections.html", takes_context=True)
def sections(context):
    here = context["request"].path
    home = reverse("animation:home")
    entries = [
        (_("What is new"), home),
        (_("Methods"), reverse("animation:methods")),
        (_("Trainings"), reverse("animation:trainings")),
        (_("Meetings"), reverse("animation:meetings")),
        (_("Announcements"), reverse("animation:announcements")),
        (_("Colleagues"), reverse("animation:colleagues")),
        (_("First weeks"), reverse("animation:first_weeks")),
        (_("Partners"), reverse("partners:offices")),
    ]
    return {
        "sections": [
            {"label": label, "url": url, "current": here == url if url == home else here.startswith(url)}
            for label, url in entries
        ]
    }
