"""An action on the programme is no fact until it is said to be held."""

from django.db import migrations

COLUMNS = "SELECT id AS workshop_id, site_id, kind, held_on, recorded_at, cancelled_at FROM workshops_workshop"


class Migration(migrations.Migration):
    dependencies = [("figures", "0002_show_facts_and_mark_changes"), ("workshops", "0002_plan_register_attend")]

    operations = [
        migrations.RunSQL(
            f"CREATE OR REPLACE VIEW fact_workshop AS {COLUMNS} WHERE NOT is_planned",
            f"CREATE OR REPLACE VIEW fact_workshop AS {COLUMNS}",
        ),
    ]
