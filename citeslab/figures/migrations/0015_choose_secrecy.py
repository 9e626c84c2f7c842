"""A report says how it keeps small numbers to itself: hidden under 5, under 11, or rounded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0014_mark_years_of_actions"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="secrecy",
            field=models.CharField(
                choices=[
                    ("USUAL", "numbers under 5 are hidden"),
                    ("STRICT", "numbers under 11 are hidden, as tax secrecy asks"),
                    ("ROUNDED", "numbers are rounded to the nearest multiple of 5"),
                ],
                default="USUAL",
                max_length=7,
                verbose_name="small numbers",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("secrecy", "USUAL"),
                    models.Q(("secrecy", "STRICT"), models.Q(("kind", "SITE"), _negated=True)),
                    models.Q(("kind", "FUNDER"), ("secrecy", "ROUNDED")),
                    _connector="OR",
                ),
                name="figures_report_secrecy_of_its_kind",
                violation_error_message="Only a report for a funder is rounded; a site's own is exact.",
            ),
        ),
    ]
