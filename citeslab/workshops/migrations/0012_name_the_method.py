import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("animation", "0001_share_methods"),
        ("network", "0020_hand_over_caseloads"),
        ("partners", "0002_name_known_networks"),
        ("workshops", "0011_hold_shares_of_actions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="workshop",
            name="method",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="workshops",
                to="animation.method",
                verbose_name="method",
            ),
        ),
        migrations.AddIndex(
            model_name="workshop",
            index=models.Index(
                condition=models.Q(("method", None), _negated=True),
                fields=["method", "held_on"],
                name="workshops_workshop_of_method",
            ),
        ),
    ]
