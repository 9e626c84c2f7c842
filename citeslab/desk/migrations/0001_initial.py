import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0020_hand_over_caseloads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("ASSIGN", "followed by an advisor"), ("CLOSE", "left, no news")],
                        max_length=6,
                        verbose_name="act",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("count", models.PositiveIntegerField(verbose_name="people")),
                ("done", models.JSONField(default=list)),
                ("done_at", models.DateTimeField(verbose_name="done at")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
                ("undone_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="people put back")),
                (
                    "advisor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulk_acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk act",
                "verbose_name_plural": "bulk acts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="desk_bulkact_undone_at_with_undone_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("advisor__isnull", False), ("kind", "ASSIGN")),
                            models.Q(("advisor", None), ("kind", "CLOSE")),
                            _connector="OR",
                        ),
                        name="desk_bulkact_advisor_of_an_assignment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("query", models.CharField(blank=True, max_length=600)),
                ("language", models.CharField(default="fr", max_length=5)),
                ("sites", models.JSONField(default=list)),
                ("columns", models.JSONField(default=list, verbose_name="columns")),
                (
                    "format",
                    models.CharField(
                        choices=[("XLSX", "a workbook (XLSX)"), ("CSV", "plain text (CSV)")],
                        max_length=4,
                        verbose_name="format",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("CONTACT", "to write to these people or call them"),
                            ("MEETING", "to prepare a meeting or an action"),
                            ("REPORT", "to report to my organization"),
                            ("CHECK", "to check or correct what is recorded"),
                        ],
                        max_length=8,
                        verbose_name="purpose",
                    ),
                ),
                ("rows", models.PositiveIntegerField(verbose_name="rows")),
                ("rows_done", models.PositiveIntegerField(default=0, verbose_name="rows done")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                ("content", models.BinaryField(null=True, verbose_name="content")),
                ("forgotten_at", models.DateTimeField(blank=True, null=True, verbose_name="forgotten at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exports", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "indexes": [models.Index(fields=["user", "-asked_at"], name="desk_export_of_user")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("forgotten_at", None), models.Q(("content", None), ("query", "")), _connector="OR"
                        ),
                        name="desk_export_forgotten_holds_nothing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(blank=True, max_length=600)),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed at")),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.site",
                        verbose_name="shared with the site",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("user", "name"),
                        name="desk_savedfilter_one_by_name",
                        violation_error_message="You already have a filter of this name.",
                    )
                ],
            },
        ),
    ]
