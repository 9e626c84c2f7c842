"""Indexes by which a file being written finds those that look like it, each for one block of the matching.

They stand on a table of another room, which has no use for them itself.
"""

from django.db import migrations

INDEXES = {
    "duplicates_person_born": "(born_on)",
    "duplicates_person_phone": "(phone) WHERE phone <> ''",
    "duplicates_person_email": "(UPPER(email))",
    "duplicates_person_names": "(sort_key text_pattern_ops)",  # equal, or beginning so
}


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0001_initial"), ("people", "0001_initial")]

    operations = [
        migrations.RunSQL(f"CREATE INDEX {name} ON people_person {on}", f"DROP INDEX {name}")
        for name, on in INDEXES.items()
    ]
