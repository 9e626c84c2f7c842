"""What agreements tell the rooms above: `agreement_recorded` (`agreement`, `former`: its reference until now, if it was
known), in the transaction that writes it.

An action may have its number already, written before the agreement was known here.
"""

from django.dispatch import Signal

agreement_recorded = Signal()
