"""Posts opened and ended, and who holds them."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.network.models import Post, Site, Tenure
from citeslab.ui.values import day


class NotThen(Exception):
    """These days do not go together: a sentence with its %(day)s."""

    def __init__(self, sentence: str, on: date):
        super().__init__(sentence)
        self.sentence, self.on = sentence, on

    def __str__(self):
        return self.sentence % {"day": day(self.on)}


class ReferenceTaken(Exception):
    def __str__(self):
        return _("Another post of this site has this reference. Choose another, or leave it empty.")


class PostHeld(Exception):
    """Someone else holds the post on one of these days: `tenure`, or nothing if she left at that very moment."""

    def __init__(self, tenure: Tenure | None):
        super().__init__()
        self.tenure = tenure

    def __str__(self):
        if self.tenure is None:
            return _("Someone else holds this post on these days.")
        said = {"name": self.tenure.user.name, "first": day(self.tenure.begins_on)}
        if self.tenure.last_on is None:
            return (
                _(
                    "%(name)s holds this post since %(first)s, without an end. Say first until when she stays, or open "
                    "another post."
                )
                % said
            )
        return _(
            "%(name)s holds this post from %(first)s to %(last)s. Choose other days, or change the day she leaves."
        ) % {**said, "last": day(self.tenure.last_on)}


class PostInUse(Exception):
    """Someone holds or held it, or will: `tenure`; or else an agreement pays for it."""

    def __init__(self, tenure: Tenure | None):
        super().__init__()
        self.tenure = tenure

    def __str__(self):
        if self.tenure is None:
            return _("An agreement pays for this post: take its share out first, or end the post.")
        return _("%(name)s is written on this post from %(day)s on: remove her first, or end the post.") % {
            "name": self.tenure.user.name,
            "day": day(self.tenure.begins_on),
        }


@transaction.atomic
def open_post(
    *,
    site: Site,
    full_time_percent: int = 100,
    reference: str = "",
    begins_on: date,
    ends_on: date | None = None,
    by: User,
    at: datetime,
) -> Post:
    """A place for one advisor, vacant until someone holds it; raises `NotThen`, `ReferenceTaken`."""
    if begins_on < site.opened_on:
        raise NotThen(_("The site opened on %(day)s: its posts begin that day at the soonest."), site.opened_on)
    if site.closed_on is not None and (ends_on is None or ends_on > site.closed_on):
        raise NotThen(_("The site is closed from %(day)s on."), site.closed_on)
    if reference and Post.objects.filter(site=site, reference=reference).exists():
        raise ReferenceTaken
    post = Post.objects.create(
        site=site, full_time_percent=full_time_percent, reference=reference, begins_on=begins_on, ends_on=ends_on
    )
    audit.record("network.post.opened", post, by=by, at=at, site_id=site.pk, percent=full_time_percent)
    return post


@transaction.atomic
def correct_post(*, post: Post, full_time_percent: int, by: User, at: datetime) -> Post:
    """The share of full time was written wrong. A share that changes from a day on is another post."""
    if post.full_time_percent != full_time_percent:
        before, post.full_time_percent = post.full_time_percent, full_time_percent
        post.save(update_fields=["full_time_percent"])
        audit.record(
            "network.post.corrected", post, by=by, at=at, site_id=post.site_id, percent=full_time_percent, before=before
        )
    return post


@transaction.atomic
def end_post(*, post: Post, ends_on: date, by: User, at: datetime) -> Post:
    """The post is no more from that day on; who holds it leaves it then. Raises `NotThen`."""
    post = Post.objects.select_for_update(of=["self"]).get(pk=post.pk)
    last = post.tenures.order_by("begins_on").last()
    if ends_on <= post.begins_on:
        raise NotThen(_("The post begins on %(day)s: it ends after that day."), post.begins_on)
    if last is not None and last.begins_on >= ends_on:
        raise NotThen(_("Someone takes this post on %(day)s: it ends after that day."), last.begins_on)
    if post.ends_on is not None and ends_on > post.ends_on:
        raise NotThen(_("The post already ends on %(day)s. For later days, open another."), post.ends_on)
    if post.ends_on == ends_on:
        return post
    before, post.ends_on = post.ends_on, ends_on
    post.save(update_fields=["ends_on"])
    post.tenures.not_over(ends_on).update(ends_on=ends_on)
    audit.record(
        "network.post.ended", post, by=by, at=at, site_id=post.site_id, ends_on=str(ends_on), before=str(before or "")
    )
    return post


@transaction.atomic
def remove_post(*, post: Post, by: User, at: datetime) -> None:
    """It never was, or will not be: opened by mistake. The journal keeps what it said; asked twice, it is once.

    Raises `PostInUse`.
    """
    found = Post.objects.select_for_update(of=["self"]).filter(pk=post.pk).first()
    if found is None:
        return
    tenure = found.tenures.select_related("user").order_by("begins_on").first()
    if tenure is not None:
        raise PostInUse(tenure)
    audit.record(
        "network.post.removed",
        found,
        by=by,
        at=at,
        site_id=found.site_id,
        reference=found.reference,
        percent=found.full_time_percent,
        begins_on=str(found.begins_on),
        ends_on=str(found.ends_on or ""),
    )
    try:
        found.delete()
    except ProtectedError as error:
        # Upstairs only the shares of agreements point at a post; this room cannot ask for them.
        raise PostInUse(None) from error


@transaction.atomic
def begin_tenure(
    *, post: Post, user: User, begins_on: date, ends_on: date | None = None, by: User, at: datetime
) -> Tenure:
    """`user` holds the post from that day on; raises `PostHeld` when someone else does, `NotThen` outside its days."""
    post = Post.objects.select_for_update(of=["self"]).get(pk=post.pk)  # who ends it meanwhile goes first
    if begins_on < post.begins_on:
        raise NotThen(_("The post begins on %(day)s."), post.begins_on)
    if post.ends_on is not None and begins_on >= post.ends_on:
        raise NotThen(_("The post ends before %(day)s."), post.ends_on)
    if post.ends_on is not None:
        ends_on = min(ends_on or post.ends_on, post.ends_on)
    try:
        with transaction.atomic():
            tenure = Tenure.objects.create(post=post, user=user, begins_on=begins_on, ends_on=ends_on)
    except IntegrityError as error:
        if "network_tenure_one_holder_at_a_time" not in str(error):
            raise
        there = Tenure.objects.not_over(begins_on).filter(post=post).select_related("user")
        if ends_on:
            there = there.filter(begins_on__lt=ends_on)
        raise PostHeld(there.order_by("begins_on").first()) from error
    audit.record("network.tenure.begun", tenure, by=by, at=at, post_id=post.pk, user_id=user.pk)
    return tenure


@transaction.atomic
def end_tenure(*, tenure: Tenure, ends_on: date, by: User, at: datetime) -> Tenure:
    """The post is vacant from that day on, unless someone else takes it. Raises `NotThen`, `PostHeld`."""
    tenure = Tenure.objects.select_for_update(of=["self"]).get(pk=tenure.pk)
    if ends_on <= tenure.begins_on:
        raise NotThen(_("She holds it since %(day)s: she leaves it after that day."), tenure.begins_on)
    if tenure.post.ends_on is not None and ends_on > tenure.post.ends_on:
        raise NotThen(_("The post ends before %(day)s."), tenure.post.ends_on)
    following = Tenure.objects.filter(post=tenure.post_id, begins_on__gt=tenure.begins_on, begins_on__lt=ends_on)
    taken = following.select_related("user").order_by("begins_on").first()
    if taken is not None:
        raise PostHeld(taken)
    before, tenure.ends_on = tenure.ends_on, ends_on
    tenure.save(update_fields=["ends_on"])
    audit.record(
        "network.tenure.ended",
        tenure,
        by=by,
        at=at,
        post_id=tenure.post_id,
        user_id=tenure.user_id,
        ends_on=str(ends_on),
        before=str(before or ""),
    )
    return tenure


@transaction.atomic
def remove_tenure(*, tenure: Tenure, by: User, at: datetime) -> None:
    """She never held it: written by mistake. The journal keeps what it said; asked twice, it is once."""
    found = Tenure.objects.select_for_update(of=["self"]).filter(pk=tenure.pk).first()
    if found is None:
        return
    audit.record(
        "network.tenure.removed",
        found,
        by=by,
        at=at,
        post_id=found.post_id,
        user_id=found.user_id,
        begins_on=str(found.begins_on),
        ends_on=str(found.ends_on or ""),
    )
    found.delete()


@transaction.atomic
def leave(*, tenures: QuerySet[Tenure], on: date, by: User, at: datetime) -> None:
    """These posts are left that day, and none of those that begin then or later is taken."""
    for tenure in tenures.not_over(on).select_related("post").order_by("begins_on", "pk"):
        last = min(on, tenure.post.ends_on or on)
        if tenure.begins_on < last:
            end_tenure(tenure=tenure, ends_on=last, by=by, at=at)
        else:
            remove_tenure(tenure=tenure, by=by, at=at)
