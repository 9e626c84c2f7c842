"""What search engines and phones read of a public action."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from citeslab.workshops.exports.messages import public_address
from citeslab.workshops.models import Session, Workshop
from citeslab.workshops.values import Seats

VOCABULARY = "https://schema.org"
IN_A_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def as_data(told: Mapping[str, Any]) -> str:
    """JSON that may stand in a `<script>`: data, which no browser runs."""
    return json.dumps({"@context": VOCABULARY, **told}, ensure_ascii=False, default=str).translate(IN_A_SCRIPT)


def event_data(workshop: Workshop, sessions: Sequence[Session], seats: Seats, *, is_open: bool) -> str:
    """A schema.org Event as JSON that may stand in a `<script>`: data, which no browser runs."""
    address = public_address(workshop)
    told: dict[str, object] = {
        "@type": "Event",
        "name": workshop.title,
        "url": address,
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "eventAttendanceMode": f"{VOCABULARY}/OfflineEventAttendanceMode",
        "eventStatus": f"{VOCABULARY}/{'EventCancelled' if workshop.cancelled_at else 'EventScheduled'}",
        "startDate": timezone.localtime(sessions[0].starts_at).isoformat() if sessions else str(workshop.held_on),
        "organizer": {"@type": "Organization", "name": workshop.site.name},
        "location": place_of(workshop),
    }
    if sessions:
        told["endDate"] = timezone.localtime(sessions[-1].ends_at).isoformat()
    if workshop.description:
        told["description"] = workshop.description
    if workshop.audience:
        told["audience"] = {"@type": "Audience", "audienceType": workshop.audience}
    if workshop.capacity:
        told["maximumAttendeeCapacity"] = workshop.capacity
    if is_open:
        told["offers"] = {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "EUR",
            "url": address,
            "availability": f"{VOCABULARY}/{'InStock' if seats.has_one_for(None) else 'SoldOut'}",
        }
    return as_data(told)


def place_of(workshop: Workshop) -> dict[str, object]:
    address = {"@type": "PostalAddress", "addressCountry": "FR"}
    if workshop.address:
        address["streetAddress"] = workshop.address
    if workshop.commune_name:
        address["addressLocality"] = workshop.commune_name
    name = workshop.place or workshop.commune_name or workshop.site.name
    place: dict[str, object] = {"@type": "Place", "name": name, "address": address}
    if workshop.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": workshop.latitude, "longitude": workshop.longitude}
    return place
