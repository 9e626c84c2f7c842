"""What was withdrawn is not paid: whoever withdraws an instalment and whoever pays it wait for one another."""

from importlib import import_module

from django.db import migrations

before = import_module("citeslab.funding.migrations.0002_keep_promises")
STANDS = f"""
    CREATE OR REPLACE FUNCTION funding_hold_payments() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE due bigint; signed date; gone timestamptz;
    BEGIN
        IF NEW.withdrawn_at IS NOT NULL THEN RETURN NEW; END IF;
        SELECT instalment.amount_cents, agreement.signed_on, instalment.withdrawn_at INTO due, signed, gone
        FROM funding_instalment instalment JOIN funding_agreement agreement ON agreement.id = instalment.agreement_id
        WHERE instalment.id = NEW.instalment_id FOR NO KEY UPDATE;
        IF gone IS NOT NULL THEN {before.REFUSE.format(name="funding_payment_of_what_stands")}; END IF;
        IF signed IS NULL OR NEW.paid_on < signed
        THEN {before.REFUSE.format(name="funding_payment_after_the_signature")}; END IF;
        IF (SELECT sum(amount_cents) FROM funding_payment
            WHERE instalment_id = NEW.instalment_id AND withdrawn_at IS NULL) > due
        THEN {before.REFUSE.format(name="funding_payment_within_its_instalment")}; END IF;
        RETURN NEW;
    END $$;
"""
BEFORE = before.PAYMENTS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").partition("CREATE TRIGGER")[0]


class Migration(migrations.Migration):
    dependencies = [("funding", "0002_keep_promises")]

    operations = [migrations.RunSQL(STANDS, BEFORE)]
