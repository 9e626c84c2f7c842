import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("followup", "0001_initial"),
        ("partners", "0001_initial"),
        ("people", "0002_whole_position"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254, verbose_name="address it was sent to")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("FINANCE", "financing"),
                            ("COACHING", "coaching"),
                            ("TEST", "testing the activity"),
                            ("TRAINING", "training"),
                            ("JOB", "finding a job"),
                            ("OTHER", "something else"),
                        ],
                        max_length=8,
                        verbose_name="purpose",
                    ),
                ),
                ("message", models.TextField(blank=True, verbose_name="message to the partner")),
                ("sheet", models.JSONField(default=dict, verbose_name="data sheet")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                ("open_until", models.DateTimeField(verbose_name="open until")),
                ("form_key", models.CharField(blank=True, max_length=64)),
                (
                    "advisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="partners.contact"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="referrals", to="people.person"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="projects.project",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "referral",
                "verbose_name_plural": "referrals",
                "indexes": [
                    models.Index(fields=["person", "-sent_at"], name="referrals_referral_story"),
                    models.Index(fields=["advisor", "-sent_at"], name="referrals_referral_of_advisor"),
                    models.Index(fields=["open_until"], name="referrals_referral_deadline"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("form_key", ""), _negated=True),
                        fields=("person", "form_key"),
                        name="referrals_referral_form_sent_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("open_until__gt", models.F("sent_at"))),
                        name="referrals_referral_closes_after_it_opens",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("SENDING", "the referral"),
                            ("REMINDER", "a reminder"),
                            ("RESENDING", "sent again by the advisor"),
                            ("RENEWAL", "a new link asked for by the partner"),
                        ],
                        max_length=9,
                        verbose_name="occasion",
                    ),
                ),
                (
                    "reminder_day",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="day of the reminder"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.contact"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None), models.Q(("reminder_day", None), _negated=True)),
                        fields=("referral", "reminder_day"),
                        name="referrals_link_reminded_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("occasion", "REMINDER"), ("reminder_day__isnull", False)),
                            models.Q(models.Q(("occasion", "REMINDER"), _negated=True), ("reminder_day", None)),
                            _connector="OR",
                        ),
                        name="referrals_link_reminder_has_its_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=64)),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "referral",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "verbose_name": "knock",
                "verbose_name_plural": "knocks",
                "indexes": [
                    models.Index(fields=["source", "-at"], name="referrals_knock_by_source"),
                    models.Index(fields=["at"], name="referrals_knock_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("NAME", "first name and name"),
                                ("PHONE", "phone"),
                                ("EMAIL", "e-mail address"),
                                ("BORN_ON", "date of birth"),
                                ("ADDRESS", "postal address"),
                                ("COMMUNE", "commune"),
                                ("SITUATION", "situation at entry"),
                                ("DIPLOMA", "diploma level"),
                                ("PROJECT", "project"),
                                ("STAGE", "stage of her path"),
                            ],
                            max_length=9,
                        ),
                        size=None,
                        verbose_name="fields",
                    ),
                ),
                (
                    "manner",
                    models.CharField(
                        choices=[("IN_PERSON", "in person"), ("PHONE", "by phone"), ("WRITTEN", "in writing")],
                        max_length=9,
                        verbose_name="how she agreed",
                    ),
                ),
                ("agreed_on", models.DateField(verbose_name="agreed on")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                (
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consent", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "verbose_name": "consent to a data sheet",
                "verbose_name_plural": "consents to data sheets",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="referrals_consent_revoked_at_with_revoked_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fields__len__gt", 0)),
                        name="referrals_consent_names_a_field",
                        violation_error_message="A consent names what is sent.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("SENT", "sent"),
                            ("SEEN", "seen"),
                            ("ACCEPTED", "accepted"),
                            ("REFUSED", "refused"),
                            ("FIRST_MEETING", "first meeting held"),
                            ("OUTCOME", "outcome"),
                            ("EXPIRED", "expired"),
                            ("WITHDRAWN", "withdrawn"),
                        ],
                        max_length=13,
                        verbose_name="kind",
                    ),
                ),
                ("occurred_on", models.DateField(verbose_name="occurred on")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("UNREACHED", "could not be reached"),
                            ("NOT_READY", "the project is not ready yet"),
                            ("INELIGIBLE", "outside our criteria"),
                            ("AREA", "outside our area"),
                            ("NO_ROOM", "no place at the moment"),
                            ("KNOWN", "already accompanied by us"),
                            ("OTHER", "another reason"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("LOAN", "loan granted"),
                            ("REGISTERED", "business registered"),
                            ("JOB", "back to employment"),
                            ("DROPPED", "dropped"),
                            ("OTHER", "something else"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "amount_cents",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="amount, in cents"),
                ),
                ("siret", models.CharField(blank=True, max_length=14, verbose_name="SIRET")),
                ("text", models.TextField(blank=True, verbose_name="a word")),
                ("form_key", models.CharField(blank=True, max_length=64)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.contact",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "transition",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="followup.transition",
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
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a referral",
                "verbose_name_plural": "answers to referrals",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=["referral", "-id"],
                        name="referrals_answer_state",
                    ),
                    models.Index(fields=["-recorded_at"], name="referrals_answer_lately"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="referrals_answer_withdrawn_at_with_withdrawn_by",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("form_key", ""), _negated=True),
                        fields=("referral", "form_key"),
                        name="referrals_answer_form_sent_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind__in", ["SENT", "SEEN", "EXPIRED", "WITHDRAWN"]), ("withdrawn_at", None)
                        ),
                        fields=("referral", "kind"),
                        name="referrals_answer_said_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "REFUSED"), models.Q(("reason", ""), _negated=True)),
                            models.Q(models.Q(("kind", "REFUSED"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="referrals_answer_reason_with_refusal",
                        violation_error_message="A refusal says why, and only a refusal does.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "OUTCOME"), models.Q(("outcome", ""), _negated=True)),
                            models.Q(models.Q(("kind", "OUTCOME"), _negated=True), ("outcome", "")),
                            _connector="OR",
                        ),
                        name="referrals_answer_outcome_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("siret", ""),
                            models.Q(("outcome", "REGISTERED"), ("siret__regex", "^\\d{14}$")),
                            _connector="OR",
                        ),
                        name="referrals_answer_siret_of_a_registration",
                        violation_error_message="A SIRET has 14 digits, and goes with a registration.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_cents", None),
                            models.Q(("amount_cents__gt", 0), ("outcome", "LOAN")),
                            _connector="OR",
                        ),
                        name="referrals_answer_amount_of_a_loan",
                    ),
                ],
            },
        ),
    ]
