import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0001_initial"),
        ("network", "0010_set_fse_plus_periods"),
        ("people", "0002_whole_position"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FSEAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "moment",
                    models.CharField(
                        choices=[("ENTRY", "entry"), ("EXIT", "exit")], max_length=5, verbose_name="moment"
                    ),
                ),
                ("answered_on", models.DateField(verbose_name="answered on")),
                (
                    "labour",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SHORT", "unemployed for less than 12 months"),
                            ("LONG", "unemployed for 12 months or more"),
                            ("INACTIVE", "neither employed nor looking for a job"),
                            ("EMPLOYED", "employed"),
                            ("SELF", "self-employed"),
                        ],
                        max_length=10,
                        verbose_name="situation on the labor market",
                    ),
                ),
                (
                    "education",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LOWER", "lower secondary or less (up to the brevet)"),
                            ("UPPER", "upper or post-secondary (CAP, BEP, bac)"),
                            ("TERTIARY", "tertiary (bac +2 and above)"),
                        ],
                        max_length=9,
                        verbose_name="level of education",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("SEARCHING", "began to look for a job"),
                            ("EDUCATION", "in education or training"),
                            ("QUALIFICATION", "gained a qualification"),
                            ("EMPLOYED", "in a job, or self-employed"),
                            ("NONE", "none of these"),
                        ],
                        max_length=13,
                        verbose_name="result at exit",
                    ),
                ),
            ],
            options={
                "verbose_name": "FSE+ answer",
                "verbose_name_plural": "FSE+ answers",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("moment", "ENTRY"),
                                ("result", ""),
                                models.Q(("education", ""), ("labour", ""), _negated=True),
                            ),
                            models.Q(
                                ("education", ""),
                                ("labour", ""),
                                ("moment", "EXIT"),
                                models.Q(("result", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="followup_fseanswer_items_of_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Gesture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True, verbose_name="key")),
                (
                    "written_at_device",
                    models.DateTimeField(blank=True, null=True, verbose_name="written at, by the phone"),
                ),
                ("received_at", models.DateTimeField(verbose_name="received at")),
            ],
            options={
                "verbose_name": "gesture",
                "verbose_name_plural": "gestures",
            },
        ),
        migrations.CreateModel(
            name="LaterNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("DONE", "done"),
                            ("DROPPED", "dropped"),
                            ("CLOSED", "closed"),
                            ("STILL", "still with us"),
                            ("ANSWERED", "answered"),
                            ("NO_ANSWER", "no answer"),
                        ],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(verbose_name="months after")),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "situation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("BUSINESS", "runs her business"),
                            ("EMPLOYED", "has a job"),
                            ("BOTH", "a business and a job"),
                            ("TRAINING", "in training"),
                            ("LOOKING", "looks for a job"),
                            ("PROJECT", "still prepares her project"),
                            ("OTHER", "something else"),
                        ],
                        max_length=9,
                        verbose_name="situation",
                    ),
                ),
                ("business_alive", models.BooleanField(blank=True, null=True, verbose_name="the business is alive")),
                ("jobs", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="jobs, hers included")),
            ],
            options={
                "verbose_name": "later news",
                "verbose_name_plural": "later news",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None), ("withdrawn_at", None)),
                        fields=["due_on"],
                        name="followup_laternews_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None)),
                            models.Q(("settled_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="followup_laternews_settled_with_its_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("months__in", (6, 12, 24, 36))), name="followup_laternews_known_mark"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "ANSWERED"), models.Q(("situation", ""), _negated=True)),
                            models.Q(
                                models.Q(("outcome", "ANSWERED"), _negated=True),
                                ("business_alive", None),
                                ("jobs", None),
                                ("situation", ""),
                            ),
                            _connector="OR",
                        ),
                        name="followup_laternews_answer_with_situation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NextStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("DONE", "done"),
                            ("DROPPED", "dropped"),
                            ("CLOSED", "closed"),
                            ("STILL", "still with us"),
                            ("ANSWERED", "answered"),
                            ("NO_ANSWER", "no answer"),
                        ],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("MEET", "see again"),
                            ("CALL", "call back"),
                            ("REFER", "refer"),
                            ("OTHER", "another date"),
                        ],
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="on")),
                ("due_time", models.TimeField(blank=True, null=True, verbose_name="at")),
                ("about", models.CharField(blank=True, max_length=120, verbose_name="about")),
            ],
            options={
                "verbose_name": "next step",
                "verbose_name_plural": "next steps",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None), ("withdrawn_at", None)),
                        fields=["due_on"],
                        name="followup_nextstep_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None)),
                            models.Q(("settled_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="followup_nextstep_settled_with_its_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoNewsProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("DONE", "done"),
                            ("DROPPED", "dropped"),
                            ("CLOSED", "closed"),
                            ("STILL", "still with us"),
                            ("ANSWERED", "answered"),
                            ("NO_ANSWER", "no answer"),
                        ],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("last_contact_on", models.DateField(verbose_name="last contact on")),
            ],
            options={
                "verbose_name": "no-news proposal",
                "verbose_name_plural": "no-news proposals",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None)),
                            models.Q(("settled_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="followup_nonewsproposal_settled_with_its_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("text", models.CharField(max_length=400, verbose_name="what you retained")),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="followup_note_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("DONE", "done"),
                            ("DROPPED", "dropped"),
                            ("CLOSED", "closed"),
                            ("STILL", "still with us"),
                            ("ANSWERED", "answered"),
                            ("NO_ANSWER", "no answer"),
                        ],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("what", models.CharField(max_length=120, verbose_name="what")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="by")),
            ],
            options={
                "verbose_name": "step of a plan",
                "verbose_name_plural": "steps of a plan",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None)),
                            models.Q(("settled_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="followup_planstep_settled_with_its_outcome",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="transition",
            name="siret",
            field=models.CharField(blank=True, db_default="", default="", max_length=14, verbose_name="SIRET"),
        ),
        migrations.AddConstraint(
            model_name="transition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("siret", ""), models.Q(("evidence", "REGISTERED"), ("siret__regex", "^\\d{14}$")), _connector="OR"
                ),
                name="followup_transition_siret_of_a_registration",
                violation_error_message="A SIRET has 14 digits, and goes with a registration.",
            ),
        ),
        migrations.AddField(
            model_name="fseanswer",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="fse_answers", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="fseanswer",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="fseanswer",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="gesture",
            name="meeting",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="gesture", to="followup.meeting"
            ),
        ),
        migrations.AddField(
            model_name="gesture",
            name="received_from",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="gesture",
            name="transition",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="followup.transition",
            ),
        ),
        migrations.AddField(
            model_name="laternews",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="later_news", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="laternews",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="laternews",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="laternews",
            name="since",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="later_news", to="followup.transition"
            ),
        ),
        migrations.AddField(
            model_name="laternews",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="next_steps", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="next_steps",
                to="projects.project",
            ),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="settled_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settled_steps",
                to="followup.meeting",
            ),
        ),
        migrations.AddField(
            model_name="nextstep",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="gesture",
            name="next_step",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="followup.nextstep",
            ),
        ),
        migrations.AddField(
            model_name="nonewsproposal",
            name="closing",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="followup.transition",
            ),
        ),
        migrations.AddField(
            model_name="nonewsproposal",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="no_news_proposals", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="nonewsproposal",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="nonewsproposal",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="nonewsproposal",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="followup.meeting"
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="plan_steps", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_steps",
                to="projects.project",
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="planstep",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="fseanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_fseanswer_withdrawn_at_with_withdrawn_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="fseanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("person", "moment"),
                name="followup_fseanswer_one_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="laternews",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_laternews_withdrawn_at_with_withdrawn_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="laternews",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_laternews_settled_at_with_settled_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="laternews",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("since", "months"),
                name="followup_laternews_asked_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="nextstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_nextstep_withdrawn_at_with_withdrawn_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="nextstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_nextstep_settled_at_with_settled_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="nextstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at", None), ("withdrawn_at", None)),
                fields=("person",),
                name="followup_nextstep_one_at_a_time",
                violation_error_message="Something is already planned with this person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonewsproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_nonewsproposal_withdrawn_at_with_withdrawn_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonewsproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_nonewsproposal_settled_at_with_settled_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonewsproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at", None), ("withdrawn_at", None)),
                fields=("person",),
                name="followup_nonewsproposal_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonewsproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closing__isnull", False), ("outcome", "CLOSED")),
                    models.Q(models.Q(("outcome", "CLOSED"), _negated=True), ("closing", None)),
                    _connector="OR",
                ),
                name="followup_nonewsproposal_closing_when_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_note_withdrawn_at_with_withdrawn_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("meeting",), name="followup_note_one_to_a_meeting"
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_planstep_withdrawn_at_with_withdrawn_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="planstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="followup_planstep_settled_at_with_settled_by",
            ),
        ),
    ]
