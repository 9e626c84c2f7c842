"""What is read, and what is refused before anything else sees it."""

import csv
import os
import struct
import subprocess
import sys
import zipfile

import pytest

from citeslab.core.readers import limits
from citeslab.intake.errors import Unreadable
from citeslab.intake.readers import process
from citeslab.intake.values import COLUMNS, MEETINGS, PEOPLE, PROJECTS


def refusal(path) -> str:
    with pytest.raises(Unreadable) as refused:
        process.read(path)
    assert str(refused.value)
    return refused.value.code


def rewritten(path, changes: dict[str, bytes], *, name="change.xlsx"):
    """A copy of a workbook with some of its parts replaced."""
    target = path.with_name(name)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.namelist():
            if part not in changes:
                copy.writestr(part, source.read(part))
        for part, content in changes.items():
            copy.writestr(part, content)
    return target


def part_of(path, part: str) -> bytes:
    with zipfile.ZipFile(path) as source:
        return source.read(part)


SHEET_1 = "xl/worksheets/sheet1.xml"


def test_rows_keep_their_number_and_empty_ones_go(rows, write):
    rows[PROJECTS] = [["", "", "", "", ""], ["J1", "P1", "Couture", "", "2024-01-15"]]

    read = process.read(write(rows))

    assert [number for number, _ in read[PROJECTS].rows] == [3]
    assert read[PROJECTS].rows[0][1] == ("J1", "P1", "Couture", "", "2024-01-15")


def test_values_are_text_whatever_their_type(rows, write):
    from datetime import datetime

    def a_date(workbook, page):
        if page.name == MEETINGS:
            page.write_datetime(1, 2, datetime(2024, 2, 1), workbook.add_format({"num_format": "dd/mm/yyyy"}))
            page.write_number(1, 3, 45)

    read = process.read(write(rows, finish=a_date))

    assert read[MEETINGS].rows[0][1] == ("P1", "J1", "2024-02-01", "45", "Suivi")


def test_headings_and_sheets_are_matched_without_case_accents_or_spaces(rows, write):
    headings = {MEETINGS: ["PERSONNE", " projet ", "dâte", "Durée(min)", "NATURE"]}
    named = {"ENTRETIENS ": MEETINGS, "etapes": "Étapes"}
    sheets = ["Notes", "etapes", "ENTRETIENS ", *(sheet for sheet in COLUMNS if sheet not in named.values())]
    rows |= {wrong: rows[right] for wrong, right in named.items()}
    headings |= {"ENTRETIENS ": headings[MEETINGS], "etapes": COLUMNS["Étapes"], "Notes": ["à lire"]}

    read = process.read(write(rows, sheets=sheets, headings=headings))

    assert read[MEETINGS].rows[0][1] == ("P1", "J1", "2024-02-01", "45", "Suivi")
    assert list(read) == list(COLUMNS)


def test_columns_in_another_order_and_one_more_are_accepted(rows, write):
    headings = {PROJECTS: ["Notes", *reversed(COLUMNS[PROJECTS])]}
    rows[PROJECTS] = [["à voir", *reversed(rows[PROJECTS][0])]]

    read = process.read(write(rows, headings=headings))

    assert read[PROJECTS].rows[0][1] == ("J1", "P1", "Couture", "C", "2024-01-15")
    assert read[PROJECTS].ignored == ("Notes",)


def test_a_wrong_name_over_the_right_content_is_accepted(rows, write):
    assert process.read(write(rows, name="classeur.txt"))[PEOPLE].rows


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"bonjour", "not_workbook"),
        (b"PK\x03\x04 and no more", "truncated"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512, "old_format"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "locked"),
    ],
)
def test_what_is_no_workbook_is_refused_with_its_reason(tmp_path, content, code):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)

    assert refusal(path) == code


def test_a_truncated_workbook_is_refused(rows, write):
    path = write(rows)
    path.write_bytes(path.read_bytes()[:-200])

    assert refusal(path) == "truncated"


def test_a_damaged_part_is_refused(rows, write):
    path = write(rows)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo(SHEET_1)
    start = part.header_offset + 30 + len(SHEET_1)
    content[start + 20 : start + 60] = b"\xff" * 40
    path.write_bytes(content)

    assert refusal(path) == "truncated"


def test_a_missing_file_is_refused_in_words(tmp_path):
    assert refusal(tmp_path / "nothing.xlsx") == "unopened"


def test_a_missing_sheet_is_named_with_those_found(rows, write):
    path = write(rows, sheets=[sheet for sheet in COLUMNS if sheet != MEETINGS])

    with pytest.raises(Unreadable) as refused:
        process.read(path)

    assert refused.value.code == "sheet_missing"
    assert refused.value.details["missing"] == "Entretiens"
    assert refused.value.details["found"] == "Personnes, Projets, Étapes, Actions"


def test_a_missing_column_is_named_with_those_found(rows, write):
    path = write(rows, headings={PROJECTS: ["Référence", "Personnes", "Titre", "Secteur", "Date de début"]})

    with pytest.raises(Unreadable) as refused:
        process.read(path)

    assert refused.value.code == "column_missing"
    assert (refused.value.details["sheet"], refused.value.details["missing"]) == ("Projets", "Intitulé")
    assert "Titre" in refused.value.details["found"]


def test_a_heading_said_twice_is_refused(rows, write):
    path = write(rows, headings={PROJECTS: [*COLUMNS[PROJECTS], "INTITULE"]})

    assert refusal(path) == "heading_twice"


def test_formulas_are_refused_with_their_first_cells(rows, write):
    def formulas(workbook, page):
        if page.name == MEETINGS:
            page.write_formula("D2", "=20+25", None, 45)
            page.write_formula("D9", "=1", None, 1)

    with pytest.raises(Unreadable) as refused:
        process.read(write(rows, finish=formulas))

    assert refused.value.code == "formulas"
    assert (refused.value.details["sheet"], refused.value.details["cells"]) == (MEETINGS, "D2, D9")


def test_merged_cells_are_refused_with_their_range(rows, write):
    def merged(workbook, page):
        if page.name == MEETINGS:
            page.merge_range("A3:B4", "P1")

    with pytest.raises(Unreadable) as refused:
        process.read(write(rows, finish=merged))

    assert refused.value.code == "merged"
    assert refused.value.details["ranges"] == "A3:B4"


def test_a_sheet_that_is_none_of_the_five_may_hold_formulas(rows, write):
    def formulas(workbook, page):
        if page.name == "Notes":
            page.write_formula("A1", "=1+1")

    assert process.read(write(rows, sheets=[*COLUMNS, "Notes"], finish=formulas))[PEOPLE].rows


def test_macros_are_refused(rows, write):
    assert refusal(rewritten(write(rows), {"xl/vbaProject.bin": b"\0"})) == "macros"


def test_a_macro_content_type_is_refused(rows, write):
    path = write(rows)
    types = part_of(path, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )

    assert refusal(rewritten(path, {"[Content_Types].xml": types})) == "macros"


def test_two_far_cells_are_refused_before_a_reader_lays_out_the_rectangle(rows, write):
    path = write(rows)
    sheet = part_of(path, SHEET_1).replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )

    assert refusal(rewritten(path, {SHEET_1: sheet})) == "too_wide"


def test_a_million_rows_are_refused(rows, write):
    path = write(rows)
    lines = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(3, 1_000_003))
    sheet = part_of(path, SHEET_1).replace(b"</sheetData>", lines + b"</sheetData>")

    assert refusal(rewritten(path, {SHEET_1: sheet})) == "too_long"


def saying_another_size(path, *, real: int, said: int):
    """The workbook with one more part of `real` bytes, whose entries in the archive say another size."""
    target = rewritten(path, {"xl/bomb.xml": b" " * real}, name="bomb.xlsx")
    content = target.read_bytes()
    assert struct.pack("<I", real) in content
    target.write_bytes(content.replace(struct.pack("<I", real), struct.pack("<I", said)))
    return target


def test_a_bomb_is_refused_on_its_declared_size(rows, write):
    bomb = saying_another_size(write(rows), real=5_000_001, said=limits.INFLATED_BYTES + 1)

    assert bomb.stat().st_size < 100_000
    assert refusal(bomb) == "too_large"


def test_a_bomb_that_lies_about_its_size_is_refused_too(rows, write):
    assert refusal(saying_another_size(write(rows), real=5_000_001, said=1_000)) == "truncated"


def test_entities_are_refused(rows, write):
    path = write(rows)
    sheet = part_of(path, SHEET_1).replace(
        b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet', 1
    )

    assert refusal(rewritten(path, {SHEET_1: sheet})) == "entities"


def test_entities_in_an_encoding_of_two_bytes_are_refused(rows, write):
    path = write(rows)
    sheet = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "a">]><x/>'.encode("utf-16")

    assert refusal(rewritten(path, {SHEET_1: sheet})) == "entities"


def test_an_open_document_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "x.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    assert refusal(path) == "open_document"


def test_a_child_that_takes_too_much_memory_is_refused(rows, write, monkeypatch):
    """The child aborts on its own limit; the parent only sees that it fell silent."""
    script = 'import os; os.write(1, b\'{"sheet": "Personnes", \'); os.abort()'
    monkeypatch.setattr(subprocess, "Popen", replacing_command(subprocess.Popen, [sys.executable, "-c", script]))

    assert refusal(write(rows)) == "too_heavy"


def test_a_child_that_never_ends_is_killed(rows, write, monkeypatch):
    started = []
    script = "import time; time.sleep(600)"
    popen = replacing_command(subprocess.Popen, [sys.executable, "-c", script], started)
    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(limits, "WALL_SECONDS", 0.2)

    assert refusal(write(rows)) == "too_heavy"
    assert started[0].returncode == -9


def replacing_command(popen, command, started=None):
    def start(_command, **options):
        child = popen(command, **options)
        if started is not None:
            started.append(child)
        return child

    return start


def test_the_child_knows_no_secret(rows, write, monkeypatch):
    seen = []
    popen = subprocess.Popen
    monkeypatch.setenv("DATABASE_URL", "postgres://someone:secret@127.0.0.1/x")
    monkeypatch.setattr(
        subprocess, "Popen", lambda command, **options: seen.append(options) or popen(command, **options)
    )

    process.read(write(rows))

    assert set(seen[0]["env"]) == {"PATH", "PYTHONPATH", "PYTHONUTF8", "RAYON_NUM_THREADS"}
    assert os.environ["DATABASE_URL"] not in str(seen[0]["env"])


def texts(folder, rows, *, delimiter=";", encoding="utf-8"):
    folder.mkdir(exist_ok=True)
    for sheet, columns in COLUMNS.items():
        with (folder / f"{sheet}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(columns)
            writer.writerows(rows[sheet])
    return folder


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_folder_of_texts_reads_like_the_workbook(rows, write, tmp_path, delimiter, encoding):
    folder = texts(tmp_path / "texts", rows, delimiter=delimiter, encoding=encoding)

    assert process.read(folder) == process.read(write(rows))


def test_a_zip_of_texts_reads_like_the_folder(rows, tmp_path):
    folder = texts(tmp_path / "texts", rows)
    path = tmp_path / "texts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"caseload/{file.name}")

    assert process.read(path) == process.read(folder)


def test_a_zip_with_two_files_for_one_sheet_is_refused(rows, tmp_path):
    folder = texts(tmp_path / "texts", rows)
    path = tmp_path / "texts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"2024/{file.name}")
        archive.write(folder / f"{PEOPLE}.csv", f"2025/{PEOPLE}.csv")

    assert refusal(path) == "sheet_twice"


def test_another_encoding_is_refused_with_the_sheet(rows, tmp_path):
    with pytest.raises(Unreadable) as refused:
        process.read(texts(tmp_path / "texts", rows, encoding="cp1252"))

    assert refused.value.code == "not_utf8"
    assert refused.value.details["sheet"] == PEOPLE


def test_one_text_alone_is_refused_with_the_way_out(rows, tmp_path):
    assert refusal(texts(tmp_path / "texts", rows) / "Personnes.csv") == "single_text"


def test_a_quotation_mark_left_open_is_refused_in_words(rows, tmp_path):
    folder = texts(tmp_path / "texts", rows)
    (folder / "Projets.csv").write_text('Référence;Personnes;Intitulé;Secteur;Date de début\n"J1;' + "x" * 200_000)

    assert refusal(folder) == "not_text"


@pytest.mark.shared_data
def test_the_reference_workbook_has_the_rows_it_must(reference):
    import json

    expected = json.loads(reference.with_name("reference.expected.json").read_text())["rows"]

    assert {name: len(sheet.rows) for name, sheet in process.read(reference).items()} == expected
