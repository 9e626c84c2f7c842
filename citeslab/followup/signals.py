"""What this room tells the rooms above."""

from django.dispatch import Signal

# A note's page opens: `person`, `user`, `at`. A receiver that holds an appointment of that day answers a
# `dict(nature=..., minutes=..., time=..., place=...)`, any of them; the first answer fills the form in.
appointment_wanted = Signal()
# A note was written, in its transaction: `gesture`, `by`, `at`.
note_written = Signal()
