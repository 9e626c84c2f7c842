"""What a file says of someone weighs on the years in which she came to an action, too.

Attendances are broken down by sex, situation at entry and diploma. Someone who came to an action and was met in no
meeting, or only in a later year, left no mark when her file was corrected: the kept counts of that year stayed as they
were. What was kept so far may be such, so the years of actions are marked once.
"""

from django.db import migrations

BEFORE = """
    SELECT min(extract(year FROM held_on))
    FROM followup_meeting meeting JOIN changed ON changed.id = meeting.person_id"""
AFTER = """
    SELECT least(
        (SELECT min(extract(year FROM held_on))
         FROM followup_meeting meeting JOIN changed ON changed.id = meeting.person_id),
        (SELECT min(extract(year FROM held_on))
         FROM workshops_attendance attendance JOIN changed ON changed.id = attendance.person_id
         JOIN workshops_workshop workshop ON workshop.id = attendance.workshop_id))"""

ONCE = """
    INSERT INTO figures_change (since_year)
    SELECT min(extract(year FROM held_on))
    FROM workshops_attendance attendance JOIN workshops_workshop workshop ON workshop.id = attendance.workshop_id
    HAVING count(*) > 0"""


def function(first_year):
    return f"""
        CREATE OR REPLACE FUNCTION figures_mark_people_person() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE first_year int;
        BEGIN
            first_year := ({first_year});
            IF first_year IS NOT NULL THEN
                INSERT INTO figures_change (since_year) VALUES (first_year);
            END IF;
            RETURN NULL;
        END $$;
    """


class Migration(migrations.Migration):
    dependencies = [("figures", "0013_keep_what_is_hidden"), ("workshops", "0007_acts_of_a_room")]

    operations = [
        migrations.RunSQL(function(AFTER), function(BEFORE)),
        migrations.RunSQL(ONCE, migrations.RunSQL.noop),
    ]
