"""Opinions come to light by five at least. Those of actions that had five were shown already."""

from django.db import migrations, models
from django.db.models import Count


def show(apps, schema_editor):
    opinion = apps.get_model("workshops", "Opinion")
    enough = opinion.objects.order_by().values("workshop").annotate(given=Count("pk")).filter(given__gte=5)
    opinion.objects.filter(workshop__in=enough.values("workshop")).update(is_shown=True)


class Migration(migrations.Migration):
    dependencies = [("workshops", "0007_acts_of_a_room")]

    operations = [
        migrations.AddField(
            model_name="opinion",
            name="is_shown",
            field=models.BooleanField(default=False, verbose_name="shown"),
        ),
        migrations.RunPython(show, migrations.RunPython.noop),
    ]
