"""Reports, their outlines, and sealed versions: the database itself refuses to change or remove one that is sealed."""

import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION figures_refuse_breaking_seals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A sealed version is never changed: a correction is a new version.'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER figures_sealedversion_never_changed BEFORE UPDATE OR DELETE ON figures_sealedversion
    FOR EACH STATEMENT EXECUTE FUNCTION figures_refuse_breaking_seals();
CREATE FUNCTION figures_check_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'The digest of a sealed version is that of its content.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER figures_sealedversion_digest_of_its_content BEFORE INSERT ON figures_sealedversion
    FOR EACH ROW EXECUTE FUNCTION figures_check_seal();
"""
BACKWARD = """
DROP TRIGGER figures_sealedversion_never_changed ON figures_sealedversion;
DROP TRIGGER figures_sealedversion_digest_of_its_content ON figures_sealedversion;
DROP FUNCTION figures_refuse_breaking_seals();
DROP FUNCTION figures_check_seal();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0005_keep_publications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Outline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("NETWORK", "yearly report of the network"),
                            ("FUNDER", "report to a funder"),
                            ("SITE", "report of a site"),
                        ],
                        max_length=7,
                        verbose_name="kind of report",
                    ),
                ),
                ("level", models.CharField(blank=True, max_length=12, verbose_name="level of the perimeter")),
                ("code", models.CharField(blank=True, max_length=64, verbose_name="code of the perimeter")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "outline of reports",
                "verbose_name_plural": "outlines of reports",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "level", "code"), name="figures_outline_one_by_perimeter"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), ("kind", "NETWORK"), ("level", "")),
                            models.Q(("kind", "SITE"), ("level", "site"), models.Q(("code", ""), _negated=True)),
                            models.Q(
                                ("kind", "FUNDER"),
                                models.Q(("level__in", ["", "site"]), _negated=True),
                                models.Q(("code", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="figures_outline_perimeter_of_its_kind",
                        violation_error_message="This kind of report is not made of that perimeter.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutlineBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(verbose_name="place")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("HEADING", "a heading"),
                            ("SENTENCE", "your own sentences"),
                            ("FIGURE", "a figure"),
                            ("TABLE", "a table"),
                            ("CHART", "a chart"),
                            ("METHOD", "the note on method"),
                            ("STATEMENTS", "the statements of the release"),
                        ],
                        max_length=10,
                        verbose_name="kind of block",
                    ),
                ),
                ("indicator", models.CharField(blank=True, max_length=64, verbose_name="figure")),
                (
                    "by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sex", "sex"),
                            ("age", "age"),
                            ("situation_at_entry", "situation at entry"),
                            ("diploma", "diploma level"),
                            ("contact_source", "how we met"),
                            ("sector", "sector of the project"),
                            ("stage", "stage reached"),
                            ("exit", "how she left"),
                            ("situation", "situation on the reference day"),
                            ("residence", "residence"),
                            ("qpv", "priority neighborhood of residence"),
                            ("kind", "kind of action"),
                            ("agreement", "agreement"),
                            ("site", "site"),
                            ("commune", "commune of the site"),
                            ("epci", "intercommunality of the site"),
                            ("department", "department of the site"),
                            ("region", "region of the site"),
                        ],
                        max_length=20,
                        verbose_name="by",
                    ),
                ),
                (
                    "and_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sex", "sex"),
                            ("age", "age"),
                            ("situation_at_entry", "situation at entry"),
                            ("diploma", "diploma level"),
                            ("contact_source", "how we met"),
                            ("sector", "sector of the project"),
                            ("stage", "stage reached"),
                            ("exit", "how she left"),
                            ("situation", "situation on the reference day"),
                            ("residence", "residence"),
                            ("qpv", "priority neighborhood of residence"),
                            ("kind", "kind of action"),
                            ("agreement", "agreement"),
                            ("site", "site"),
                            ("commune", "commune of the site"),
                            ("epci", "intercommunality of the site"),
                            ("department", "department of the site"),
                            ("region", "region of the site"),
                        ],
                        max_length=20,
                        verbose_name="and by",
                    ),
                ),
                ("years", models.PositiveSmallIntegerField(default=0, verbose_name="years before")),
                ("words_fr", models.TextField(blank=True, max_length=2000, verbose_name="in French")),
                ("words_en", models.TextField(blank=True, max_length=2000, verbose_name="in English")),
                (
                    "outline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to="figures.outline"
                    ),
                ),
            ],
            options={
                "verbose_name": "block of an outline",
                "verbose_name_plural": "blocks of an outline",
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("outline", "place"),
                        name="figures_outlineblock_one_at_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by", ""),
                                ("indicator", ""),
                                ("kind__in", frozenset(["HEADING", "SENTENCE"])),
                                ("years", 0),
                                models.Q(("words_fr", ""), _negated=True),
                                models.Q(("words_en", ""), _negated=True),
                            ),
                            models.Q(
                                ("kind__in", frozenset(["CHART", "FIGURE", "TABLE"])),
                                ("words_en", ""),
                                ("words_fr", ""),
                                models.Q(("indicator", ""), _negated=True),
                            ),
                            models.Q(
                                ("by", ""),
                                ("indicator", ""),
                                ("kind__in", ["METHOD", "STATEMENTS"]),
                                ("words_en", ""),
                                ("words_fr", ""),
                                ("years", 0),
                            ),
                            _connector="OR",
                        ),
                        name="figures_outlineblock_of_its_kind",
                        violation_error_message="Words are needed in both languages; numbers need a figure.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("and_by", ""),
                            models.Q(
                                ("years", 0),
                                models.Q(("by", ""), _negated=True),
                                models.Q(("by", models.F("and_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="figures_outlineblock_broken_down_twice_or_by_year",
                        violation_error_message="Over several years a figure is broken down once.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "FIGURE"), _negated=True),
                            models.Q(("and_by", ""), ("by", ""), ("years", 0)),
                            _connector="OR",
                        ),
                        name="figures_outlineblock_a_figure_is_one_number",
                        violation_error_message="A figure alone is not broken down: make it a table.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("NETWORK", "yearly report of the network"),
                            ("FUNDER", "report to a funder"),
                            ("SITE", "report of a site"),
                        ],
                        max_length=7,
                        verbose_name="kind of report",
                    ),
                ),
                ("level", models.CharField(blank=True, max_length=12, verbose_name="level of the perimeter")),
                ("code", models.CharField(blank=True, max_length=64, verbose_name="code of the perimeter")),
                ("year", models.SmallIntegerField(verbose_name="year")),
                ("reference", models.SlugField(max_length=120, unique=True, verbose_name="reference")),
                ("begun_at", models.DateTimeField(verbose_name="begun at")),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "level", "code", "year"),
                        name="figures_report_one_by_year",
                        violation_error_message="This report is already begun.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), ("kind", "NETWORK"), ("level", "")),
                            models.Q(("kind", "SITE"), ("level", "site"), models.Q(("code", ""), _negated=True)),
                            models.Q(
                                ("kind", "FUNDER"),
                                models.Q(("level__in", ["", "site"]), _negated=True),
                                models.Q(("code", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="figures_report_perimeter_of_its_kind",
                        violation_error_message="This kind of report is not made of that perimeter.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("reason", models.TextField(blank=True, max_length=1000, verbose_name="what this version corrects")),
                ("content", models.TextField(verbose_name="what is frozen, as canonical JSON")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("is_protected", models.BooleanField(verbose_name="small numbers protected")),
                ("known_by", models.DateTimeField(verbose_name="known by")),
                ("files", models.JSONField(verbose_name="digests of its files")),
                ("tools", models.JSONField(verbose_name="what made its files")),
                ("sealed_at", models.DateTimeField(verbose_name="sealed at")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="figures.report"
                    ),
                ),
                (
                    "sealed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "sealed version",
                "verbose_name_plural": "sealed versions",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "number"), name="figures_sealedversion_one_a_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", 1), ("reason", "")),
                            models.Q(("number__gt", 1), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="figures_sealedversion_a_correction_says_why",
                        violation_error_message="A correction says why.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
