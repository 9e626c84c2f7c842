"""From the advisor's tap to the person's own phone: told, given a code, her file read, changed and taken away."""

import io
import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from citeslab.followup.enums import Stage
from citeslab.rights import services
from citeslab.rights.models import Consent, CorrectionRequest, Notice
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="CitésLab Grand Mirail").user


@pytest.fixture
def samira(advisor):
    today = timezone.localdate()
    site = advisor.mandates.get().site
    person = factories.AnyPerson(
        site=site, first_name="Samira", preferred_name="Khelifi", phone="+33639980142", email="samira@exemple.fr",
        born_on=date(1987, 3, 12), reference="REF-12", recorded_by=advisor,
    )  # fmt: skip
    project = factories.AnyProject(site=site, title="Traiteur à domicile", started_on=today - timedelta(days=90))
    factories.AnyProjectHolder(project=project, person=person)
    for days, stage in [(90, Stage.ACCU), (50, Stage.AMOR), (12, Stage.EMER)]:
        by = {"recorded_by": advisor, "recorded_at": timezone.now() - timedelta(days=days)}
        on = today - timedelta(days=days)
        factories.AnyTransition(person=person, project=project, stage=stage, occurred_on=on, **by)
        factories.AnyMeeting(person=person, project=project, held_on=on, minutes=45, **by)
    factories.AnyAttendance(person=person, workshop__title="Fixer son prix", recorded_by=advisor)
    factories.AnyResidenceAnswer(
        residence__person=person, residence__address="14 rue des Arts", residence__commune_name="Toulouse",
        residence__recorded_by=advisor, recorded_by=advisor,
    )  # fmt: skip
    services.say_consent(
        person=person, purpose="PHOTO", said="YES", way="SPOKEN", by=advisor, at=timezone.now() - timedelta(days=12)
    )
    return person


def check(page, name, width, scheme, language):
    picture(page, f"{name}-{width}-{scheme}-{language}")
    assert faults(page) == []
    assert sideways(page) <= 0
    assert page.errors == []
    assert page.get_attribute("html", "lang") == language


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_of_the_advisor(open_page, advisor, samira, screen):
    width, scheme, language = screen
    factories.AnyCorrectionRequest(
        person=samira, text="Mon nom s’écrit Khélifi, avec un accent.", asked_at=timezone.now() - timedelta(days=3)
    )
    silent = factories.AnyPerson(site=samira.site, first_name="Paul", preferred_name="Martin-Lefèvre")
    factories.AnyMeeting(person=silent, held_on=timezone.localdate() - timedelta(days=710))
    services.sweep(by=advisor, at=timezone.now())
    pages = {
        "rights-person-page": reverse("desk:person", args=[samira.pk]),
        "rights-person": reverse("rights:person", args=[samira.pk]),
        "rights-waiting": reverse("rights:waiting"),
        "rights-erasure": reverse("rights:erasure", args=[samira.pk]),
        "rights-today": reverse("desk:home"),
    }
    for name, path in pages.items():
        page = open_page(path, user=advisor, width=width, scheme=scheme, language=language)
        check(page, name, width, scheme, language)


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_for_everyone(open_page, transactional_db, screen):
    width, scheme, language = screen
    for name in ("door", "asking", "information"):
        page = open_page(reverse(f"rights:{name}"), width=width, scheme=scheme, language=language)
        check(page, f"rights-{name}", width, scheme, language)


def test_she_is_told_given_a_code_reads_changes_and_takes_her_file(open_page, advisor, samira):
    desk = open_page(reverse("desk:person", args=[samira.pk]), user=advisor)
    desk.get_by_role("button", name="Je l’ai informée").click()
    desk.get_by_text("informée de ses données").first.wait_for()
    assert Notice.objects.get().recorded_by == advisor
    desk.get_by_role("link", name="Information, accords, code").click()
    desk.get_by_role("button", name="Lui donner un code").click()
    code = desk.locator(".access-code").inner_text()
    check(desk, "rights-code", 1280, "light", "fr")

    phone = open_page(reverse("rights:door"), width=320)
    phone.get_by_label("Votre code").fill(code.lower())
    phone.get_by_label("Votre date de naissance").fill("12/3/1986")
    phone.get_by_role("button", name="Ouvrir mon dossier").click()
    phone.locator("[role=alert], .form-errors").first.wait_for()
    check_refused(phone)
    phone.get_by_label("Votre code").fill(code)
    phone.get_by_label("Votre date de naissance").fill("12/3/1987")
    phone.get_by_role("button", name="Ouvrir mon dossier").click()
    phone.wait_for_url("**/mes-donnees/dossier/")
    check(phone, "rights-file", 320, "light", "fr")
    text = phone.locator("main").inner_text()
    for word in ("Bonjour Samira", "Traiteur à domicile", "14 rue des Arts", "Fixer son prix", "Inès Carvalho"):
        assert word in text

    phone.get_by_role("button", name="Reprendre mon accord").click()
    phone.get_by_text("C’est fait").wait_for()
    assert Consent.objects.latest("pk").said == "NO"

    phone.get_by_label("Avec vos mots").fill("Mon nom s’écrit Khélifi.")
    phone.get_by_role("button", name="Envoyer ma demande").click()
    phone.get_by_text("attend une réponse").wait_for()
    services.answer_request(
        request=CorrectionRequest.objects.get(), answer="C’est corrigé, merci.", by=advisor, at=timezone.now()
    )
    phone.reload()
    phone.get_by_text("C’est corrigé, merci.").wait_for()
    check(phone, "rights-file-after", 320, "light", "fr")

    with phone.expect_download() as got:
        phone.get_by_role("link", name="Télécharger en JSON").click()
    told = json.loads(got.value.path().read_bytes())
    assert told["records"]["people.person"]["rows"][0]["first_name"] == "Samira"
    with phone.expect_download() as got:
        phone.get_by_role("link", name="Télécharger en PDF").click()
    read = PdfReader(io.BytesIO(got.value.path().read_bytes()))
    assert "Traiteur" in "".join(page.extract_text() for page in read.pages)

    phone.get_by_role("button", name="Quitter").click()
    phone.wait_for_url("**/mes-donnees/")
    phone.goto(phone.url + "dossier/")
    assert phone.url.endswith("/mes-donnees/")


def check_refused(page):
    """A refusal is a 422, which the browser says on its console; nothing else is."""
    assert all("422" in error for error in page.errors)
    page.errors.clear()
    check(page, "rights-door-refused", 320, "light", "fr")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light"), (1280, "dark")])
def test_her_file_on_other_screens_and_without_script(open_page, advisor, samira, width, scheme):
    code = services.give_code(person=samira, by=advisor, at=timezone.now())[1]
    script = scheme == "dark"  # axe needs it
    page = open_page(reverse("rights:door"), width=width, scheme=scheme, language="en", script=script)
    page.locator("[name=code]").fill(code)
    page.locator("[name=answer]").fill("0142")
    page.locator("main .button-main").click()
    page.wait_for_url("**/mes-donnees/dossier/")
    picture(page, f"rights-file-{width}-{scheme}-en")
    if script:
        check(page, "rights-file", width, scheme, "en")
