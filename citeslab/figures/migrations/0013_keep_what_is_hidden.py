"""Counts at every site, and what is hidden of them, kept for the views of who knows nobody by name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("figures", "0012_show_payments")]

    operations = [
        migrations.CreateModel(
            name="Pattern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=255, unique=True, verbose_name="table")),
                ("digest", models.CharField(max_length=64, verbose_name="digest of the counts")),
                ("hidden", models.JSONField(verbose_name="hidden counts")),
            ],
            options={"verbose_name": "pattern of hidden counts", "verbose_name_plural": "patterns of hidden counts"},
        ),
        migrations.CreateModel(
            name="Grid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=64, verbose_name="figure")),
                ("year", models.SmallIntegerField(verbose_name="year")),
                ("by", models.CharField(blank=True, max_length=120, verbose_name="by")),
                ("definition", models.CharField(max_length=64, verbose_name="definition")),
                ("changes_seen", models.BigIntegerField(verbose_name="changes seen")),
                ("cells", models.JSONField(verbose_name="counts")),
            ],
            options={
                "verbose_name": "grid of counts",
                "verbose_name_plural": "grids of counts",
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "year", "by"), name="figures_grid_one_a_question")
                ],
            },
        ),
    ]
