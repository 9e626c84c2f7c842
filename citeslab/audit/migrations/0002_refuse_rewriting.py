"""The journal is append-only: the database itself refuses to change or remove a line."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_rewriting();
"""
BACKWARD = """
DROP TRIGGER audit_entry_append_only ON audit_entry;
DROP FUNCTION audit_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
