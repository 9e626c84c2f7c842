"""Methods begun, written, published, withdrawn."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.animation import rules
from citeslab.animation.models import Method, Step, Version
from citeslab.animation.values import Text
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.network.models import Site


class NotItsAuthor(Exception):
    def __str__(self):
        return _("This method is another site’s. Make one of your own from it: it will name its source.")


class NoLicence(Exception):
    def __str__(self):
        return _("Choose a licence: without one nobody may use it again.")


class NotItsLicence(Exception):
    def __str__(self):
        return _("The method that this one comes from asks to be shared under its own licence.")


class NoSteps(Exception):
    def __str__(self):
        return _("Say how it goes, one step at least: a colleague must be able to hold it.")


class NoChanges(Exception):
    def __str__(self):
        return _("Say in a sentence what this version changes.")


@transaction.atomic
def begin_method(*, site: Site | None, text: Text, source: Version | None = None, by: User, at: datetime) -> Version:
    """The draft of a new method, of a site or (none) of the whole network; `source` is what it is made from."""
    method = Method.objects.create(site=site, source=source, recorded_at=at, recorded_by=by)
    return write(Version(method=method, number=1), text, by=by, at=at)


@transaction.atomic
def write_version(*, method: Method, text: Text, by: User, at: datetime) -> Version:
    """Write its draft, which becomes the next version; raises `NotItsAuthor`."""
    method = locked(method, by=by, at=at)
    draft = method.versions.drafts().first()
    return write(draft or Version(method=method, number=method.versions.count() + 1), text, by=by, at=at)


def write(version: Version, text: Text, *, by: User, at: datetime) -> Version:
    for name in ("title", "purpose", "audience", "material", "link", "licence", "changes"):
        setattr(version, name, getattr(text, name))
    version.sort_key = sort_key(text.title, text.purpose, text.audience)
    version.written_at, version.written_by = at, by
    version.save()
    version.steps.all().delete()
    Step.objects.bulk_create(
        Step(version=version, place=place, minutes=step.minutes, words=step.words)
        for place, step in enumerate(text.steps, start=1)
    )
    audit.record("animation.version.written", version, by=by, at=at, method_id=version.method_id)
    return version


@transaction.atomic
def publish(*, method: Method, by: User, at: datetime) -> Version:
    """Give the draft to the network: nobody rewrites it from then on. Raises what it still lacks. Twice is once."""
    method = locked(method, by=by, at=at)
    version = method.versions.order_by("-number")[0]
    if version.published_at:
        return version
    if not version.licence:
        raise NoLicence
    if version.licence not in rules.licences(method.source):
        raise NotItsLicence
    if not version.steps.exists():
        raise NoSteps
    if version.number > 1 and not version.changes:
        raise NoChanges
    version.published_at, version.published_by = at, by
    version.save(update_fields=["published_at", "published_by"])
    audit.record("animation.version.published", version, by=by, at=at, method_id=method.pk, number=version.number)
    return version


@transaction.atomic
def withdraw_method(*, method: Method, by: User, at: datetime) -> None:
    """Out of the library; the actions that followed it still name it. Raises `NotItsAuthor`. Twice is once."""
    if Method.objects.filter(pk=method.pk).exclude(withdrawn_at=None).exists():
        return
    method = locked(method, by=by, at=at)
    method.withdrawn_at, method.withdrawn_by = at, by
    method.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("animation.method.withdrawn", method, by=by, at=at)


def locked(method: Method, *, by: User, at: datetime) -> Method:
    # Two colleagues who write at once write one draft, the second after the first.
    method = Method.objects.select_for_update(of=["self"]).get(pk=method.pk)
    if not rules.may_write(by, method, on=timezone.localdate(at)):
        raise NotItsAuthor
    return method
