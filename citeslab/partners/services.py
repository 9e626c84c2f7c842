"""Acts on the directory: offices opened, contacts added, corrected, retired."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.partners.enums import Purpose
from citeslab.partners.models import Contact, Network, Offer, Office
from citeslab.territories.models import Department


class AddressTaken(Exception):
    def __str__(self):
        return _("This office already has a contact at this address. Correct that contact instead.")


class NotAmounts(Exception):
    def __str__(self):
        return _("The greatest amount is not less than the smallest, and only financing has amounts.")


class OfficeKnown(Exception):
    def __str__(self):
        return _("This network already has an office of that name. Add your contact to it instead.")


@transaction.atomic
def open_office(
    *,
    network: Network,
    name: str,
    department: Department,
    commune_codes: Sequence[str] = (),
    phone: str = "",
    address: str = "",
    city: str = "",
    by: User,
    at: datetime,
) -> Office:
    """A new place of a network; without communes it works in its whole department. Raises `OfficeKnown`."""
    if network.offices.filter(name__iexact=name).exists():
        raise OfficeKnown
    office = Office.objects.create(
        network=network,
        name=name,
        sort_key=sort_key(network.name, name, city)[:400],
        department=department,
        commune_codes=list(commune_codes),
        phone=phone,
        address=address,
        city=city,
    )
    audit.record("partners.office.opened", office, by=by, at=at, network_id=network.pk)
    return office


@transaction.atomic
def correct_office(
    *,
    office: Office,
    name: str,
    department: Department,
    commune_codes: Sequence[str] = (),
    phone: str = "",
    address: str = "",
    city: str = "",
    by: User,
    at: datetime,
) -> Office:
    """What an office is called, where it is and works; raises `OfficeKnown`."""
    if office.network.offices.filter(name__iexact=name).exclude(pk=office.pk).exists():
        raise OfficeKnown
    said = {
        "name": name,
        "department": department,
        "commune_codes": list(commune_codes),
        "phone": phone,
        "address": address,
        "city": city,
    }
    changed = [field for field, value in said.items() if getattr(office, field) != value]
    for field in changed:
        setattr(office, field, said[field])
    office.sort_key = sort_key(office.network.name, name, city)[:400]
    office.save(update_fields=[*changed, "sort_key"])
    audit.record("partners.office.corrected", office, by=by, at=at, fields=changed)
    return office


@transaction.atomic
def describe_network(*, network: Network, description: str, website: str, by: User, at: datetime) -> None:
    """What a network is, in a few words."""
    network.description, network.website = description, website
    network.save(update_fields=["description", "website"])
    audit.record("partners.network.described", network, by=by, at=at)


@transaction.atomic
def make_offer(
    *,
    network: Network,
    office: Office | None = None,
    purpose: str,
    title: str,
    amount_from_cents: int | None = None,
    amount_to_cents: int | None = None,
    audience: str = "",
    conditions: str = "",
    begins_on: date,
    ends_on: date | None = None,
    replaces: Offer | None = None,
    by: User,
    at: datetime,
) -> Offer:
    """What a network offers from a day on; what it replaces ends that day, and stays readable. Raises `NotAmounts`."""
    amounts = [cents for cents in (amount_from_cents, amount_to_cents) if cents is not None]
    if amounts != sorted(amounts) or (amounts and purpose != Purpose.FINANCE):
        raise NotAmounts
    if replaces:
        end_offer(offer=replaces, on=begins_on, by=by, at=at)
    offer = Offer.objects.create(
        network=network,
        office=office,
        purpose=purpose,
        title=title,
        amount_from_cents=amount_from_cents,
        amount_to_cents=amount_to_cents,
        audience=audience,
        conditions=conditions,
        begins_on=begins_on,
        ends_on=ends_on,
        recorded_at=at,
        recorded_by=by,
    )
    audit.record("partners.offer.made", offer, by=by, at=at, network_id=network.pk)
    return offer


@transaction.atomic
def end_offer(*, offer: Offer, on: date, by: User, at: datetime) -> None:
    """No longer offered from that day on; on its first day, it lasted a day. Twice is once."""
    offer = Offer.objects.select_for_update(of=["self"]).get(pk=offer.pk)
    last = max(on, offer.begins_on + timedelta(days=1))
    if offer.ends_on and offer.ends_on <= last:
        return
    offer.ends_on = last
    offer.save(update_fields=["ends_on"])
    audit.record("partners.offer.ended", offer, by=by, at=at)


@transaction.atomic
def add_contact(*, office: Office, name: str, email: str, by: User, at: datetime) -> Contact:
    """Someone to refer people to; raises `AddressTaken`."""
    refuse_taken_address(office, email)
    contact = office.contacts.create(name=name, email=email, added_at=at, added_by=by)
    audit.record("partners.contact.added", contact, by=by, at=at, office_id=office.pk)
    return contact


@transaction.atomic
def correct_contact(*, contact: Contact, name: str, email: str, by: User, at: datetime) -> Contact:
    """The right name and address of the same person; raises `AddressTaken`.

    A successor is another contact: links already sent belong to who received them.
    """
    refuse_taken_address(contact.office, email, but=contact)
    changed = [field for field, value in (("name", name), ("email", email)) if getattr(contact, field) != value]
    contact.name, contact.email = name, email
    contact.save(update_fields=["name", "email"])
    audit.record("partners.contact.corrected", contact, by=by, at=at, fields=changed)
    return contact


@transaction.atomic
def retire_contact(*, contact: Contact, by: User, at: datetime) -> None:
    """Nobody is referred to this contact any more, and the links that were sent to it open nothing."""
    if contact.retired_at is None:
        contact.retired_at, contact.retired_by = at, by
        contact.save(update_fields=["retired_at", "retired_by"])
        audit.record("partners.contact.retired", contact, by=by, at=at)


def refuse_taken_address(office: Office, email: str, *, but: Contact | None = None) -> None:
    # The lock makes the second of two identical requests wait and be refused in words.
    Office.objects.select_for_update(of=["self"]).get(pk=office.pk)
    taken = office.contacts.active().filter(email__iexact=email)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise AddressTaken
