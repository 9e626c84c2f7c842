import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0001_initial"),
        ("people", "0002_whole_position"),
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HouseholdTie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
            ],
            options={
                "verbose_name": "household tie",
                "verbose_name_plural": "household ties",
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="residenceanswer",
            name="people_residenceanswer_manual_says_why",
        ),
        migrations.AddField(
            model_name="person",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="changed at"),
        ),
        migrations.AddField(
            model_name="person",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="creation_key",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="residence",
            name="precision",
            field=models.CharField(
                choices=[
                    ("GIVEN", "position given with the address"),
                    ("HOUSE", "house number found by the address service"),
                    ("POINTED", "pointed at on the map"),
                    ("UNSURE", "the position is not sure"),
                ],
                db_default="GIVEN",
                default="GIVEN",
                max_length=7,
                verbose_name="precision",
            ),
        ),
        migrations.AddField(
            model_name="residenceanswer",
            name="grounds",
            field=models.CharField(
                blank=True,
                choices=[
                    ("PROOF", "I saw a proof of address"),
                    ("PLACE", "I know the building"),
                    ("OFFICIAL_MAP", "The official map shows it"),
                    ("AUTHORITY", "The town hall or the State confirmed it"),
                    ("OTHER", "Another reason"),
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="what it rests on",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="people_person_by_phone"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="people_person_by_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                fields=("recorded_by", "creation_key"), name="people_person_one_by_creation_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("changed_at__isnull", True), ("changed_by__isnull", True)),
                    models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                    _connector="OR",
                ),
                name="people_person_changed_at_with_changed_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="residenceanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("method", "COMPUTED"),
                    models.Q(("reason", ""), _negated=True),
                    models.Q(models.Q(("grounds", ""), _negated=True), models.Q(("grounds", "OTHER"), _negated=True)),
                    _connector="OR",
                ),
                name="people_residenceanswer_manual_says_why",
                violation_error_message="A decision needs its reason.",
            ),
        ),
        migrations.AddField(
            model_name="householdtie",
            name="one",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="householdtie",
            name="other",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="householdtie",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="householdtie",
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
            model_name="householdtie",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="people_householdtie_withdrawn_at_with_withdrawn_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="householdtie",
            constraint=models.CheckConstraint(
                condition=models.Q(("one__lt", models.F("other"))), name="people_householdtie_smaller_key_first"
            ),
        ),
        migrations.AddConstraint(
            model_name="householdtie",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("one", "other"),
                name="people_householdtie_said_once",
            ),
        ),
    ]
