"""Payments are facts: figures read them through a view, and a payment marks the years that it moves."""

from django.db import migrations

PAYMENTS = """
    CREATE VIEW fact_payment AS
    SELECT payment.id AS payment_id, agreement.id AS agreement_id,
           CASE WHEN agreement.level = 'site' THEN agreement.code::bigint END AS site_id,
           funder.kind AS funder_kind, payment.use, coalesce(agreement.region_id, 'UNKNOWN') AS region,
           payment.paid_on, payment.amount_cents, payment.recorded_at, payment.withdrawn_at
    FROM funding_payment payment
    JOIN funding_instalment instalment ON instalment.id = payment.instalment_id
    JOIN funding_agreement agreement ON agreement.id = instalment.agreement_id
    JOIN funding_funder funder ON funder.id = agreement.funder_id"""
EVENTS = [("insert", "NEW"), ("delete", "OLD"), ("update", "OLD"), ("update", "NEW")]
MARK = """
    CREATE FUNCTION figures_mark_funding_payment() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE first_year int;
    BEGIN
        first_year := (SELECT min(extract(year FROM paid_on)) FROM changed);
        IF first_year IS NOT NULL THEN
            INSERT INTO figures_change (since_year) VALUES (first_year);
        END IF;
        RETURN NULL;
    END $$;
""" + "".join(
    f"""
    CREATE TRIGGER figures_mark_{event}_{side.lower()} AFTER {event.upper()} ON funding_payment
        REFERENCING {side} TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION figures_mark_funding_payment();
    """
    for event, side in EVENTS
)


class Migration(migrations.Migration):
    dependencies = [("figures", "0011_keep_years_of_people"), ("funding", "0002_keep_promises")]

    operations = [
        migrations.RunSQL(PAYMENTS, "DROP VIEW fact_payment"),
        migrations.RunSQL(MARK, "DROP FUNCTION figures_mark_funding_payment() CASCADE"),
    ]
