"""Documents, their scan and their day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_kind", models.CharField(max_length=60, verbose_name="kind of owner")),
                ("owner_id", models.BigIntegerField(verbose_name="key of the owner")),
                ("name", models.CharField(max_length=160, verbose_name="file")),
                ("media_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="size, in bytes")),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField(null=True, verbose_name="content")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("CLEAN", "no virus found"),
                            ("NOT_SCANNED", "not scanned: no scanner is set up here"),
                            ("UNSCANNABLE", "in quarantine: the scanner did not answer"),
                            ("INFECTED", "in quarantine: a virus was found"),
                        ],
                        max_length=11,
                        verbose_name="scan",
                    ),
                ),
                ("kept_until", models.DateField(verbose_name="kept until (excluded)")),
                ("stored_at", models.DateTimeField(verbose_name="stored at")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed at")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased at")),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stored_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "indexes": [models.Index(fields=["owner_kind", "owner_id"], name="files_storedfile_of_owner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="files_storedfile_removed_at_with_removed_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content", None), ("erased_at__isnull", False)),
                            models.Q(("content__isnull", False), ("erased_at", None)),
                            _connector="OR",
                        ),
                        name="files_storedfile_content_until_erased",
                    ),
                ],
            },
        ),
    ]
