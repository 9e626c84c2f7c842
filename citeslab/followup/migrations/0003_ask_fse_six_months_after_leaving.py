"""The FSE+ items gain a third moment, six months after leaving; every answer already kept fits."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0002_write_notes_and_plans"),
        ("people", "0042_people_of_a_site"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="fseanswer",
            name="followup_fseanswer_items_of_its_moment",
        ),
        migrations.AlterField(
            model_name="fseanswer",
            name="labour",
            field=models.CharField(
                blank=True,
                choices=[
                    ("SHORT", "unemployed for less than 12 months"),
                    ("LONG", "unemployed for 12 months or more"),
                    ("INACTIVE", "neither employed nor looking for a job"),
                    ("EMPLOYED", "employed"),
                    ("SELF", "self-employed"),
                    ("EDUCATION", "in education or training"),
                ],
                max_length=10,
                verbose_name="situation on the labor market",
            ),
        ),
        migrations.AlterField(
            model_name="fseanswer",
            name="moment",
            field=models.CharField(
                choices=[("ENTRY", "entry"), ("EXIT", "exit"), ("SIX_MONTHS", "six months after leaving")],
                max_length=10,
                verbose_name="moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="fseanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("moment", "ENTRY"),
                        ("result", ""),
                        models.Q(("education", ""), ("labour", ""), _negated=True),
                        models.Q(("labour", "EDUCATION"), _negated=True),
                    ),
                    models.Q(
                        ("education", ""), ("labour", ""), ("moment", "EXIT"), models.Q(("result", ""), _negated=True)
                    ),
                    models.Q(
                        ("education", ""),
                        ("moment", "SIX_MONTHS"),
                        ("result", ""),
                        models.Q(("labour", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="followup_fseanswer_items_of_its_moment",
            ),
        ),
    ]
