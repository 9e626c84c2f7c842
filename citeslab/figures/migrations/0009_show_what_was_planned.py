"""Projects are told by the year in which they began; what a former definition of actions counted can be read again."""

from django.db import migrations, models

BREAKDOWNS = [
    ("sex", "sex"),
    ("age", "age"),
    ("situation_at_entry", "situation at entry"),
    ("diploma", "diploma level"),
    ("contact_source", "how we met"),
    ("sector", "sector of the project"),
    ("begun", "year in which the project began"),
    ("stage", "stage reached"),
    ("exit", "how she left"),
    ("situation", "situation on the reference day"),
    ("residence", "residence"),
    ("qpv", "priority neighborhood of residence"),
    ("kind", "kind of action"),
    ("agreement", "agreement"),
    ("site", "site"),
    ("commune", "commune of the site"),
    ("epci", "intercommunality of the site"),
    ("department", "department of the site"),
    ("region", "region of the site"),
]
PLANNED = """
    CREATE VIEW fact_planned_workshop AS
    SELECT id AS workshop_id, site_id, kind, held_on, recorded_at, cancelled_at, agreement
    FROM workshops_workshop WHERE is_planned"""


class Migration(migrations.Migration):
    dependencies = [("figures", "0008_keep_counts_of_seals")]

    operations = [
        migrations.AlterField(
            model_name="outlineblock",
            name="by",
            field=models.CharField(blank=True, choices=BREAKDOWNS, max_length=20, verbose_name="by"),
        ),
        migrations.AlterField(
            model_name="outlineblock",
            name="and_by",
            field=models.CharField(blank=True, choices=BREAKDOWNS, max_length=20, verbose_name="and by"),
        ),
        migrations.RunSQL(PLANNED, "DROP VIEW fact_planned_workshop"),
    ]
