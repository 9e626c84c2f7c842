import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="FSEPlus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until (excluded)")),
                ("reference", models.CharField(max_length=64, verbose_name="reference of the agreement")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fse_plus", to="network.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "FSE+ period",
                "verbose_name_plural": "FSE+ periods",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("begins_on")), _connector="OR"),
                        name="network_fseplus_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("site", "="),
                            (
                                models.Func(
                                    "begins_on",
                                    "ends_on",
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="network_fseplus_one_at_a_time",
                        violation_error_message="An FSE+ agreement already pays for this site on these days.",
                    ),
                ],
            },
        ),
    ]
