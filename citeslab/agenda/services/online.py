"""A time that a resident books herself on the public pages, without an account."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.agenda import queries, rules
from citeslab.agenda.enums import Channel, Wish
from citeslab.agenda.models import Appointment, FirstContact
from citeslab.agenda.services import messages
from citeslab.agenda.services.appointments import SlotTaken, lock, must_be_free, record
from citeslab.agenda.services.contacts import LONGEST_WORDS, residents_user, same_reach
from citeslab.network.models import Site

MOST_HELD = 2  # times to come that one phone or address holds


class EnoughBooked(Exception):
    def __str__(self):
        return _("You have appointments to come already. Cancel one by the link of its message, or call us.")


@transaction.atomic
def book_online(
    *,
    site: Site,
    advisor: User,
    starts_at: datetime,
    name: str,
    phone: str = "",
    email: str = "",
    words: str = "",
    key: UUID,
    at: datetime,
) -> tuple[Appointment, str]:
    """Keep a free time of the site for whoever asks first, and give the secret of her page; raises `SlotTaken`.

    The same `key` gives the same appointment. Raises `EnoughBooked` for who holds some already.
    """
    lock(advisor)
    if known := Appointment.objects.filter(contact__key=key).select_related("contact__site").first():
        return known, messages.secret(known, at=at)
    free = queries.bookable(site, at=at)
    slot = next((one for one in free if (one.advisor_id, one.starts_at) == (advisor.pk, starts_at)), None)
    if slot is None:
        raise SlotTaken
    must_be_free(advisor, slot.starts_at, slot.ends_at, at=at)
    held = Appointment.objects.standing().filter(channel=Channel.ONLINE, ends_at__gt=at)
    reached = FirstContact.objects.filter(same_reach(phone, email))
    if held.filter(contact__in=reached).count() >= MOST_HELD:
        raise EnoughBooked
    by = residents_user(at=at)
    contact = FirstContact.objects.create(
        site=site,
        name=name,
        phone=phone,
        email=email,
        words=words[:LONGEST_WORDS],
        wish=Wish.BOOK,
        key=key,
        received_at=at,
        last_at=at,
    )
    ways = rules.ways_to_tell(contact)
    made = Appointment.objects.create(
        contact=contact,
        advisor=advisor,
        site=site,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=slot.place,
        channel=Channel.ONLINE,
        told_by=ways[0] if ways else "",
        booked_at=at,
        booked_by=by,
        key=key.hex,
        changed_at=at,
    )
    messages.tell(made, "booked", at=at)
    record("booked", made, by=by, at=at, starts_at=slot.starts_at.isoformat(), contact_id=contact.pk)
    return made, messages.secret(made, at=at)
