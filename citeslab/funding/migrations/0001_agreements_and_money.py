"""Funders and who reads for them; agreements, instalments, payments, shares of posts."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0020_hand_over_caseloads"),
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Funder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        error_messages={"unique": "This funder is already known."},
                        max_length=160,
                        unique=True,
                        verbose_name="name",
                    ),
                ),
                ("sort_key", models.CharField(max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("STATE", "State"),
                            ("REGION", "region"),
                            ("DEPARTMENT", "department"),
                            ("GROUP", "intercommunality"),
                            ("TOWN", "town"),
                            ("EUROPE", "European fund"),
                            ("PILOT", "national pilot, own funds"),
                            ("OTHER", "other funder"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
            ],
            options={
                "verbose_name": "funder",
                "verbose_name_plural": "funders",
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_on", models.DateField(verbose_name="from")),
                (
                    "reference",
                    models.CharField(
                        error_messages={"unique": "Another agreement has this reference."},
                        max_length=64,
                        unique=True,
                        verbose_name="reference",
                    ),
                ),
                ("sort_key", models.CharField(max_length=400)),
                (
                    "rhythm",
                    models.CharField(
                        choices=[("ANNUAL", "annual"), ("TRIENNIAL", "over several years")],
                        max_length=9,
                        verbose_name="rhythm",
                    ),
                ),
                ("ends_on", models.DateField(verbose_name="until (excluded)")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "the whole network"),
                            ("region", "region"),
                            ("department", "department"),
                            ("epci", "intercommunality"),
                            ("commune", "commune"),
                            ("site", "site"),
                        ],
                        max_length=12,
                        verbose_name="level of the perimeter",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=64, verbose_name="code of the perimeter")),
                ("committed_cents", models.PositiveBigIntegerField(verbose_name="amount promised, in cents")),
                ("objectives", models.TextField(blank=True, max_length=4000, verbose_name="objectives")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="network.hostorganization",
                        verbose_name="host organization",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.region",
                    ),
                ),
                (
                    "funder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="funding.funder",
                        verbose_name="funder",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement",
                "verbose_name_plural": "agreements",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["ends_on"], name="funding_agreement_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("begins_on")), _connector="OR"),
                        name="funding_agreement_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    models.UniqueConstraint(fields=("id", "funder"), name="funding_agreement_with_its_funder"),
                    models.CheckConstraint(
                        condition=models.Q(("committed_cents__range", (1, 10000000000))),
                        name="funding_agreement_promises_an_amount",
                        violation_error_message="An agreement promises one cent at least, a hundred million euros at most.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "ends_on__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("begins_on"), "+", models.Value(datetime.timedelta(days=366))
                                    ),
                                ),
                                ("rhythm", "ANNUAL"),
                            ),
                            models.Q(
                                (
                                    "ends_on__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("begins_on"), "+", models.Value(datetime.timedelta(days=1096))
                                    ),
                                ),
                                ("rhythm", "TRIENNIAL"),
                            ),
                            _connector="OR",
                        ),
                        name="funding_agreement_as_long_as_its_rhythm",
                        violation_error_message="An annual agreement lasts a year at most, one over several years three.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), ("level", "")),
                            models.Q(("code__regex", "^[1-9][0-9]{0,8}$"), ("level", "site")),
                            models.Q(
                                ("level__in", ("region", "department", "epci", "commune")),
                                models.Q(("code", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="funding_agreement_whole_perimeter",
                        violation_error_message="A perimeter is the network, or a place of its level.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("organization__isnull", False), ("level", ""), _connector="OR"),
                        name="funding_agreement_without_a_host_is_of_the_network",
                        violation_error_message="Without a host organization, an agreement is of the whole network.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("amount_cents", models.PositiveBigIntegerField(verbose_name="amount, in cents")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="instalments", to="funding.agreement"
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
                "verbose_name": "instalment",
                "verbose_name_plural": "instalments",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["due_on"], name="funding_instalment_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="funding_instalment_withdrawn_at_with_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_cents__range", (1, 10000000000))),
                        name="funding_instalment_of_an_amount",
                        violation_error_message="An amount is one cent at least, a hundred million euros at most.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("POST", "posts"),
                            ("ACTION", "collective actions"),
                            ("ANIMATION", "life of the network"),
                            ("TRAINING", "training of advisors"),
                        ],
                        max_length=9,
                        verbose_name="for",
                    ),
                ),
                ("paid_on", models.DateField(verbose_name="paid on")),
                ("amount_cents", models.PositiveBigIntegerField(verbose_name="amount, in cents")),
                (
                    "instalment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payments", to="funding.instalment"
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
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["paid_on"], name="funding_payment_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="funding_payment_withdrawn_at_with_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_cents__range", (1, 10000000000))),
                        name="funding_payment_of_an_amount",
                        violation_error_message="An amount is one cent at least, a hundred million euros at most.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("instalment", "use"),
                        name="funding_payment_one_a_use",
                        violation_error_message="This instalment is already paid for this use.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                ("begins_on", models.DateField(verbose_name="from")),
                (
                    "share",
                    models.PositiveSmallIntegerField(verbose_name="share of the post, in hundredths of a percent"),
                ),
                ("ends_on", models.DateField(verbose_name="until (excluded)")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="post_shares", to="funding.agreement"
                    ),
                ),
                (
                    "funder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="funding.funder"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="network.post",
                        verbose_name="post",
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
                "verbose_name": "share of a post",
                "verbose_name_plural": "shares of a post",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("begins_on")), _connector="OR"),
                        name="funding_postshare_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="funding_postshare_withdrawn_at_with_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__range", (1, 10000))),
                        name="funding_postshare_of_one_post",
                        violation_error_message="A share is more than nothing, and at most the whole post.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        expressions=[
                            ("funder", "="),
                            ("post", "="),
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
                        name="funding_postshare_one_by_funder_and_day",
                        violation_error_message="This funder already pays for this post on these days.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "state",
                    models.CharField(
                        choices=[("AGREED", "agreed"), ("JUSTIFIED", "justified")], max_length=9, verbose_name="step"
                    ),
                ),
                ("reached_on", models.DateField(verbose_name="day")),
                ("amount_cents", models.PositiveBigIntegerField(verbose_name="amount, in cents")),
                (
                    "instalment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="funding.instalment"
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
                "verbose_name": "step of an instalment",
                "verbose_name_plural": "steps of an instalment",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="funding_progress_withdrawn_at_with_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_cents__range", (1, 10000000000))),
                        name="funding_progress_of_an_amount",
                        violation_error_message="An amount is one cent at least, a hundred million euros at most.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("instalment", "state"),
                        name="funding_progress_one_of_a_state",
                        violation_error_message="This step is already recorded.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "kind",
                    models.CharField(
                        choices=[("ACTIVITY", "activity report"), ("FINAL", "final report, with the accounts")],
                        max_length=8,
                        verbose_name="report",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="sent on")),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="funding.agreement"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "verbose_name": "report due",
                "verbose_name_plural": "reports due",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="funding_reportdue_withdrawn_at_with_withdrawn_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_by__isnull", True), ("sent_on__isnull", True)),
                            models.Q(("sent_by__isnull", False), ("sent_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="funding_reportdue_sent_on_with_sent_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("agreement", "kind", "due_on"),
                        name="funding_reportdue_one_a_day",
                        violation_error_message="This report is already in the calendar.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until (excluded)")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "funder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegates",
                        to="funding.funder",
                        verbose_name="funder",
                    ),
                ),
            ],
            options={
                "verbose_name": "reader of an account",
                "verbose_name_plural": "readers of an account",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("begins_on")), _connector="OR"),
                        name="funding_delegate_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("funder", "="),
                            ("user", "="),
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
                        name="funding_delegate_once_at_a_time",
                        violation_error_message="She already reads this account on these days.",
                    ),
                ],
            },
        ),
    ]
