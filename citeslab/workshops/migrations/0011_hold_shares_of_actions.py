"""The shares of an action are at most the whole; each waits for the one before, by the row of the action."""

from django.db import migrations

HOLD = """
    CREATE FUNCTION workshops_hold_shares() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM workshops_workshop WHERE id = NEW.workshop_id FOR NO KEY UPDATE;
        IF (SELECT sum(share) FROM workshops_actionshare WHERE workshop_id = NEW.workshop_id) > 10000 THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation',
                CONSTRAINT = 'workshops_actionshare_at_most_the_whole_action',
                MESSAGE = 'workshops_actionshare_at_most_the_whole_action';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER workshops_hold_shares AFTER INSERT OR UPDATE ON workshops_actionshare
        FOR EACH ROW EXECUTE FUNCTION workshops_hold_shares();
"""


class Migration(migrations.Migration):
    dependencies = [("workshops", "0010_pay_by_agreements")]

    operations = [migrations.RunSQL(HOLD, "DROP FUNCTION workshops_hold_shares() CASCADE")]
