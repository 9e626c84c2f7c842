"""What figures count anonymised people by stays: `fact_person` reads it where it is kept."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

classes = import_module("citeslab.figures.migrations.0004_show_what_breaks_figures_down")

KEPT = {"birth_year": "bigint", "situation_at_entry": "text", "diploma": "text", "contact_source": "text"}
VIEW = f"""
CREATE OR REPLACE VIEW fact_person AS
SELECT read.person_id, read.site_id, read.sex,
       {", ".join(f"coalesce(kept.{column}::{of}, read.{column}) AS {column}" for column, of in KEPT.items())}
FROM ({classes.VIEWS["fact_person"][0]}) read LEFT JOIN figures_anonymoustraits kept USING (person_id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0006_seal_reports"),
        ("people", "0042_people_of_a_site"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnonymousTraits",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("birth_year", models.SmallIntegerField(null=True, verbose_name="year of birth, nearly")),
                (
                    "situation_at_entry",
                    models.CharField(
                        choices=[
                            ("JOB_SEEKER", "looking for work"),
                            ("EMPLOYED", "employed"),
                            ("SELF_EMPLOYED", "self-employed"),
                            ("STUDENT", "studying"),
                            ("RSA", "on minimum income (RSA)"),
                            ("INACTIVE", "without activity"),
                            ("OTHER", "another situation"),
                            ("UNKNOWN", "not known"),
                        ],
                        max_length=13,
                        verbose_name="situation at entry",
                    ),
                ),
                (
                    "diploma",
                    models.CharField(
                        choices=[
                            ("NONE", "no diploma"),
                            ("L3", "vocational certificate (level 3)"),
                            ("L4", "end of secondary school (level 4)"),
                            ("L5", "two years after secondary school (level 5)"),
                            ("L6", "three or four years after secondary school (level 6)"),
                            ("L7", "five years after secondary school (level 7)"),
                            ("L8", "doctorate (level 8)"),
                            ("OTHER", "another diploma"),
                            ("UNKNOWN", "not known"),
                        ],
                        max_length=13,
                        verbose_name="diploma level",
                    ),
                ),
                (
                    "contact_source",
                    models.CharField(
                        choices=[
                            ("WORD_OF_MOUTH", "word of mouth"),
                            ("SURGERY", "a drop-in session"),
                            ("ACTION", "a collective action"),
                            ("EMPLOYMENT", "the employment service"),
                            ("YOUTH", "the youth employment service"),
                            ("TOWN", "the town hall"),
                            ("OUTREACH", "an outreach vehicle"),
                            ("OTHER", "another way"),
                            ("UNKNOWN", "not known"),
                        ],
                        max_length=13,
                        verbose_name="how we met",
                    ),
                ),
            ],
            options={
                "verbose_name": "traits of an anonymous person",
                "verbose_name_plural": "traits of anonymous people",
            },
        ),
        migrations.RunSQL(VIEW, f"CREATE OR REPLACE VIEW fact_person AS {classes.VIEWS['fact_person'][0]}"),
    ]
