"""Sealed versions: what moves afterwards moves nothing in them; what a correction says; files made again."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import override

from citeslab.audit.models import Entry
from citeslab.duplicates.services import joining
from citeslab.figures import exports, queries, services
from citeslab.figures.definitions.indicators import BASES
from citeslab.figures.enums import BlockKind
from citeslab.figures.exports import corrections
from citeslab.figures.models import SealedVersion
from citeslab.figures.queries import frozen
from citeslab.figures.values import Block, Perimeter, canonical, digest
from citeslab.followup.enums import Stage
from citeslab.followup.models import Meeting
from citeslab.followup.services import facts
from citeslab.people.enums import Sex
from citeslab.rights import services as rights
from citeslab.rights.enums import Cause
from citeslab.territories import services as territories
from citeslab.territories.enums import Answer, Edition
from tests import factories
from tests.figures.test_definitions import YEAR, lives, supported
from tests.figures.test_reports import pieces

pytestmark = pytest.mark.django_db
SEALED_AT = datetime(2025, 2, 3, 9, 30, tzinfo=UTC)
LATER = SEALED_AT + timedelta(days=30)


@pytest.fixture
def people(site):
    """Three people supported in the year, one of whom lives in a priority neighborhood."""
    made = [
        supported(site, Stage.PARC, sex=sex, diploma="4", born_on=date(1990, 1, 1))
        for sex in (Sex.WOMAN, Sex.WOMAN, Sex.MAN)
    ]
    factories.AnyResidenceAnswer(
        residence__person=made[0], answer=Answer.IN, qpv_code="QN02501M", edition=Edition.E2024,
        release__edition=Edition.E2024, release__released_on=date(2024, 1, 1),
    )  # fmt: skip
    return made


@pytest.fixture
def report(site, people, advisor):
    perimeter = Perimeter("site", str(site.pk))
    return services.begin(kind="SITE", perimeter=perimeter, year=YEAR, by=advisor, at=SEALED_AT)


@pytest.fixture
def sealed(report, advisor):
    return services.seal(report=report, by=advisor, at=SEALED_AT)


def numbers(version) -> dict:
    return {(row["indicator"], canonical(row["by"])): row["value"] for row in version.frozen["numbers"]}


def draft_of(version) -> dict:
    """The same blocks, computed today."""
    report = version.report
    answered = queries.answers(queries.blocks_for(report), perimeter=report.perimeter, year=report.year)
    return {key: value for key, value in numbers_of(answered).items() if key in numbers(version)}


def numbers_of(answered) -> dict:
    return {(row["indicator"], canonical(row["by"])): row["value"] for row in queries.numbers_of(answered)}


# -- what moves afterwards


def join_two(people, site, by, tmp_path):
    joining.join(kept=people[0], gone=people[1], by=by, at=LATER)


def part_them(people, site, by, tmp_path):
    joining.undo(join=joining.join(kept=people[0], gone=people[1], by=by, at=LATER), by=by, at=LATER)


def anonymise(people, site, by, tmp_path):
    rights.anonymise(people=[people[0].pk], cause=Cause.REQUEST, by=by, at=LATER)


def withdraw(people, site, by, tmp_path):
    meetings = Meeting.objects.filter(person=people[2]).values_list("pk", flat=True)
    facts.withdraw_meetings(meetings=list(meetings), by=by, at=LATER)


def new_borders(people, site, by, tmp_path):
    square = json.loads(shapely.to_geojson(shapely.box(6.0, 47.2, 6.1, 47.3)))
    feature = {"type": "Feature", "properties": {"code_qp": "QN02509M", "lib_qp": "Neuf"}, "geometry": square}
    path = tmp_path / "qpv.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    territories.load_release(
        path=path, edition=Edition.E2024, released_on=date(2025, 2, 20), by=by, at=LATER, fewer_ok=True
    )


@pytest.mark.parametrize("act", [join_two, part_them, anonymise, withdraw, new_borders])
def test_nothing_moves_a_sealed_version(act, sealed, people, site, advisor, tmp_path):
    before, files = numbers(sealed), exports.remade(sealed)
    act(people, site, advisor, tmp_path)

    again = SealedVersion.objects.get(pk=sealed.pk)
    assert numbers(again) == before
    assert digest(again.content) == again.sha256 == sealed.sha256
    assert exports.remade(again) == files
    if act in (join_two, withdraw):
        assert draft_of(again) != before


def test_a_seal_says_what_the_draft_said(sealed, report):
    answered = queries.answers(queries.blocks_for(report), perimeter=report.perimeter, year=YEAR)

    assert numbers(sealed) == numbers_of(answered)
    assert numbers(sealed)["persons_supported", "{}"] == 3
    assert numbers(sealed)["residence.in", "{}"] == 1


def test_a_seal_freezes_definitions_words_and_code(sealed, advisor):
    frozen = sealed.frozen
    supported_people = next(one for one in frozen["definitions"] if one["id"] == "persons_supported")

    assert supported_people["wording"] == {"fr": "Personnes accompagnées", "en": "People supported"}
    assert len(supported_people["sql_sha256"]) == len(frozen["code"]["room_sha256"]) == 64
    assert set(frozen["documents"]) == {"fr", "en"}
    assert (frozen["known_by"], frozen["sealed_by"]) == (SEALED_AT.isoformat(), advisor.pk)
    assert {row["indicator"] for row in frozen["numbers"]} <= {one["id"] for one in frozen["definitions"]}
    assert canonical(frozen) == sealed.content
    assert Entry.objects.get(action="figures.version.sealed").details["sha256"] == sealed.sha256


def test_no_name_enters_a_seal(sealed, people):
    for person in people:
        assert person.preferred_name not in sealed.content
        assert person.reference not in sealed.content


def test_the_same_numbers_are_on_the_page_and_in_each_language(sealed, client, advisor):
    french, english = sealed.frozen["documents"]["fr"], sealed.frozen["documents"]["en"]

    def values(document):
        figures = [one["value"] for piece in pieces(document, "figures") for one in piece["figures"]]
        cells = [cell["value"] for piece in pieces(document, "table") for row in piece["rows"] for cell in row["cells"]]
        return figures, sorted(map(str, cells))

    assert values(french) == values(english)
    client.force_login(advisor)
    page = client.get(sealed.get_absolute_url())
    assert page.context["document"] == french
    assert sealed.sha256[:4] in page.content.decode()


# -- the database keeps the seal


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE figures_sealedversion SET reason = ''",
        "UPDATE figures_sealedversion SET content = replace(content, '3', '4')",
        "DELETE FROM figures_sealedversion",
    ],
)
def test_the_database_refuses_to_change_a_seal(sealed, statement):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_a_digest_of_something_else(sealed, report, advisor):
    one_digit = sealed.content.replace('"count":3', '"count":4', 1)
    assert digest(one_digit) != sealed.sha256
    row = {name: getattr(sealed, name) for name in ("is_protected", "known_by", "files", "tools", "sealed_at")}
    with pytest.raises(IntegrityError, match="digest"), transaction.atomic():
        SealedVersion.objects.create(
            report=report, number=2, reason="x", content=one_digit, sha256=sealed.sha256, sealed_by=advisor, **row
        )


def test_a_correction_says_why(sealed, report, advisor):
    with pytest.raises(services.ReasonMissing):
        services.seal(report=report, reason=" ", by=advisor, at=LATER)
    assert report.versions.count() == 1


# -- corrections


@pytest.fixture
def forgotten(site):
    """A meeting that was entered after the seal."""
    return supported(site, sex=Sex.WOMAN, recorded_at=LATER)


def enter(person, by):
    for row in [*person.meetings.all(), *person.transitions.all()]:
        type(row).objects.filter(pk=row.pk).update(recorded_at=LATER)


def test_a_correction_lists_what_moved_and_why(sealed, report, forgotten, advisor):
    enter(forgotten, advisor)
    second = services.seal(report=report, reason="Un entretien oublié", by=advisor, at=LATER + timedelta(days=1))

    moved = {(row["indicator"], canonical(row["by"])): row for row in second.frozen["moved"]}
    people = moved["persons_supported", "{}"]
    assert (people["before"]["count"], people["after"]["count"]) == (3, 4)
    assert people["causes"] == [
        {"kind": "meeting", "recorded": 1, "withdrawn": 0},
        {"kind": "transition", "recorded": 1, "withdrawn": 0},
    ]
    assert moved["persons_met", "{}"]["causes"] == [{"kind": "meeting", "recorded": 1, "withdrawn": 0}]
    assert ("actions_held.total", "{}") not in moved
    assert moved["share_women", "{}"]["after"] == {"version": 1, "count": 3, "of": 4, "value": 0.75, "status": "shown"}
    last = second.frozen["documents"]["fr"]["sections"][-1]
    why = {row["wording"]: row["why"] for row in last["pieces"][0]["rows"]}
    assert why["Personnes rencontrées, 2024"] == "1 entretien enregistré"
    assert "Un entretien oublié" in second.frozen["documents"]["fr"]["lead"]
    assert numbers(sealed)["persons_supported", "{}"] == 3


@pytest.mark.parametrize(
    ("act", "kind", "counts"),
    [(join_two, "join", (1, 0)), (withdraw, "meeting", (0, 1))],
)
def test_each_kind_of_act_is_named_as_a_cause(act, kind, counts, sealed, report, people, site, advisor, tmp_path):
    act(people, site, advisor, tmp_path)
    second = services.seal(report=report, reason="Doublon", by=advisor, at=LATER)

    causes = {
        cause["kind"]: (cause["recorded"], cause["withdrawn"])
        for row in second.frozen["moved"]
        for cause in row["causes"]
    }
    assert causes[kind] == counts


@pytest.fixture
def elsewhere(report, forgotten):
    """Six people met by a site of another department, in a neighborhood, all entered since; one here too."""
    there = factories.AnySite(department__code="59", department__name="Nord", department__region__code="32")
    for _ in range(6):
        someone = supported(there)
        lives(someone, Answer.IN, code="QN05901M")
        enter(someone, None)
        action = factories.AnyWorkshop(site=there, held_on=date(YEAR, 5, 1), agreement="CV-59", recorded_at=LATER)
        factories.AnyAttendance(workshop=action, person=someone, recorded_at=LATER)
    enter(forgotten, None)
    factories.AnyJoin(kept_site=there, joined_at=LATER)
    return there


@pytest.mark.parametrize(
    ("perimeter", "meetings", "joins", "actions"),
    [
        (Perimeter(), 7, None, 6),
        (Perimeter("department", "59"), 6, None, 6),
        (Perimeter("region", "32"), 6, None, 6),
        (Perimeter("department", "25"), None, 0, 0),
        (Perimeter("department", "01"), 0, 0, 0),
        (Perimeter("qpv", "QN05901M"), 6, None, 0),
        (Perimeter("qpv", "QN05902M"), 0, None, 0),
        (Perimeter("agreement", "CV-59"), 0, None, 6),
        (Perimeter("agreement", "CV-25"), 0, None, 0),
    ],
)
def test_causes_are_those_of_the_place_and_few_are_not_counted(elsewhere, perimeter, meetings, joins, actions):
    found = frozen.causes(perimeter, YEAR, since=SEALED_AT, until=LATER)

    def recorded(kind):
        return found[kind].recorded if kind in found else 0

    assert (recorded("meeting"), recorded("transition")) == (meetings, meetings)
    assert (recorded("join"), recorded("workshop")) == (joins, actions)
    exact = frozen.causes(Perimeter("site", str(elsewhere.pk)), YEAR, since=SEALED_AT, until=LATER)
    assert (exact["meeting"].recorded, exact["join"].recorded) == (6, 1)


def test_what_is_recorded_of_someone_elsewhere_is_a_cause_where_she_was_met(elsewhere, people):
    """Her last meeting makes her a person of the other place: she is not counted here any more."""
    factories.AnyMeeting(person=people[0], site=elsewhere, held_on=date(YEAR, 9, 1), recorded_at=LATER)
    Meeting.objects.filter(person__site=people[0].site).exclude(site=elsewhere).update(recorded_at=SEALED_AT)

    found = frozen.causes(Perimeter("department", "25"), YEAR, since=SEALED_AT, until=LATER)
    assert found["meeting"].recorded is None


def test_what_is_not_counted_is_said_without_a_number(elsewhere):
    found = frozen.causes(Perimeter("department", "25"), YEAR, since=SEALED_AT, until=LATER)

    with override("en"):
        assert corrections.caused(found["meeting"].as_json()) == "meetings recorded"
        assert corrections.caused({"kind": "join", "recorded": None, "withdrawn": 6}) == "files joined, 6 joins undone"


def test_numbers_of_another_outline_did_not_move(sealed, report, advisor):
    seen = services.outline_digest(report)
    block = Block(BlockKind.FIGURE, "projects_cumulative")
    services.add_block(report=report, block=block, place=0, seen=seen, by=advisor, at=LATER)
    second = services.seal(report=report, reason="Un chiffre de plus", by=advisor, at=LATER)

    assert second.frozen["moved"] == []
    assert ("projects_cumulative", "{}") in numbers(second)
    assert second.frozen["documents"]["en"]["sections"][-1]["pieces"][0]["paragraphs"] == ["No number moved."]


# -- the dry run


def test_what_to_know_before_the_seal(client, site, report, people):
    from citeslab.network.enums import Role

    coordinator = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user
    factories.AnyTransition(person=people[0], stage=Stage.EMER, occurred_on=date(YEAR, 4, 1))
    factories.AnyLikeness(first=people[0], second=people[1])
    supported(site, sex=Sex.UNKNOWN)
    client.force_login(coordinator)
    page = client.get(reverse("figures:sealing", args=[report.pk]))

    doubts = [doubt.words for doubt in page.context["doubts"]]
    assert "Part des femmes\u00a0: 25\u202f% n’y sont pas, faute de renseignement." in doubts
    assert "Un parcours a deux étapes le même jour\u00a0: c’est la dernière saisie qui compte." in doubts
    assert any(words.startswith("Deux fiches sont peut-être d’une même personne") for words in doubts)
    assert not any("n’est pas finie" in words for words in doubts)
    assert page.context["numbers"] > 20
    assert client.post(reverse("figures:sealing", args=[report.pk])).status_code == 302


def test_a_year_that_runs_is_said_before_the_seal(site, advisor, at):
    perimeter = Perimeter("site", str(site.pk))
    running = services.begin(kind="SITE", perimeter=perimeter, year=at.year, by=advisor, at=at)

    assert [doubt.kind for doubt in queries.doubts(running, [], on=at.date())] == ["running"]


# -- made again


def reproduce(capsys, *arguments, **more) -> tuple[int, str]:
    try:
        call_command("figures", "reproduce", *arguments, **more)
    except CommandError as refusal:
        return refusal.returncode, str(refusal)
    return 0, capsys.readouterr().out


def tamper(statement: str) -> None:
    """What only the owner of the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE figures_sealedversion DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE figures_sealedversion ENABLE TRIGGER USER")


def test_files_are_made_again_bit_for_bit(sealed, capsys, tmp_path):
    code, said = reproduce(capsys, sealed.reference, "--output", str(tmp_path / "again"))

    assert code == 0
    assert f"{sealed.reference}: the same" in said
    made = {path.name: digest(path.read_bytes()) for path in (tmp_path / "again").iterdir()}
    assert made == {
        exports.name_of_file(sealed.reference, *name.split(".")): one["sha256"] for name, one in sealed.files.items()
    }
    assert len(made) == 4


def test_a_version_that_does_not_exist_is_said_with_those_that_do(sealed, capsys):
    code, said = reproduce(capsys, "network-1999-v1")

    assert code == 2
    assert sealed.reference in said
    assert reproduce(capsys)[0] == 2


def test_other_tools_are_named(sealed, capsys):
    tamper(  # as if it had been sealed on another machine
        """UPDATE figures_sealedversion SET tools = jsonb_set(tools, '{typst}', '"0.1.0"'),
        files = jsonb_set(files, '{fr.pdf,sha256}', '"0000"')"""
    )
    code, said = reproduce(capsys, sealed.reference)

    assert code == 1
    assert "fr.pdf" in said
    assert "typst 0.1.0 then" in said
    assert "en.pdf" not in said


def test_a_changed_digit_is_noticed(sealed, capsys):
    tamper("""UPDATE figures_sealedversion SET content = replace(content, '"count":3', '"count":4')""")
    code, said = reproduce(capsys, sealed.reference)

    assert code == 1
    assert "is not what was sealed" in said


def test_from_facts_lists_a_join_and_not_what_was_recorded_since(
    sealed, forgotten, people, site, advisor, capsys, tmp_path
):
    enter(forgotten, advisor)
    assert reproduce(capsys, sealed.reference, from_facts=True)[0] == 0

    join_two(people, site, advisor, tmp_path)
    code, said = reproduce(capsys, sealed.reference, from_facts=True)
    assert code == 1
    assert "Personnes accompagnées, 2024: 3 -> 2" in said
    assert "1 fiche réunie à une autre" in said

    joining.undo(join=joined(), by=advisor, at=LATER)
    assert reproduce(capsys, sealed.reference, from_facts=True)[0] == 0


def joined():
    from citeslab.duplicates.models import Join

    return Join.objects.get()


def test_no_number_of_a_seal_moves_when_people_are_anonymised(sealed, report, people, site, advisor, capsys, tmp_path):
    before = draft_of(sealed)
    anonymise(people, site, advisor, tmp_path)

    assert draft_of(sealed) == before
    assert reproduce(capsys, sealed.reference, from_facts=True)[0] == 0
    assert services.seal(report=report, reason="Anonymisation", by=advisor, at=LATER).frozen["moved"] == []


def test_what_weighs_on_each_base_is_told():
    assert BASES.keys() <= frozen.WEIGHING.keys()
