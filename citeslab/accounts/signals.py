"""What accounts ask of the rooms above."""

from django.dispatch import Signal

# A message must leave: `key`, `to`, `subject`, `body`, `at`. The room `notifications` posts it.
message_wanted = Signal()

# Somebody proved an identity that no account knows: `email`, `name`, `invitation`, `at`.
# A receiver gives the account that her invitation opens, or None.
invited_identity_came = Signal()
