from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="useless_after",
            field=models.DateTimeField(blank=True, null=True, verbose_name="not later than"),
        ),
    ]
