"""What intake asks upstairs."""

from django.dispatch import Signal

figures_wanted = Signal()  # site, years; each receiver returns {year: figures} as they stand in this transaction
