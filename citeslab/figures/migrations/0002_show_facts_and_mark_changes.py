"""The facts that figures are made from, as views; and a mark for each statement that writes one.

Figures read these views and nothing else (their columns are told in docs/domain/facts.md). A mark says from which
year on figures may have moved: it is written by the database, so that no way in can forget it.
"""

from django.db import migrations

VIEWS = {
    "fact_person": """
        SELECT id AS person_id, site_id, sex FROM people_person
    """,
    "fact_meeting": """
        SELECT id AS meeting_id, person_id, site_id, held_on, recorded_at, withdrawn_at FROM followup_meeting
    """,
    "fact_transition": """
        SELECT id AS transition_id, person_id, project_id, site_id, occurred_on, stage, exit_reason, evidence,
               recorded_at, withdrawn_at
        FROM followup_transition
    """,
    # One row per residence and edition answered, with the days on which that edition is in force there.
    "fact_residence": """
        SELECT residence.person_id, residence.begins_on, residence.ends_on,
               residence.recorded_at AS residence_recorded_at, residence.withdrawn_at AS residence_withdrawn_at,
               answer.edition, answer.answer, answer.qpv_code, answer.recorded_at, answer.withdrawn_at,
               CASE WHEN answer.edition = 2015 THEN DATE '0001-01-01'
                    WHEN residence.territory = 'METROPOLE' THEN DATE '2024-01-01'
                    ELSE DATE '2025-01-01' END AS in_force_from,
               CASE WHEN answer.edition = 2024 THEN DATE '9999-12-31'
                    WHEN residence.territory = 'METROPOLE' THEN DATE '2024-01-01'
                    ELSE DATE '2025-01-01' END AS in_force_until
        FROM people_residenceanswer answer JOIN people_residence residence ON residence.id = answer.residence_id
    """,
    "fact_project": """
        SELECT id AS project_id, site_id, started_on, recorded_at FROM projects_project
    """,
    "fact_workshop": """
        SELECT id AS workshop_id, site_id, kind, held_on, recorded_at, cancelled_at FROM workshops_workshop
    """,
    "fact_attendance": """
        SELECT attendance.workshop_id, attendance.person_id, workshop.site_id, workshop.held_on,
               workshop.cancelled_at, attendance.recorded_at, attendance.withdrawn_at
        FROM workshops_attendance attendance JOIN workshops_workshop workshop ON workshop.id = attendance.workshop_id
    """,
    "fact_head_count": """
        SELECT head_count.workshop_id, workshop.site_id, workshop.held_on, head_count.sex, head_count.heads,
               workshop.cancelled_at, head_count.recorded_at, head_count.withdrawn_at
        FROM workshops_headcount head_count JOIN workshops_workshop workshop ON workshop.id = head_count.workshop_id
    """,
    "fact_tenure": """
        SELECT tenure.user_id, post.site_id, tenure.begins_on, tenure.ends_on
        FROM network_tenure tenure JOIN network_post post ON post.id = tenure.post_id
    """,
    "fact_coverage": """
        SELECT site_id, edition, qpv_code, begins_on, ends_on FROM network_coverage
    """,
    "fact_site": """
        SELECT id AS site_id, department_id AS department FROM network_site
    """,
}

# Table -> the first year that the rows `changed` by a statement weigh on. A person's sex and residence weigh
# on the years in which she was met: a new person who was not yet met moves nothing.
FIRST_YEAR = {
    "followup_meeting": "SELECT min(extract(year FROM held_on)) FROM changed",
    "followup_transition": "SELECT min(extract(year FROM occurred_on)) FROM changed",
    "projects_project": "SELECT min(extract(year FROM started_on)) FROM changed",
    "workshops_workshop": "SELECT min(extract(year FROM held_on)) FROM changed",
    "workshops_attendance": """
        SELECT min(extract(year FROM held_on))
        FROM workshops_workshop workshop JOIN changed ON changed.workshop_id = workshop.id""",
    "workshops_headcount": """
        SELECT min(extract(year FROM held_on))
        FROM workshops_workshop workshop JOIN changed ON changed.workshop_id = workshop.id""",
    "people_person": """
        SELECT min(extract(year FROM held_on))
        FROM followup_meeting meeting JOIN changed ON changed.id = meeting.person_id""",
    "people_residence": """
        SELECT min(extract(year FROM held_on))
        FROM followup_meeting meeting JOIN changed ON changed.person_id = meeting.person_id""",
    "people_residenceanswer": """
        SELECT min(extract(year FROM held_on))
        FROM followup_meeting meeting JOIN people_residence residence USING (person_id)
        JOIN changed ON changed.residence_id = residence.id""",
    "network_tenure": "SELECT min(extract(year FROM begins_on)) FROM changed",
    "network_coverage": "SELECT min(extract(year FROM begins_on)) FROM changed",
}
EVENTS = [("insert", "NEW"), ("delete", "OLD"), ("update", "OLD"), ("update", "NEW")]


def triggers(table: str, first_year: str) -> str:
    function = f"""
        CREATE FUNCTION figures_mark_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE first_year int;
        BEGIN
            first_year := ({first_year});
            IF first_year IS NOT NULL THEN
                INSERT INTO figures_change (since_year) VALUES (first_year);
            END IF;
            RETURN NULL;
        END $$;
    """
    return function + "".join(
        f"""
        CREATE TRIGGER figures_mark_{event}_{side.lower()} AFTER {event.upper()} ON {table}
            REFERENCING {side} TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION figures_mark_{table}();
        """
        for event, side in EVENTS
    )


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0001_initial"),
        ("people", "0001_initial"),
        ("projects", "0001_initial"),
        ("followup", "0001_initial"),
        ("workshops", "0001_initial"),
        ("network", "0001_initial"),
    ]

    operations = [
        *[migrations.RunSQL(f"CREATE VIEW {name} AS {select}", f"DROP VIEW {name}") for name, select in VIEWS.items()],
        *[
            migrations.RunSQL(triggers(table, first_year), f"DROP FUNCTION figures_mark_{table}() CASCADE")
            for table, first_year in FIRST_YEAR.items()
        ],
    ]
