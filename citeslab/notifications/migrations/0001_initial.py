from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=160, unique=True, verbose_name="occasion")),
                (
                    "channel",
                    models.CharField(
                        choices=[("EMAIL", "e-mail"), ("SMS", "text message")], max_length=5, verbose_name="channel"
                    ),
                ),
                ("recipient", models.CharField(max_length=254, verbose_name="recipient")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("body", models.TextField(verbose_name="text")),
                ("calendar", models.TextField(blank=True, verbose_name="calendar entry")),
                ("about_kind", models.CharField(blank=True, max_length=80, verbose_name="about")),
                ("about_id", models.BigIntegerField(blank=True, null=True, verbose_name="about id")),
                ("posted_at", models.DateTimeField(verbose_name="posted at")),
                ("send_after", models.DateTimeField(verbose_name="not before")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("last_error", models.CharField(blank=True, max_length=300, verbose_name="last refusal")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("given_up_at", models.DateTimeField(blank=True, null=True, verbose_name="given up at")),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "indexes": [
                    models.Index(
                        condition=models.Q(("given_up_at", None), ("sent_at", None)),
                        fields=["send_after"],
                        name="notifications_message_due",
                    ),
                    models.Index(fields=["about_kind", "about_id"], name="notifications_message_about"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("given_up_at", None), _connector="OR"),
                        name="notifications_message_sent_or_given_up",
                    )
                ],
            },
        ),
    ]
