"""Numbers aimed at, each kept with who set it and when once another takes its place."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0009_show_what_was_planned"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("year", models.SmallIntegerField(verbose_name="year")),
                ("indicator", models.CharField(max_length=64, verbose_name="figure")),
                ("level", models.CharField(blank=True, max_length=12, verbose_name="level of the perimeter")),
                ("code", models.CharField(blank=True, max_length=64, verbose_name="code of the perimeter")),
                ("aim", models.PositiveIntegerField(verbose_name="number aimed at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "ordering": ["pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="figures_target_withdrawn_at_with_withdrawn_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("year", "indicator", "level", "code"),
                        name="figures_target_one_in_force",
                        violation_error_message="This target is already set.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("aim__gt", 0)),
                        name="figures_target_aims_at_something",
                        violation_error_message="Aim at one at least.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), ("level", "")),
                            models.Q(("code__regex", "^[1-9][0-9]*$"), ("level", "site")),
                            models.Q(("level", "agreement"), models.Q(("code", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="figures_target_of_the_network_a_site_or_an_agreement",
                        violation_error_message="A target is the whole network’s, a site’s or an agreement’s.",
                    ),
                ],
            },
        ),
    ]
