"""Agreements that pay for actions, by shares. Numbers written before agreements were known stay as they are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funding", "0002_keep_promises"),
        ("workshops", "0009_say_when_it_changed"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActionShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "share",
                    models.PositiveSmallIntegerField(verbose_name="share of the action, in hundredths of a percent"),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="action_shares",
                        to="funding.agreement",
                        verbose_name="agreement",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreement_shares",
                        to="workshops.workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "share of an action",
                "verbose_name_plural": "shares of an action",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workshop", "agreement"),
                        name="workshops_actionshare_one_by_agreement",
                        violation_error_message="This agreement already pays for this action.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__range", (1, 10000))),
                        name="workshops_actionshare_of_one_action",
                        violation_error_message="A share is more than nothing, and at most the whole action.",
                    ),
                ],
            },
        ),
    ]
