"""Give each registration its number at its action, in the order they were made, and a key.

Runs in one statement a batch and may be stopped and started again: a numbered row is not read twice.
"""

from django.db import migrations

BATCH = 5_000
NUMBERED = """
    UPDATE workshops_registration AS one SET number = ranked.number, key = gen_random_uuid()
    FROM (
        SELECT id, row_number() OVER (PARTITION BY workshop_id ORDER BY id) AS number FROM workshops_registration
    ) AS ranked
    WHERE one.id = ranked.id AND one.id IN (
        SELECT id FROM workshops_registration WHERE number IS NULL ORDER BY id LIMIT %s
    )
"""


def number(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NUMBERED, [BATCH])
        while cursor.rowcount:
            cursor.execute(NUMBERED, [BATCH])


class Migration(migrations.Migration):
    atomic = False  # one short transaction per batch

    dependencies = [("workshops", "0003_registration_by_everyone")]

    operations = [migrations.RunPython(number, migrations.RunPython.noop, elidable=True)]
