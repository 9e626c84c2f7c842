"""A file of another site, opened for a day."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import queries as journal
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.network.enums import Role
from citeslab.network.models import Mandate, Site
from citeslab.notifications import services as notifications
from citeslab.people.enums import OpeningPurpose
from citeslab.people.models import Opening, Person

OPENED_FOR = timedelta(hours=24)
TRIES_A_DAY = 10


class TooManyTries(Exception):
    def __str__(self):
        return _("You tried many names today. Wait until tomorrow, or call the site that you think of.")


@transaction.atomic
def open_elsewhere(
    *, first_name: str, preferred_name: str, born_on: date, purpose: OpeningPurpose, reason: str, by: User, at: datetime
) -> Opening | None:
    """Open for a day the file of the one person of another site who has this very identity, or nothing.

    Two people of one identity open nothing either: what is not hers is not told apart. What was tried in vain is
    journaled and counted; raises `TooManyTries`.
    """
    since = at - timedelta(days=1)
    if journal.about(by).filter(action="people.opening.refused", at__gt=since).count() >= TRIES_A_DAY:
        raise TooManyTries
    hers = Site.objects.keys_with_names_for(by, on=at.date())
    same = Person.objects.filter(sort_key=sort_key(preferred_name, first_name), born_on=born_on)
    found = list(same.exclude(site__in=hers)[:2]) if hers else []
    if len(found) != 1:
        audit.record("people.opening.refused", by, by=by, at=at, purpose=purpose)
        return None
    opening = Opening.objects.create(
        person=found[0], user=by, purpose=purpose, reason=reason, opened_at=at, ends_at=at + OPENED_FOR
    )
    audit.record("people.person.opened_elsewhere", found[0], by=by, at=at, purpose=purpose, opening_id=opening.pk)
    tell_its_site(opening, at)
    return opening


def tell_its_site(opening: Opening, at: datetime) -> None:
    advisors = Mandate.objects.on(at.date()).filter(role=Role.ADVISOR, site=opening.person.site_id)
    for user in User.objects.filter(pk__in=advisors.values("user"), is_active=True):
        notifications.post(
            key=f"people.opening:{opening.pk}:{user.pk}",
            to=user.email,
            subject=_("A file of your site was opened by another site"),
            body="\n\n".join(
                [
                    _("Hello,"),
                    _("A colleague of another site opened one of your files for 24 hours. Read there who, and why:")
                    + f"\n{settings.PUBLIC_URL}{reverse('desk:person', args=[opening.person_id])}",
                    "CitésLab",
                ]
            ),
            at=at,
            about=opening,
        )
