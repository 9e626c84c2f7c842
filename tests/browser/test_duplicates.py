"""One person known twice: found, compared, joined, parted; asked about between two sites without a name."""

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from citeslab.duplicates.enums import Band
from citeslab.duplicates.models import Join, JoinRequest
from citeslab.people.models import Person
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="CitésLab de Besançon").user


@pytest.fixture
def colleague(transactional_db):
    return factories.AnyMandate(user__name="Marc Tissot", site__name="CitésLab de Dole").user


@pytest.fixture
def pairs(advisor, colleague):
    """Two files of one woman here, a perhaps, one at another site, and a question."""
    here, there = advisor.mandates.get().site, colleague.mandates.get().site
    today = timezone.localdate()
    born = date(1988, 4, 21)
    kept = factories.AnyPerson(
        site=here, first_name="Fatoumata", preferred_name="Diallo", born_on=born, phone="+33639980141", reference="P31"
    )
    gone = factories.AnyPerson(
        site=here,
        first_name="Fatoumata",
        preferred_name="Diallo-Camara",
        born_on=born,
        phone="+33639980142",
        email="fatoumata.diallo@exemple.fr",
        reference="P58",
    )
    for person, days in ((kept, 12), (gone, 200)):
        factories.AnyMeeting(person=person, held_on=today - timedelta(days=days))
        factories.AnyResidence(person=person, address="3 rue du Vallon", postal_code="25000", commune_name="Besançon")
    likeness = factories.AnyLikeness(
        first=kept, second=gone, evidence=["first:SAME", "family:PART", "born:SAME", "phone:OTHER", "place:SAME"]
    )
    one, other = (
        factories.AnyPerson(site=here, first_name=name, preferred_name="Meunier") for name in ("Mélina", "Mélisa")
    )
    factories.AnyLikeness(
        first=one, second=other, band=Band.POSSIBLE, bits=4.0, evidence=["first:NEAR", "family:SAME", "born:SAME"]
    )
    ours = factories.AnyPerson(site=here, first_name="Rachid", preferred_name="Benali")
    theirs = factories.AnyPerson(site=there, first_name="Rachid", preferred_name="Ben Ali")
    far = factories.AnyLikeness(first=ours, second=theirs, bits=9.0)
    request = factories.AnyJoinRequest(
        ours=factories.AnyPerson(site=there, first_name="Awa", preferred_name="Ndiaye"),
        theirs=factories.AnyPerson(site=here, first_name="Awa", preferred_name="N'Diaye"),
    )
    return {"near": likeness, "far": far, "request": request, "kept": kept, "gone": gone}


def check(page, name, screen):
    width, scheme, language = screen
    picture(page, f"duplicates-{name}-{width}-{scheme}-{language}")
    assert faults(page) == []
    assert sideways(page) <= 0
    assert page.errors == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages(open_page, advisor, pairs, at, screen):
    from citeslab.duplicates.services import joining

    width, scheme, language = screen
    joined = joining.join(
        kept=factories.AnyPerson(site=pairs["kept"].site),
        gone=factories.AnyPerson(site=pairs["kept"].site),
        by=advisor,
        at=at,
    )
    pages = {
        "list": reverse("duplicates:likenesses"),
        "pair": reverse("duplicates:pair", args=[pairs["near"].pk]),
        "elsewhere": reverse("duplicates:pair", args=[pairs["far"].pk]),
        "request": reverse("duplicates:request", args=[pairs["request"].pk]),
        "join": reverse("duplicates:join", args=[joined.pk]),
        "person": reverse("desk:person", args=[pairs["kept"].pk]),
    }
    for name, path in pages.items():
        page = open_page(path, user=advisor, width=width, scheme=scheme, language=language)
        check(page, name, screen)
        assert "Ben Ali" not in page.content()


def test_an_advisor_joins_two_files_and_parts_them_again(open_page, advisor, pairs):
    """Without JavaScript: the list, both files, a choice, the join, its undoing."""
    page = open_page(reverse("duplicates:likenesses"), user=advisor, script=False, width=360)
    page.get_by_role("link", name="Comparer").first.click()
    page.get_by_label("06 39 98 01 42").check()
    page.get_by_role("button", name="Réunir les deux fiches").click()
    join = Join.objects.get()
    pairs["kept"].refresh_from_db()
    assert (pairs["kept"].phone, pairs["kept"].email) == ("+33639980142", "fatoumata.diallo@exemple.fr")
    assert pairs["kept"].meetings.count() == 2

    page.goto(page.url.split("/doublons")[0] + reverse("desk:person", args=[pairs["gone"].pk]))
    assert page.url.endswith(reverse("desk:person", args=[pairs["kept"].pk]))

    page.goto(page.url.split("/personnes")[0] + reverse("duplicates:join", args=[join.pk]))
    page.get_by_role("button", name="Séparer les deux fiches").click()
    assert Person.objects.get(pk=pairs["gone"].pk).meetings.count() == 1


def test_two_sites_ask_each_other_and_both_say_yes(open_page, advisor, colleague, pairs):
    page = open_page(reverse("duplicates:pair", args=[pairs["far"].pk]), user=advisor)
    page.get_by_role("button", name="Interroger").click()
    request = JoinRequest.objects.exclude(pk=pairs["request"].pk).get()
    page.get_by_role("button", name="Oui, c’est la même personne").click()

    other = open_page(reverse("duplicates:request", args=[request.pk]), user=colleague)
    assert "Benali" not in other.content()
    other.get_by_role("button", name="Oui, c’est la même personne").click()

    assert Join.objects.get().agreed_by == advisor


def test_likely_files_appear_as_she_is_typed_and_another_site_is_asked(open_page, advisor, colleague, pairs):
    """The part that the form of a new file includes, in a form of its fields."""
    there = colleague.mandates.get().site
    factories.AnyPerson(site=there, first_name="Nadia", preferred_name="Haddad", born_on=date(1990, 2, 3))
    page = open_page(reverse("duplicates:likenesses"), user=advisor, width=360)
    token = page.context.cookies()
    csrf = next((cookie["value"] for cookie in token if cookie["name"] == "csrftoken"), "")
    names = ("first_name", "preferred_name", "born_on", "phone")
    fields = "".join(f'<input name="{name}" aria-label="{name}">' for name in names)
    form = f'<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{csrf}">{fields}%s</form>'
    page.evaluate(
        "html => { document.querySelector('#content').innerHTML = html; htmx.process(document.body) }",
        form % render_to_string("people/likely_twins.html"),
    )
    page.get_by_label("first_name").fill("Fatoumata")
    page.get_by_label("preferred_name").fill("Diallo")
    page.get_by_label("born_on").fill("21/04/1988")
    page.get_by_role("link", name="Fatoumata Diallo", exact=True).wait_for()

    page.get_by_label("first_name").fill("Nadia")
    page.get_by_label("preferred_name").fill("Haddad")
    page.get_by_label("born_on").fill("03/02/1990")
    page.get_by_text("Une fiche existe peut-être : CitésLab de Dole".replace(" :", "\xa0:")).wait_for()
    picture(page, "duplicates-typing-360")
    page.get_by_role("button", name="Interroger").click()
    page.get_by_text("Votre question est envoyée").wait_for()

    assert JoinRequest.objects.get(theirs__preferred_name="Haddad").asking_site == advisor.mandates.get().site
    assert page.errors == []
