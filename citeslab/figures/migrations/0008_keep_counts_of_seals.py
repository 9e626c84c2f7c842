"""A protected version keeps its counts, the hidden ones too: what comes later must not give them away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("figures", "0007_keep_classes_of_anonymous_people")]

    operations = [
        migrations.AddField(
            model_name="sealedversion",
            name="counts",
            field=models.JSONField(default=dict, verbose_name="counts, the hidden ones too"),
        ),
    ]
