"""One organization taken in by another, and the act undone."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.network.models import HostOrganization, Invitation, Mandate, Merger, Site
from citeslab.ui.values import day


class CannotMerge(Exception):
    """In a sentence."""


class CannotPart(Exception):
    """In a sentence."""


@transaction.atomic
def merge(
    *, absorbed: HostOrganization, into: HostOrganization, merged_on: date, today: date, by: User, at: datetime
) -> Merger:
    """From that day on `into` runs the sites of `absorbed`; mandates, open invitations and FSE+ periods follow.

    The absorbed one keeps its name and its past. Raises `CannotMerge`.
    """
    pair = HostOrganization.objects.select_for_update(of=["self"]).filter(pk__in=[absorbed.pk, into.pk]).order_by("pk")
    if len(list(pair)) != 2:
        raise CannotMerge(_("An organization merges into another one."))
    for one in (absorbed, into):
        gone = one.mergers.standing().select_related("into").first()
        if gone is not None:
            raise CannotMerge(
                _("%(name)s merged into %(into)s on %(day)s.")
                % {"name": one.name, "into": gone.into.name, "day": day(gone.merged_on)}
            )
    if merged_on > today:
        raise CannotMerge(_("This day has not come yet: say it on the day, when rights change hands."))
    later = absorbed.absorptions.standing().filter(merged_on__gt=merged_on).order_by("merged_on").last()
    if later is not None:
        raise CannotMerge(
            _("%(name)s took another organization in on %(day)s: it merges after that day.")
            % {"name": absorbed.name, "day": day(later.merged_on)}
        )
    merger = Merger.objects.create(absorbed=absorbed, into=into, merged_on=merged_on, made_at=at, made_by=by)
    for moved in (
        Site.objects.filter(organization=absorbed),
        Mandate.objects.not_over(merged_on).filter(organization=absorbed),
        Invitation.objects.open(at).filter(organization=absorbed),
    ):
        keys = list(moved.order_by("pk").values_list("pk", flat=True))
        kept = {Site: merger.sites, Mandate: merger.mandates, Invitation: merger.invitations}[moved.model]
        kept.set(keys)
        moved.model._default_manager.filter(pk__in=keys).update(organization=into)
    audit.record(
        "network.organization.merged", absorbed, by=by, at=at, into_id=into.pk, merger_id=merger.pk, on=str(merged_on)
    )
    return merger


@transaction.atomic
def undo_merger(*, merger: Merger, by: User, at: datetime) -> Merger:
    """What went with the merger comes back, but for what went further since. Raises `CannotPart`; twice is once."""
    merger = Merger.objects.select_for_update(of=["self"]).get(pk=merger.pk)
    if merger.undone_at is not None:
        return merger
    further = merger.into.mergers.standing().select_related("into").first()
    if further is not None:
        raise CannotPart(
            _("%(name)s has merged into %(into)s since: undo that merger first.")
            % {"name": merger.into.name, "into": further.into.name}
        )
    for moved in (merger.sites, merger.mandates, merger.invitations):
        moved.filter(organization=merger.into).update(organization=merger.absorbed)
    merger.undone_at, merger.undone_by = at, by
    merger.save(update_fields=["undone_at", "undone_by"])
    audit.record(
        "network.organization.parted", merger.absorbed, by=by, at=at, into_id=merger.into_id, merger_id=merger.pk
    )
    return merger
