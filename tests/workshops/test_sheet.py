"""The attendance sheet: what it says, and that nobody changes a byte of it unseen."""

import io
import json
import math
import os
import random
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from hashlib import sha256
from time import monotonic
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ByteStringObject, ContentStream

from citeslab.audit.models import Entry
from citeslab.people.enums import Sex
from citeslab.people.models import Person
from citeslab.workshops import exports, queries, services
from citeslab.workshops.enums import AgeBand, Channel, Damage, Kind, State
from citeslab.workshops.models import Sheet
from citeslab.workshops.readers import binding, sheets
from citeslab.workshops.services.sheets import told_of
from tests import factories
from tests.papers import tags_of

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def drawn(seed: int, points: int = 40) -> list:
    rng = random.Random(seed)
    return [[[100 + 800 * n // points, int(200 + 150 * math.sin(n / 3 + rng.random()))] for n in range(points)]]


def held(site, *, people=3, halves=2, points=40, **given):
    """An action of one day, where everyone came and signed."""
    workshop = factories.AnyWorkshop(
        site=site, held_on=date(2026, 11, 20), title="Oser son idée", place="Maison du projet", **given
    )
    sessions = [
        factories.AnySession(
            workshop=workshop,
            starts_at=datetime(2026, 11, 20 + half // 2, 9 + 5 * (half % 2), 0, tzinfo=PARIS),
            ends_at=datetime(2026, 11, 20 + half // 2, 12 + 5 * (half % 2), 0, tzinfo=PARIS),
        )
        for half in range(halves)
    ]
    for number in range(1, people + 1):
        person = factories.AnyPerson(site=site, first_name="Amina", preferred_name=f"Exemple{number}")
        registration = factories.AnyRegistration(workshop=workshop, person=person, number=number)
        for session in sessions:
            told_at = session.starts_at + timedelta(minutes=number)
            factories.AnyPresence(session=session, registration=registration, told_at=told_at, state=State.PRESENT)
            factories.AnySignature(
                session=session, registration=registration, told_at=told_at, strokes=drawn(number, points)
            )
    return workshop


@pytest.fixture(autouse=True)
def _in_french():
    """A page asked in English leaves the language to the tests that follow."""
    with translation.override("fr"):
        yield


@pytest.fixture
def by():
    return factories.AnyUser(name="Inès Carvalho")


@pytest.fixture
def small(site, by, at):
    """The file of a sheet of three people and one count."""
    workshop = held(site, halves=1, points=12)
    factories.AnyHeadCount(workshop=workshop, sex=Sex.WOMAN, age_band=AgeBand.FROM_18, heads=4)
    with translation.override("en"):
        return services.make_sheet(workshop=workshop, visible=None, by=by, at=at)[1]


def made(workshop, by, at, *, visible=None) -> PdfReader:
    return PdfReader(io.BytesIO(services.make_sheet(workshop=workshop, visible=visible, by=by, at=at)[1]))


def text_of(read: PdfReader) -> str:
    """Its words, with plain spaces."""
    return " ".join("\n".join(page.extract_text() for page in read.pages).split())


def told(data: bytes) -> list[str]:
    with translation.override("en"):
        return exports.findings_told(sheets.read(data), with_names=True)


# -- what it says


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["9 h 00 – 12 h 00", "vendredi 20 novembre 2026", "présent", "9 h 01"]),
        ("en", ["9:00 AM – 12:00 PM", "Friday, November 20, 2026", "present", "9:01 AM, by the list", "Led by: Lou"]),
    ],
)
def test_a_sheet_says_who_came_when_and_by_what(site, by, at, language, words):
    workshop = held(site, reference="A1")
    workshop.animators.add(factories.AnyUser(name="Lou Martin"))
    factories.AnyHeadCount(workshop=workshop, sex=Sex.WOMAN, heads=4)
    factories.AnyRegistration(workshop=workshop, person__preferred_name="Enligne", number=9, is_waiting=True)

    with translation.override(language):
        read = made(workshop, by, at)
        text = text_of(read)

    assert [word for word in [*words, "Oser son idée", "Maison du projet", site.name, "A1"] if word not in text] == []
    assert all(f"Amina Exemple{number}" in text for number in (1, 2, 3))
    assert "Enligne" not in text
    sheet = Sheet.objects.get()
    assert f"{sheet.reference} 1 / 1 {' '.join(sheet.head[place : place + 4] for place in range(0, 16, 4))}" in text
    assert str(read.trailer["/Root"]["/Lang"]) == language


def test_its_pages_are_tagged_and_its_drawings_are_told_in_words(site, by, at):
    with translation.override("en"):
        read = made(held(site), by, at)

    tags, said = tags_of(read)
    assert {"H1", "H2", "Table", "THead", "TBody", "TR", "TH", "TD", "Figure"} <= {tag.strip("/") for tag in tags}
    assert tags.count("/Figure") == 6
    assert sorted(set(said)) == [f"Signature of Amina Exemple{number}" for number in (1, 2, 3)]
    assert "pdfuaid" in str(read.trailer["/Root"]["/Metadata"].get_data())


def test_it_is_drawn_without_a_warning_whatever_people_are_called(site, at):
    workshop = held(site, people=1, halves=1)
    for number, name in enumerate(["صفاء", "🌱 Jeanne 日本", "x" * 200, "#set page(width: 1cm) <b>", "A\x07B"], 2):
        person = factories.AnyPerson(site=site, first_name=name)
        factories.AnyRegistration(workshop=workshop, person=person, number=number)

    plain, rows, warnings = exports.sheet_pdf(told_of(workshop, None), reference="1-1", at=at)

    assert (warnings, rows) == ([], [1, 2, 3, 4, 5, 6])
    assert len(PdfReader(io.BytesIO(plain)).pages) == 1


def test_thirty_people_of_two_half_days_hold_on_two_pages_each_with_its_headings(site, by, at):
    with translation.override("en"):
        read = made(held(site, people=30), by, at)

    assert len(read.pages) == 2
    assert ["No. Name" in " ".join(page.extract_text().split()) for page in read.pages] == [True, True]


@pytest.mark.parametrize("halves", [1, 3, 4, 6])
def test_any_number_of_half_days_holds_and_each_drawing_is_of_its_line(site, by, at, halves):
    workshop = held(site, people=2, halves=halves)

    _sheet, file = services.make_sheet(workshop=workshop, visible=None, by=by, at=at)

    read = PdfReader(io.BytesIO(file))
    assert tags_of(read)[0].count("/Figure") == 2 * halves
    assert sheets.read(file).is_intact


def test_in_a_school_a_sheet_names_nobody(site, by, at):
    workshop = factories.AnyWorkshop(
        site=site, kind=Kind.SCHOOL, establishment="Lycée Exemple", class_level="UPPER", title="Oser"
    )
    factories.AnyAttendance(workshop=workshop, person=factories.AnyPerson(site=site, preferred_name="Khelifi"))
    factories.AnyHeadCount(workshop=workshop, sex=Sex.WOMAN, heads=12)

    with translation.override("en"):
        _sheet, file = services.make_sheet(workshop=workshop, visible=None, by=by, at=at)

    assert b"Khelifi" not in file
    text = text_of(PdfReader(io.BytesIO(file)))
    assert "School: Lycée Exemple, upper secondary" in text
    assert "woman not known 12 total 12" in text


def test_who_is_on_no_list_but_came_is_there_and_who_has_no_file_too(site, by, at):
    workshop = held(site, people=0)
    factories.AnyGuest(workshop=workshop, number=1, channel=Channel.HERSELF)
    factories.AnyRegistration(workshop=workshop, number=2, is_waiting=True, person__preferred_name="Arrivee")
    factories.AnyPresence(
        session=workshop.sessions.first(), registration=workshop.registrations.get(number=2), state=State.PART
    )
    factories.AnyAttendance(workshop=workshop, person__preferred_name="Duclasseur")

    lines = queries.attested(workshop, list(workshop.sessions.all()), None)

    assert [line.name.split()[-1] for line in lines] == ["Bensaïd", "Arrivee", "Duclasseur"]


def test_a_name_that_she_may_not_see_is_neither_in_the_pages_nor_in_the_records(site, by, at):
    workshop = held(site, people=1)
    theirs = factories.AnyRegistration(workshop=workshop, number=2, person__preferred_name="Dailleurs")
    factories.AnyPresence(session=workshop.sessions.first(), registration=theirs, told_at=at)
    factories.AnySignature(session=workshop.sessions.first(), registration=theirs, strokes=[[[7, 7], [613, 389]]])

    with translation.override("en"):
        _sheet, file = services.make_sheet(workshop=workshop, visible=Person.objects.filter(site=site), by=by, at=at)

    assert b"Dailleurs" not in file
    assert b"613 389" not in file
    assert "2 (name kept by her own site)" in text_of(PdfReader(io.BytesIO(file)))


def test_she_who_cannot_draw_ticked_a_box_and_her_line_says_signed(site, by, at):
    workshop = held(site, people=0, halves=1)
    her = factories.AnyRegistration(workshop=workshop, number=1, person__preferred_name="Sanscrayon")
    services.check_in(session=workshop.sessions.get(), who=her, strokes=None, key=uuid4(), told_at=at, by=by, at=at)
    with translation.override("en"):
        read = made(workshop, by, at)

    assert "signed" in text_of(read)
    (record,) = [line for line in read.attachments["sheet.txt"][0].decode().splitlines() if '"number":1' in line]
    assert f'"signature":"{sha256(b"[]").hexdigest()}"' in record
    assert tags_of(read)[1] == []


def test_a_sheet_costs_the_same_for_one_person_and_for_twenty(site, by, at):
    asked = []
    for people in (1, 20):
        workshop = held(site, people=people)
        with CaptureQueriesContext(connection) as queries_of:
            services.make_sheet(workshop=workshop, visible=Person.objects.all(), by=by, at=at)
        asked.append(len(queries_of))
    assert asked[0] == asked[1]


def test_a_sheet_is_in_the_register_and_in_the_journal_and_each_making_is_another(site, by, at):
    workshop = held(site)

    first, file = services.make_sheet(workshop=workshop, visible=None, by=by, at=at)
    second, _file = services.make_sheet(workshop=workshop, visible=None, by=by, at=at)

    assert (first.number, first.lines, second.number) == (1, 3, 2)
    assert first.digest == sheets.read(file).digest
    line = Entry.objects.filter(action="workshops.sheet.made").order_by("pk").first()
    assert (line.subject_id, line.actor_id) == (workshop.pk, by.pk)
    assert (line.details["head"], line.details["digest"]) == (first.head, first.digest)


def test_nothing_is_attested_of_an_action_called_off_to_come_or_empty(site, by, at):
    off = held(site, cancelled_at=at, cancelled_by=by)
    to_come = held(site, is_planned=True)
    empty = factories.AnyWorkshop(site=site)

    for workshop, refusal in [
        (off, services.NothingToSign),
        (to_come, services.NotHeld),
        (empty, services.NothingToAttest),
    ]:
        with pytest.raises(refusal):
            services.make_sheet(workshop=workshop, visible=None, by=by, at=at)
    assert not Sheet.objects.exists()


# -- no byte changes unseen


def test_a_sheet_that_nobody_touched_is_intact_and_tells_its_lines(small):
    read = sheets.read(small)

    assert read.is_intact
    assert [read.facts[line]["name"] for line in (1, 2, 3)] == [f"Amina Exemple{number}" for number in (1, 2, 3)]
    assert read.facts[4] == {"line": 4, "sex": "WOMAN", "age": "FROM_18", "heads": 4}


def test_anyone_can_follow_its_chain_with_a_tool_for_digests(small):
    lines = re.findall(rb"^([0-9a-f]{64}) (\{.*\})$", small, re.M)
    before = "0" * 64
    for digest, said in lines:
        before = subprocess.run(["sha256sum"], input=before.encode() + said, capture_output=True).stdout[:64].decode()
        assert before == digest.decode()
    assert len(lines) == 6


def test_each_byte_of_it_counts(small):
    unseen = []
    rng = random.Random(2002)
    places = {*range(400), *range(len(small) - 1500, len(small)), *rng.sample(range(len(small)), 4_000)}
    for place in places:
        changed = bytearray(small)
        changed[place] ^= 1 << rng.randrange(8)
        read = sheets.read(bytes(changed))
        if not read.is_one or read.is_intact:
            unseen.append(place)
    assert unseen == []


def test_a_byte_of_a_drawn_signature_names_its_line(small):
    for line in (1, 2, 3):
        alt = small.index(b"/Alt (Signature of Amina Exemple%d)\n>> BDC" % line)
        place = small.index(b" l\n", alt + 200)
        changed = small[: place - 1] + b"9" + small[place:]
        if changed == small:
            changed = small[: place - 1] + b"8" + small[place:]

        assert sheets.read(changed).lines == [line]
        assert told(changed) == [
            f"Line {line} (no. {line}, Amina Exemple{line}), page 1: what the page shows was changed."
        ]


def test_a_word_of_a_record_names_its_line(small):
    changed = small.replace(b'"Amina Exemple2","number":2', b'"Amina Exemple9","number":2')

    assert told(changed) == ["Line 2 (no. 2, Amina Exemple9): its record was changed."]
    assert told(small.replace(b'"heads":4', b'"heads":5')) == ["Line 4 (heads without a name): its record was changed."]


def records_of(data: bytes) -> list[bytes]:
    return [found[0] for found in re.finditer(rb"^[0-9a-f]{64} \{.*\}\n", data, re.M)]


def test_lines_that_go_or_change_places_are_named(small):
    _heading, one, two, three, *_rest = records_of(small)

    assert told(small.replace(two, b""))[0] == "Line 2: its record is gone."
    assert told(small.replace(one + two, two + one)) == [
        "Line 1 (no. 1, Amina Exemple1): its record is not in its place.",
        "Line 2 (no. 2, Amina Exemple2): its record is not in its place.",
    ]
    assert told(small.replace(two, two + two))[0] == "Line 2 (no. 2, Amina Exemple2): its record is there twice."
    assert "Line 3 (no. 3, Amina Exemple3): its record is not in its place." in told(
        small.replace(two + three, three + two)
    )


def test_a_line_replaced_with_its_own_digest_made_right_is_named(small):
    heading, one, two, *_rest = records_of(small)
    said = two[65:-1].replace(b"PRESENT", b"EXCUSED")
    forged = binding.link(one[:64].decode(), said).encode() + b" " + said + b"\n"

    assert told(small.replace(two, forged)) == ["Line 2 (no. 2, Amina Exemple2): its record was changed."]


def made_again(data: bytes, change) -> bytes:
    """What a forger who knows the format makes: whole records, a whole chain, a whole seal."""
    facts = [json.loads(record[65:]) for record in records_of(data)]
    *facts, drawing = facts
    facts = change(facts)
    drawing["said"] = [binding.short(binding.canonical(fact)) for fact in facts]
    chain = binding.chained([*facts, drawing])
    text = b"".join(b"%s %s\n" % (digest.encode(), said) for digest, said in chain)
    data = data.replace(b"".join(records_of(data)), text)
    seal = sheets.SEAL.search(data)
    digest = sha256(data[: seal.start(1)] + data[seal.end(1) :]).hexdigest().encode()
    return data[: seal.start(1)] + digest + data[seal.end(1) :]


def test_a_sheet_made_anew_with_a_whole_chain_is_known_by_the_register_alone(small, tmp_path):
    def absent(facts):
        facts[2]["halves"][0]["state"] = "ABSENT"
        return facts

    file = tmp_path / "sheet.pdf"
    file.write_bytes(made_again(small, absent))

    assert sheets.read(file.read_bytes()).is_intact
    with pytest.raises(CommandError, match="its chain is whole, but this network never made it") as refusal:
        call_command("workshops", "verify", str(file))
    assert refusal.value.returncode == 1


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.8, 0.95, 0.999])
def test_a_sheet_that_was_cut_is_changed(small, kept):
    read = sheets.read(small[: int(len(small) * kept)])

    assert read.is_one
    assert Damage.CUT in {finding.what for finding in read.findings}


@pytest.mark.parametrize("added", [b"x", b"\n", b" " * 100, b"%%EOF\n"])
def test_what_is_added_after_its_end_is_seen(small, added):
    assert told(small + added) == ["The file: something was added after its end."]


def test_bytes_that_come_or_go_in_a_signature_name_its_line(small):
    alt = small.index(b"/Alt (Signature of Amina Exemple2)\n>> BDC")
    place = small.index(b" l\n", alt + 200)

    for changed in (small[:place] + b"77" + small[place:], small[: place - 2] + small[place:]):
        assert sheets.read(changed).lines == [2]


def edited(data: bytes, change) -> bytes:
    """As a PDF editor saves it: other objects, other bytes."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_editor_that_changes_nothing_leaves_every_line_as_it_was(small):
    assert told(edited(small, lambda writer: None)) == [
        "The file: another program wrote it anew; every line reads as it did."
    ]


@pytest.mark.parametrize("compressed", [False, True])
def test_a_text_changed_by_an_editor_names_its_line(small, compressed):
    def rename(writer):
        page = writer.pages[0]
        content = ContentStream(page.get_contents(), writer)
        operations = list(content.operations)
        inside, mine = None, []
        for place, (operands, operator) in enumerate(operations):
            if operator == b"BDC" and "/MCID" in operands[1]:
                inside = int(operands[1]["/MCID"])
            mine += [(place, inside)] if operator in {b"Tj", b"TJ"} else []
        signature = next(
            place
            for place, (operands, operator) in enumerate(operations)
            if operator == b"BDC" and str(operands[1].get("/Alt", "")).endswith("Exemple1")
        )
        following = [place for place, _inside in mine if place > signature]
        operations[following[1]] = ([ByteStringObject(b"\x00\x02")], b"Tj")  # the name of the second line
        content.operations = operations
        page.replace_contents(content)
        if compressed:
            page.compress_content_streams()

    assert sheets.read(edited(small, rename)).lines == [2]


def test_a_page_that_an_editor_takes_away_is_named(site, by, at):
    _sheet, file = services.make_sheet(workshop=held(site, people=30), visible=None, by=by, at=at)

    assert told(edited(file, lambda writer: writer.remove_page(0))) == ["Page 1: this page is gone."]


def test_what_is_laid_over_a_page_is_seen(small):
    def cover(writer):
        page = writer.pages[0]
        content = ContentStream(page.get_contents(), writer)
        content.set_data(content.get_data() + b"\nq 1 1 1 rg 100 300 200 40 re f Q")
        page.replace_contents(content)

    assert told(edited(small, cover)) == ["Page 1: something was laid over the page."]


# -- other files


def blank_pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_attachment("sheet.txt", b"hello")
    writer.write(out)
    return out.getvalue()


def encrypted(data: bytes) -> bytes:
    return edited(data, lambda writer: writer.encrypt("secret"))


@pytest.mark.parametrize(
    "make", [lambda _small: b"", lambda _small: b"%PDF-1.7\n", lambda _small: blank_pdf(), encrypted]
)
def test_another_file_is_no_sheet(small, make, tmp_path):
    file = tmp_path / "other.pdf"
    file.write_bytes(make(small))

    with pytest.raises(CommandError) as refusal:
        call_command("workshops", "verify", str(file))
    assert refusal.value.returncode == 2


def test_a_paper_to_sign_is_no_sheet(site, by, at):
    workshop = held(site, is_planned=True)

    file = services.print_sheet(workshop=workshop, visible=Person.objects.all(), by=by, at=at)

    assert not sheets.read(file).is_one
    assert "Amina Exemple3" in text_of(PdfReader(io.BytesIO(file)))
    assert Entry.objects.get(action="workshops.sheet.read").details == {"lines": 3}


@pytest.mark.parametrize("hostile", [
    b"%PDF-1.7 /EmbeddedFile " + b"1 0 obj<<>>stream\n" * 200_000,
    b"%PDF-1.7 /EmbeddedFile " + b"1 0 obj %" * 400_000,
    b"%PDF-1.7 /EmbeddedFile " + b"1 0 obj(\\(" * 200_000,
    b"%PDF-1.7 /EmbeddedFile 1 0 obj " + b"[" * 4_000_000,
    b"%PDF-1.7 /EmbeddedFile " + b"9" * 4_000_000,
])  # fmt: skip
def test_a_file_made_to_harm_is_put_aside_in_seconds(hostile):
    begins = monotonic()

    assert not sheets.read(hostile).is_one
    assert monotonic() - begins < 20


def test_records_made_to_harm_break_nothing():
    for said in (b'{"drawing":[[1]],"said":3}', b'{"drawing":[["a","b","c"]],"said":[[]]}', b'{"line":[]}', b"{}"):
        digest = binding.link(binding.START, said).encode()
        read = sheets.read(b"%PDF-1.7\n" + digest + b" " + said + b"\n%%EOF\n")
        assert read.is_one
        assert not read.is_intact


# -- the command


def test_the_command_makes_a_sheet_and_finds_it_intact(site, tmp_path, capsys):
    workshop = held(site, reference="A1")
    file = tmp_path / "sheet.pdf"

    call_command("workshops", "sheet", "A1", "--output", str(file))
    call_command("workshops", "verify", str(file))

    sheet = Sheet.objects.get()
    said = capsys.readouterr().out
    assert f"sheet {sheet.reference} of “Oser son idée” of 2026-11-20 (#{workshop.pk}), 3 lines." in said
    assert f"{file} is intact: sheet {sheet.reference}, 3 lines." in said
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Qui est venu" in text_of(PdfReader(file))


def test_the_command_tells_which_line_was_changed_and_what_its_record_says(small, tmp_path):
    place = small.index(b" l\n", small.index(b"/Alt (Signature of Amina Exemple3)\n>> BDC") + 200)
    file = tmp_path / "sheet.pdf"
    file.write_bytes(small[: place - 1] + b"\x00" + small[place:])

    with pytest.raises(CommandError) as refusal:
        call_command("workshops", "verify", str(file))

    sheet = Sheet.objects.get()
    assert refusal.value.returncode == 1
    assert str(refusal.value).splitlines() == [
        f"{file} was changed since it was made.",
        "Line 3 (no. 3, Amina Exemple3), page 1: what the page shows was changed.",
        "Its record says: present (signed).",
        f"The register knows it: sheet {sheet.reference}, made on 2026-11-20. Ask the site for it.",
    ]


def test_the_command_refuses_with_the_thing_the_reason_and_the_way_out(site, tmp_path):
    other = factories.AnySite()
    for where in (site, other):
        held(where, reference="A1")
    empty = factories.AnyWorkshop(site=site, reference="VIDE")
    output = str(tmp_path / "sheet.pdf")

    for arguments, said in [
        (["B7", "--output", output], "No action has the reference or the number 'B7'"),
        (["A1", "--output", output], "Say which one: by its site with --site CODE"),
        (["A1", "--site", "NOWHERE", "--output", output], "No site has the code 'NOWHERE'"),
        (["VIDE", "--output", output], "Nobody is registered for this action"),
        (["A1", "--site", site.code, "--output", str(tmp_path / "no" / "sheet.pdf")], "does not exist: create it"),
        (["A1", "--site", site.code, "--output", str(tmp_path)], "is a folder: name a file in it"),
    ]:
        with translation.override("en"), pytest.raises(CommandError) as refusal:
            call_command("workshops", "sheet", *arguments, "--language", "en")
        assert said in str(refusal.value)
        assert refusal.value.returncode != 0
    call_command("workshops", "sheet", "A1", "--site", other.code, "--output", output)
    assert (Sheet.objects.get().workshop.site, empty.sheets.count()) == (other, 0)


def test_an_action_is_found_by_its_number_unless_another_has_it_for_reference(site, tmp_path):
    workshop = held(site)
    output = str(tmp_path / "sheet.pdf")
    call_command("workshops", "sheet", str(workshop.pk), "--output", output)
    held(site, reference=str(workshop.pk))

    with pytest.raises(CommandError, match="fits several actions"):
        call_command("workshops", "sheet", str(workshop.pk), "--output", output)
    call_command("workshops", "sheet", f"#{workshop.pk}", "--output", output)

    assert workshop.sheets.count() == 2


def test_what_cannot_be_a_sheet_is_refused_at_once(tmp_path, small):
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(500 * 1024 * 1024)
    longer = tmp_path / "longer.pdf"
    with longer.open("wb") as file:
        file.write(small)
        file.truncate(500 * 1024 * 1024)

    for path, code, said in [
        (large, 2, "it is larger than any"),
        (longer, 1, "it is longer than any sheet"),
        (tmp_path, 2, "is a folder, not a sheet"),
        (tmp_path / "none.pdf", 2, "could not be read"),
        ("/dev/zero", 2, "is no ordinary file"),
    ]:
        with pytest.raises(CommandError, match=said) as refusal:
            call_command("workshops", "verify", str(path))
        assert refusal.value.returncode == code


def test_a_sheet_is_checked_where_there_is_no_database(small, tmp_path):
    whole, changed = tmp_path / "whole.pdf", tmp_path / "changed.pdf"
    whole.write_bytes(small)
    changed.write_bytes(small.replace(b'"heads":4', b'"heads":5'))
    environment = os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"}

    def verify(path):
        command = [sys.executable, "-m", "config.cli", "workshops", "verify", str(path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    code, said = verify(whole)
    assert code == 0
    assert "is intact" in said
    assert "The register of the network could not be asked" in said
    code, said = verify(changed)
    assert code == 1
    assert "Line 4 (heads without a name): its record was changed." in said


# -- the pages


def test_who_sees_the_names_takes_the_sheet_from_the_page_of_the_action(client, site, advisor):
    workshop = held(site)
    client.force_login(advisor)

    page = client.get(reverse("workshops:workshop", args=[workshop.pk]))
    answer = client.post(reverse("workshops:sheet", args=[workshop.pk]), {"act": "made"})

    assert reverse("workshops:sheet", args=[workshop.pk]) in page.content.decode()
    assert answer["Content-Type"] == "application/pdf"
    assert sheets.read(answer.content).is_intact
    assert Sheet.objects.get().made_by == advisor


def test_who_leads_an_action_elsewhere_gets_no_sheet_of_it(client, advisor):
    workshop = held(factories.AnySite())
    workshop.animators.add(advisor)
    client.force_login(advisor)

    page = client.get(reverse("workshops:workshop", args=[workshop.pk]))
    answers = [client.post(reverse("workshops:sheet", args=[workshop.pk]), {"act": act}) for act in ("made", "blank")]

    assert page.status_code == 200
    assert reverse("workshops:sheet", args=[workshop.pk]) not in page.content.decode()
    assert [answer.status_code for answer in answers] == [404, 404]


def test_before_the_action_the_page_gives_the_paper_to_sign(client, site, advisor):
    workshop = held(site, is_planned=True)
    client.force_login(advisor)
    address = reverse("workshops:sheet", args=[workshop.pk])

    blank = client.post(address, {"act": "blank"})
    client.cookies["django_language"] = "en"
    early = client.post(address, {"act": "made"}, follow=True)

    assert blank["Content-Type"] == "application/pdf"
    assert not Sheet.objects.exists()
    assert "This action is not said to be held" in early.content.decode()


def checked(client, data: bytes) -> str:
    file = SimpleUploadedFile("sheet.pdf", data, content_type="application/pdf")
    answer = client.post(reverse("workshops:check"), {"file": file}, headers={"accept-language": "en"})
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def test_a_funder_checks_a_sheet_without_an_account(client, small):
    client.cookies["django_language"] = "en"
    sheet = Sheet.objects.get()
    changed = small.replace(b'"Amina Exemple2","number":2', b'"Amina Exemple9","number":2')

    assert f"This is sheet {sheet.reference}, as the network made it" in checked(client, small)
    said = checked(client, changed)
    assert "Line 2: its record was changed." in said
    assert "Amina" not in said
    assert "Not made by this network" in checked(client, made_again(small, lambda facts: facts[:2]))
    assert "This is not a sheet of ours" in checked(client, blank_pdf())
    assert "This is not a sheet of ours" in checked(client, b"")


def test_a_file_too_large_to_be_a_sheet_is_refused(client):
    client.cookies["django_language"] = "en"
    assert "too large to be a sheet" in checked(client, b"x" * (sheets.MOST_BYTES + 1))


def test_what_a_forged_file_says_reaches_a_terminal_as_plain_words(small, tmp_path):
    def forged(facts):
        facts[1] |= {"name": "Amina\x1b[2J", "halves": ["x"], "number": [1]}
        facts[2] |= {"halves": [{"state": ["x"]}]}
        return facts

    changed = made_again(small, forged)
    alt = changed.index(b"/Alt (Signature of Amina Exemple1)\n>> BDC")
    file = tmp_path / "sheet.pdf"
    file.write_bytes(changed[: alt + 6] + b"s" + changed[alt + 7 :])

    with pytest.raises(CommandError) as refusal:
        call_command("workshops", "verify", str(file))
    assert "Line 1 (Amina[2J), page 1: what the page shows was changed." in str(refusal.value)
    assert "\x1b" not in str(refusal.value)
