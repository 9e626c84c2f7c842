"""What the agenda hears: a note opens or is written, a caseload changes hands, a file is forgotten."""

from contextlib import suppress

from django.dispatch import receiver
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from citeslab.agenda import queries, services
from citeslab.agenda.enums import Outcome
from citeslab.agenda.models import Appointment
from citeslab.core.values import instant
from citeslab.followup.enums import Kind
from citeslab.followup.signals import appointment_wanted, note_written
from citeslab.network.signals import caseload_counted, caseload_handed_over
from citeslab.people.signals import people_forgotten

USUAL_LENGTH = 45  # minutes


@receiver(appointment_wanted)
def fill_in(sender, *, person, user, at, **kwargs):
    """The appointment of the day fills the note in ahead."""
    prefill = queries.to_prefill_note(person, localdate(at))
    return {"nature": prefill.nature, "minutes": prefill.minutes} if prefill else None


@receiver(note_written)
def follow_note(sender, *, gesture, by, at, **kwargs):
    """The meeting that a note tells was held; the one that it plans is booked, if that time is free.

    The note comes first: a time that is taken stays a next step with its day, and nothing is refused.
    """
    meeting, planned = gesture.meeting, gesture.next_step
    prefill = queries.to_prefill_note(meeting.person, meeting.held_on)
    if prefill:
        appointment = Appointment.objects.get(pk=prefill.appointment_id)
        if not appointment.outcome and appointment.starts_at <= at:
            services.note_outcome(appointment=appointment, outcome=Outcome.HELD, by=by, at=at)
    if planned and planned.kind == Kind.MEET and planned.due_time:
        with suppress(services.SlotTaken, services.AdvisorAway, services.AlreadyPast, services.NotAtHerSite):
            services.book(
                person=meeting.person,
                advisor=by,
                starts_at=instant(planned.due_on, planned.due_time, meeting.person.site.zone),
                minutes=meeting.minutes or USUAL_LENGTH,
                by=by,
                at=at,
                key=f"note:{gesture.pk}",
            )


@receiver(caseload_counted)
def count(sender, *, mandate, since, **kwargs):
    appointments = [one for one in queries.future_of(mandate.user, since=since) if one.site_id == mandate.site_id]
    return [(_("Appointments to come"), len(appointments))] if appointments else []


@receiver(caseload_handed_over)
def follow_handover(sender, *, handover, advisor, shares, to, since, returning, by, at, **kwargs):
    """Appointments follow their person; what the site keeps of her, surgeries first, goes to `to`."""
    site = handover.mandate.site
    for colleague in dict.fromkeys(shares.values()):
        people = {person for person, taker in shares.items() if taker == colleague}
        services.hand_over(advisor=advisor, to=colleague, since=since, people=people, site=site, by=by, at=at)
    if not returning:
        services.hand_over(advisor=advisor, to=to, since=since, site=site, by=by, at=at)


@receiver(people_forgotten)
def forget(sender, *, people, by, at, **kwargs):
    services.give_up(people=people, by=by, at=at)
