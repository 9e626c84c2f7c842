"""Let the first message that is due be found without sorting those behind it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_message_useless_after")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="notifications_message_due"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                name="notifications_message_due",
                fields=["send_after", "id"],
                condition=Q(sent_at=None, given_up_at=None),
            ),
        ),
    ]
