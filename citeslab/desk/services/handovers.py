"""A caseload handed to colleagues in one act, and given back when an absence ends."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts import services as accounts
from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.desk.queries import handovers
from citeslab.network import services as network
from citeslab.network.enums import HandoverReason, HandoverRule, Role
from citeslab.network.models import Handover, Mandate, Site
from citeslab.network.signals import caseload_handed_over
from citeslab.people import services as people
from citeslab.people.enums import AssignmentReason
from citeslab.people.models import Assignment


class NobodyTakesIt(Exception):
    def __str__(self):
        return _("Choose who takes the caseload: one colleague, or several.")


class CaseloadMoved(Exception):
    """Between the page that said how many people go to whom and the act, the caseload changed."""

    def __str__(self):
        return _("The caseload changed since you saw it. Nothing was done: look at the counts again, then confirm.")


class GoneAlready(Exception):
    def __str__(self):
        return _("This caseload is handed over already, or its advisor has no access to the site any more on that day.")


class NotAway(Exception):
    def __str__(self):
        return _("This caseload is given back already.")


class NotGoneYet(Exception):
    def __str__(self):
        return _("This absence has not begun: the caseload can be given back from its first day on.")


@transaction.atomic
def hand_over(
    *,
    mandate: Mandate,
    since: date,
    reason: HandoverReason,
    returns_on: date | None,
    to: Sequence[User],
    rule: HandoverRule,
    seen: int,
    by: User,
    at: datetime,
) -> Handover:
    """From that day the people of this advisor at this site are followed by `to`, and she sees none of them.

    Her access to the site ends, her sessions end at once, and the other rooms hear of it in the same transaction.
    A colleague of another site receives access to this one, until an absence is given back. `seen` is how many
    people the page before announced. Raises `NobodyTakesIt`, `CaseloadMoved` or `GoneAlready`.
    """
    mandate = Mandate.objects.select_for_update(of=["self"]).select_related("user", "site").get(pk=mandate.pk)
    if mandate.role != Role.ADVISOR or (mandate.ends_on is not None and mandate.ends_on <= since):
        raise GoneAlready
    if not to or mandate.user in to:
        raise NobodyTakesIt
    plan = handovers.sharing(mandate, to=to, rule=rule, since=since)
    if plan.total != seen:
        raise CaseloadMoved
    handover = Handover.objects.create(
        mandate=mandate,
        since=since,
        reason=reason,
        returns_on=returns_on,
        rule=rule,
        people_count=plan.total,
        made_at=at,
        made_by=by,
    )
    for colleague in plan.newcomers:
        given = network.give_mandate(
            user=colleague, role=Role.ADVISOR, site=mandate.site, begins_on=since, by=by, at=at
        )
        handover.interims.add(given)
    hers = Mandate.objects.filter(user=mandate.user_id, role=Role.ADVISOR, site=mandate.site_id)
    for one in hers.not_over(since).order_by("pk"):
        network.end_mandate(mandate=one, ends_on=since, leaves_post=reason != HandoverReason.AWAY, by=by, at=at)
    accounts.end_sessions(user=mandate.user, by=by, at=at)
    takers = {user.pk: user for user in to}
    shares = {person: takers[key] for person, key in plan.shares.items()}
    move(shares, handover, since=since, reason=AssignmentReason.HANDOVER, by=by, at=at)
    most = max(plan.counts, key=lambda line: line[1])[0]
    caseload_handed_over.send(
        Handover,
        handover=handover,
        advisor=mandate.user,
        shares=shares,
        to=most,
        since=since,
        returning=False,
        by=by,
        at=at,
    )
    audit.record(
        "network.caseload.handed_over",
        handover,
        by=by,
        at=at,
        advisor_id=mandate.user_id,
        site_id=mandate.site_id,
        since=since.isoformat(),
        reason=reason,
        rule=rule,
        people={str(user.pk): count for user, count in plan.counts},
    )
    return handover


def move(shares: dict[int, User], handover: Handover, *, since: date, reason, by: User, at: datetime) -> None:
    for colleague in dict.fromkeys(shares.values()):
        people.assign(
            people=[person for person, taker in shares.items() if taker == colleague],
            advisor=colleague,
            since=since,
            reason=reason,
            handover=handover,
            by=by,
            at=at,
        )


@transaction.atomic
def give_back(*, handover: Handover, on: date, by: User, at: datetime) -> int:
    """She is back: her access begins again that day, and who is still followed by those who took over is hers again.

    Whom a colleague gave to someone else meanwhile stays there. Returns how many people came back.
    """
    handover = (
        Handover.objects.select_for_update(of=["self"])
        .select_related("mandate__user", "mandate__site")
        .get(pk=handover.pk)
    )
    if handover.reason != HandoverReason.AWAY or handover.given_back_at:
        raise NotAway
    if on < handover.since:
        raise NotGoneYet
    advisor, site = handover.mandate.user, handover.mandate.site
    assert site is not None  # an advisor's mandate names a site
    if site.pk not in Site.objects.keys_with_names_for(advisor, on=on):
        network.give_mandate(user=advisor, role=Role.ADVISOR, site=site, begins_on=on, by=by, at=at)
    kept = Assignment.objects.standing().filter(handover=handover, ends_on=None, reason=AssignmentReason.HANDOVER)
    holders: dict[User, list[int]] = {}
    for one in kept.select_related("advisor").order_by("pk"):
        holders.setdefault(one.advisor, []).append(one.person_id)
    back = [person for held in holders.values() for person in held]
    people.assign(
        people=back, advisor=advisor, since=on, reason=AssignmentReason.RETURN, handover=handover, by=by, at=at
    )
    for holder, held in holders.items():
        caseload_handed_over.send(
            Handover,
            handover=handover,
            advisor=holder,
            shares=dict.fromkeys(held, advisor),
            to=advisor,
            since=on,
            returning=True,
            by=by,
            at=at,
        )
    close_interims(handover, on=on, by=by, at=at)
    handover.given_back_at, handover.given_back_by = at, by
    handover.save()
    audit.record("network.caseload.given_back", handover, by=by, at=at, advisor_id=advisor.pk, count=len(back))
    return len(back)


def close_interims(handover: Handover, *, on: date, by: User, at: datetime) -> None:
    """The access given with the handover ends with the absence, unless its holder still follows someone there."""
    for interim in handover.interims.filter(ends_on=None).order_by("pk"):
        still = Assignment.objects.standing().filter(
            advisor=interim.user_id, person__site=interim.site_id, ends_on=None
        )
        if not still.exists():
            ends_on = max(on, interim.begins_on + timedelta(days=1))
            network.end_mandate(mandate=interim, ends_on=ends_on, by=by, at=at)
