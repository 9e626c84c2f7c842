"""The frame of each page: the entries this user has, and where she is."""

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from citeslab.network import rules
from citeslab.network.enums import Role


def frame(request):
    """`navigation`: a list of `{label, url, icon, current}`; empty for who is not signed in."""
    return {"navigation": SimpleLazyObject(lambda: navigation(request))}


def navigation(request) -> list[dict]:
    if not request.user.is_authenticated:
        return []
    held = rules.roles(request.user, on=timezone.localdate())
    entries = []
    if held & {Role.ADVISOR, Role.COORDINATOR}:
        entries += [
            (_("Today"), reverse("desk:home"), "sun"),
            (_("People"), reverse("desk:people"), "people"),
            (_("Workbooks"), reverse("intake:workbooks"), "workbook"),
            (_("Figures"), reverse("figures:year_of_site"), "chart"),
        ]
    if held & {Role.PILOT, Role.FUNDER}:
        entries += [
            (_("Network"), reverse("desk:home"), "home"),
            (_("Statements"), reverse("figures:statements"), "check-circle"),
        ]
    here = request.path
    return [
        {
            "label": label,
            "url": url,
            "icon": icon,
            "current": here == url if url == "/" else here.startswith(url),
        }
        for label, url, icon in entries
    ]
