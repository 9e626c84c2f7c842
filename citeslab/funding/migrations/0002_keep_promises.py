"""What no constraint of one row can hold: sums under what they are parts of, days inside others, a signature first.

Each trigger takes the row that the parts hang on, so that two acts that fit alone cannot be too much together.
"""

from django.db import migrations

REFUSE = "RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{name}', MESSAGE = '{name}'"

# The agreement's funder is the one of its shares: an exclusion constraint needs it in the row.
SAME_FUNDER = """
    ALTER TABLE funding_postshare ADD CONSTRAINT funding_postshare_of_the_agreements_funder
    FOREIGN KEY (agreement_id, funder_id) REFERENCES funding_agreement (id, funder_id) ON UPDATE CASCADE"""

SHARES = f"""
    CREATE FUNCTION funding_hold_shares() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE most int;
    BEGIN
        IF NEW.withdrawn_at IS NOT NULL THEN RETURN NEW; END IF;
        PERFORM 1 FROM network_post WHERE id = NEW.post_id FOR NO KEY UPDATE;
        IF NOT EXISTS (
            SELECT 1 FROM funding_agreement
            WHERE id = NEW.agreement_id AND begins_on <= NEW.begins_on AND ends_on >= NEW.ends_on
        ) THEN {REFUSE.format(name="funding_postshare_in_the_days_of_its_agreement")}; END IF;
        SELECT max(taken) INTO most FROM (
            SELECT (
                SELECT sum(other.share) FROM funding_postshare other
                WHERE other.post_id = NEW.post_id AND other.withdrawn_at IS NULL
                  AND other.begins_on <= edge.on_day AND other.ends_on > edge.on_day
            ) AS taken
            FROM (
                SELECT greatest(begins_on, NEW.begins_on) AS on_day FROM funding_postshare
                WHERE post_id = NEW.post_id AND withdrawn_at IS NULL
                  AND begins_on < NEW.ends_on AND ends_on > NEW.begins_on
            ) AS edge
        ) AS days;
        IF most > 10000 THEN {REFUSE.format(name="funding_postshare_at_most_the_whole_post")}; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER funding_hold_shares AFTER INSERT OR UPDATE ON funding_postshare
        FOR EACH ROW EXECUTE FUNCTION funding_hold_shares();
"""
INSTALMENTS = f"""
    CREATE FUNCTION funding_hold_instalments() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE promised bigint;
    BEGIN
        IF NEW.withdrawn_at IS NOT NULL THEN RETURN NEW; END IF;
        SELECT committed_cents INTO promised FROM funding_agreement WHERE id = NEW.agreement_id FOR NO KEY UPDATE;
        IF (SELECT sum(amount_cents) FROM funding_instalment
            WHERE agreement_id = NEW.agreement_id AND withdrawn_at IS NULL) > promised
        THEN {REFUSE.format(name="funding_instalment_within_the_promise")}; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER funding_hold_instalments AFTER INSERT OR UPDATE ON funding_instalment
        FOR EACH ROW EXECUTE FUNCTION funding_hold_instalments();
"""
PAYMENTS = f"""
    CREATE FUNCTION funding_hold_payments() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE due bigint; signed date;
    BEGIN
        IF NEW.withdrawn_at IS NOT NULL THEN RETURN NEW; END IF;
        SELECT instalment.amount_cents, agreement.signed_on INTO due, signed
        FROM funding_instalment instalment JOIN funding_agreement agreement ON agreement.id = instalment.agreement_id
        WHERE instalment.id = NEW.instalment_id FOR NO KEY UPDATE;
        IF signed IS NULL OR NEW.paid_on < signed
        THEN {REFUSE.format(name="funding_payment_after_the_signature")}; END IF;
        IF (SELECT sum(amount_cents) FROM funding_payment
            WHERE instalment_id = NEW.instalment_id AND withdrawn_at IS NULL) > due
        THEN {REFUSE.format(name="funding_payment_within_its_instalment")}; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER funding_hold_payments AFTER INSERT OR UPDATE ON funding_payment
        FOR EACH ROW EXECUTE FUNCTION funding_hold_payments();
"""
AGREEMENTS = f"""
    CREATE FUNCTION funding_hold_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.signed_on IS DISTINCT FROM OLD.signed_on AND EXISTS (
            SELECT 1 FROM funding_payment payment JOIN funding_instalment instalment ON instalment.id = payment.instalment_id
            WHERE instalment.agreement_id = NEW.id AND payment.withdrawn_at IS NULL
              AND (NEW.signed_on IS NULL OR payment.paid_on < NEW.signed_on)
        ) THEN {REFUSE.format(name="funding_payment_after_the_signature")}; END IF;
        IF (SELECT sum(amount_cents) FROM funding_instalment
            WHERE agreement_id = NEW.id AND withdrawn_at IS NULL) > NEW.committed_cents
        THEN {REFUSE.format(name="funding_instalment_within_the_promise")}; END IF;
        IF EXISTS (
            SELECT 1 FROM funding_postshare
            WHERE agreement_id = NEW.id AND withdrawn_at IS NULL
              AND (begins_on < NEW.begins_on OR ends_on > NEW.ends_on)
        ) THEN {REFUSE.format(name="funding_postshare_in_the_days_of_its_agreement")}; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER funding_hold_agreement AFTER UPDATE ON funding_agreement
        FOR EACH ROW EXECUTE FUNCTION funding_hold_agreement();
"""


def kept(sql, function):
    return migrations.RunSQL(sql, f"DROP FUNCTION {function}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("funding", "0001_agreements_and_money")]

    operations = [
        migrations.RunSQL(
            SAME_FUNDER, "ALTER TABLE funding_postshare DROP CONSTRAINT funding_postshare_of_the_agreements_funder"
        ),
        kept(SHARES, "funding_hold_shares"),
        kept(INSTALMENTS, "funding_hold_instalments"),
        kept(PAYMENTS, "funding_hold_payments"),
        kept(AGREEMENTS, "funding_hold_agreement"),
    ]
