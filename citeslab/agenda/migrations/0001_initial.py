import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
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
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("place", models.CharField(blank=True, max_length=480, verbose_name="place")),
                (
                    "kind",
                    models.CharField(
                        choices=[("MEET", "face to face"), ("PHONE", "by telephone"), ("VIDEO", "by video")],
                        default="MEET",
                        max_length=5,
                        verbose_name="how you meet",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("DESK", "at the desk"), ("ONLINE", "online")],
                        default="DESK",
                        max_length=6,
                        verbose_name="channel",
                    ),
                ),
                (
                    "told_by",
                    models.CharField(
                        blank=True,
                        choices=[("EMAIL", "e-mail"), ("SMS", "text message")],
                        max_length=5,
                        verbose_name="reminded by",
                    ),
                ),
                ("booked_at", models.DateTimeField(verbose_name="booked at")),
                ("key", models.CharField(blank=True, max_length=64, verbose_name="key of the sending")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sequence", models.PositiveSmallIntegerField(default=0)),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled at")),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PERSON", "the person asked"),
                            ("ADVISOR", "the advisor cannot be there"),
                            ("MISTAKE", "booked by mistake"),
                            ("HER_LINK", "cancelled by the person herself"),
                        ],
                        max_length=8,
                        verbose_name="why",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("HELD", "held"), ("NO_SHOW", "did not come")],
                        max_length=7,
                        verbose_name="what happened",
                    ),
                ),
                ("outcome_at", models.DateTimeField(blank=True, null=True, verbose_name="noted at")),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="with",
                    ),
                ),
                (
                    "booked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appointments", to="people.person"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="network.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "appointment",
                "verbose_name_plural": "appointments",
                "indexes": [
                    models.Index(fields=["advisor", "starts_at"], name="agenda_appointment_week"),
                    models.Index(fields=["person", "starts_at"], name="agenda_appointment_of_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="agenda_appointment_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("cancelled_at", None)),
                        expressions=[
                            ("advisor", "="),
                            (
                                models.Func(
                                    "starts_at",
                                    "ends_at",
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="agenda_appointment_one_at_a_time",
                        violation_error_message="This time is already taken.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("key",),
                        name="agenda_appointment_one_by_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancel_reason", ""), ("cancelled_at", None), ("cancelled_by", None)),
                            models.Q(
                                ("cancel_reason", "HER_LINK"), ("cancelled_at__isnull", False), ("cancelled_by", None)
                            ),
                            models.Q(
                                ("cancelled_at__isnull", False),
                                ("cancelled_by__isnull", False),
                                models.Q(("cancel_reason__in", ["", "HER_LINK"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="agenda_appointment_cancelled_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome_at__isnull", True), ("outcome_by__isnull", True)),
                            models.Q(("outcome_at__isnull", False), ("outcome_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="agenda_appointment_outcome_at_with_outcome_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("outcome_at", None)),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("cancelled_at", None),
                                ("outcome_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="agenda_appointment_outcome_of_what_stands",
                        violation_error_message="A cancelled appointment was neither held nor missed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "closure",
                "verbose_name_plural": "closures",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="agenda_closure_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("advisor", "="),
                            (
                                models.Func(
                                    "starts_at",
                                    "ends_at",
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="agenda_closure_said_once",
                        violation_error_message="This time is already closed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("shows_names", models.BooleanField(default=False, verbose_name="show names")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feeds", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revoked_by",
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
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)), fields=("advisor",), name="agenda_feed_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="agenda_feed_revoked_at_with_revoked_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MoveRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="what suits you better")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="move_requests",
                        to="agenda.appointment",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to move",
                "verbose_name_plural": "requests to move",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at", None)),
                        fields=("appointment",),
                        name="agenda_moverequest_one_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="agenda.appointment"
                    ),
                ),
            ],
            options={
                "verbose_name": "link of a person",
                "verbose_name_plural": "links of people",
            },
        ),
        migrations.CreateModel(
            name="Surgery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until (excluded)")),
                ("place", models.CharField(max_length=160, verbose_name="place")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                (
                    "access",
                    models.CharField(
                        choices=[("OPEN", "anyone may come"), ("BOOKED", "by appointment")],
                        default="OPEN",
                        max_length=6,
                        verbose_name="who may come",
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("WEEKLY", "every week"),
                            ("FORTNIGHTLY", "every second week"),
                            ("MONTHLY", "once a month"),
                        ],
                        default="WEEKLY",
                        max_length=11,
                        verbose_name="rhythm",
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Monday"),
                                (1, "Tuesday"),
                                (2, "Wednesday"),
                                (3, "Thursday"),
                                (4, "Friday"),
                                (5, "Saturday"),
                                (6, "Sunday"),
                            ]
                        ),
                        size=None,
                        verbose_name="days",
                    ),
                ),
                (
                    "nth",
                    models.SmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "the first one"),
                            (2, "the second one"),
                            (3, "the third one"),
                            (4, "the fourth one"),
                            (-1, "the last one"),
                        ],
                        null=True,
                        verbose_name="which one of the month",
                    ),
                ),
                ("from_time", models.TimeField(verbose_name="from")),
                ("until_time", models.TimeField(verbose_name="until")),
                (
                    "slot_minutes",
                    models.PositiveSmallIntegerField(
                        default=45,
                        validators=[
                            django.core.validators.MinValueValidator(10),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="minutes of an appointment",
                    ),
                ),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surgeries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="held by",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surgeries",
                        to="network.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "surgery",
                "verbose_name_plural": "surgeries",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("begins_on")), _connector="OR"),
                        name="agenda_surgery_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_time__gt", models.F("from_time"))),
                        name="agenda_surgery_hours_in_order",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rhythm", "MONTHLY"), ("nth__isnull", False)),
                            models.Q(models.Q(("rhythm", "MONTHLY"), _negated=True), ("nth", None)),
                            _connector="OR",
                        ),
                        name="agenda_surgery_nth_with_monthly",
                        violation_error_message="A monthly surgery says which one of the month, and only a monthly one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weekdays__len__gte", 1), ("weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6])
                        ),
                        name="agenda_surgery_some_day",
                        violation_error_message="Choose at least one day of the week.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slot_minutes__range", (10, 240))),
                        name="agenda_surgery_slot_of_some_minutes",
                        violation_error_message="An appointment lasts between 10 minutes and 4 hours.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurgeryChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="held on")),
                ("from_time", models.TimeField(blank=True, null=True, verbose_name="from")),
                ("until_time", models.TimeField(blank=True, null=True, verbose_name="until")),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "surgery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="agenda.surgery"
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a surgery",
                "verbose_name_plural": "changes of surgeries",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("surgery", "day"),
                        name="agenda_surgerychange_one_by_day",
                        violation_error_message="This day is already changed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_time", None), ("held_on", None), ("until_time", None)),
                            models.Q(
                                ("from_time__isnull", False),
                                ("held_on__isnull", False),
                                ("until_time__isnull", False),
                                ("until_time__gt", models.F("from_time")),
                            ),
                            _connector="OR",
                        ),
                        name="agenda_surgerychange_cancelled_or_moved",
                        violation_error_message="A moved day has its date and its hours, in order.",
                    ),
                ],
            },
        ),
    ]
