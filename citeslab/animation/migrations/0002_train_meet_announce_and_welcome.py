import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("animation", "0001_share_methods"),
        ("network", "0020_hand_over_caseloads"),
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HalfDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
            ],
            options={
                "verbose_name": "half-day",
                "verbose_name_plural": "half-days",
                "ordering": ["starts_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="animation_halfday_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("words", models.TextField(verbose_name="what is said")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ADVISOR", "advisor"),
                                ("COORDINATOR", "coordinator of a host organization"),
                                ("PILOT", "national pilot"),
                                ("FUNDER", "funder"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="to whom",
                    ),
                ),
                ("pinned_until", models.DateField(blank=True, null=True, verbose_name="kept at the top until")),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.hostorganization",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "regions",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="territories.region", verbose_name="regions"
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
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["-recorded_at"], name="animation_announcement_lately"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_announcement_withdrawn_at_with_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("roles__len__gt", 0)),
                        name="animation_announcement_to_somebody",
                        violation_error_message="Say to whom.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("is_waiting", models.BooleanField(default=False, verbose_name="in the line")),
                ("has_evaluated", models.BooleanField(default=False, verbose_name="gave her opinion")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "enrolment",
                "verbose_name_plural": "enrolments",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_enrolment_withdrawn_at_with_withdrawn_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FirstStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until (excluded)")),
                ("words", models.CharField(max_length=200, verbose_name="what she does")),
                ("days", models.PositiveSmallIntegerField(verbose_name="within so many days")),
            ],
            options={
                "verbose_name": "first step",
                "verbose_name_plural": "first steps",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("begins_on")), _connector="OR"),
                        name="animation_firststep_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__range", (0, 365))), name="animation_firststep_within_a_year"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "competence",
                    models.CharField(
                        choices=[
                            ("RECEIVE", "receiving and listening"),
                            ("IDEA", "helping an idea take shape"),
                            ("GROUP", "leading a group"),
                            ("OUTREACH", "going and meeting people where they are"),
                            ("MONEY", "costing a project"),
                            ("FUNDING", "knowing who finances and who coaches"),
                            ("STATUS", "legal forms and social rights"),
                            ("SCHOOLS", "working with schools"),
                            ("DIGITAL", "digital tools"),
                            ("CREATIVE", "creative methods"),
                            ("DATA", "protecting people’s data"),
                            ("EUROPE", "European money and its papers"),
                        ],
                        max_length=8,
                        verbose_name="competence",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="needs", to=settings.AUTH_USER_MODEL
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
                "verbose_name": "need",
                "verbose_name_plural": "needs",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_need_withdrawn_at_with_withdrawn_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("user", "competence"),
                        name="animation_need_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NetworkMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("NETWORK", "network meeting"),
                            ("COMMITTEE", "steering committee"),
                            ("WORKING", "working group"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="place")),
                ("link", models.URLField(blank=True, max_length=300, verbose_name="link of the meeting")),
                ("agenda", models.TextField(blank=True, verbose_name="agenda")),
                ("others", models.CharField(blank=True, max_length=300, verbose_name="others who were there")),
                ("sequence", models.PositiveIntegerField(default=0, verbose_name="changes")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="called off at")),
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
                ("present", models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting of the network",
                "verbose_name_plural": "meetings of the network",
                "indexes": [
                    models.Index(fields=["-starts_at"], name="animation_meeting_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                            models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_networkmeeting_cancelled_at_with_cancelled_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="animation_networkmeeting_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("words", models.CharField(max_length=500, verbose_name="what was decided")),
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
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="animation.networkmeeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_decision_withdrawn_at_with_withdrawn_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("words", models.CharField(max_length=300, verbose_name="what is to be done")),
                ("taken_on", models.DateField(verbose_name="taken on the day")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="animation.networkmeeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "action to follow",
                "verbose_name_plural": "actions to follow",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None), ("withdrawn_at", None)),
                        fields=["owner", "due_on"],
                        name="animation_commitment_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_commitment_withdrawn_at_with_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_commitment_done_at_with_done_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("taken_on"))),
                        name="animation_commitment_due_after_its_meeting",
                        violation_error_message="An action is due on the day of its meeting or later.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="presences", to="animation.enrolment"
                    ),
                ),
                (
                    "half_day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="presences", to="animation.halfday"
                    ),
                ),
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
                "verbose_name": "presence at a training",
                "verbose_name_plural": "presences at a training",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_presence_withdrawn_at_with_withdrawn_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("half_day", "enrolment"),
                        name="animation_presence_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_marks",
                        to="animation.announcement",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "read mark",
                "verbose_name_plural": "read marks",
                "constraints": [
                    models.UniqueConstraint(fields=("announcement", "user"), name="animation_readmark_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "competence",
                    models.CharField(
                        choices=[
                            ("RECEIVE", "receiving and listening"),
                            ("IDEA", "helping an idea take shape"),
                            ("GROUP", "leading a group"),
                            ("OUTREACH", "going and meeting people where they are"),
                            ("MONEY", "costing a project"),
                            ("FUNDING", "knowing who finances and who coaches"),
                            ("STATUS", "legal forms and social rights"),
                            ("SCHOOLS", "working with schools"),
                            ("DIGITAL", "digital tools"),
                            ("CREATIVE", "creative methods"),
                            ("DATA", "protecting people’s data"),
                            ("EUROPE", "European money and its papers"),
                        ],
                        max_length=8,
                        verbose_name="competence",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200, verbose_name="in her own words")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="skills", to=settings.AUTH_USER_MODEL
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
                "verbose_name": "skill",
                "verbose_name_plural": "skills",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_skill_withdrawn_at_with_withdrawn_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("user", "competence"),
                        name="animation_skill_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                ("purpose", models.TextField(verbose_name="what one learns")),
                (
                    "competences",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("RECEIVE", "receiving and listening"),
                                ("IDEA", "helping an idea take shape"),
                                ("GROUP", "leading a group"),
                                ("OUTREACH", "going and meeting people where they are"),
                                ("MONEY", "costing a project"),
                                ("FUNDING", "knowing who finances and who coaches"),
                                ("STATUS", "legal forms and social rights"),
                                ("SCHOOLS", "working with schools"),
                                ("DIGITAL", "digital tools"),
                                ("CREATIVE", "creative methods"),
                                ("DATA", "protecting people’s data"),
                                ("EUROPE", "European money and its papers"),
                            ],
                            max_length=8,
                        ),
                        default=list,
                        size=None,
                        verbose_name="competences",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retired_by",
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
                "verbose_name": "training",
                "verbose_name_plural": "trainings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("retired_by__isnull", True)),
                            models.Q(("retired_at__isnull", False), ("retired_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_training_retired_at_with_retired_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("competences__len__gt", 0)),
                        name="animation_training_grows_a_competence",
                        violation_error_message="Choose a competence at least.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrainingSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="place")),
                ("link", models.URLField(blank=True, max_length=300, verbose_name="link of the meeting")),
                ("seats", models.PositiveSmallIntegerField(verbose_name="seats")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="called off at")),
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
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="animation.training"
                    ),
                ),
            ],
            options={
                "verbose_name": "training session",
                "verbose_name_plural": "training sessions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                            models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_trainingsession_cancelled_at_with_cancelled_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__gt", 0)),
                        name="animation_trainingsession_has_a_seat",
                        violation_error_message="A session has one seat at least.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("link", ""), ("place", ""), _negated=True),
                        name="animation_trainingsession_is_somewhere",
                        violation_error_message="Say where it is: a place, or a link.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="halfday",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="half_days", to="animation.trainingsession"
            ),
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("useful", models.PositiveSmallIntegerField(verbose_name="I will use it")),
                ("clear", models.PositiveSmallIntegerField(verbose_name="It was clear")),
                ("recommended", models.PositiveSmallIntegerField(verbose_name="I would tell a colleague to go")),
                ("is_shown", models.BooleanField(default=False, verbose_name="shown")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evaluations",
                        to="animation.trainingsession",
                    ),
                ),
            ],
            options={
                "verbose_name": "evaluation of a training",
                "verbose_name_plural": "evaluations of a training",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clear__range", (1, 3)), ("recommended__range", (1, 3)), ("useful__range", (1, 3))
                        ),
                        name="animation_evaluation_of_three",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="enrolment",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="animation.trainingsession"
            ),
        ),
        migrations.CreateModel(
            name="Welcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "mandate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="welcome", to="network.mandate"
                    ),
                ),
            ],
            options={
                "verbose_name": "first weeks",
                "verbose_name_plural": "first weeks",
            },
        ),
        migrations.CreateModel(
            name="WelcomeStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="animation.firststep"
                    ),
                ),
                (
                    "welcome",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="animation.welcome"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of first weeks",
                "verbose_name_plural": "steps of first weeks",
                "ordering": ["due_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="animation_welcomestep_done_at_with_done_by",
                    ),
                    models.UniqueConstraint(fields=("welcome", "step"), name="animation_welcomestep_once"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("session", "user"),
                name="animation_enrolment_once",
                violation_error_message="She is registered already.",
            ),
        ),
    ]
