"""Acts on appointments: booked, moved, cancelled, brought back, and what came of them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.agenda import rules
from citeslab.agenda.enums import Channel, Kind, Outcome, Reason
from citeslab.agenda.models import Appointment, Closure, MoveRequest
from citeslab.agenda.services import contacts, messages
from citeslab.audit import services as audit
from citeslab.network.rules import may_see_names
from citeslab.people.models import Person

Actor = AbstractBaseUser | AnonymousUser  # nobody signed in, when a person acts by her link


class SlotTaken(Exception):
    def __str__(self):
        return _("This time has just been taken. Choose another one below.")


class AdvisorAway(Exception):
    def __str__(self):
        return _("The advisor receives nobody at that time. Choose another one, or open the day again.")


class AlreadyPast(Exception):
    def __str__(self):
        return _("This time is already past. What has been held is written as a note.")


class NotAtHerSite(Exception):
    def __str__(self):
        return _("This advisor does not receive the people of this site. Choose a colleague of the site.")


class NoLongerStands(Exception):
    def __str__(self):
        return _("This appointment is cancelled or over: it cannot change any more. Book another one.")


class ChangedMeanwhile(Exception):
    def __str__(self):
        return _("Someone changed this appointment meanwhile. Look at it again before you change it.")


class NotYet(Exception):
    def __str__(self):
        return _("This appointment has not begun. What came of it is noted afterwards.")


@transaction.atomic
def book(
    *,
    person: Person,
    advisor: User,
    starts_at: datetime,
    minutes: int,
    place: str = "",
    kind: str = Kind.MEET,
    channel: str = Channel.DESK,
    told_by: str | None = None,
    by: User,
    at: datetime,
    key: str | None = None,
) -> Appointment:
    """Keep this time for `person`, or raise `SlotTaken`, `AdvisorAway`, `AlreadyPast` or `NotAtHerSite`.

    `key` names the sending: the same one gives the appointment that is there. `told_by` is how she is reminded: the
    surest way when it is not said, "" for not at all.
    """
    lock(advisor)
    if key and (known := Appointment.objects.filter(key=key, person=person).first()):
        return known
    ends_at = starts_at + timedelta(minutes=minutes)
    if not may_see_names(advisor, person.site, on=localdate(starts_at, person.site.zone)):
        raise NotAtHerSite
    must_be_free(advisor, starts_at, ends_at, at=at)
    ways = rules.ways_to_tell(person)
    appointment = Appointment.objects.create(
        person=person,
        advisor=advisor,
        site=person.site,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        kind=kind,
        channel=channel,
        told_by=(ways[0] if ways else "") if told_by is None else told_by,
        booked_at=at,
        booked_by=by,
        key=key or "",
        changed_at=at,
    )
    messages.tell(appointment, "booked", at=at)
    record("booked", appointment, by=by, at=at, starts_at=starts_at.isoformat())
    return appointment


@transaction.atomic
def move(
    *,
    appointment: Appointment,
    starts_at: datetime,
    minutes: int | None = None,
    advisor: User | None = None,
    place: str | None = None,
    kind: str | None = None,
    seen: int | None = None,
    by: User,
    at: datetime,
) -> Appointment:
    """Put it at another time, or with another advisor. What is not said stays.

    Raises what `book` does, `NoLongerStands`, and `ChangedMeanwhile` when it is no longer as it was `seen` (its
    sequence).
    """
    advisor = advisor or appointment.advisor
    lock(advisor, appointment.advisor)
    appointment = locked(appointment)
    if appointment.cancelled_at or appointment.outcome:
        raise NoLongerStands
    if seen is not None and seen != appointment.sequence:
        raise ChangedMeanwhile
    before = appointment.starts_at
    ends_at = starts_at + (timedelta(minutes=minutes) if minutes else appointment.ends_at - appointment.starts_at)
    site = appointment.who.site
    if not may_see_names(advisor, site, on=localdate(starts_at, site.zone)):
        raise NotAtHerSite
    must_be_free(advisor, starts_at, ends_at, at=at, beside=appointment)
    appointment.advisor, appointment.starts_at, appointment.ends_at = advisor, starts_at, ends_at
    appointment.site = site
    appointment.place = appointment.place if place is None else place
    appointment.kind = appointment.kind if kind is None else kind
    changed(appointment, at=at)
    settle_requests(appointment, at=at)
    messages.tell(appointment, "moved", at=at)
    record("moved", appointment, by=by, at=at, was=before.isoformat(), starts_at=starts_at.isoformat())
    return appointment


@transaction.atomic
def cancel(*, appointment: Appointment, reason: str, by: User, at: datetime) -> Appointment:
    """Give the time back. Asking twice changes nothing; one that has its outcome raises `NoLongerStands`."""
    appointment = locked(appointment)
    if appointment.cancelled_at:
        return appointment
    if appointment.outcome:
        raise NoLongerStands
    appointment.cancelled_at, appointment.cancelled_by, appointment.cancel_reason = at, by, reason
    give_back(appointment, at=at)
    contacts.given_back(appointment, by=by, at=at)
    messages.tell_cancelled(appointment, at=at)
    record("cancelled", appointment, by=by, at=at, reason=str(reason))
    return appointment


@transaction.atomic
def cancel_by_link(*, appointment: Appointment, at: datetime) -> Appointment:
    """The person cancels, with the link of her message; raises `NoLongerStands` once it has begun."""
    appointment = locked(appointment)
    if appointment.cancelled_at:
        return appointment
    if appointment.outcome or appointment.starts_at <= at:
        raise NoLongerStands
    appointment.cancelled_at, appointment.cancel_reason = at, Reason.HER_LINK
    give_back(appointment, at=at)
    contacts.given_back(appointment, by=contacts.residents_user(at=at), at=at)
    messages.tell_cancelled(appointment, at=at, now=True)
    record("cancelled", appointment, by=AnonymousUser(), at=at, reason=Reason.HER_LINK.value)
    return appointment


@transaction.atomic
def restore(*, appointment: Appointment, by: User, at: datetime) -> Appointment:
    """Undo a cancellation, or raise `SlotTaken` when someone else has the time by now."""
    lock(appointment.advisor)
    appointment = locked(appointment)
    if not appointment.cancelled_at:
        return appointment
    must_be_free(appointment.advisor, appointment.starts_at, appointment.ends_at, at=at)
    appointment.cancelled_at = appointment.cancelled_by = None
    appointment.cancel_reason = ""
    changed(appointment, at=at)
    contacts.kept_after_all(appointment, by=by, at=at)
    messages.tell_restored(appointment, at=at)
    record("restored", appointment, by=by, at=at)
    return appointment


@transaction.atomic
def ask_to_move(*, appointment: Appointment, words: str, at: datetime) -> MoveRequest:
    """The person asks for another time, with the link of her message. Asking again says it better."""
    appointment = locked(appointment)
    if appointment.cancelled_at or appointment.outcome or appointment.starts_at <= at:
        raise NoLongerStands
    asked, _is_new = MoveRequest.objects.update_or_create(
        appointment=appointment,
        settled_at=None,
        defaults={"words": " ".join(words.split())[:300]},
        create_defaults={"words": " ".join(words.split())[:300], "asked_at": at},
    )
    record("move_asked", appointment, by=AnonymousUser(), at=at)
    return asked


@transaction.atomic
def note_outcome(*, appointment: Appointment, outcome: str, by: User, at: datetime) -> Appointment:
    """Say that she came, or did not; said again, the last word stands. Raises `NotYet`, or `NoLongerStands`."""
    appointment = locked(appointment)
    if appointment.cancelled_at:
        raise NoLongerStands
    if appointment.starts_at > at:
        raise NotYet
    if appointment.outcome != outcome:
        appointment.outcome, appointment.outcome_at, appointment.outcome_by = Outcome(outcome), at, by
        appointment.save(update_fields=["outcome", "outcome_at", "outcome_by"])
        record("outcome_noted", appointment, by=by, at=at, outcome=str(outcome))
    return appointment


@transaction.atomic
def forget_outcome(*, appointment: Appointment, by: User, at: datetime) -> Appointment:
    """Undo what was noted of it."""
    appointment = locked(appointment)
    if appointment.outcome:
        appointment.outcome, appointment.outcome_at, appointment.outcome_by = "", None, None
        appointment.save(update_fields=["outcome", "outcome_at", "outcome_by"])
        record("outcome_taken_back", appointment, by=by, at=at)
    return appointment


@transaction.atomic
def give_up(*, people: Collection[int], by: User, at: datetime) -> None:
    """Give back the times to come of people (by their keys) whose files are forgotten; nobody is told."""
    to_come = Appointment.objects.standing().filter(person__in=people, starts_at__gt=at, outcome="")
    for key in list(to_come.order_by("pk").values_list("pk", flat=True)):
        appointment = locked(Appointment(pk=key))
        appointment.cancelled_at, appointment.cancelled_by, appointment.cancel_reason = at, by, Reason.PERSON
        give_back(appointment, at=at)
        messages.take_back(appointment)
        record("cancelled", appointment, by=by, at=at, reason=Reason.PERSON.value)


# -- what these acts share --------------------------------------------------------------------------------------------


def lock(*advisors: User) -> None:
    """One booking at a time for an advisor. The database would refuse the second one all the same; this says why."""
    keys = sorted({advisor.pk for advisor in advisors})
    list(User.objects.select_for_update(no_key=True, of=["self"]).filter(pk__in=keys).order_by("pk").values_list("pk"))


def locked(appointment: Appointment) -> Appointment:
    rows = Appointment.objects.select_for_update(of=["self"]).select_related(
        "person__site", "contact__site", "advisor", "site"
    )
    return rows.get(pk=appointment.pk)


def must_be_free(
    advisor: User, starts_at: datetime, ends_at: datetime, *, at: datetime, beside: Appointment | None = None
) -> None:
    if ends_at <= at:
        raise AlreadyPast
    others = Appointment.objects.standing().between(starts_at, ends_at).filter(advisor=advisor)
    if others.exclude(pk=beside.pk if beside else None).exists():
        raise SlotTaken
    if Closure.objects.filter(advisor=advisor, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise AdvisorAway


def give_back(appointment: Appointment, *, at: datetime) -> None:
    changed(appointment, at=at)
    settle_requests(appointment, at=at)


def changed(appointment: Appointment, *, at: datetime) -> None:
    appointment.sequence += 1
    appointment.changed_at = at
    appointment.save()


def settle_requests(appointment: Appointment, *, at: datetime) -> None:
    appointment.move_requests.filter(settled_at=None).update(settled_at=at)


def record(
    act: str, appointment: Appointment, *, by: AbstractBaseUser | AnonymousUser, at: datetime, **details
) -> None:
    audit.record(f"agenda.appointment.{act}", appointment, by=by, at=at, person_id=appointment.person_id, **details)
