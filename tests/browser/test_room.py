"""The room in a real browser: a code scanned, a finger that signs, a list that works without network."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error, expect

from citeslab.workshops import rules, services
from citeslab.workshops.enums import How, State
from citeslab.workshops.models import HeadCount, Opinion, Presence, Registration, Signature
from tests import factories
from tests.browser.conftest import faults, picture, session_of, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="Toulouse, Grand Mirail").user


@pytest.fixture
def site(advisor):
    return advisor.mandates.get().site


@pytest.fixture
def action(site):
    """An action of this very moment: three people, one of whom has a long name, and one in line."""
    found = factories.AnyWorkshop(
        site=site, held_on=timezone.localdate(), title="Entreprendre au féminin", capacity=3, is_planned=True
    )
    for half in range(2):
        factories.AnySession(workshop=found, starts_at=timezone.now() + timedelta(minutes=half))
    for rank, name in enumerate(["Khelifi", "Delaunay-Etchegoyen-Saint-Germain", "Mansouri", "Traoré"]):
        person = factories.AnyPerson(site=site, first_name="Lila", preferred_name=name, phone=f"+336399800{rank:02}")
        factories.AnyRegistration(workshop=found, person=person, number=rank + 1, is_waiting=rank == 3)
    return found


@pytest.fixture
def session(action):
    return action.sessions.first()


def named(said: str) -> re.Pattern:
    """The name of a button whose end is for screen readers alone: the browser sets it a space apart."""
    return re.compile(said.replace(", ", " ?, "))


def scan_address(session) -> str:
    return reverse("workshops:scan", args=[session.pk, rules.code_of(session, timezone.now())])


def draw(page):
    place = page.locator("canvas:visible").first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 20 + 20 * step, box["y"] + 20 + (step % 2) * 40)
    page.mouse.up()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def test_pages_of_the_room(open_page, advisor, action, session, screen):
    width, scheme, language = screen
    code = rules.code_of(session, timezone.now())
    for _opinion in range(5):
        factories.AnyOpinion(workshop=action)
    addresses = {
        "room": (reverse("workshops:room", args=[action.pk, session.pk]), advisor),
        "list": (reverse("workshops:list", args=[action.pk]), advisor),
        "file": (reverse("workshops:file", args=[action.pk]), advisor),
        "action": (reverse("workshops:workshop", args=[action.pk]), advisor),
        "scan": (reverse("workshops:scan", args=[session.pk, code]), None),
        "opinion": (reverse("workshops:opinion", args=[session.pk, code]) + "?note=1", None),
    }
    for name, (address, user) in addresses.items():
        page = open_page(address, user=user, width=width, scheme=scheme, language=language)
        page.wait_for_load_state("networkidle")
        picture(page, f"room-{name}-{width}-{scheme}-{language}")
        assert faults(page) == []
        assert sideways(page) == 0
        assert page.errors == []


def test_a_code_is_scanned_and_a_finger_signs(open_page, advisor, action, session):
    wall = open_page(reverse("workshops:room", args=[action.pk, session.pk]), user=advisor, language="en")
    shown = urlsplit(wall.locator("[data-address]").inner_text()).path
    phone = open_page(shown, width=320, language="en")
    phone.get_by_label("Your number, or").fill("999")
    draw(phone)
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_text("Nobody on the list has this.").first.wait_for()
    phone.get_by_label("Your number, or").fill("2")
    draw(phone)
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_text("You are noted as here, and you signed.").wait_for()

    for question in ("useful", "understood", "next_step"):
        phone.locator(f"input[name={question}][value='3']").check(force=True)
    phone.get_by_role("button", name="Give my opinion").click()
    phone.get_by_role("heading", name="Thank you").wait_for()

    told, signed = Presence.objects.get(), Signature.objects.get()
    assert (told.registration.number, told.how, told.state) == (2, How.CODE, State.PRESENT)
    assert (signed.registration_id, len(signed.strokes[0]) > 3) == (told.registration_id, True)
    assert Opinion.objects.count() == 1
    wall.reload()
    expect(wall.locator("[data-present]")).to_have_text("1")
    # the browser says in its console that a first answer was refused
    assert [said for said in phone.errors if "422" not in said] == []


def test_a_scan_without_network_leaves_by_itself_once(open_page, action, session):
    phone = open_page(scan_address(session), width=320, language="en")
    phone.get_by_label("Your number, or").fill("n° 1")
    phone.get_by_label("I sign without drawing").first.check()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="I am here").click()
    phone.get_by_text("Kept on this phone").wait_for()
    assert not Presence.objects.exists()

    phone.context.set_offline(False)
    phone.get_by_text("You are noted as here, and you signed.").wait_for()
    assert Presence.objects.get().registration.number == 1
    assert Signature.objects.get().strokes == []


def test_the_list_works_without_network(open_page, advisor, action, session, tmp_path):
    address = reverse("workshops:list", args=[action.pk])
    page = open_page(address, user=advisor, width=320, language="en")
    page.wait_for_selector("[data-kept=yes]")
    page.context.set_offline(True)

    rows = page.locator("[data-rows] > li")
    for rank, name in enumerate(("present", "absent", "excused")):
        rows.nth(rank).get_by_role("button", name=name).click()
    page.get_by_text("Someone who walks in").click()
    page.get_by_label("First name").fill("Nour")
    page.get_by_label("Name", exact=True).fill("Bensaïd")
    page.get_by_role("button", name=named("Write her down, she is here")).click()
    page.get_by_role("button", name=named("Sign, Nour Bensaïd")).click()
    draw(page)
    page.get_by_role("button", name="Done").click()
    page.locator("summary", has_text="Heads without a name").click()
    page.get_by_label("Women").first.fill("4")
    page.get_by_role("button", name="Keep this count").click()
    page.locator("[data-state][data-waiting='7']").wait_for()  # three marks, a walk-in and hers, a signature, heads

    page.locator("summary", has_text="From paper, or from another phone").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save what waits to a file").click()
    file = tmp_path / "actes.json"
    saved.value.save_as(file)
    assert len(json.loads(file.read_text())["acts"]) == 7
    assert not Presence.objects.exists()
    picture(page, "room-list-offline-320-light-en")

    page.reload()  # the worker answers; what was told is on the phone
    page.wait_for_selector("[data-state][data-waiting]")
    expect(page.get_by_role("button", name=named("present, Lila Khelifi"))).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-rows]")).to_contain_text("Nour Bensaïd")

    page.context.set_offline(False)
    page.evaluate(
        "window.dispatchEvent(new Event('online'))"
    )  # a page that the worker gave is not told by this browser
    page.locator("[data-state][data-waiting='0']").wait_for(timeout=75_000)
    standing = Presence.objects.standing().order_by("registration__number")
    assert [one.state for one in standing] == ["PRESENT", "ABSENT", "EXCUSED", "PRESENT"]
    assert Registration.objects.get(number=5).person.first_name == "Nour"
    assert Signature.objects.get().registration.number == 5
    assert HeadCount.objects.standing().get().heads == 4
    page.reload()
    expect(page.get_by_role("button", name=named("absent, Lila Delaunay"))).to_have_attribute("aria-pressed", "true")

    page.goto(page.url.replace("/liste/", "/fichier/"))
    page.get_by_label("File saved by the other phone").set_input_files(file)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator("main")).to_contain_text("7 acts, 7 known already.")
    page.get_by_role("button", name="Take them in").click()
    page.get_by_text("7 were known already.").wait_for()
    assert Presence.objects.count() == 4


def test_what_another_phone_told_is_seen_and_a_refusal_says_why(open_page, advisor, action, session):
    page = open_page(reverse("workshops:list", args=[action.pk]), user=advisor, width=320, language="en")
    page.wait_for_selector("[data-kept=yes]")
    other = factories.AnyPresence(
        session=session, registration=action.registrations.get(number=3), told_at=timezone.now()
    )
    page.get_by_text("Someone who walks in").click()
    page.get_by_label("First name").fill("Nour")
    page.get_by_label("Name", exact=True).fill("Bensaïd")
    page.get_by_label("Phone or e-mail address").fill("12")
    page.get_by_role("button", name=named("Write her down, she is here")).click()
    page.get_by_text("Neither a phone number nor an e-mail address.").wait_for()
    button = page.get_by_role("button", name=named(f"present, {other.registration.name}"))
    expect(button).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="Write it again").click()
    page.get_by_label("Phone or e-mail address").fill("06 39 98 00 77")
    page.get_by_role("button", name=named("Write her down, she is here")).click()
    page.locator("[data-state][data-waiting='0']").wait_for()
    assert Presence.objects.standing().filter(registration__number=5).get().state == State.PRESENT


def test_another_account_and_who_signed_out_find_nothing(open_page, advisor, action, site):
    address = reverse("workshops:list", args=[action.pk])
    page = open_page(address, user=advisor, language="en")
    page.wait_for_selector("[data-kept=yes]")
    kept = """async () => (await (await caches.open('citeslab-room')).keys())
        .filter(one => one.url.includes('/liste/')).length"""
    assert page.evaluate(kept) == 1

    colleague = factories.AnyMandate(site=site).user
    page.context.add_cookies([{"name": "sessionid", "value": session_of(colleague), "url": page.url}])
    page.goto(page.url.replace("/liste/", "/"))
    page.wait_for_function(f"async () => (await ({kept})()) === 0")

    page.goto(page.url + "liste/")
    page.wait_for_selector("[data-kept=yes]")
    page.goto(page.url.replace("/liste/", "/"))
    page.locator("summary.bar-me").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/connexion/**")
    assert page.evaluate("caches.has('citeslab-room')") is False


def test_a_list_does_not_open_without_network_once_its_day_is_over(open_page, advisor, action):
    page = open_page(reverse("workshops:list", args=[action.pk]), user=advisor, language="en")
    page.wait_for_selector("[data-kept=yes]")
    page.evaluate(
        """async (day) => {
            const cache = await caches.open('citeslab-room');
            const kept = await cache.match(location.href, {ignoreVary: true});
            const headers = new Headers(kept.headers);
            headers.set('Citeslab-Keep', headers.get('Citeslab-Keep').replace(/ .*/, ` ${day}`));
            await cache.put(location.href, new Response(await kept.text(), {headers}));
        }""",
        (timezone.localdate() - timedelta(days=1)).isoformat(),
    )
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_"):
        page.reload()


def test_a_phone_whose_clock_is_a_day_ahead_keeps_the_list_for_the_day(open_page, advisor, action, monkeypatch):
    yesterday = timezone.now() - timedelta(days=1)
    ours = SimpleNamespace(now=lambda: yesterday, localdate=timezone.localdate, activate=timezone.activate)
    monkeypatch.setattr(
        "citeslab.workshops.views.room.timezone", ours
    )  # as far from the phone's clock as hers from ours
    action.sessions.update(starts_at=yesterday, ends_at=yesterday + timedelta(hours=1))
    type(action).objects.update(held_on=timezone.localdate(yesterday))
    page = open_page(reverse("workshops:list", args=[action.pk]), user=advisor, language="en")
    page.wait_for_selector("[data-kept=yes]", timeout=15_000)
    page.reload()  # now the worker keeps it anew
    page.wait_for_selector("[data-kept=yes]", timeout=15_000)
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name=named("present, Lila Khelifi")).click()
    expect(page.locator("[data-state][data-waiting='1']")).to_be_visible()


def test_what_was_refused_is_sent_again_once_the_action_is_on_the_programme(open_page, advisor, action, session):
    page = open_page(reverse("workshops:list", args=[action.pk]), user=advisor, width=320, language="en")
    page.wait_for_selector("[data-kept=yes]")
    services.call_off(workshop=action, because="", by=advisor, at=timezone.now())
    page.get_by_role("button", name=named("present, Lila Khelifi")).click()
    page.get_by_text("put it back on the programme first").wait_for()
    picture(page, "room-list-refused-320-light-en")
    assert not Presence.objects.exists()

    services.restore(workshop=action, by=advisor, at=timezone.now())
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("[data-refused-list]")).to_be_hidden()
    page.locator("[data-state][data-waiting='0']").wait_for()
    assert Presence.objects.get().registration.number == 1


def test_without_a_script_the_list_and_the_code_work_all_the_same(open_page, advisor, action, session):
    page = open_page(reverse("workshops:list", args=[action.pk]), user=advisor, language="en", script=False)
    page.get_by_role("button", name=named("present, Lila Khelifi")).click()
    expect(page.get_by_role("button", name=named("present, Lila Khelifi"))).to_have_attribute("aria-pressed", "true")

    phone = open_page(scan_address(session), language="en", script=False)
    phone.get_by_label("Your number, or").fill("06 39 98 00 01")
    phone.get_by_label("I sign without drawing").first.check()
    phone.get_by_role("button", name="I am here").click()
    expect(phone.get_by_text("You are noted as here, and you signed.")).to_be_visible()
    assert Presence.objects.filter(how=How.CODE).get().registration.number == 2
