"""What intake asks upstairs."""

from django.dispatch import Signal

# site, years; a receiver returns {year: {figure: value}}, computed inside the transaction that asks.
figures_wanted = Signal()

# Nothing; a receiver returns {figure: its name}, in the language in use.
figure_names_wanted = Signal()
