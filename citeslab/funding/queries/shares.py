"""What each post is paid by, and what of it nobody pays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from citeslab.accounts.models import User
from citeslab.funding.models import Agreement, PostShare
from citeslab.funding.values import WHOLE, split
from citeslab.network.enums import Role
from citeslab.network.models import Post, held_by


@dataclass
class FundedPost:
    """A post on a day, with the shares that pay it."""

    post: Post
    shares: list[PostShare] = field(default_factory=list)

    @property
    def funded(self) -> int:
        return sum(share.share for share in self.shares)

    @property
    def missing(self) -> int:
        """In hundredths of a percent of the post."""
        return WHOLE - self.funded

    @property
    def missing_part(self) -> float:
        """Of the whole post, between 0 and 1: to be shown, never to be computed with."""
        return self.missing / WHOLE


def posts_seen(user: User, *, on: date) -> QuerySet[Post]:
    """The posts in force that day: all for the pilot, those of her organization's sites for a coordinator."""
    held = held_by(user, on=on)
    found = Post.objects.on(on).select_related("site__organization")
    if not any(mandate.role == Role.PILOT for mandate in held):
        organizations = [mandate.organization_id for mandate in held if mandate.role == Role.COORDINATOR]
        found = found.filter(site__organization__in=organizations)
    return found.order_by("site__sort_key", "site", "begins_on", "pk")


def funded(posts: Sequence[Post], *, on: date) -> list[FundedPost]:
    """Each of these posts with what pays it that day."""
    of = {post.pk: FundedPost(post) for post in posts}
    shares = PostShare.objects.standing().on(on).filter(post__in=of).select_related("agreement__funder")
    for share in shares.order_by("-share", "pk"):
        of[share.post_id].shares.append(share)
    return list(of.values())


def unfunded(user: User, *, on: date) -> list[FundedPost]:
    """Posts of which a share is paid by nobody that day, the largest first."""
    found = [one for one in funded(list(posts_seen(user, on=on)), on=on) if one.missing]
    return sorted(found, key=lambda one: -one.missing)


def left_of(post: Post, *, begins_on: date, ends_on: date) -> tuple[int, date]:
    """The least share of a post that is free on these days, and the first day on which it is so."""
    shares = list(PostShare.objects.standing().filter(post=post, begins_on__lt=ends_on, ends_on__gt=begins_on))
    days = sorted({begins_on, *(max(share.begins_on, begins_on) for share in shares)})
    taken = [(sum(one.share for one in shares if one.begins_on <= day < one.ends_on), day) for day in days]
    most, day = max(taken, key=lambda one: (one[0], -one[1].toordinal()))
    return WHOLE - most, day


def posts_paid(agreement: Agreement, cents: int) -> list[tuple[PostShare, int]]:
    """What the agreement paid for posts, shared out by the days and the share of each; no cent is lost."""
    found = agreement.post_shares.standing().select_related("post__site")
    shares = list(found.order_by("post__site__sort_key", "begins_on", "pk"))
    return list(zip(shares, shared_out(cents, shares) if shares else [], strict=True))


def shared_out(cents: int, shares: Sequence[PostShare]) -> list[int]:
    """The part of each, by its days; as promised, where every post ended before its share began."""
    weights = [share.weight for share in shares]
    return split(cents, weights if any(weights) else [share.share for share in shares])
