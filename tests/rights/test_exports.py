"""What a person takes away: every row about her, of every room, in words, as JSON and as an accessible PDF."""

import io
import json

import pytest
from pypdf import PdfReader

from citeslab.rights import definitions, exports
from citeslab.rights.index import reaches
from tests import factories
from tests.papers import tags_of
from tests.rights.test_forgetting import row_about

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reach", reaches(), ids=lambda reach: reach.label)
def test_every_model_that_reaches_her_is_in_the_export_or_excluded_with_a_reason(reach, site, at):
    person = factories.AnyPerson(site=site)
    row = row_about(reach, person)

    told = json.loads(exports.as_json(person, at=at))["records"]

    if reach.ties or definitions.NOT_EXPORTED.get(reach.label):
        assert reach.label not in told
    else:
        assert row.pk in [one["id"] for one in told[reach.label]["rows"]]


def test_the_file_says_every_personal_field(site, at):
    person = factories.AnyPerson(
        site=site, first_name="Samira", phone="+33639980142", situation_at_entry="Demandeuse d’emploi", diploma="4"
    )
    (row,) = json.loads(exports.as_json(person, at=at))["records"]["people.person"]["rows"]

    shown = set(definitions.UNSAID) | set(row)
    assert set(person.PERSONAL) - shown == set()
    assert (row["first_name"], row["phone"], row["diploma"]) == ("Samira", "+33639980142", "4")


NAMES = ["Samira", "N’Diaye-Łódź", "صفاء", "🌱 Jeanne 日本", "x" * 200, "#set page(width: 1cm) *gras* <b>", "A\x07B"]


@pytest.mark.parametrize("name", NAMES)
def test_the_pdf_is_accessible_and_made_without_a_warning(site, at, name):
    person = factories.AnyPerson(site=site, first_name=name, preferred_name="Khelifi")
    for _ in range(30):
        factories.AnyMeeting(person=person, minutes=45)
    factories.AnyAttendance(person=person)

    document, warnings = exports.as_pdf(person, at=at)

    assert warnings == []
    read = PdfReader(io.BytesIO(document))
    catalog = read.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"] is True or catalog["/MarkInfo"]["/Marked"].value
    assert "/StructTreeRoot" in catalog
    assert str(catalog["/Lang"]).startswith("fr")
    assert b"pdfuaid" in document or "pdfuaid" in str(catalog["/Metadata"].get_data())
    tags = set(tags_of(read)[0])
    assert {"/H1", "/H2", "/H3", "/P"} <= tags
    text = "\n".join(page.extract_text() for page in read.pages)
    assert "Khelifi" in text
    assert read.metadata.title.endswith("Khelifi")


def test_the_same_file_makes_the_same_pdf(site, at):
    person = factories.AnyPerson(site=site)

    assert exports.as_pdf(person, at=at) == exports.as_pdf(person, at=at)


def test_a_withdrawn_fact_is_told_as_such(site, at):
    person = factories.AnyPerson(site=site)
    factories.AnyMeeting(person=person, withdrawn_at=at, withdrawn_by=factories.AnyUser())

    (section,) = [one for one in exports.sections(person) if one.name == "followup.meeting"]
    assert section.rows[0].is_withdrawn
