"""The network of a day as a file: a row a post, or a row a neighborhood."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from django.utils.translation import gettext as _

from citeslab.network.queries import Quarter, SiteThen
from citeslab.ui import values
from citeslab.ui.exports import WRITERS, Cell


def written(format: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str) -> bytes:
    with closing(WRITERS[format](headings, title)) as file:
        file.write(rows)
        return file.finished()


def posts_file(format: str, sites: Iterable[SiteThen]) -> bytes:
    """A row a post; a site without one has a row too."""
    headings = [
        _("Organization"), _("Legal form"), "SIRET", _("Site"), _("Code"), _("Department"), _("Region"), _("Commune"),
        _("Phone"), _("E-mail address"), _("Address"), _("Opened on"), _("Neighborhoods covered"), _("Post"),
        _("Share of full time, in percent"), _("Post from"), _("Held by"), _("Since"), _("Vacant since"),
    ]  # fmt: skip
    return written(format, headings, post_rows(sites), title=_("Network"))


def post_rows(sites: Iterable[SiteThen]) -> Iterator[list[Cell]]:
    for one in sites:
        site, department = one.site, one.site.department
        head: list[Cell] = [
            one.organization.name_then,
            str(one.organization.get_legal_form_display()),
            one.organization.siret,
            one.name,
            site.code,
            str(department or ""),
            str(department.region or "") if department else "",
            one.commune,
            values.phone(site.phone) if site.phone else "",
            site.email,
            site.address,
            site.opened_on,
            one.neighborhoods,
        ]
        if not one.posts:
            yield [*head, "", None, None, "", None, None]
        for then in one.posts:
            post, tenure = then.post, then.tenure
            yield [
                *head,
                post.reference or str(post.pk),
                post.full_time_percent,
                post.begins_on,
                tenure.user.name if tenure else "",
                tenure.begins_on if tenure else None,
                then.vacant_since,
            ]


def quarters_file(format: str, quarters: Iterable[Quarter]) -> bytes:
    """A row a neighborhood."""
    headings = [
        _("QPV"), _("Name"), _("Edition"), _("Department"), _("Commune"), _("Residents"), _("State"), _("Sites"),
    ]  # fmt: skip
    rows: Iterator[list[Cell]] = (
        [
            one.code,
            one.name,
            int(one.edition),
            one.department_name,
            one.communes,
            one.residents,
            str(one.cover.label),
            ", ".join(site.name for site in one.sites),
        ]
        for one in quarters
    )
    return written(format, headings, rows, title=_("Coverage"))
