"""The library of methods."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from citeslab.accounts.models import User
from citeslab.animation.models import Method, Version


def library(*, words: str = "", sites: Collection[int] | None = None) -> QuerySet[Version]:
    """What is published, the latest first; of these sites alone when they are given."""
    found = Version.objects.current().search(words)
    if sites is not None:
        found = found.filter(method__site__in=sites)
    return found.with_minutes().select_related("method__site").order_by("-published_at", "-pk")


def drafts(user: User, *, on: date) -> QuerySet[Version]:
    """What she, or a colleague of her sites, has begun to write."""
    hers = Method.objects.written_by(user, on=on)
    return Version.objects.drafts().filter(method__in=hers).select_related("method__site").order_by("-written_at", "pk")


def versions(method: Method, *, with_draft: bool) -> list[Version]:
    """The versions of a method, the latest first."""
    found = method.versions.all() if with_draft else method.versions.published()
    return list(found.with_minutes().select_related("published_by").order_by("-number"))


def telling(told: list[Version], number: str) -> Version | None:
    """The version asked by its number; without one, the published one, or else the draft."""
    if number:
        return next((one for one in told if str(one.number) == number), None)
    return next((one for one in told if one.published_at), told[0] if told else None)
