"""An advisor's appointments and surgeries pass to another."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from citeslab.accounts.models import User
from citeslab.agenda import queries, rules
from citeslab.agenda.models import Surgery
from citeslab.agenda.services import messages
from citeslab.agenda.services.appointments import changed, lock
from citeslab.audit import services as audit
from citeslab.network.models import Site


@transaction.atomic
def hand_over(
    *,
    advisor: User,
    to: User,
    since: date,
    people: Collection[int] | None = None,
    site: Site | None = None,
    by: User,
    at: datetime,
) -> int:
    """Give `to` what `advisor` has from that day on: appointments, whose people are told, and surgeries.

    With `people` (keys of persons), their appointments alone; with `site`, what is of that site. Gives the count of
    appointments that passed. Those that `to` is not free for stay, and so do those of a site where `to` receives
    nobody: `queries.conflicts` lists the former beforehand.
    """
    lock(advisor, to)
    busy = {one.pk for one in queries.conflicts(advisor=advisor, to=to, since=since)}
    sites = set(Site.objects.keys_with_names_for(to, on=max(since, localdate(at))))
    if site is not None:
        sites &= {site.pk}
    passed = 0
    for appointment in queries.future_of(advisor, since=since):
        if people is not None and appointment.person_id not in people:
            continue
        if appointment.pk in busy or appointment.who.site_id not in sites:
            continue
        appointment.advisor = to
        changed(appointment, at=at)
        if appointment.starts_at > at:
            messages.tell(appointment, "moved", at=at)
        passed += 1
    held = Surgery.objects.not_over(since).filter(advisor=advisor, site__in=sites)
    if people is not None:
        held = held.none()  # a surgery is nobody's in particular
    for surgery in held.select_for_update(of=["self"]).order_by("pk"):
        pass_on(surgery, to=to, since=since, by=by, at=at)
    audit.record(
        "agenda.handover.made", by=by, at=at, advisor_id=advisor.pk, to_id=to.pk, since=since.isoformat(), count=passed
    )
    return passed


def pass_on(surgery: Surgery, *, to: User, since: date, by: User, at: datetime) -> None:
    """End it for the one, begin it for the other, at the same rhythm, with the changes already decided."""
    surgery.changed_at, surgery.changed_by = at, by
    if surgery.begins_on >= since:
        surgery.advisor = to
        surgery.save(update_fields=["advisor", "changed_at", "changed_by"])
        return
    # A fortnight is counted from the week of the beginning: the new one begins on a day of the rule.
    first = next(iter(rules.days(surgery, since, since + timedelta(days=62))), None)
    later = list(surgery.changes.filter(day__gte=since))
    ends_on, surgery.ends_on = surgery.ends_on, since
    surgery.save(update_fields=["ends_on", "changed_at", "changed_by"])
    if first is None:
        return
    surgery.pk, surgery._state.adding = None, True
    surgery.advisor, surgery.begins_on, surgery.ends_on = to, first, ends_on
    surgery.save()
    for change in later:
        change.surgery = surgery
        change.save(update_fields=["surgery"])
