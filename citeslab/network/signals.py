"""What the network tells the rooms above.

`caseload_counted` (`mandate`, `since`) asks each room what it holds for the advisor who goes: a receiver returns
lines of a label already translated and a count.

`caseload_handed_over` is sent inside the transaction of the act, with `handover`, `advisor` (who goes, or gives
back), `shares` (each person's key to the user who follows her from now on), `to` (who takes the most of them, and
what belongs to no person), `since`, `returning` (true when an absence ends: only what follows a person of `shares`
moves then), `by` and `at`.

`fse_answers_wanted` (`period`) asks whether FSE+ answers were recorded on the days of a period, at its site: a
receiver returns true or false.
"""

from django.dispatch import Signal

caseload_counted = Signal()
caseload_handed_over = Signal()
fse_answers_wanted = Signal()
