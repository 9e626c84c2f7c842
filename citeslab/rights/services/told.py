"""What a person was told, what she agreed to, that she is still in touch, that the law asks to keep her file."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.people.models import Person
from citeslab.rights import definitions
from citeslab.rights.enums import Ground, Purpose, Said, Way
from citeslab.rights.models import Consent, Hold, Notice, StillInTouch


@transaction.atomic
def give_notice(*, person: Person, way: Way, by: User, at: datetime) -> Notice:
    """Note that she was told, by today's text. Asking twice gives the same row: a thumb taps twice."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    version = definitions.NOTICE_VERSION
    if known := Notice.objects.standing().filter(person=person, version=version).first():
        return known
    notice = Notice.objects.create(
        person=person, version=version, given_on=timezone.localdate(at), way=way, recorded_at=at, recorded_by=by
    )
    audit.record("rights.notice.given", person, by=by, at=at, version=version)
    return notice


@transaction.atomic
def say_consent(*, person: Person, purpose: Purpose, said: Said, way: Way, by: User, at: datetime) -> Consent | None:
    """Note what she answers about a purpose, effective at once. The same answer again writes nothing."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    on = timezone.localdate(at)
    last = Consent.objects.standing().filter(person=person, purpose=purpose, said_on__lte=on)
    known = last.order_by("said_on", "pk").last()
    if known is not None and known.said == said:
        return known
    consent = Consent.objects.create(
        person=person, purpose=purpose, said=said, said_on=on, way=way, recorded_at=at, recorded_by=by
    )
    audit.record("rights.consent.said", person, by=by, at=at, purpose=purpose, said=said)
    return consent


@transaction.atomic
def say_still_in_touch(*, person: Person, reason: str, way: Way, by: User, at: datetime) -> StillInTouch:
    """Note that she is still accompanied: the 24 months begin again today."""
    row = StillInTouch.objects.create(
        person=person, said_on=timezone.localdate(at), reason=reason, way=way, recorded_at=at, recorded_by=by
    )
    audit.record("rights.person.said_still_in_touch", person, by=by, at=at)
    return row


@transaction.atomic
def hold(*, person: Person, ground: Ground, until: date, by: User, at: datetime) -> Hold:
    """Keep a file until that day, because the law asks it: neither erased nor anonymised before."""
    row = Hold.objects.create(person=person, ground=ground, until=until, recorded_at=at, recorded_by=by)
    audit.record("rights.person.held", person, by=by, at=at, ground=ground, until=until.isoformat())
    return row


@transaction.atomic
def release_hold(*, person: Person, by: User, at: datetime) -> None:
    """Nothing asks to keep this file any more."""
    Hold.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
    audit.record("rights.person.released", person, by=by, at=at)
