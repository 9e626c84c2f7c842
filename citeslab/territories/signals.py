"""What the territory room tells upstairs."""

from django.dispatch import Signal

release_loaded = Signal()  # release, by, at; sent inside the transaction
