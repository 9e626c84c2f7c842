"""What leaves the house about an action: messages, calendar entries, addresses to give, the attendance sheet."""

from citeslab.workshops.exports.engines import event_data
from citeslab.workshops.exports.messages import (
    balance_as_csv,
    calendar,
    codes,
    doors,
    events_of,
    frame_of,
    funded_as_csv,
    height_of,
    her_address,
    invitation,
    message,
    public_address,
    public_events,
    qr,
)
from citeslab.workshops.exports.posters import poster
from citeslab.workshops.exports.sheets import Told, facts_of, findings_told, record_told, sheet_pdf, shown

__all__ = [
    "Told", "balance_as_csv", "calendar", "codes", "doors", "event_data", "events_of", "facts_of", "findings_told",
    "frame_of", "funded_as_csv", "height_of", "her_address", "invitation", "message", "poster", "public_address",
    "public_events", "qr", "record_told", "sheet_pdf", "shown",
]  # fmt: skip
