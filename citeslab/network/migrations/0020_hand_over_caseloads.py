import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0010_set_fse_plus_periods"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="from")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("LEAVES", "leaves the network"),
                            ("AWAY", "is away for a time"),
                            ("MOVES", "goes to another site"),
                        ],
                        max_length=6,
                        verbose_name="reason",
                    ),
                ),
                ("returns_on", models.DateField(blank=True, null=True, verbose_name="back on")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("TURN", "in turn, by order of names"),
                            ("COMMUNE", "by commune: the people of one place stay together"),
                        ],
                        default="TURN",
                        max_length=7,
                        verbose_name="shared out",
                    ),
                ),
                ("people_count", models.PositiveIntegerField(default=0, verbose_name="people")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("given_back_at", models.DateTimeField(blank=True, null=True, verbose_name="given back at")),
                (
                    "given_back_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("interims", models.ManyToManyField(blank=True, related_name="+", to="network.mandate")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="network.mandate"
                    ),
                ),
            ],
            options={
                "verbose_name": "handover",
                "verbose_name_plural": "handovers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_back_at__isnull", True), ("given_back_by__isnull", True)),
                            models.Q(("given_back_at__isnull", False), ("given_back_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="network_handover_given_back_at_with_given_back_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason", "AWAY"), models.Q(("given_back_at", None), ("returns_on", None)), _connector="OR"
                        ),
                        name="network_handover_only_an_absence_returns",
                        violation_error_message="Only someone who is away has a day of return.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returns_on", None), ("returns_on__gt", models.F("since")), _connector="OR"
                        ),
                        name="network_handover_returns_after_it_begins",
                        violation_error_message="The return comes after the departure.",
                    ),
                ],
            },
        ),
    ]
