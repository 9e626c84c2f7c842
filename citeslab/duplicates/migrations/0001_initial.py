import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_initial"),
        ("people", "0002_whole_position"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NameShare",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("share", models.FloatField(verbose_name="share")),
            ],
            options={
                "verbose_name": "share of a name",
                "verbose_name_plural": "shares of names",
            },
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("TYPING", "while a new file was being written"),
                            ("MATCHING", "from the list of likenesses"),
                        ],
                        max_length=8,
                        verbose_name="origin",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "asked_site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.site"),
                ),
                (
                    "asking_site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.site"),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ours",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "theirs",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "request to join",
                "verbose_name_plural": "requests to join",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="duplicates_joinrequest_closed_at_with_closed_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("asking_site", "theirs", "ours"),
                        name="duplicates_joinrequest_open_once",
                        nulls_distinct=False,
                        violation_error_message="This question is already open.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asking_site", models.F("asked_site")), _negated=True),
                        name="duplicates_joinrequest_of_another_site",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("given_at", models.DateTimeField(verbose_name="given at")),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.site"),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
                        to="duplicates.joinrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement to join",
                "verbose_name_plural": "agreements to join",
                "constraints": [
                    models.UniqueConstraint(fields=("request", "site"), name="duplicates_agreement_one_a_side"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Likeness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bits", models.FloatField(verbose_name="weight of the evidence, in powers of two")),
                (
                    "band",
                    models.CharField(
                        choices=[("SAME", "very likely the same person"), ("POSSIBLE", "perhaps the same person")],
                        max_length=8,
                        verbose_name="likeness",
                    ),
                ),
                (
                    "evidence",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None, verbose_name="evidence"
                    ),
                ),
                ("found_at", models.DateTimeField(verbose_name="found at")),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "likeness",
                "verbose_name_plural": "likenesses",
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="duplicates_likeness_one_by_pair"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="duplicates_likeness_smaller_key_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
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
                "verbose_name": "difference",
                "verbose_name_plural": "differences",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="duplicates_difference_withdrawn_at_with_withdrawn_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("first", "second"),
                        name="duplicates_difference_said_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="duplicates_difference_smaller_key_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="duplicates_difference_says_why",
                        violation_error_message="Say in a few words why they are two people.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("digest", models.CharField(max_length=64)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "found",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "inquiry",
                "verbose_name_plural": "inquiries",
                "indexes": [models.Index(fields=["asked_by", "asked_at"], name="duplicates_inquiry_counted")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("asked_by", "digest"), name="duplicates_inquiry_once_by_words", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Join",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept_key", models.BigIntegerField(verbose_name="file kept")),
                ("gone_key", models.BigIntegerField(verbose_name="file that went")),
                ("joined_at", models.DateTimeField(verbose_name="joined at")),
                ("gone", models.JSONField(blank=True, default=dict, verbose_name="values of the file that went")),
                ("kept_before", models.JSONField(blank=True, default=dict, verbose_name="values replaced")),
                ("kept_after", models.JSONField(blank=True, default=dict, verbose_name="values taken over")),
                ("steps", models.JSONField(blank=True, default=list, verbose_name="what was moved")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
                (
                    "agreed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="agreed by",
                    ),
                ),
                (
                    "gone_site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.site"),
                ),
                (
                    "joined_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "kept_site",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.site"),
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
            ],
            options={
                "verbose_name": "join",
                "verbose_name_plural": "joins",
                "indexes": [models.Index(fields=["kept_key"], name="duplicates_join_of_kept")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="duplicates_join_undone_at_with_undone_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("gone_key",), name="duplicates_join_goes_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept_key", models.F("gone_key")), _negated=True),
                        name="duplicates_join_of_two_files",
                    ),
                ],
            },
        ),
    ]
