"""Anonymisation: every personal field goes, no figure moves, and nothing says whose facts they were."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, models, transaction

from citeslab.audit.models import Entry
from citeslab.audit.queries import first_broken_line
from citeslab.figures import queries as figures
from citeslab.figures.definitions.dimensions import BREAKDOWNS
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.enums import Breakdown
from citeslab.followup.enums import Stage
from citeslab.intake.models import Workbook
from citeslab.notifications import services as notifications
from citeslab.notifications.models import Message
from citeslab.people.enums import Method, Sex
from citeslab.people.models import Person, Residence
from citeslab.projects.models import Project
from citeslab.rights import definitions, queries, services
from citeslab.rights.enums import Cause, Purpose
from citeslab.rights.index import Reach, reaches
from citeslab.rights.models import AccessCode, Anonymisation, Closing, Sweep
from citeslab.territories.enums import Answer
from citeslab.territories.models import Release
from tests import factories
from tests.conftest import CHECKOUT

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)


def any_row(model: type[models.Model], **given) -> models.Model:
    """A row by its factory; without one, the least that its table takes."""
    made = [
        one
        for one in vars(factories).values()
        if isinstance(one, type) and issubclass(one, factories.Any) and one._meta.model is model
    ]
    if made:
        return made[0](**given)
    for field in model._meta.concrete_fields:
        if field.name not in given and not (field.primary_key or field.null or field.has_default() or field.blank):
            given[field.name] = least(field)
    return model._base_manager.create(**given)


def least(field: models.Field):
    if field.is_relation:
        return any_row(field.related_model)
    if isinstance(field, ArrayField):
        return [least(field.base_field)]
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.DateTimeField):
        return factories.LONG_AGO + timedelta(days=field.model._meta.concrete_fields.index(field))  # ends follow
    if isinstance(field, models.DateField):
        return ON
    return "x" if isinstance(field, models.CharField | models.TextField) else 1


def row_about(reach: Reach, person: Person) -> models.Model:
    """A row of this model about this person."""
    if reach.model is Person:
        return person
    first, _dot, rest = reach.paths[0].partition("__")
    if reach.label in definitions.BY_NUMBER:
        return any_row(reach.model, **{first: person.pk})
    field = reach.model._meta.get_field(first)
    if field.many_to_many:
        through = field.remote_field.through
        return getattr(any_row(through, **{field.m2m_reverse_field_name(): person}), field.m2m_field_name())
    if not rest:
        return any_row(reach.model, **{first: person})
    owner = next(other for other in reaches() if other.model is field.related_model)
    return any_row(reach.model, **{first: row_about(owner, person)})


def planted_value(field: models.Field, mark: str):
    if isinstance(field, models.JSONField):
        return {"kept": mark}
    if isinstance(field, models.BinaryField):
        return mark.encode()
    if isinstance(field, models.CharField | models.TextField):
        return mark[: field.max_length] if field.max_length else mark
    return None


def plant(row: models.Model, fields, mark: str) -> list[str]:
    """Write a mark in each personal field that takes one; the marks."""
    marks = []
    for field in fields:
        value = planted_value(field, f"{mark}{field.name}")
        if value is None or field.choices:
            continue
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
        except IntegrityError:
            continue  # a field that takes codes only
        marks.append(
            value["kept"] if isinstance(value, dict) else value.decode() if isinstance(value, bytes) else value
        )
    return marks


def where(*words: str) -> list[tuple[str, str]]:
    """Each table that holds one of these words anywhere: in text, JSON, dates, numbers, or bytes."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" row WHERE strpos(lower(row::text), lower(%s)) > 0'
                    " OR strpos(row::text, encode(%s::bytea, 'hex')) > 0",
                    [word, word.encode()],
                )
                if cursor.fetchone()[0]:
                    found.append((table, word))
    return found


@pytest.fixture
def samira(site):
    person = factories.AnyPerson(
        site=site,
        first_name="Samiraplanted",
        preferred_name="Khelifiplanted",
        phone="+33639980142",
        email="samira.planted@exemple.fr",
        born_on=date(1987, 3, 12),
        reference="REF-PLANTED-77",
    )
    factories.AnyMeeting(person=person, held_on=date(2024, 3, 1))
    return person


@pytest.mark.parametrize("reach", reaches(), ids=lambda reach: reach.label)
def test_whatever_is_personal_on_whatever_reaches_her_is_gone(reach, site, advisor, at):
    """Tried on every model of every room, with a mark in each of its personal fields."""
    person = factories.AnyPerson(site=site)
    marks = plant(row_about(reach, person), reach.personal, "Zqplanted")
    assert [word for word in marks if not where(word)] == []

    services.anonymise(people=[person.pk], cause=Cause.REQUEST, by=advisor, at=at)

    # A partner who holds a sheet is told, at her own address, that it is closed: the law asks for it.
    told = {("notifications_message", word) for word in marks if "address" in word.lower()}
    allowed = told if reach.label == "referrals.referral" else set()
    assert set(where(*marks)) - allowed == set()


def test_nothing_links_back_to_her(site, advisor, samira, at):
    """Every column of every table is searched for what she was."""
    residence = factories.AnyResidence(
        person=samira, address="14 rue Planted", postal_code="25777", commune_name="Plantedville",
        longitude=6.0182777, latitude=47.2602777,
    )  # fmt: skip
    factories.AnyResidenceAnswer(
        residence=residence, method=Method.MANUAL, reason="Immeuble Planted", border_m="48211.7", answer=Answer.TO_CHECK
    )
    project = factories.AnyProject(site=site, title="Traiteur Planted", reference="PROJ-PLANTED")
    factories.AnyProjectHolder(project=project, person=samira)
    factories.AnyCorrectionRequest(person=samira, text="Planted request")
    factories.AnyStillInTouch(person=samira, said_on=date(2024, 1, 1), reason="Planted reason")
    services.give_code(person=samira, by=advisor, at=at)
    services.ask_correction(person=samira, wish="CORRECTION", text="Planted wish", at=at)
    services.say_consent(person=samira, purpose=Purpose.PHOTO, said="YES", way="SPOKEN", by=advisor, at=at)
    notifications.post(key="a:1", to=samira.email, subject="Bonjour", body="Chère Samiraplanted", at=at)
    notifications.post(key="a:2", to=advisor.email, body="Rappel : Samiraplanted Khelifiplanted, 15 h", at=at)
    notifications.post(key="a:3", to=advisor.email, body="x", calendar="SUMMARY:Planted", about=samira, at=at)
    Message.objects.filter(key="a:1").update(sent_at=at, last_error="refused: {'samira.planted@exemple.fr'}")
    for taken_in in (None, at):
        Workbook.objects.create(
            site=site, name="Planted.xlsx", sha256="0" * 64, content=b"Samiraplanted", sent_at=at - timedelta(days=1),
            sent_by=advisor, taken_in_at=taken_in, taken_in_by=taken_in and advisor,
            findings={"faults": [{"value": "Planted"}], "consequences": [], "remarks": []},
        )  # fmt: skip
    words = [
        "planted", "39980142", "1987-03-12", "6.0182777", "47.2602777", "25777", "48211.7",
    ]  # fmt: skip
    assert {word for _table, word in where(*words)} == set(words)

    services.erase(person=samira, by=advisor, at=at + timedelta(minutes=1))

    assert where(*words) == []
    assert first_broken_line() is None
    told = Entry.objects.get(action="rights.people.anonymised")
    assert (told.subject_id, told.details) == (None, {"cause": "REQUEST", "people": 1})


def test_figures_do_not_move(advisor, at):
    """Several years, two sites, both editions; some anonymised, some not."""
    sites = [factories.AnySite(), factories.AnySite()]
    old, new = factories.AnyRelease(edition=2015), factories.AnyRelease(edition=2024)
    stages = [Stage.AMOR, Stage.EMER, Stage.PARC, Stage.SORT]
    for number in range(24):
        person = factories.AnyPerson(
            site=sites[number % 2], sex=list(Sex)[number % 3], born_on=date(1955 + 2 * number, 1, 1),
            diploma=["", "3", "BAC +2", "tout autre"][number % 4],
            contact_source=["Mairie", "", "Facebook"][number % 3],
            situation_at_entry=["RSA", "salarié", ""][number % 3],
        )  # fmt: skip
        residence = factories.AnyResidence(person=person, address="1 rue X")
        for release, code in ((old, "QP025001"), (new, "QN02501M")):
            answer = list(Answer)[number % 3]
            factories.AnyResidenceAnswer(
                residence=residence, release=release, edition=release.edition, answer=answer,
                qpv_code=code if answer == Answer.IN else "", border_m="3.0",
            )  # fmt: skip
        project = factories.AnyProject(site=person.site, started_on=date(2021 + number % 4, 2, 1))
        factories.AnyProjectHolder(project=project, person=person)
        for year in range(2021, 2025):
            factories.AnyMeeting(person=person, held_on=date(year, 1 + number % 10, 3))
            factories.AnyTransition(
                person=person,
                project=project,
                stage=stages[(number + year) % 4],
                occurred_on=date(year, 1 + number % 10, 3),
            )
        factories.AnyAttendance(person=person, workshop__site=person.site, workshop__held_on=date(2023, 5, 5))

    def all_figures():
        return [
            figures.figures_of_year(year=year, site=site, known_by=known_by)
            for year in range(2020, 2026)
            for site in (None, *sites)
            for known_by in (None, datetime(2025, 1, 1, tzinfo=UTC))
        ] + [
            figures.tabulated("persons_supported", by=[one], scope=Scope(2024, site and site.pk, since=2020))
            for one in Breakdown
            if one in BREAKDOWNS["supported"]
            for site in (None, *sites)
        ]

    before, kept = all_figures(), figures.network_of_years(2020, 2025)
    services.anonymise(
        people=list(Person.objects.order_by("pk").values_list("pk", flat=True)[:17]),
        cause=Cause.RETENTION, by=advisor, at=at,
    )  # fmt: skip

    assert Person.objects.named().count() == 7
    assert all_figures() == before
    assert figures.network_of_years(2020, 2025) == kept
    assert before[0]["year"] == 2020
    assert any(value["persons_supported"] for value in before)


def test_an_anonymised_person_is_in_no_list_and_has_no_page(client, advisor, samira, at):
    client.force_login(advisor)
    assert "Khelifiplanted" in client.get("/personnes/", {"view": "all"}).content.decode()

    services.erase(person=samira, by=advisor, at=at)

    assert not Person.objects.visible_to(advisor, on=ON).exists()
    assert client.get(f"/personnes/{samira.pk}/").status_code == 404
    assert client.get("/personnes/", {"view": "all"}).context["page"].paginator.count == 0


def test_the_database_refuses_a_name_on_an_anonymised_file(samira):
    with pytest.raises(IntegrityError, match="people_person_anonymised_has_no_name"), transaction.atomic():
        Person.objects.filter(pk=samira.pk).update(anonymised_at=factories.LONG_AGO)


def test_a_project_keeps_its_title_while_someone_else_holds_it(samira, site, advisor, at):
    shared = factories.AnyProject(site=site, title="À deux")
    other = factories.AnyPerson(site=site)
    for person in (samira, other):
        factories.AnyProjectHolder(project=shared, person=person)

    services.erase(person=samira, by=advisor, at=at)
    assert Project.objects.get().title == "À deux"

    services.erase(person=other, by=advisor, at=at)
    assert Project.objects.get().title == ""


def test_a_family_message_stays_while_one_of_them_keeps_her_file(samira, site, advisor, at):
    sister = factories.AnyPerson(site=site, phone=samira.phone)
    notifications.post(key="a:1", to=sister.phone, body="Bonjour", about=sister, at=at)

    services.erase(person=samira, by=advisor, at=at)

    assert Message.objects.get().recipient == sister.phone


def test_a_file_that_the_law_asks_to_keep_is_refused_with_its_reason(samira, advisor, at):
    factories.AnyHold(person=samira, until=date(2030, 12, 31))

    with pytest.raises(services.MustBeKept) as refusal:
        services.erase(person=samira, by=advisor, at=at)
    assert "2030" in str(refusal.value)
    assert Person.objects.named().filter(pk=samira.pk).exists()

    services.release_hold(person=samira, by=advisor, at=at)
    services.erase(person=samira, by=advisor, at=at)
    assert not Person.objects.named().exists()


def test_anonymised_twice_is_anonymised_once(samira, advisor, at):
    assert services.anonymise(people=[samira.pk], cause=Cause.REQUEST, by=advisor, at=at) == 1
    assert services.anonymise(people=[samira.pk], cause=Cause.REQUEST, by=advisor, at=at) == 0
    assert Anonymisation.objects.get().people == 1


# -- the last contact -------------------------------------------------------------------------------------------------


def test_the_last_contact_is_the_last_of_all_kinds(site, at):
    person = factories.AnyPerson(site=site, recorded_at=factories.LONG_AGO)
    assert queries.last_contact_on(person, on=ON) == date(2016, 1, 4)  # when the file began

    factories.AnyMeeting(person=person, held_on=date(2015, 2, 1))
    assert queries.last_contact_on(person, on=ON) == date(2015, 2, 1)  # a fact counts before the file
    factories.AnyAttendance(person=person, workshop__held_on=date(2019, 5, 2))
    assert queries.last_contact_on(person, on=ON) == date(2019, 5, 2)
    factories.AnyStillInTouch(person=person, said_on=date(2020, 1, 1))
    factories.AnyMeeting(person=person, held_on=date(2023, 1, 1), withdrawn_at=at, withdrawn_by=factories.AnyUser())
    factories.AnyMeeting(person=person, held_on=date(2027, 1, 1))
    factories.AnyTransition(person=person, occurred_on=date(2024, 1, 1))
    assert queries.last_contact_on(person, on=ON) == date(2020, 1, 1)  # neither withdrawn, nor to come, nor a step


def test_the_last_contacts_of_everyone_are_one_statement(site, django_assert_num_queries):
    factories.AnyMeeting(person__site=site)
    factories.AnyMeeting(person__site=site)

    with django_assert_num_queries(1):
        list(queries.with_last_contact(Person.objects.named(), on=ON))


# -- the night's run --------------------------------------------------------------------------------------------------


def test_announced_at_23_months_anonymised_at_24(samira, site, advisor):
    """Day by day: nothing, a message and a line, nothing, then forgotten."""

    def night(day):
        return services.sweep(by=advisor, at=datetime(day.year, day.month, day.day, 2, 29, tzinfo=UTC))

    last = date(2024, 3, 1)
    assert night(date(2026, 1, 31)) == (swept(0, 0))
    assert night(date(2026, 2, 1)) == swept(1, 0)
    message = Message.objects.get()
    assert (message.recipient, "Samira" in message.subject + message.body) == (samira.email, False)
    assert [closing.person for closing in queries.closings(Person.objects.all(), on=date(2026, 2, 1))] == [samira]
    assert night(date(2026, 2, 1)) == swept(0, 0)
    assert night(date(2026, 2, 28)) == swept(0, 0)
    assert Closing.objects.get().last_contact_on == last
    assert night(date(2026, 3, 1)) == swept(0, 1)
    assert where("planted") == []
    assert night(date(2026, 3, 2)) == swept(0, 0)


def swept(announced, anonymised):
    from citeslab.rights.services.sweeping import Swept

    return Swept(announced, anonymised)


def test_still_in_touch_makes_the_announcement_void(samira, advisor, at):
    factories.AnyClosing(person=samira, last_contact_on=date(2024, 3, 1), announced_on=date(2026, 2, 1))
    services.say_still_in_touch(person=samira, reason="Attend sa banque", way="PHONE", by=advisor, at=at)

    assert list(queries.closings(Person.objects.all(), on=ON)) == []
    assert services.sweep(by=advisor, at=at) == swept(0, 0)
    assert Person.objects.named().get() == samira


def test_old_history_is_announced_to_the_advisor_without_a_message(site, advisor, at):
    person = factories.AnyPerson(site=site, email="x@exemple.fr")
    factories.AnyMeeting(person=person, held_on=date(2010, 1, 1))

    assert services.sweep(by=advisor, at=at) == swept(1, 0)
    assert not Message.objects.exists()
    assert services.sweep(by=advisor, at=at + timedelta(days=27)) == swept(0, 0)
    assert services.sweep(by=advisor, at=at + timedelta(days=28)) == swept(0, 1)


def test_a_held_file_is_neither_announced_nor_anonymised(samira, advisor, at):
    factories.AnyHold(person=samira)

    assert services.sweep(by=advisor, at=at) == swept(0, 0)


def test_a_clock_behind_the_books_does_nothing(samira, advisor, at):
    factories.AnyMeeting(recorded_at=at + timedelta(hours=1))

    with pytest.raises(services.ClockBehind):
        services.sweep(by=advisor, at=at)
    assert not Closing.objects.exists()


def test_a_clock_that_jumped_ahead_does_nothing_unless_told(site, advisor, at):
    people = [factories.AnyPerson(site=site) for _ in range(30)]
    for person in people:
        factories.AnyMeeting(person=person, held_on=at.date())
    assert services.sweep(by=advisor, at=at) == swept(0, 0)
    jumped = at + timedelta(days=3 * 365)

    with pytest.raises(services.TooManyAtOnce):
        services.sweep(by=advisor, at=jumped)
    assert not Closing.objects.exists()
    assert services.sweep(yes=True, by=advisor, at=jumped) == swept(30, 0)


def test_the_dry_run_counts_by_site_names_nobody_and_changes_nothing(samira, capsys):
    call_command("rights", "anonymise", "--dry-run")
    said = capsys.readouterr().out

    assert samira.site.code in said
    assert "2024-03-01" in said
    assert "planted" not in said.casefold()
    assert not Closing.objects.exists()
    assert not Sweep.objects.exists()


def test_the_command_refuses_in_words(site, advisor, at):
    for _ in range(30):
        factories.AnyMeeting(person__site=site, held_on=date(2010, 1, 1))

    with pytest.raises(CommandError, match="--yes"):
        call_command("rights", "anonymise")


def test_what_was_needed_for_a_time_is_forgotten(site, advisor, samira, at):
    factories.AnyAccessCode(person=samira, made_at=at - timedelta(days=9))
    Workbook.objects.create(
        site=site, name="vieux.xlsx", sha256="0" * 64, content=b"x", sent_at=at - timedelta(days=31), sent_by=advisor
    )

    services.forget_traces(by=advisor, at=at)

    assert (AccessCode.objects.count(), Workbook.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_each_file_is_whole_or_anonymised_and_the_next_run_finishes(tmp_path):
    site = factories.AnySite()
    total = 400
    user = factories.AnyUser()
    people = Person.objects.bulk_create(
        Person(
            site=site, reference=f"P{number}", first_name="Planted", preferred_name=f"Nom{number}",
            sort_key=f"nom{number}", email=f"p{number}@exemple.fr", recorded_at=factories.LONG_AGO, recorded_by=user,
        )
        for number in range(total)
    )  # fmt: skip
    Residence.objects.bulk_create(
        Residence(person=person, address="1 rue Planted", recorded_at=factories.LONG_AGO, recorded_by=user)
        for person in people
    )
    Closing.objects.bulk_create(
        Closing(person=person, last_contact_on=date(2016, 1, 4), announced_on=date(2017, 1, 1), is_sent=False)
        for person in people
    )
    command = [sys.executable, "-m", "config.cli", "rights", "anonymise", "--yes", "--batch", "7"]
    running = subprocess.Popen(command, env=database_of_tests(tmp_path), cwd=CHECKOUT)
    deadline = time.monotonic() + 120
    while Person.objects.named().count() == total and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()

    left = Person.objects.named().count()
    assert 0 < left < total
    whole = Residence.objects.filter(person__anonymised_at=None).exclude(address="").count()
    bare = Residence.objects.exclude(person__anonymised_at=None).filter(address="").count()
    assert (whole, bare) == (left, total - left)
    assert Closing.objects.filter(person__anonymised_at=None).count() == Closing.objects.count() == left
    assert sum(Anonymisation.objects.values_list("people", flat=True)) == total - left

    subprocess.run(command, env=database_of_tests(tmp_path), cwd=CHECKOUT, check=True, timeout=120)
    assert Person.objects.named().count() == 0
    assert where("planted") == []
    assert sum(Anonymisation.objects.values_list("people", flat=True)) == total
    assert first_broken_line() is None


def database_of_tests(home) -> dict[str, str]:
    database = connection.get_connection_params()
    place = {name: quote(str(database.get(name) or ""), safe="") for name in ("user", "password", "host", "dbname")}
    url = "postgresql://{user}:{password}@{host}:{port}/{dbname}".format(**place, port=database.get("port") or 5432)
    return os.environ | {"DATABASE_URL": url, "CITESLAB_HOME": str(home)}


# -- the lists that the export, the anonymisation and the retention rest on -------------------------------------------


def labels() -> set[str]:
    return {reach.label for reach in reaches()}


def installed(lines) -> set[str]:
    """Of these lines, those of a model that exists: rooms may be left out of an installation."""
    from citeslab.rights.index import our_models

    known = {model._meta.label_lower for model in our_models()}
    return {line for line in lines if ".".join(line.split(".")[:2]) in known}


def test_each_model_that_reaches_a_person_says_whether_its_rows_are_contacts():
    said = set(definitions.CONTACTS) | set(definitions.NOT_CONTACTS)

    assert labels() - said == set(), "add it to CONTACTS or to NOT_CONTACTS in citeslab/rights/definitions.py"
    assert installed(said) - labels() == set(), "stale lines"
    assert set(definitions.CONTACTS) & set(definitions.NOT_CONTACTS) == set()


def test_each_text_of_a_model_that_reaches_a_person_is_personal_or_explained():
    free = {
        f"{reach.label}.{field.name}"
        for reach in reaches()
        for field in reach.model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField | models.BinaryField)
        and not field.choices
        and field.name not in getattr(reach.model, "PERSONAL", ())
    }

    assert free - set(definitions.IMPERSONAL) == set(), "name it in PERSONAL, or explain it in IMPERSONAL"
    assert installed(definitions.IMPERSONAL) - free == set(), "stale lines"


def test_personal_fields_that_no_foreign_key_ties_to_a_person_say_how_they_are_forgotten():
    from citeslab.rights.index import our_models

    elsewhere = {
        model._meta.label_lower
        for model in our_models()
        if getattr(model, "PERSONAL", ()) and model._meta.label_lower not in labels()
    }

    assert elsewhere - set(definitions.ELSEWHERE) == set(), "explain it in ELSEWHERE"
    assert installed(definitions.ELSEWHERE) - elsewhere == set(), "stale lines"


def test_what_is_kept_dropped_or_not_exported_exists():
    personal = {f"{reach.label}.{name}" for reach in reaches() for name in getattr(reach.model, "PERSONAL", ())}

    assert installed(definitions.KEPT) - personal == set()
    assert installed([*definitions.DROPPED, *definitions.NOT_EXPORTED]) - labels() == set()


def test_no_file_on_disk_reaches_a_person():
    """Scrubbing blanks a name in a table; a file would stay."""
    kept = [
        f"{reach.label}.{field.name}"
        for reach in reaches()
        for field in reach.model._meta.concrete_fields
        if isinstance(field, models.FileField)
    ]
    assert kept == []


def test_a_release_stays(samira, advisor, at):
    """What many people's rows point at is nobody's."""
    factories.AnyResidenceAnswer(residence__person=samira)
    services.erase(person=samira, by=advisor, at=at)
    assert Release.objects.count() == 1
