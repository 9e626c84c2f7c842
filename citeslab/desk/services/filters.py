"""Questions kept under a name."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.desk.models import KEPT, SavedFilter
from citeslab.desk.queries import lists
from citeslab.desk.values import Question
from citeslab.network.models import Site
from citeslab.people.models import Person

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


@transaction.atomic
def forget_names(*, people: Collection[int]) -> int:
    """Take out of each filter, removed or not, what may name one of these people: called before they are anonymised.

    The words of its search go, and with them a filter that asks nothing else; a name that holds hers becomes a number.
    Gives the count of filters that changed.
    """
    keys = Person.objects.filter(pk__in=people).values_list("sort_key", flat=True)
    hers = {word for key in keys for word in key.split() if len(word) > 2}
    changed = 0
    for saved in SavedFilter.objects.select_for_update(of=["self"]).order_by("pk"):
        question = Question.kept(saved.query)
        told = lists.may_name(question.words, people)
        named = bool(hers & set(sort_key(saved.name).split()))
        if told:
            question = replace(question, words="")
        if told and not question.is_narrowed:
            saved.delete()
        elif told or named:
            saved.query = question.query
            saved.name = numbered(saved) if named else saved.name
            saved.save(update_fields=["query", "name"])
        changed += told or named
    return changed


def numbered(saved: SavedFilter) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("Filter %(number)s") % {"number": saved.pk}
