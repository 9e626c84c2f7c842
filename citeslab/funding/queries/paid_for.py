"""What money was for: the posts and actions of an agreement, of a funder; what comes next; who may read an account."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from citeslab.accounts.models import User
from citeslab.funding.models import Agreement, Funder, Instalment, Payment, PostShare, ReportDue
from citeslab.network.enums import Role
from citeslab.network.models import Mandate, Merger, Post

LATEST = 10  # actions of an agreement that its page names


@dataclass(frozen=True)
class PaidActions:
    """The actions that an agreement pays for: how many, and the latest."""

    number: int
    latest: list


def actions_paid(agreement: Agreement) -> PaidActions:
    """What the room of actions holds, asked from below by the relation that it made."""
    shares = agreement.action_shares.filter(workshop__cancelled_at=None).select_related("workshop__site")
    return PaidActions(shares.count(), list(shares.order_by("-workshop__held_on", "-workshop")[:LATEST]))


def actions_outside(agreement: Agreement) -> QuerySet:
    """Its shares of actions that are not of its days, or not of its host."""
    shares = agreement.action_shares.all()
    days = {"workshop__held_on__gte": agreement.begins_on, "workshop__held_on__lt": agreement.ends_on}
    outside = shares.exclude(**days)
    if agreement.organization_id:
        hers = Merger.objects.gone_into(agreement.organization_id)
        outside |= shares.exclude(workshop__site__organization__in=hers)
    return outside


def posts_of(agreement: Agreement) -> QuerySet[Post]:
    """Posts that it may pay for: in force on one of its days, of its host, or of any for the network."""
    found = Post.objects.not_over(agreement.begins_on).filter(begins_on__lt=agreement.ends_on)
    if agreement.organization_id:
        found = found.filter(site__organization__in=Merger.objects.gone_into(agreement.organization_id))
    return found.select_related("site").order_by("site__sort_key", "begins_on", "pk")


@dataclass(frozen=True)
class Calendar:
    """What comes next with a funder: instalments not paid yet, reports not sent yet."""

    instalments: list[Instalment]
    reports: list[ReportDue]


SEEN_AHEAD = timedelta(days=366)


def calendar_of(funder: Funder, *, on: date) -> Calendar:
    paid = Payment.objects.standing().values("instalment")
    due = Instalment.objects.standing().filter(agreement__funder=funder, due_on__lte=on + SEEN_AHEAD)
    owed = ReportDue.objects.standing().filter(agreement__funder=funder, sent_on=None, due_on__lte=on + SEEN_AHEAD)
    return Calendar(
        list(due.exclude(pk__in=paid).select_related("agreement__organization").order_by("due_on", "pk")[:LATEST]),
        list(owed.select_related("agreement__organization").order_by("due_on", "pk")[:LATEST]),
    )


@dataclass(frozen=True)
class PaidFor:
    """What a funder pays for: posts today, sites, and actions since it began."""

    posts: int
    sites: int
    shares: list[PostShare]
    actions: int


def paid_for(funder: Funder, *, on: date) -> PaidFor:
    shares = list(
        PostShare.objects.standing()
        .on(on)
        .filter(funder=funder, post__in=Post.objects.on(on))
        .select_related("post__site", "agreement")
        .order_by("post__site__sort_key", "post", "pk")
    )
    held = Q(action_shares__workshop__cancelled_at=None, action_shares__workshop__is_planned=False)
    actions = funder.agreements.aggregate(number=Count("action_shares__workshop", filter=held, distinct=True))
    return PaidFor(
        len({share.post_id for share in shares}),
        len({share.post.site_id for share in shares}),
        shares[:LATEST],
        actions["number"],
    )


def funders() -> QuerySet[Funder]:
    return Funder.objects.annotate(number=Count("agreements")).order_by("sort_key", "pk")


def readers(*, on: date) -> QuerySet[User]:
    """Who may be named to read an account: whoever holds a funder's mandate that day."""
    held = Mandate.objects.on(on).filter(role=Role.FUNDER)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("sort_key", "pk")
