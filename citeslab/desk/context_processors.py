"""The frame of each page: the entries this user has, and where she is."""

from functools import cache

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from citeslab.network import rules
from citeslab.network.enums import Role
from citeslab.network.models import sites_with_names_for

AT_THE_THUMB = 4


def frame(request):
    """`navigation`: `{label, url, icon, current, more}` each; empty for who is not signed in. `write_action`: the +.
    `where`: her site, when she has one; a page about one site among several gives its own.

    Four entries are at the thumb; those with `more` are in the rail of a desk, and in the menu of a phone.
    """

    @cache
    def held() -> frozenset[Role]:
        return rules.roles(request.user, on=timezone.localdate()) if request.user.is_authenticated else frozenset()

    return {
        "navigation": SimpleLazyObject(lambda: navigation(request, held())),
        "write_action": SimpleLazyObject(lambda: write_action(request, held())),
        "where": SimpleLazyObject(lambda: where(request)),
    }


def where(request) -> str:
    if not request.user.is_authenticated:
        return ""
    names = {site.name for site in sites_with_names_for(request.user, on=timezone.localdate())}
    return names.pop() if len(names) == 1 else ""


def write_action(request, held: frozenset[Role]) -> dict | None:
    """The round + of who sees names: on a person's file it writes her note, elsewhere it asks whose."""
    if not held & {Role.ADVISOR, Role.COORDINATOR}:
        return None
    here = request.resolver_match
    if here and here.view_name == "desk:person":
        return {"label": _("Write her note"), "url": reverse("followup:note", args=[here.kwargs["pk"]])}
    return {"label": _("Write a note"), "url": reverse("desk:write")}


def navigation(request, held: frozenset[Role]) -> list[dict]:
    entries = []
    if held & {Role.ADVISOR, Role.COORDINATOR}:
        entries += [
            (_("Today"), reverse("desk:home"), "sun"),
            (_("People"), reverse("desk:people"), "people"),
            (_("Agenda"), reverse("agenda:week"), "calendar"),
            (_("Figures"), reverse("figures:year_of_site"), "chart"),
            (_("Actions"), reverse("workshops:workshops"), "board"),
            (_("Referrals"), reverse("referrals:referrals"), "refer"),
            (_("Duplicates"), reverse("duplicates:likenesses"), "merge"),
            (_("Workbooks"), reverse("intake:workbooks"), "workbook"),
            (_("Stories"), reverse("website:stories_to_write"), "talk"),
        ]
    if held & {Role.PILOT, Role.FUNDER}:
        entries += [
            (_("Home"), reverse("desk:home"), "home"),
            (_("Figures"), reverse("figures:explorer"), "chart"),
            (_("Statements"), reverse("figures:statements"), "check-circle"),
            (_("Reports"), reverse("figures:reports"), "file"),
        ]
    if held & {Role.COORDINATOR, Role.PILOT}:
        entries.append((_("Agreements"), reverse("funding:agreements"), "money"))
    elif Role.FUNDER in held:
        entries.append((_("Account"), reverse("funding:own_account"), "money"))
    if Role.PILOT in held:
        entries.append((_("Stories"), reverse("website:stories_to_write"), "talk"))
    if Role.COORDINATOR in held:
        entries.append((_("Handovers"), reverse("desk:handovers"), "leave"))
    if held & {Role.COORDINATOR, Role.PILOT}:
        entries.append((_("Network"), reverse("network:network"), "building"))
        entries.append((_("Accounts"), reverse("network:accounts"), "key"))
    if held & {Role.ADVISOR, Role.COORDINATOR, Role.PILOT}:
        entries.append((_("Network life"), reverse("animation:home"), "talk"))
    here = request.path
    return [
        {
            "label": label,
            "url": url,
            "icon": icon,
            "current": here == url if url == "/" else here.startswith(url),
            "more": place >= AT_THE_THUMB,
        }
        for place, (label, url, icon) in enumerate(entries)
    ]
