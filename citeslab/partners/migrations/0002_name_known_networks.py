"""Name the networks that every site works with: a directory that begins empty is filled by nobody."""

from django.db import migrations

KNOWN = [
    ("Adie", ["FINANCE", "COACHING"]),
    ("BGE", ["COACHING", "TEST", "TRAINING"]),
    ("Cap emploi", ["JOB"]),
    ("CCI", ["COACHING", "TRAINING"]),
    ("CMA", ["COACHING", "TRAINING"]),
    ("Couveuse", ["TEST", "COACHING"]),
    ("France Active", ["FINANCE", "COACHING"]),
    ("France Travail", ["JOB", "TRAINING"]),
    ("Initiative France", ["FINANCE", "COACHING"]),
    ("Mission locale", ["JOB", "TRAINING"]),
    ("Positive Planet", ["COACHING"]),
]


def name(apps, schema_editor):
    networks = apps.get_model("partners", "Network").objects.using(schema_editor.connection.alias)
    for known, purposes in KNOWN:
        networks.get_or_create(name=known, defaults={"sort_key": known.casefold(), "purposes": purposes})


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [migrations.RunPython(name, migrations.RunPython.noop, elidable=False)]
