"""Documents: what is taken, what is held back, what is erased."""

import io
import sys
import zipfile
from datetime import date, timedelta

import pytest
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.files import services
from citeslab.files.errors import NotTaken
from citeslab.files.models import StoredFile
from citeslab.files.readers import DOCX, JPEG, ODS, PDF, PNG, XLSX, type_of
from tests import factories

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7\n%%EOF"


def packed(*names, mimetype=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


WORD = packed("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.pdf", PAPER, PDF),
        ("A.PDF", PAPER, PDF),
        ("a.png", b"\x89PNG\r\n\x1a\n...", PNG),
        ("a.jpeg", b"\xff\xd8\xff\xe0", JPEG),
        ("a.docx", WORD, DOCX),
        ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        ("a.ods", packed("content.xml", mimetype=ODS), ODS),
    ],
)
def test_a_document_is_known_by_its_content(name, content, found):
    assert type_of(name, content) == found


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("virus.pdf", b"MZ\x90\x00\x03", "other"),
        ("virus.exe", b"MZ\x90\x00\x03", "unknown"),
        ("virus.pdf.exe", PAPER, "unknown"),
        ("convention", PAPER, "unknown"),
        ("a.docx", PAPER, "other"),
        ("a.pdf", WORD, "other"),
        ("a.docx", packed("rien.txt"), "other"),
        ("a.docx", b"PK\x03\x04 not a zip", "other"),
        ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        ("a.ods", packed("content.xml", "Basic/script.xml", mimetype=ODS), "macros"),
        ("a.pdf", b" %PDF-1.7", "other"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name, content, why):
    with pytest.raises(NotTaken) as refusal:
        type_of(name, content)
    assert refusal.value.why == why
    assert str(refusal.value)


@pytest.fixture
def kept(agreement_of_today, at):
    return services.store(
        owner=agreement_of_today,
        name="Convention.pdf",
        content=PAPER,
        kept_until=date(2027, 1, 1),
        by=factories.AnyUser(),
        at=at,
    )


@pytest.fixture
def agreement_of_today(db):
    return factories.AnyAgreement()


def test_a_document_is_kept_whole_and_its_reads_are_told(kept, at):
    by = factories.AnyUser()

    assert (kept.size, kept.media_type, kept.verdict) == (len(PAPER), PDF, "NOT_SCANNED")
    assert services.opened(stored=kept, by=by, at=at) == PAPER
    assert Entry.objects.get(action="files.file.read").actor_id == by.pk
    assert [one.pk for one in StoredFile.objects.of(factories.AnyAgreement())] == []


@pytest.mark.parametrize(("size", "is_taken"), [(10_485_760, True), (10_485_761, False)])
def test_a_document_is_ten_megabytes_at_most(agreement_of_today, at, size, is_taken):
    content = PAPER.ljust(size)
    given = {"owner": agreement_of_today, "name": "a.pdf", "content": content, "kept_until": date(2027, 1, 1)}
    if is_taken:
        assert services.store(**given, by=factories.AnyUser(), at=at).size == size
    else:
        with pytest.raises(NotTaken, match="10"):
            services.store(**given, by=factories.AnyUser(), at=at)


def test_a_long_name_keeps_its_end(agreement_of_today, at):
    given = {"owner": agreement_of_today, "name": f"{'n' * 300}.pdf", "content": PAPER, "kept_until": date(2027, 1, 1)}
    stored = services.store(**given, by=factories.AnyUser(), at=at)
    assert (len(stored.name), stored.name[-5:]) == (160, "n.pdf")


SCANNER = f"{sys.executable} -c \"import sys; sys.exit(b'EICAR' in sys.stdin.buffer.read())\""


@pytest.mark.parametrize(
    ("content", "verdict", "is_served"), [(PAPER, "CLEAN", True), (PAPER + b"EICAR", "INFECTED", False)]
)
def test_the_scanner_reads_the_document_itself(agreement_of_today, at, settings, content, verdict, is_served):
    settings.SCAN_COMMAND = SCANNER
    given = {"owner": agreement_of_today, "name": "a.pdf", "content": content, "kept_until": date(2027, 1, 1)}
    stored = services.store(**given, by=factories.AnyUser(), at=at)

    assert (stored.verdict, stored.is_served) == (verdict, is_served)


def test_what_the_scanner_could_not_read_is_offered_to_it_again(kept, settings, at):
    StoredFile.objects.update(verdict="UNSCANNABLE")
    kept.refresh_from_db()
    with pytest.raises(services.InQuarantine):
        services.opened(stored=kept, by=factories.AnyUser(), at=at)
    settings.SCAN_COMMAND = "nothing-of-that-name"
    assert services.scan_again() == 0
    settings.SCAN_COMMAND = SCANNER
    assert services.scan_again() == 1

    kept.refresh_from_db()
    assert kept.is_served


def test_the_night_erases_what_is_past_its_day_or_taken_away(kept, agreement_of_today, at):
    by = factories.AnyUser()
    away = factories.AnyStoredFile(owner_id=agreement_of_today.pk)
    assert services.erase_due(by=by, at=at) == 0
    services.remove(stored=away, by=by, at=at)
    services.remove(stored=away, by=by, at=at)
    assert services.erase_due(by=by, at=at) == 1
    new_year = at + timedelta(days=(date(2027, 1, 1) - timezone.localdate(at)).days)
    assert services.erase_due(by=by, at=new_year) == 1

    kept.refresh_from_db()
    assert (kept.content, kept.name, kept.erased_at, kept.is_served) == (None, "", new_year, False)
    assert kept.sha256
    assert Entry.objects.filter(action="files.file.removed").count() == 1
    assert services.erase_due(by=by, at=new_year) == 0
