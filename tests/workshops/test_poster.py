"""The poster of an action: one page, whatever is written on it."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from citeslab.workshops import exports
from tests import factories

pytestmark = pytest.mark.django_db

TITLES = [
    "Oser",
    "Ma petite entreprise, combien ça coûte ? " * 7,
    "\N{BOUQUET} مرحبا <b> #set",
    "\N{RIGHT-TO-LEFT OVERRIDE}atelier\N{POP DIRECTIONAL FORMATTING}",
    "x" * 300,
    "Anticonstitutionnellement" * 8,
    "Ωδή, Щука",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_poster_is_one_accessible_page_with_its_code_whatever_its_title(site, at, title):
    workshop = factories.AnyWorkshop(
        site=site, title=title[:300], place=title[:160], address=title[:300], audience="Ouvert à toutes et à tous"
    )
    for half in range(6):
        factories.AnySession(workshop=workshop, starts_at=at + timedelta(days=half // 2, hours=5 * (half % 2)))
    file, warnings = exports.poster(workshop, phone="03 63 99 80 11", at=at)

    assert warnings == []
    pdf = PdfReader(io.BytesIO(file))
    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    said = pdf.pages[0].extract_text()
    assert "toutes et à tous" in said
    assert "03 63 99 80 11" in said


def test_a_poster_wears_the_face_of_the_product(site, at):
    pdf = PdfReader(io.BytesIO(exports.poster(factories.AnyWorkshop(site=site), at=at)[0]))
    faces = {str(font.get_object()["/BaseFont"]) for font in pdf.pages[0]["/Resources"]["/Font"].values()}

    assert {face.partition("+")[2] for face in faces} == {"AtkinsonHyperlegible-Bold", "AtkinsonHyperlegible-Regular"}


def test_the_same_action_makes_the_same_poster(site, at):
    workshop = factories.AnyWorkshop(site=site)
    assert exports.poster(workshop, at=at) == exports.poster(workshop, at=at)


def test_the_poster_is_for_who_sees_the_action(signed_in, announce):
    workshop = announce(public=False)
    answer = signed_in.get(reverse("workshops:poster", args=[workshop.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert signed_in.get(reverse("workshops:poster", args=[factories.AnyWorkshop().pk])).status_code == 404


def test_a_poster_is_in_french_unless_another_language_is_asked(signed_in, announce):
    address = reverse("workshops:poster", args=[announce().pk])

    def words(**asked):
        answer = signed_in.get(address, asked, headers={"accept-language": "en"})
        return PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()

    assert "votre idée est écoutée" in words()
    assert "your idea is listened to" in words(langue="en", phone="03 63 99 80 11")
