"""Acts on what agreements pay of posts."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.funding import queries
from citeslab.funding.models import Agreement, PostShare
from citeslab.network.models import Post
from citeslab.ui.values import day
from citeslab.ui.values import share as percent


class OutsideDays(Exception):
    """The days of the share are not all of the agreement and of the post."""

    def __init__(self, agreement: Agreement, post: Post):
        super().__init__()
        self.agreement, self.post = agreement, post

    def __str__(self):
        if self.post.ends_on and self.post.ends_on < self.agreement.ends_on:
            return _(
                "The agreement runs from %(first)s to %(last)s, the post from %(begun)s to %(ended)s: "
                "stay in these days."
            ) % {
                "first": day(self.agreement.begins_on),
                "last": day(self.agreement.last_on),
                "begun": day(self.post.begins_on),
                "ended": day(self.post.last_on),
            }
        if self.post.begins_on > self.agreement.begins_on:
            return _(
                "The agreement runs from %(first)s to %(last)s, the post from %(post)s on: stay in these days."
            ) % {
                "first": day(self.agreement.begins_on),
                "last": day(self.agreement.last_on),
                "post": day(self.post.begins_on),
            }
        return _("The agreement runs from %(first)s to %(last)s: a share stays in these days.") % {
            "first": day(self.agreement.begins_on),
            "last": day(self.agreement.last_on),
        }


class AlreadyShared(Exception):
    """This funder pays for the post on some of these days already."""

    def __init__(self, share: PostShare):
        super().__init__()
        self.share = share

    def __str__(self):
        return _(
            "%(funder)s already pays %(share)s of this post from %(first)s to %(last)s, by the agreement "
            "%(reference)s. Choose other days, or withdraw that share first."
        ) % {
            "funder": self.share.agreement.funder.name,
            "share": percent(self.share.share / 10_000, 2 if self.share.share % 100 else 0),
            "first": day(self.share.begins_on),
            "last": day(self.share.last_on),
            "reference": self.share.agreement.reference,
        }


class AboveWhole(Exception):
    """All the shares would pay more than the whole post; `left` is what is free on `on`."""

    def __init__(self, left: int, on: date):
        super().__init__()
        self.left, self.on = left, on

    def __str__(self):
        if not self.left:
            return _("On %(day)s this post is already paid whole: nothing of it is left.") % {"day": day(self.on)}
        return _("On %(day)s only %(left)s of this post is left: together, shares are at most the whole.") % {
            "day": day(self.on),
            "left": percent(self.left / 10_000, 2 if self.left % 100 else 0),
        }


@transaction.atomic
def share_post(
    *, agreement: Agreement, post: Post, share: int, begins_on: date, ends_on: date, by: User, at: datetime
) -> PostShare:
    """The agreement pays that share of the post (hundredths of a percent) on these days.

    Raises `OutsideDays`, `AlreadyShared` or `AboveWhole`.
    """
    # Shares of one post are written one after the other: two that fit alone may be too much together.
    post = Post.objects.select_for_update(of=["self"]).get(pk=post.pk)
    after = post.ends_on and ends_on > post.ends_on
    if begins_on < max(agreement.begins_on, post.begins_on) or ends_on > agreement.ends_on or after:
        raise OutsideDays(agreement, post)
    taken = PostShare.objects.standing().filter(
        funder=agreement.funder_id, post=post, begins_on__lt=ends_on, ends_on__gt=begins_on
    )
    if known := taken.select_related("agreement__funder").order_by("begins_on").first():
        raise AlreadyShared(known)
    left, on = queries.left_of(post, begins_on=begins_on, ends_on=ends_on)
    if share > left:
        raise AboveWhole(left, on)
    made = PostShare.objects.create(
        agreement=agreement,
        funder_id=agreement.funder_id,
        post=post,
        share=share,
        begins_on=begins_on,
        ends_on=ends_on,
        recorded_at=at,
        recorded_by=by,
    )
    audit.record("funding.share.recorded", made, by=by, at=at, agreement_id=agreement.pk, post_id=post.pk, share=share)
    return made


@transaction.atomic
def withdraw_share(*, share: PostShare, by: User, at: datetime) -> None:
    """It was not so. Twice is once."""
    share = PostShare.objects.select_for_update(of=["self"]).get(pk=share.pk)
    if share.withdrawn_at:
        return
    share.withdrawn_at, share.withdrawn_by = at, by
    share.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("funding.share.withdrawn", share, by=by, at=at, agreement_id=share.agreement_id)
