"""What this room tells the rooms above.

`people_forgotten` is sent inside the transaction that anonymises files, before their fields are blanked, with `people`
(their keys), `by` and `at`: each room closes what it has underway with them.

`earlier_keys_asked` (`people`: keys) asks under which other keys these files were known: a receiver returns keys.
"""

from django.dispatch import Signal

people_forgotten = Signal()
earlier_keys_asked = Signal()
