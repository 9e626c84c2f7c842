from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citeslab.core.models import Fact, FactQuerySet
from citeslab.funding.models.agreements import Agreement
from citeslab.funding.models.funders import Funder
from citeslab.funding.values import WHOLE
from citeslab.network.models import PERIOD, Dated, DatedQuerySet, Post


class ShareQuerySet(DatedQuerySet, FactQuerySet):  # type: ignore[override]
    pass


class PostShare(Dated, Fact):
    """How much of a post an agreement pays, from when to when. Of a post, the shares of a day are at most the whole.

    The funder is the agreement's (the database holds them together): on a day, a funder pays a post once.
    """

    PERSONAL = ()

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="post_shares")
    funder = models.ForeignKey(Funder, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="shares", verbose_name=_("post"))
    share = models.PositiveSmallIntegerField(_("share of the post, in hundredths of a percent"))
    ends_on = models.DateField(_("until (excluded)"))

    objects = ShareQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Dated.Meta):
        verbose_name = _("share of a post")
        verbose_name_plural = _("shares of a post")
        constraints = [
            *Dated.Meta.constraints,
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="funding_postshare_of_one_post",
                condition=Q(share__range=(1, WHOLE)),
                violation_error_message=_("A share is more than nothing, and at most the whole post."),
            ),
            ExclusionConstraint(
                name="funding_postshare_one_by_funder_and_day",
                expressions=[
                    ("funder", RangeOperators.EQUAL),
                    ("post", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This funder already pays for this post on these days."),
            ),
        ]

    def __str__(self):
        return f"share #{self.pk} of a post"

    @property
    def part(self) -> float:
        """Of the whole post, between 0 and 1: to be shown, never to be computed with."""
        return self.share / WHOLE

    @property
    def weight(self) -> int:
        """By which what its agreement paid for posts is shared out: its share and its days, its post's alone."""
        ends_on = min(self.ends_on, self.post.ends_on or self.ends_on)
        return self.share * max(0, (ends_on - self.begins_on).days)

    @property
    def last_on(self) -> date:
        return self.ends_on - timedelta(days=1)
