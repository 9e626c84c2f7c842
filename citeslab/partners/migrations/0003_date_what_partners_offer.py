import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_name_known_networks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="network",
            name="description",
            field=models.TextField(blank=True, verbose_name="in a few words"),
        ),
        migrations.AddField(
            model_name="network",
            name="website",
            field=models.URLField(blank=True, max_length=300, verbose_name="website"),
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until (excluded)")),
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
                        verbose_name="for",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="name")),
                (
                    "amount_from_cents",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="from, in cents"),
                ),
                (
                    "amount_to_cents",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="up to, in cents"),
                ),
                ("audience", models.CharField(blank=True, max_length=200, verbose_name="for whom")),
                ("conditions", models.TextField(blank=True, verbose_name="conditions")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "network",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="partners.network",
                        verbose_name="network",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="partners.office",
                        verbose_name="office",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "offer of a partner",
                "verbose_name_plural": "offers of a partner",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("begins_on")), _connector="OR"),
                        name="partners_offer_ends_after_it_begins",
                        violation_error_message="The end comes after the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_from_cents", None),
                            ("amount_to_cents", None),
                            ("amount_to_cents__gte", models.F("amount_from_cents")),
                            _connector="OR",
                        ),
                        name="partners_offer_amounts_in_order",
                        violation_error_message="The greatest amount is not less than the smallest.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purpose", "FINANCE"),
                            models.Q(("amount_from_cents", None), ("amount_to_cents", None)),
                            _connector="OR",
                        ),
                        name="partners_offer_amounts_of_financing",
                        violation_error_message="Only financing has amounts.",
                    ),
                ],
            },
        ),
    ]
