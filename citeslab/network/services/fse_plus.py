"""Acts on the days that an FSE+ agreement pays for."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.network import queries
from citeslab.network.models import FSEPlus, Site
from citeslab.ui.values import day


class DaysAlreadyPaid(Exception):
    """Another period of the site has one of these days: `period`, or nothing if it was removed at that very moment."""

    def __init__(self, period: FSEPlus | None):
        super().__init__()
        self.period = period

    def __str__(self):
        if self.period is None:
            return _("An FSE+ agreement already pays for this site on these days.")
        said = {"reference": self.period.reference, "first": day(self.period.begins_on)}
        if self.period.last_on is None:
            return (
                _(
                    "The agreement %(reference)s already pays for this site from %(first)s, without an end. "
                    "Set its end first, or choose days before."
                )
                % said
            )
        return _(
            "The agreement %(reference)s already pays for this site from %(first)s to %(last)s. "
            "Choose other days, or set its end first."
        ) % {**said, "last": day(self.period.last_on)}


class NotSooner(Exception):
    """The end of `period` can come sooner, never later, nor before it begins."""

    def __init__(self, period: FSEPlus, *, begins_later: bool):
        super().__init__()
        self.period, self.begins_later = period, begins_later

    def __str__(self):
        if self.begins_later:
            return _(
                "It begins on %(first)s: that is the soonest last day. Set by mistake, it can be removed instead."
            ) % {"first": day(self.period.begins_on)}
        return _("It already ends on %(last)s. To pay for later days, set another period.") % {
            "last": day(self.period.last_on)
        }


class AlreadyAnswered(Exception):
    def __str__(self):
        return _(
            "FSE+ answers were recorded at this site on these days: the period was used, and stays for the fund's "
            "controls."
        )


@transaction.atomic
def set_fse_plus(
    *, site: Site, reference: str, begins_on: date, ends_on: date | None = None, by: User, at: datetime
) -> FSEPlus:
    """Say that an FSE+ agreement pays for `site` on these days: its items are asked then, and only then.

    Raises `DaysAlreadyPaid` when another period of the site has one of these days.
    """
    try:
        with transaction.atomic():
            period = FSEPlus.objects.create(site=site, reference=reference, begins_on=begins_on, ends_on=ends_on)
    except IntegrityError as error:
        if "network_fseplus_one_at_a_time" not in str(error):
            raise
        taken = FSEPlus.objects.filter(site=site).overlapping(begins_on=begins_on, ends_on=ends_on)
        raise DaysAlreadyPaid(taken.order_by("begins_on").first()) from error
    audit.record("network.fse_plus.set", period, by=by, at=at, site_id=site.pk)
    return period


@transaction.atomic
def end_fse_plus(*, period: FSEPlus, ends_on: date, by: User, at: datetime) -> FSEPlus:
    """From that day on (that day excluded) the agreement pays no more; said twice, it is once. Raises `NotSooner`.

    Answers recorded since stay: an end is often learned after its day.
    """
    period = FSEPlus.objects.select_for_update(of=["self"]).get(pk=period.pk)
    if period.ends_on == ends_on:
        return period
    if ends_on <= period.begins_on:
        raise NotSooner(period, begins_later=True)
    if period.ends_on and ends_on > period.ends_on:
        raise NotSooner(period, begins_later=False)
    before, period.ends_on = period.ends_on, ends_on
    period.save(update_fields=["ends_on"])
    audit.record(
        "network.fse_plus.ended",
        period,
        by=by,
        at=at,
        site_id=period.site_id,
        ends_on=str(ends_on),
        before=str(before or ""),
    )
    return period


@transaction.atomic
def remove_fse_plus(*, period: FSEPlus, by: User, at: datetime) -> None:
    """Take away a period set by mistake; the journal keeps what it said. Raises `AlreadyAnswered` once it was used."""
    found = FSEPlus.objects.select_for_update(of=["self"]).filter(pk=period.pk).first()
    if found is None:  # asked twice
        return
    if queries.is_answered(found):
        raise AlreadyAnswered
    audit.record(
        "network.fse_plus.removed",
        found,
        by=by,
        at=at,
        site_id=found.site_id,
        reference=found.reference,
        begins_on=str(found.begins_on),
        ends_on=str(found.ends_on or ""),
    )
    found.delete()
