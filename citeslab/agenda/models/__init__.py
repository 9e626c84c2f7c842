"""Tables of the agenda."""

from citeslab.agenda.models.appointments import Appointment, MoveRequest, PersonLink
from citeslab.agenda.models.contacts import ContactAnswer, FirstContact, PublicName
from citeslab.agenda.models.feeds import Feed
from citeslab.agenda.models.surgeries import Closure, Surgery, SurgeryChange

__all__ = [
    "Appointment",
    "Closure",
    "ContactAnswer",
    "Feed",
    "FirstContact",
    "MoveRequest",
    "PersonLink",
    "PublicName",
    "Surgery",
    "SurgeryChange",
]
