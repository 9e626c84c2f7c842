"""Find communes by their postal codes without reading all 37,000 of them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("territories", "0002_count_residents")]

    operations = [
        migrations.AddIndex(
            model_name="commune", index=GinIndex(name="territories_commune_by_postal", fields=["postal_codes"])
        ),
    ]
