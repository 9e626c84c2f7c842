"""A line no longer carries its digest: a link, made shortly after, does.

Writers of the journal waited for one another until their transactions ended. What was chained keeps its digests and
its order; the lines themselves are rewritten by nobody.
"""

from django.db import migrations, models

# The database notes each new line in the list of those that wait: no writer can forget it.
WAITING = """
CREATE FUNCTION audit_wait_for_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_waiting (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_entry_waits AFTER INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_wait_for_link();
"""
NOT_WAITING = """
DROP TRIGGER audit_entry_waits ON audit_entry;
DROP FUNCTION audit_wait_for_link();
"""
LINKS = """
INSERT INTO audit_link (position, entry_id, digest)
SELECT row_number() OVER (ORDER BY id), id, digest FROM audit_entry;
"""
# Lines and links are append-only; those behind a seal that lets them go may be removed, and no others.
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION audit_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION audit_refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place bigint;
BEGIN
    IF TG_TABLE_NAME = 'audit_link' THEN
        place := OLD.position;
    ELSE
        SELECT position INTO place FROM audit_link WHERE entry_id = OLD.id;
    END IF;
    IF place IS NOT NULL AND EXISTS (SELECT 1 FROM audit_seal WHERE forgets AND position >= place) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The journal is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER audit_entry_append_only ON audit_entry;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_rewriting();
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse_removal();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_rewriting();
CREATE TRIGGER audit_link_kept BEFORE DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_refuse_removal();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_refuse_rewriting")]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "link of the journal",
                "verbose_name_plural": "links of the journal",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"verbose_name": "line to chain", "verbose_name_plural": "lines to chain"},
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField(verbose_name="position")),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(verbose_name="sealed at")),
                ("forgets", models.BooleanField(default=False, verbose_name="lets older lines go")),
                ("signature", models.CharField(max_length=64)),
            ],
            options={"verbose_name": "seal", "verbose_name_plural": "seals", "ordering": ["position", "id"]},
        ),
        migrations.RunSQL(LINKS, migrations.RunSQL.noop),
        migrations.RemoveField("entry", "previous"),
        migrations.RemoveField("entry", "digest"),
        migrations.RunSQL(WAITING, NOT_WAITING),
        migrations.RunSQL(APPEND_ONLY),
    ]
