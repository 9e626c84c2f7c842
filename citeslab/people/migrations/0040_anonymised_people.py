"""A file can be anonymised: it keeps its facts, and no name. A territory may stay where a position is gone."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0001_initial"),
        ("people", "0020_follow_people_and_find_them"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="residence",
            name="people_residence_whole_position",
        ),
        migrations.AddField(
            model_name="person",
            name="anonymised_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="anonymised at"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("anonymised_at", None)), fields=["site"], name="people_person_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("anonymised_at", None),
                    models.Q(
                        ("born_on", None),
                        ("email", ""),
                        ("first_name", ""),
                        ("phone", ""),
                        ("preferred_name", ""),
                        ("reference", ""),
                        ("sort_key", ""),
                    ),
                    _connector="OR",
                ),
                name="people_person_anonymised_has_no_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        models.Q(("territory", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="people_residence_whole_position",
                violation_error_message="A position has a longitude and a latitude.",
            ),
        ),
    ]
