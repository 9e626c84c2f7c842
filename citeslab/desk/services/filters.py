"""Questions kept under a name."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.desk.models import KEPT, SavedFilter
from citeslab.desk.values import Question
from citeslab.network.models import Site

MOST = 30
FORGOTTEN_AFTER = KEPT + timedelta(days=1)


class NameTaken(Exception):
    def __str__(self):
        return _("You already have a filter of this name: choose another one.")


class TooManyFilters(Exception):
    def __str__(self):
        return _("You have %(most)s saved filters, which fills the page: remove one first.") % {"most": MOST}


@transaction.atomic
def save(*, name: str, question: Question, site: Site | None, by: User, at: datetime) -> SavedFilter:
    """Keep a question; with `site`, the colleagues who see its people see the filter. Refuses a name used twice."""
    # The lock makes the count and the name hold when the form is sent twice.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    hers = SavedFilter.objects.standing().filter(user=by)
    if hers.filter(name=name).exists():
        raise NameTaken
    if hers.count() >= MOST:
        raise TooManyFilters
    saved = SavedFilter.objects.create(user=by, name=name, query=question.query, site=site, saved_at=at)
    audit.record("desk.filter.saved", saved, by=by, at=at, **({"site_id": site.pk} if site else {}))
    return saved


@transaction.atomic
def rename(*, saved: SavedFilter, name: str, by: User, at: datetime) -> None:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if SavedFilter.objects.standing().filter(user=saved.user, name=name).exclude(pk=saved.pk).exists():
        raise NameTaken
    saved.name = name
    saved.save()
    audit.record("desk.filter.renamed", saved, by=by, at=at)


@transaction.atomic
def remove(*, saved: SavedFilter, by: User, at: datetime) -> None:
    """Take a filter away; for a day it can be brought back."""
    if saved.removed_at is None:
        saved.removed_at = at
        saved.save()
        audit.record("desk.filter.removed", saved, by=by, at=at)


@transaction.atomic
def bring_back(*, saved: SavedFilter, by: User, at: datetime) -> None:
    """Undo a removal. Refuses when another filter took the name meanwhile."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if saved.removed_at is None:
        return
    if SavedFilter.objects.standing().filter(user=saved.user, name=saved.name).exists():
        raise NameTaken
    saved.removed_at = None
    saved.save()
    audit.record("desk.filter.brought_back", saved, by=by, at=at)


@transaction.atomic
def forget_removed(*, at: datetime) -> int:
    count, _rows = SavedFilter.objects.filter(removed_at__lt=at - FORGOTTEN_AFTER).delete()
    return count
