"""Acts on surgeries: opened, changed, one day moved or cancelled, ended; and days closed to everyone."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.agenda import rules
from citeslab.agenda.models import Closure, Surgery, SurgeryChange
from citeslab.audit import services as audit
from citeslab.core.values import midnight

RULE = (
    "advisor", "place", "address", "access", "rhythm", "weekdays", "nth", "from_time", "until_time", "slot_minutes",
    "begins_on", "ends_on",
)  # fmt: skip


class NotHeldThatDay(Exception):
    def __str__(self):
        return _("This surgery is not held that day. Choose one of its dates.")


@transaction.atomic
def open_surgery(*, surgery: Surgery, by: User, at: datetime) -> Surgery:
    """Announce hours that come back; `surgery` is unsaved and carries its rule."""
    surgery.changed_at, surgery.changed_by = at, by
    surgery.full_clean(exclude=["changed_by"])
    surgery.save()
    audit.record("agenda.surgery.opened", surgery, by=by, at=at, advisor_id=surgery.advisor_id)
    return surgery


@transaction.atomic
def change_surgery(*, surgery: Surgery, by: User, at: datetime) -> Surgery:
    """Write its new rule, which `surgery` carries. What was booked stays as it was booked."""
    surgery.changed_at, surgery.changed_by = at, by
    surgery.full_clean(exclude=["changed_by"])
    surgery.save(update_fields=[*RULE, "changed_at", "changed_by"])
    audit.record("agenda.surgery.changed", surgery, by=by, at=at, advisor_id=surgery.advisor_id)
    return surgery


@transaction.atomic
def end_surgery(*, surgery: Surgery, ends_on: date, by: User, at: datetime) -> Surgery:
    """Hold it no more from that day on (excluded); ended before it began, it never was."""
    if ends_on <= surgery.begins_on:
        audit.record("agenda.surgery.removed", surgery, by=by, at=at)
        surgery.delete()
        return surgery
    surgery.ends_on, surgery.changed_at, surgery.changed_by = ends_on, at, by
    surgery.save(update_fields=["ends_on", "changed_at", "changed_by"])
    audit.record("agenda.surgery.ended", surgery, by=by, at=at)
    return surgery


@transaction.atomic
def change_day(
    *,
    surgery: Surgery,
    day: date,
    held_on: date | None = None,
    from_time: time | None = None,
    until_time: time | None = None,
    by: User,
    at: datetime,
) -> SurgeryChange:
    """Cancel one of its days, or hold it at another time; said again, the last word stands."""
    if day not in rules.days(surgery, day, day):
        raise NotHeldThatDay
    change, _is_new = SurgeryChange.objects.update_or_create(
        surgery=surgery,
        day=day,
        defaults={
            "held_on": held_on,
            "from_time": (from_time or surgery.from_time) if held_on else None,
            "until_time": (until_time or surgery.until_time) if held_on else None,
            "decided_at": at,
            "decided_by": by,
        },
    )
    touch(surgery, at=at)
    audit.record("agenda.surgery.day_changed", surgery, by=by, at=at, day=day.isoformat(), is_held=bool(held_on))
    return change


@transaction.atomic
def restore_day(*, surgery: Surgery, day: date, by: User, at: datetime) -> None:
    """Hold it on its own day again."""
    count, _rows = surgery.changes.filter(day=day).delete()
    if count:
        touch(surgery, at=at)
        audit.record("agenda.surgery.day_restored", surgery, by=by, at=at, day=day.isoformat())


def touch(surgery: Surgery, *, at: datetime) -> None:
    Surgery.objects.filter(pk=surgery.pk).update(changed_at=at)


@transaction.atomic
def close_day(*, advisor: User, day: date, by: User, at: datetime) -> Closure:
    """Receive nobody that day. What is booked stays, for someone to move or cancel; asking twice closes once."""
    User.objects.select_for_update(no_key=True, of=["self"]).get(pk=advisor.pk)
    starts_at, ends_at = midnight(day), midnight(day + timedelta(days=1))
    known = Closure.objects.filter(advisor=advisor, starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if known:
        return known
    closure = Closure.objects.create(
        advisor=advisor, starts_at=starts_at, ends_at=ends_at, decided_at=at, decided_by=by
    )
    audit.record("agenda.day.closed", closure, by=by, at=at, advisor_id=advisor.pk, day=day.isoformat())
    return closure


@transaction.atomic
def open_day(*, advisor: User, day: date, by: User, at: datetime) -> int:
    """Receive people again that day."""
    closures = Closure.objects.filter(
        advisor=advisor, starts_at__lt=midnight(day + timedelta(days=1)), ends_at__gt=midnight(day)
    )
    count, _rows = closures.delete()
    if count:
        audit.record("agenda.day.opened", by=by, at=at, advisor_id=advisor.pk, day=day.isoformat())
    return count
