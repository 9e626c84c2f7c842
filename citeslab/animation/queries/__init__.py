"""Reading the life of the network."""

from citeslab.animation.queries.announcements import announcements, organizations_to_tell, reached, to_read
from citeslab.animation.queries.meetings import commitments, meetings_to_come, members, past_meetings, to_note_present
from citeslab.animation.queries.methods import drafts, library, telling, versions
from citeslab.animation.queries.today import Today, today
from citeslab.animation.queries.trainings import (
    attended,
    catalogue,
    colleagues,
    evaluations,
    needs_counted,
    sessions_of,
    sessions_to_come,
    time_there,
)
from citeslab.animation.queries.welcomes import newcomers, next_steps, welcomes

__all__ = [
    "Today", "announcements", "attended", "catalogue", "colleagues", "commitments", "drafts", "evaluations", "library",
    "meetings_to_come", "members", "needs_counted", "newcomers", "next_steps", "organizations_to_tell", "past_meetings",
    "reached", "sessions_of", "sessions_to_come", "telling", "time_there", "to_note_present", "to_read", "today",
    "versions", "welcomes",
]  # fmt: skip
