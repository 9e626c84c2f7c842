"""What the life of the network says on the page of the day."""

from dataclasses import dataclass
from datetime import date, timedelta

from citeslab.accounts.models import User
from citeslab.animation.models import Announcement, Commitment, WelcomeStep
from citeslab.animation.queries.announcements import to_read
from citeslab.animation.queries.welcomes import next_steps

LINES = 3
DUE_SOON = timedelta(days=14)


@dataclass(frozen=True)
class Today:
    announcements: list[Announcement]
    commitments: list[Commitment]  # hers, late or due soon
    first_steps: list[WelcomeStep]
    first_steps_left: int

    def __bool__(self) -> bool:
        return bool(self.announcements or self.commitments or self.first_steps)


def today(user: User, *, on: date) -> Today:
    soon = Commitment.objects.open().filter(owner=user, due_on__lte=on + DUE_SOON).select_related("owner")
    soon = soon.order_by("due_on", "pk")
    steps = list(next_steps(user))
    return Today(list(to_read(user, on=on)[:LINES]), list(soon[:LINES]), steps[:LINES], len(steps))
