"""What collective actions keep: the programme, who is registered, who came."""

from citeslab.workshops.models.attendance import Act, Attendance, HeadCount, Opinion, Presence, Sheet, Signature
from citeslab.workshops.models.programme import ActionShare, PlaceAnswer, Quota, Session, Workshop
from citeslab.workshops.models.registration import Call, Registration, holding

__all__ = [
    "Act", "ActionShare", "Attendance", "Call", "HeadCount", "Opinion", "PlaceAnswer", "Presence", "Quota",
    "Registration", "Session", "Sheet", "Signature", "Workshop", "holding",
]  # fmt: skip
