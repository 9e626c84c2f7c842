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
            name="Method",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="methods",
                        to="network.site",
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
                "verbose_name": "method",
                "verbose_name_plural": "methods",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_method_withdrawn_at_with_withdrawn_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("purpose", models.TextField(verbose_name="what it is for")),
                ("audience", models.CharField(max_length=160, verbose_name="for whom")),
                ("material", models.TextField(blank=True, verbose_name="material")),
                ("link", models.URLField(blank=True, max_length=300, verbose_name="address of its documents")),
                (
                    "licence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CC_BY", "Creative Commons Attribution 4.0 (CC BY)"),
                            ("CC_BY_SA", "Creative Commons Attribution, share alike 4.0 (CC BY-SA)"),
                            ("CC0", "Creative Commons Zero 1.0 (CC0)"),
                            ("ETALAB", "Open Licence 2.0 of the State (Etalab)"),
                            ("FREE_ART", "Free Art Licence 1.3"),
                        ],
                        max_length=8,
                        verbose_name="licence",
                    ),
                ),
                ("changes", models.CharField(blank=True, max_length=300, verbose_name="what changes")),
                ("sort_key", models.TextField()),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                (
                    "method",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="animation.method"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a method",
                "verbose_name_plural": "versions of a method",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                            models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_version_published_at_with_published_by",
                    ),
                    models.UniqueConstraint(fields=("method", "number"), name="animation_version_one_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("method",),
                        name="animation_version_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None), models.Q(("licence", ""), _negated=True), _connector="OR"
                        ),
                        name="animation_version_published_under_a_licence",
                        violation_error_message="Choose a licence: without one nobody may use it again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None),
                            ("number", 1),
                            models.Q(("changes", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="animation_version_says_what_changes",
                        violation_error_message="Say in a sentence what this version changes.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(verbose_name="place")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                ("words", models.CharField(max_length=300, verbose_name="what is done")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="animation.version"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a method",
                "verbose_name_plural": "steps of a method",
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "place"), name="animation_step_one_place"),
                    models.CheckConstraint(condition=models.Q(("minutes__gt", 0)), name="animation_step_lasts"),
                ],
            },
        ),
        migrations.AddField(
            model_name="method",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="derived",
                to="animation.version",
            ),
        ),
    ]
