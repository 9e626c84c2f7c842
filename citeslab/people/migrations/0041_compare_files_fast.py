"""Indexes by which a file being written finds those that look like it, at whatever site."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0040_anonymised_people")]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(models.F("sort_key"), name="text_pattern_ops"),
                name="people_person_by_name_alone",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["born_on"], name="people_person_by_birth"),
        ),
    ]
