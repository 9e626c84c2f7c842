"""The note after a meeting, in a real browser: counted, killed, cut off, stale; and the pages around it."""

import contextlib
import os
import re
import signal
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from citeslab.accounts.models import Session
from citeslab.followup.enums import ExitReason, Kind, Stage
from citeslab.followup.models import Gesture, Meeting, NextStep, Note, Transition
from tests import factories
from tests.browser.conftest import QUIET, code_of, faults, picture, session_of, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]
TWO_LINES = (
    "Devis du triporteur reçu : 3 900 €. Elle garde le nom « Chez Samira ».\n"
    "Prête pour l’Adie, un peu inquiète pour l’hygiène : atelier du 24 proposé."
)
MOST_GESTURES = 25


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="Grand Mirail").user


@pytest.fixture
def samira(advisor):
    today = timezone.localdate()
    site = advisor.mandates.get().site
    factories.AnyFSEPlus(site=site, begins_on=today - timedelta(days=100))
    person = factories.AnyPerson(
        site=site, first_name="Samira", preferred_name="Khelifi", phone="+33639980142", recorded_by=advisor
    )
    project = factories.AnyProject(site=site, title="Traiteur à domicile", started_on=today - timedelta(days=400))
    factories.AnyProjectHolder(project=project, person=person)
    for days, stage in [(300, Stage.ACCU), (200, Stage.AMOR), (80, Stage.EMER)]:
        on = today - timedelta(days=days)
        factories.AnyTransition(person=person, project=project, stage=stage, occurred_on=on, recorded_by=advisor)
        meeting = factories.AnyMeeting(person=person, project=project, held_on=on, minutes=45, recorded_by=advisor)
        factories.AnyNote(meeting=meeting, text="Vingt ans de cuisine pour les mariages du quartier.")
    for what, days in [("Demander deux devis de triporteur", -3), ("Attestation d’hygiène alimentaire", 12)]:
        factories.AnyPlanStep(person=person, project=project, what=what, due_on=today + timedelta(days=days))
    return person


def note_of(person):
    return reverse("followup:note", args=[person.pk])


def check(page, name, width, scheme, language):
    picture(page, f"{name}-{width}-{scheme}-{language}")
    assert faults(page) == []
    assert sideways(page) <= 0
    assert page.errors == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_of_the_pathway(open_page, advisor, samira, screen):
    width, scheme, language = screen
    today = timezone.localdate()
    left = factories.AnyTransition(
        person__site=samira.site, person__first_name="Rachid", stage=Stage.SORT, exit_reason=ExitReason.CREATION
    )
    silent = factories.AnyNoNewsProposal(
        person__site=samira.site, person__first_name="Fatou", person__phone="+33639980143",
        last_contact_on=today - timedelta(days=200),
    )  # fmt: skip
    factories.AnyTransition(person=silent.person, stage=Stage.AMOR)
    news = factories.AnyLaterNews(since=left, due_on=today - timedelta(days=4))
    wrong = Transition.objects.filter(person=samira).last()
    factories.AnyTransition(
        person=samira, stage=Stage.PARC, recorded_by=advisor, withdrawn_at=timezone.now(), withdrawn_by=advisor
    )
    factories.AnyNextStep(person=samira, kind=Kind.CALL, due_on=today - timedelta(days=2))
    pages = {
        "note": note_of(samira),
        "note-choose": reverse("desk:write"),
        "path": reverse("followup:steps", args=[samira.pk]),
        "path-correct": reverse("followup:step", args=[samira.pk, wrong.pk]),
        "plan": reverse("followup:plan", args=[samira.pk]),
        "person-followed": reverse("desk:person", args=[samira.pk]),
        "today-followed": reverse("desk:home"),
        "silences": reverse("followup:silences"),
        "later": reverse("followup:later"),
        "later-news": reverse("followup:later_news", args=[news.pk]),
    }
    for name, path in pages.items():
        check(
            open_page(path, user=advisor, width=width, scheme=scheme, language=language), name, width, scheme, language
        )


def test_a_two_line_note_takes_few_gestures(open_page, advisor, samira, capsys):
    """From her file: each tap and each key that is not a letter of the text is counted."""
    page = open_page(reverse("desk:person", args=[samira.pk]), user=advisor, width=360)
    gestures = []

    def tap(locator, what):
        locator.click()
        gestures.append(what)

    tap(page.get_by_role("link", name="Écrire sa note"), "tap: write a note")
    page.wait_for_url(f"**{note_of(samira)}")
    tap(page.get_by_label("Qu’avez-vous retenu"), "tap: the text")
    page.keyboard.type(TWO_LINES.replace("\n", " "))
    tap(page.locator("label", has=page.locator("[name=stage][value=FORM]")), "tap: formalization")
    picture(page, "note-written-360")
    said = page.locator("[data-said-back]").inner_text()
    tap(page.get_by_role("button", name="Enregistrer la note"), "tap: save the note")
    page.wait_for_url(f"**/personnes/{samira.pk}/")

    with capsys.disabled():
        print(f"\n  a two-line note: {len(gestures)} taps and keys ({', '.join(gestures)}), {len(TWO_LINES)} letters")
    assert len(gestures) <= MOST_GESTURES
    again = timezone.localdate() + timedelta(days=14)
    assert said.startswith("De «\xa0émergence\xa0» à «\xa0formalisation\xa0». Vous revoyez Samira ")
    assert Note.objects.filter(text=TWO_LINES.replace("\n", " ")).exists()
    assert Transition.objects.in_order().last().stage == Stage.FORM
    assert NextStep.objects.get().due_on == again


def test_the_same_by_keyboard_alone(open_page, advisor, samira, capsys):
    page = open_page(note_of(samira), user=advisor)
    keys = 0

    def press(key, times=1):
        nonlocal keys
        for _ in range(times):
            page.keyboard.press(key)
            keys += 1

    def focused():
        return page.evaluate("document.activeElement.name || ''")

    while focused() != "text":
        press("Tab")
    page.keyboard.type("Prête pour l’Adie.")
    press("Tab")
    assert focused() == "stage"
    press("ArrowRight")
    press("Tab")
    press("Tab")
    while focused() != "" or page.evaluate("document.activeElement.tagName") != "BUTTON":
        press("Tab")
    press("Enter")
    page.wait_for_url(f"**/personnes/{samira.pk}/")

    with capsys.disabled():
        print(f"\n  the same by keyboard: {keys} keys")
    assert keys <= MOST_GESTURES
    assert Transition.objects.in_order().last().stage == Stage.FORM


def test_the_sentence_stays_true_to_the_choices(open_page, advisor, samira):
    page = open_page(note_of(samira), user=advisor, language="en")
    said = page.locator("[data-said-back]")
    page.locator("[name=stage][value=FORM]").check(force=True)
    page.locator("[name=following][value=MEET]").check(force=True)
    page.locator("#id_meet_on").fill("2031-03-06")
    page.locator("#id_meet_time").fill("10:30")
    expect(said).to_have_text(
        "From emergence to formalization. You see Samira again Thursday, March 6 at 10:30\u202fAM."
    )

    page.locator("[name=following][value=CALL]").check(force=True)
    page.locator("#id_call_on").fill("2031-03-07")
    expect(said).to_have_text("From emergence to formalization. You call Samira back Friday, March 7.")

    page.reload()  # what was chosen is given back, and said again
    expect(said).to_have_text("From emergence to formalization. You call Samira back Friday, March 7.")


def test_leaving_plans_nothing_and_asks_why(open_page, advisor, samira):
    page = open_page(note_of(samira), user=advisor, language="en")
    page.locator("[name=stage][value=SORT]").check(force=True)
    expect(page.locator("[name=following][value=NOTHING]")).to_be_checked()
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why she leaves")
    assert not Gesture.objects.exists()

    page.locator("#id_exit_reason").select_option("EMPLOYMENT")
    expect(page.locator("[data-said-back]")).to_contain_text("back to employment")
    page.get_by_role("button", name="Save the note").click()
    page.wait_for_url(f"**/personnes/{samira.pk}/")
    assert Transition.objects.in_order().last().exit_reason == ExitReason.EMPLOYMENT


WRITTEN = """words => new Promise(found => {
    const asked = indexedDB.open("citeslab", 1);
    asked.onsuccess = () => {
        const rows = asked.result.transaction("notes").objectStore("notes").getAll();
        rows.onsuccess = () => { asked.result.close(); found(JSON.stringify(rows.result).includes(words)); };
    };
})"""


def until_written(page, words):
    """The machine that runs the tests may be slow: the word is on the disk, then the browser is killed."""
    page.wait_for_function(WRITTEN, arg=words, timeout=30_000)


def test_a_killed_browser_loses_no_word(chromium, live_server, advisor, samira, tmp_path):
    """The browser's own process is killed while she writes; opened again, her words are there."""
    playwright = chromium.browser_type
    cookies = [
        {"name": "sessionid", "value": session_of(advisor), "url": live_server.url},
        {"name": "django_language", "value": "en", "url": live_server.url},
    ]

    def open_again():
        context = playwright.launch_persistent_context(
            tmp_path, executable_path=os.environ["CITESLAB_CHROMIUM"], args=QUIET, locale="en"
        )
        context.add_cookies(cookies)
        page = context.pages[0]
        page.goto(live_server.url + note_of(samira))
        return context, page

    _context, page = open_again()
    page.get_by_label("What did you retain?").press_sequentially("Onze commandes en septembre")
    page.locator("[name=stage][value=FORM]").check(force=True)
    until_written(page, "en septembre")
    until_written(page, '["stage","FORM"]')
    browser = int((tmp_path / "SingletonLock").readlink().name.rsplit("-", 1)[1])
    os.kill(browser, signal.SIGKILL)
    (tmp_path / "SingletonLock").unlink(missing_ok=True)

    context, page = open_again()
    expect(page.get_by_label("What did you retain?")).to_have_value("Onze commandes en septembre")
    expect(page.locator("[name=stage][value=FORM]")).to_be_checked()
    expect(page.locator("[data-restored]")).to_be_visible()
    page.get_by_role("button", name="Save the note").click()
    page.wait_for_url(f"**/personnes/{samira.pk}/")
    page.goto(live_server.url + note_of(samira))
    expect(page.get_by_label("What did you retain?")).to_have_value("")
    context.close()
    assert Gesture.objects.count() == 1


def test_a_page_that_crashes_loses_no_word(open_page, advisor, samira):
    page = open_page(note_of(samira), user=advisor, language="en")
    address = page.url
    page.get_by_label("What did you retain?").press_sequentially("Onze commandes")
    until_written(page, "Onze commandes")
    with contextlib.suppress(PlaywrightError):
        page.goto("chrome://crash", timeout=5_000)

    other = page.context.new_page()
    other.goto(address)
    expect(other.get_by_label("What did you retain?")).to_have_value("Onze commandes")


def test_a_note_saved_without_network_leaves_once_by_itself(open_page, advisor, samira):
    page = open_page(note_of(samira), user=advisor, width=360, language="en")
    page.get_by_label("What did you retain?").fill("Prix revus ensemble : 14 € le plateau.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("[data-waiting]").last).to_be_visible()
    expect(page.locator("[data-outbox]")).to_be_visible()
    assert page.locator(".gesture").get_attribute("inert") is not None  # what waits is not written in any more
    picture(page, "note-waits-360")
    assert not Gesture.objects.exists()

    page.context.set_offline(False)
    page.wait_for_url(f"**/personnes/{samira.pk}/")
    expect(page.get_by_text("Prix revus ensemble")).to_be_visible()
    page.reload()
    assert Gesture.objects.count() == 1
    gesture = Gesture.objects.get()
    assert gesture.written_at_device is not None
    assert Meeting.objects.filter(held_on=timezone.localdate()).count() == 1


def test_a_note_that_waits_leaves_from_any_page_later(open_page, advisor, samira, live_server):
    page = open_page(note_of(samira), user=advisor, language="en")
    page.get_by_label("What did you retain?").fill("Prix revus.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("[data-outbox]")).to_be_visible()
    page.close()
    page.context.set_offline(False)

    later = page.context.new_page()
    later.goto(live_server.url + reverse("desk:people"))
    expect(later.locator("[data-outbox]")).to_contain_text("is saved")
    assert Note.objects.filter(text="Prix revus.").count() == 1


def test_two_taps_save_one_note(open_page, advisor, samira):
    page = open_page(note_of(samira), user=advisor, language="en")
    page.get_by_label("What did you retain?").fill("Prix revus.")
    page.get_by_role("button", name="Save the note").dblclick()
    page.wait_for_url(f"**/personnes/{samira.pk}/")

    assert Gesture.objects.count() == 1


def test_an_expired_session_brings_her_back_with_everything_typed(open_page, advisor, samira):
    advisor.set_password("une phrase assez longue")
    advisor.save()
    secret = generate_totp_secret()
    TOTP.activate(advisor, secret)
    page = open_page(note_of(samira), user=advisor, language="en")
    page.get_by_label("What did you retain?").fill("Prix revus ensemble.")
    page.locator("[name=stage][value=FORM]").check(force=True)
    Session.objects.all().delete()  # eight hours later

    page.get_by_role("button", name="Save the note").click()
    page.wait_for_url("**/connexion/**")
    page.locator("[name=username], [name=login]").first.fill(advisor.email)
    page.locator("[name=password]").fill("une phrase assez longue")
    page.locator("main form button").last.click()
    page.wait_for_url("**/connexion/code/**")
    page.locator("[name=code]").fill(code_of(secret))
    page.locator("main form.form button").last.click()
    page.wait_for_url(re.compile(rf"//[^/]+{note_of(samira)}$"))
    expect(page.get_by_label("What did you retain?")).to_have_value("Prix revus ensemble.")
    expect(page.locator("[name=stage][value=FORM]")).to_be_checked()
    page.get_by_role("button", name="Save the note").click()
    page.wait_for_url(f"**/personnes/{samira.pk}/")

    assert Gesture.objects.count() == 1


def test_the_second_advisor_sees_what_changed_and_chooses(open_page, advisor, samira):
    page = open_page(note_of(samira), user=advisor, language="en")
    page.get_by_label("What did you retain?").fill("Prix revus ensemble.")
    page.locator("[name=stage][value=PARC]").check(force=True)
    colleague = factories.AnyUser(name="Paul Garrigue")
    project = samira.projects.get()
    factories.AnyTransition(
        person=samira, project=project, stage=Stage.FORM, occurred_on=timezone.localdate(), recorded_by=colleague
    )

    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Paul Garrigue").first).to_be_visible()
    expect(page.get_by_label("What did you retain?")).to_have_value("Prix revus ensemble.")
    picture(page, "note-moved-meanwhile")
    assert not Gesture.objects.exists()

    page.get_by_role("button", name="Save the note").click()
    page.wait_for_url(f"**/personnes/{samira.pk}/")
    assert Transition.objects.in_order().last().stage == Stage.PARC


def test_another_account_never_sees_a_draft_and_sign_out_erases_it(open_page, advisor, samira, live_server):
    page = open_page(note_of(samira), user=advisor, language="en")
    page.get_by_label("What did you retain?").fill("Un secret de travail")
    page.wait_for_timeout(200)
    colleague = factories.AnyMandate(site=samira.site).user
    page.context.add_cookies([{"name": "sessionid", "value": session_of(colleague), "url": live_server.url}])
    page.reload()
    expect(page.get_by_label("What did you retain?")).to_have_value("")

    page.context.add_cookies([{"name": "sessionid", "value": session_of(advisor), "url": live_server.url}])
    page.reload()
    expect(page.get_by_label("What did you retain?")).to_have_value("Un secret de travail")
    page.goto(live_server.url + reverse("desk:home"))
    page.locator("summary.bar-me").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/connexion/**")
    page.context.add_cookies([{"name": "sessionid", "value": session_of(advisor), "url": live_server.url}])
    page.goto(live_server.url + note_of(samira))
    page.wait_for_timeout(200)
    expect(page.get_by_label("What did you retain?")).to_have_value("")


def test_a_word_to_watch_is_told_before_saving(open_page, advisor, samira):
    page = open_page(note_of(samira), user=advisor, language="en")
    page.get_by_label("What did you retain?").press_sequentially("Sort d’une dépression.")
    expect(page.locator("#attention")).to_contain_text("health (dépression)")
    picture(page, "note-attention")
    assert faults(page) == []


def test_it_works_without_script(open_page, advisor, samira):
    page = open_page(note_of(samira), user=advisor, language="en", script=False)
    page.get_by_label("What did you retain?").fill("Prix revus.")
    page.locator("[name=stage][value=FORM]").check(force=True)
    page.get_by_role("button", name="Save the note").click()

    assert Transition.objects.in_order().last().stage == Stage.FORM
    assert "Kept on this phone at each word" not in page.content() or page.locator("[data-net]").is_hidden()
