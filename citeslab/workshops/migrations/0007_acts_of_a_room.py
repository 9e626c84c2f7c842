"""Remember what phones told of a room: an act that comes again, or before another one, is known by its key."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workshops", "0006_keep_sheets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("walk_in", "someone walked in"),
                            ("mark", "how someone attended"),
                            ("sign", "a signature"),
                            ("heads", "heads counted"),
                        ],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                ("told_at", models.DateTimeField(verbose_name="told at")),
                ("clock_at", models.DateTimeField(blank=True, null=True, verbose_name="by the phone's own clock")),
                ("device", models.UUIDField(blank=True, null=True, verbose_name="phone")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workshops.registration",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="acts", to="workshops.workshop"
                    ),
                ),
            ],
            options={
                "verbose_name": "act of a room",
                "verbose_name_plural": "acts of a room",
                "indexes": [models.Index(fields=["workshop", "device"], name="workshops_act_of_phone")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "walk_in"), _negated=True),
                            ("registration__isnull", False),
                            _connector="OR",
                        ),
                        name="workshops_act_walk_in_is_someone",
                    )
                ],
            },
        ),
    ]
