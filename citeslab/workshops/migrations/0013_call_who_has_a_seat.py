"""Let an advisor be asked to call who has a seat at last and cannot be written to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshops", "0012_name_the_method")]

    operations = [
        migrations.AlterField(
            model_name="call",
            name="occasion",
            field=models.CharField(
                verbose_name="why",
                max_length=10,
                choices=[
                    ("OFFER", "a seat is offered"),
                    ("CALLED_OFF", "the action is called off"),
                    ("RESTORED", "the action takes place after all"),
                    ("MOVED", "the day, the hour or the place changed"),
                    ("SEATED", "she was in the line and has a seat"),
                ],
            ),
        )
    ]
