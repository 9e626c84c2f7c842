"""Keep what was published, so that the next publication does not give away what it hid."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0004_show_what_breaks_figures_down"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField(verbose_name="year")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("threshold", models.PositiveSmallIntegerField(verbose_name="smallest number shown")),
                ("definitions", models.CharField(max_length=64, verbose_name="definitions")),
                ("cells", models.JSONField(verbose_name="counts")),
                ("summary", models.JSONField(verbose_name="what was hidden")),
                ("digest", models.CharField(max_length=64, verbose_name="digest of the file of counts")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "constraints": [
                    models.UniqueConstraint(fields=("year", "number"), name="figures_publication_one_number"),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="figures_publication_whole_digest"
                    ),
                ],
            },
        ),
    ]
