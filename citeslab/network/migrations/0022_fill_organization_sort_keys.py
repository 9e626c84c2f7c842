"""Give each organization the key of its name: lists are sorted and searched by it."""

import unicodedata

from django.db import migrations

LIGATURES = {0x153: "oe", 0x152: "OE", 0xE6: "ae"}


def key_of(name):
    plain = unicodedata.normalize("NFKD", name.translate(LIGATURES))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(kept.replace("’", "'").casefold().split()).replace("-", " ").replace("'", " ")


def fill(apps, schema_editor):
    organizations = apps.get_model("network", "HostOrganization").objects.using(schema_editor.connection.alias)
    for pk, name in organizations.filter(sort_key="").values_list("pk", "name"):
        organizations.filter(pk=pk).update(sort_key=key_of(name))


class Migration(migrations.Migration):
    dependencies = [("network", "0021_tell_the_network_of_any_day")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
