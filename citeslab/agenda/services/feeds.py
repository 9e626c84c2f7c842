"""Acts on the private address where an advisor's calendar program reads her appointments."""

from datetime import datetime

from django.db import transaction

from citeslab.accounts.models import User
from citeslab.agenda.models import Feed
from citeslab.audit import services as audit
from citeslab.core.values import digest_of, new_secret


@transaction.atomic
def make_feed(*, advisor: User, shows_names: bool = False, by: User, at: datetime) -> str:
    """A new secret address, said once; the one before stops answering."""
    User.objects.select_for_update(no_key=True, of=["self"]).get(pk=advisor.pk)
    revoke_feed(advisor=advisor, by=by, at=at)
    secret = new_secret()
    feed = Feed.objects.create(
        advisor=advisor, digest=digest_of(secret), shows_names=shows_names, made_at=at, changed_at=at
    )
    audit.record("agenda.feed.made", feed, by=by, at=at, advisor_id=advisor.pk)
    return secret


@transaction.atomic
def revoke_feed(*, advisor: User, by: User, at: datetime) -> bool:
    """The address stops answering; whether there was one."""
    feed = Feed.objects.select_for_update(of=["self"]).filter(advisor=advisor, revoked_at=None).first()
    if feed is None:
        return False
    feed.revoked_at, feed.revoked_by = at, by
    feed.save(update_fields=["revoked_at", "revoked_by"])
    audit.record("agenda.feed.revoked", feed, by=by, at=at, advisor_id=advisor.pk)
    return True


@transaction.atomic
def show_names(*, feed: Feed, shows_names: bool, by: User, at: datetime) -> Feed:
    """Whole names in the calendar, or initials alone."""
    if feed.shows_names != shows_names:
        feed.shows_names, feed.changed_at = shows_names, at
        feed.save(update_fields=["shows_names", "changed_at"])
        audit.record("agenda.feed.names_shown" if shows_names else "agenda.feed.names_hidden", feed, by=by, at=at)
    return feed
