"""What figures are broken down by: classes of the words that files hold, never the words themselves."""

from django.db import migrations

# The first pattern that the words match, in small letters; accents differ between files, so they are left open.
CLASSES = {
    "situation_at_entry": [
        ("JOB_SEEKER", "demandeu%", "en recherche%", "ch_m%", "looking for work%"),
        ("EMPLOYED", "salari%", "en emploi%", "cdi%", "cdd%", "employed%"),
        ("SELF_EMPLOYED", "ind_pendant%", "auto%entrepreneu%", "micro%entrepreneu%", "self%employed%"),
        ("STUDENT", "_tudiant%", "_l_ve%", "lyc_en%", "en formation%", "studying%"),
        ("RSA", "%rsa%", "b_n_ficiaire du revenu%", "on minimum income%"),
        ("INACTIVE", "sans activit%", "au foyer%", "inacti%", "without activity%"),
    ],
    "diploma": [
        ("NONE", "sans dipl%", "aucun%", "no diploma%", "1", "2"),
        ("L3", "3", "niveau 3%", "cap%", "bep%"),
        ("L4", "4", "niveau 4%", "bac", "bac pro%", "bac g%", "bac t%", "baccalaur%"),
        ("L5", "5", "niveau 5%", "bac%+%2%", "bts%", "dut%"),
        ("L6", "6", "niveau 6%", "bac%+%3%", "bac%+%4%", "licence%", "ma_trise%"),
        ("L7", "7", "niveau 7%", "bac%+%5%", "master%"),
        ("L8", "8", "niveau 8%", "doctorat%"),
    ],
    "contact_source": [
        ("WORD_OF_MOUTH", "bouche%", "word of mouth%"),
        ("SURGERY", "permanence%", "a drop-in%"),
        ("ACTION", "atelier%", "%action collective%", "a collective action%"),
        ("EMPLOYMENT", "france travail%", "p_le emploi%", "cap emploi%"),
        ("YOUTH", "mission locale%"),
        ("TOWN", "mairie%", "ccas%"),
        ("OUTREACH", "bus%"),
    ],
}


def class_of(column):
    classes = " ".join(
        f"WHEN lower(btrim({column})) LIKE ANY (ARRAY[{', '.join(repr(pattern) for pattern in patterns)}]) THEN '{name}'"
        for name, *patterns in CLASSES[column]
    )
    return f"CASE WHEN btrim({column}) IN ('', '-') THEN 'UNKNOWN' {classes} ELSE 'OTHER' END AS {column}"


WORKSHOP = """
    SELECT id AS workshop_id, site_id, kind, held_on, recorded_at, cancelled_at{more}
    FROM workshops_workshop WHERE NOT is_planned"""
HEADS = """
    SELECT head_count.workshop_id, workshop.site_id, workshop.held_on, head_count.sex, head_count.heads,
           workshop.cancelled_at, head_count.recorded_at, head_count.withdrawn_at{more}
    FROM workshops_headcount head_count JOIN workshops_workshop workshop ON workshop.id = head_count.workshop_id"""
# View -> as it becomes, as it was
VIEWS = {
    "fact_person": (
        f"""
        SELECT id AS person_id, site_id, sex, extract(year FROM born_on)::bigint AS birth_year,
               {class_of("situation_at_entry")}, {class_of("diploma")}, {class_of("contact_source")}
        FROM people_person""",
        "SELECT id AS person_id, site_id, sex FROM people_person",
    ),
    "fact_project": (
        """
        SELECT id AS project_id, site_id, started_on, recorded_at, coalesce(nullif(upper(sector), ''), 'UNKNOWN') AS sector
        FROM projects_project""",
        "SELECT id AS project_id, site_id, started_on, recorded_at FROM projects_project",
    ),
    "fact_holder": ("SELECT project_id, person_id FROM projects_projectholder", None),
    "fact_workshop": (WORKSHOP.format(more=", agreement"), WORKSHOP.format(more="")),
    "fact_head_count": (HEADS.format(more=", head_count.age_band"), HEADS.format(more="")),
    "fact_site": (
        """
        SELECT site.id AS site_id, coalesce(site.department_id, 'UNKNOWN') AS department,
               coalesce(department.region_id, 'UNKNOWN') AS region,
               coalesce(nullif(commune.epci_code, ''), 'UNKNOWN') AS epci,
               coalesce(nullif(site.commune_code, ''), 'UNKNOWN') AS commune
        FROM network_site site
        LEFT JOIN territories_department department ON department.code = site.department_id
        LEFT JOIN territories_commune commune ON commune.code = site.commune_code""",
        "SELECT id AS site_id, department_id AS department FROM network_site",
    ),
}
# Who holds a project weighs on the years in which she was met; where a site is, on all of its years.
FIRST_YEAR = {
    "projects_projectholder": """
        SELECT min(extract(year FROM held_on))
        FROM followup_meeting meeting JOIN changed ON changed.person_id = meeting.person_id""",
    "network_site": "SELECT min(2002) FROM changed",
}
EVENTS = [("insert", "NEW"), ("delete", "OLD"), ("update", "OLD"), ("update", "NEW")]


def triggers(table, first_year):
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


def again(view):
    """Dropped and made anew: a column added in the middle, or one that goes, is no replacement."""
    after, before = VIEWS[view]
    drop = f"DROP VIEW IF EXISTS {view};"
    return migrations.RunSQL(
        f"{drop} CREATE VIEW {view} AS {after}", f"{drop} CREATE VIEW {view} AS {before}" if before else drop
    )


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0003_count_actions_once_held"),
        ("people", "0042_people_of_a_site"),
        ("projects", "0001_initial"),
        ("workshops", "0007_acts_of_a_room"),
        ("network", "0020_hand_over_caseloads"),
        ("territories", "0001_initial"),
    ]

    operations = [
        *[again(view) for view in VIEWS],
        *[
            migrations.RunSQL(triggers(table, first_year), f"DROP FUNCTION figures_mark_{table}() CASCADE")
            for table, first_year in FIRST_YEAR.items()
        ],
    ]
