from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workshops", "0008_opinions_by_five"),
    ]

    operations = [
        migrations.AddField(
            model_name="workshop",
            name="sequence",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="changes"),
        ),
        migrations.AddField(
            model_name="workshop",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="changed at"),
        ),
    ]
