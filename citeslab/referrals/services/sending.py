"""The advisor's acts: send, send again, withdraw, note that a consent is taken back, hand over."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.network.models import Site
from citeslab.notifications import services as notifications
from citeslab.partners.enums import Purpose
from citeslab.partners.models import Contact
from citeslab.people.models import Person
from citeslab.projects.models import Project
from citeslab.referrals import exports, queries, rules
from citeslab.referrals.enums import Kind, Manner, Occasion, SheetField
from citeslab.referrals.models import Answer, Consent, Referral
from citeslab.referrals.services.links import close_links, locked, send_link


class NothingAgreed(Exception):
    def __str__(self):
        return _("A sheet needs a name, and her agreement to send it. Tick what she agrees to, then send it.")


class AlreadySent(Exception):
    def __init__(self, referral: Referral):
        super().__init__(referral)
        self.referral = referral

    def __str__(self):
        return _("This contact already has a referral of this person underway. Open it to send it again.")


class ContactRetired(Exception):
    def __str__(self):
        return _("This contact is no longer in the directory. Choose another one.")


class NotPossible(Exception):
    def __str__(self):
        return _("This referral has moved on since you opened the page. Look at where it is now.")


class SheetChanged(Exception):
    def __str__(self):
        return _("Her file changed since the preview. Here is the sheet as it would leave now: check it with her.")


@transaction.atomic
def send(
    *,
    person: Person,
    project: Project | None,
    contact: Contact,
    purpose: Purpose,
    message: str,
    fields: Collection[SheetField],
    manner: Manner,
    agreed_on: date,
    previewed: dict[str, str] | None = None,
    form_key: str = "",
    by: User,
    at: datetime,
) -> Referral:
    """Send someone to a partner: the consent, the copy of the agreed fields, and the link, all or nothing.

    The same form sent twice gives the same referral. `previewed` is the sheet as it was shown to her: it raises
    `SheetChanged` when it would leave otherwise.
    """
    person = Person.objects.select_for_update(of=["self"]).select_related("site").get(pk=person.pk)
    if form_key and (existing := person.referrals.filter(form_key=form_key).first()):
        return existing
    if contact.retired_at is not None:
        raise ContactRetired
    if SheetField.NAME not in fields:
        raise NothingAgreed
    if running := person.referrals.underway().filter(contact=contact).first():
        raise AlreadySent(running)
    sheet = sheet_now(person=person, project=project, fields=fields, on=timezone.localdate(at))
    if previewed is not None and previewed != sheet:
        raise SheetChanged
    referral = Referral.objects.create(
        person=person,
        project=project,
        contact=contact,
        address=contact.email,
        purpose=purpose,
        message=message,
        sheet=sheet,
        sent_at=at,
        sent_by=by,
        advisor=by,
        open_until=at + rules.OPEN_FOR,
        form_key=form_key,
    )
    Consent.objects.create(
        referral=referral,
        fields=[field.value for field in SheetField if field in fields],
        manner=manner,
        agreed_on=agreed_on,
        recorded_at=at,
        recorded_by=by,
    )
    note(referral, Kind.SENT, by=by, at=at)
    send_link(referral, Occasion.SENDING, at=at)
    audit.record(
        "referrals.referral.sent",
        referral,
        by=by,
        at=at,
        person_id=person.pk,
        contact_id=contact.pk,
        purpose=str(purpose),
        fields=referral.consent.fields,
    )
    return referral


def sheet_now(*, person: Person, project: Project | None, fields: Collection[str], on: date) -> dict[str, str]:
    """The sheet as it would leave now."""
    step = queries.current_step(person, project.pk if project else None, on=on)
    return rules.sheet_of(
        fields=fields,
        person=person,
        residence=person.residences.standing().filter(ends_on=None).first(),
        project=project,
        stage=step.stage if step else "",
    )


def note(referral: Referral, kind: Kind, *, by: User, at: datetime, **said) -> Answer:
    return referral.answers.create(
        kind=kind,
        occurred_on=said.pop("occurred_on", None) or timezone.localdate(at),
        recorded_at=at,
        recorded_by=by,
        **said,
    )


@transaction.atomic
def resend(*, referral: Referral, by: User, at: datetime) -> None:
    """A new link for the same sheet, to the contact's address of today; the links before open nothing.

    A referral that had expired goes on from where it was.
    """
    referral = locked(referral)
    state = queries.state_of(referral)
    if referral.consent.revoked_at is not None or state == Kind.WITHDRAWN:
        raise NotPossible
    if referral.contact.retired_at is not None:
        raise ContactRetired
    referral.address = referral.contact.email
    reopen(referral, Occasion.RESENDING, until=at + rules.OPEN_FOR, by=by, at=at)
    audit.record("referrals.referral.resent", referral, by=by, at=at, person_id=referral.person_id)


def reopen(referral: Referral, occasion: Occasion, *, until: datetime, by: User, at: datetime) -> None:
    referral.answers.filter(kind=Kind.EXPIRED, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
    close_links(referral, at=at)
    referral.open_until = max(until, referral.open_until)
    referral.save(update_fields=["address", "open_until"])
    send_link(referral, occasion, at=at)


@transaction.atomic
def withdraw(*, referral: Referral, by: User, at: datetime) -> None:
    """Take a referral back: the link opens nothing, and the partner is told. Twice is once."""
    referral = locked(referral)
    state = queries.state_of(referral)
    if state == Kind.WITHDRAWN:
        return
    if state == Kind.EXPIRED:
        referral.answers.filter(kind=Kind.EXPIRED, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by)
    note(referral, Kind.WITHDRAWN, by=by, at=at)
    close_links(referral, at=at)
    notifications.post(
        key=f"referrals.referral.closed:{referral.pk}",
        to=referral.address,
        at=at,
        about=referral,
        **exports.closed_to_contact(referral),
    )
    audit.record("referrals.referral.withdrawn", referral, by=by, at=at, person_id=referral.person_id)


@transaction.atomic
def revoke_consent(*, referral: Referral, by: User, at: datetime) -> None:
    """She takes her agreement back: the sheet closes at once, and the partner is told. Twice is once."""
    referral = locked(referral)
    consent = referral.consent
    if consent.revoked_at is None:
        consent.revoked_at, consent.revoked_by = at, by
        consent.save(update_fields=["revoked_at", "revoked_by"])
        audit.record("referrals.consent.revoked", consent, by=by, at=at, person_id=referral.person_id)
    withdraw(referral=referral, by=by, at=at)


@transaction.atomic
def hand_over(
    *,
    advisor: User,
    to: User,
    since: date,
    people: Collection[int] | None = None,
    site: Site | None = None,
    by: User,
    at: datetime,
) -> int:
    """Referrals underway follow their people to another advisor, who is told of the answers from then on.

    `since` is the day that the handover names; the act itself holds from `at`. With `people` (keys of persons), theirs
    alone; with `site`, those of its people.
    """
    mine = Referral.objects.underway().filter(advisor=advisor)
    if people is not None:
        mine = mine.filter(person__in=people)
    if site is not None:
        mine = mine.filter(person__site=site)
    keys = sorted(mine.values_list("pk", flat=True))
    moved = Referral.objects.filter(pk__in=keys, advisor=advisor).update(advisor=to)
    if moved:
        audit.record(
            "referrals.referrals.handed_over",
            by=by,
            at=at,
            advisor_id=advisor.pk,
            to_id=to.pk,
            since=since.isoformat(),
            referral_ids=keys,
        )
    return moved


@transaction.atomic
def forget(*, person: Person, by: User, at: datetime) -> int:
    """Blank the words and the sheets of a person's referrals, and close what is underway: the dated facts stay.

    For the one who erases or anonymises a file. The caller writes its own line in the journal too.
    """
    for referral in person.referrals.underway():
        withdraw(referral=referral, by=by, at=at)
    for referral in person.referrals.all():
        close_links(referral, at=at)
    # No link may be asked anew for a sheet that is blank.
    Consent.objects.filter(referral__person=person, revoked_at=None).update(revoked_at=at, revoked_by=by)
    Answer.objects.filter(referral__person=person).update(text="", siret="")
    return person.referrals.update(message="", sheet={})
