import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Network",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        error_messages={"unique": "This network is already in the directory."},
                        max_length=120,
                        unique=True,
                        verbose_name="name",
                    ),
                ),
                ("sort_key", models.CharField(max_length=120)),
                (
                    "purposes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("FINANCE", "financing"),
                                ("COACHING", "coaching"),
                                ("TEST", "testing the activity"),
                                ("TRAINING", "training"),
                                ("JOB", "finding a job"),
                                ("OTHER", "something else"),
                            ],
                            max_length=8,
                        ),
                        default=list,
                        size=None,
                        verbose_name="what it does",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner network",
                "verbose_name_plural": "partner networks",
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("sort_key", models.CharField(max_length=400)),
                (
                    "commune_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="communes covered",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=32, verbose_name="phone")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="town")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "network",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="partners.network",
                        verbose_name="network",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner office",
                "verbose_name_plural": "partner offices",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("network", "name"),
                        name="partners_office_named_once",
                        violation_error_message="This network already has an office of that name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("added_at", models.DateTimeField(verbose_name="added at")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired at")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="partners.office",
                        verbose_name="office",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner contact",
                "verbose_name_plural": "partner contacts",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("office"),
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("retired_at", None)),
                        name="partners_contact_one_by_address",
                        violation_error_message="This office already has a contact at this address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("retired_by__isnull", True)),
                            models.Q(("retired_at__isnull", False), ("retired_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="partners_contact_retired_at_with_retired_by",
                    ),
                ],
            },
        ),
    ]
