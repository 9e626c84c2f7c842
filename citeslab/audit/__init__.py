"""The journal: who did or read what. Append only, hash-chained, no foreign key."""
