"""The agenda in a real browser: a surgery opened, a person booked, moved, reminded, and one who does not come."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.agenda import services
from citeslab.agenda.models import Appointment, Surgery
from citeslab.agenda.values import monday_of
from citeslab.core.values import instant
from citeslab.notifications import services as notifications
from citeslab.notifications.models import Message
from tests import factories
from tests.browser.conftest import faults, picture, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = [(320, "light", "fr"), (320, "dark", "en"), (1280, "light", "en"), (1280, "dark", "fr")]


@pytest.fixture
def advisor(transactional_db):
    return factories.AnyMandate(user__name="Inès Carvalho", site__name="Toulouse, Grand Mirail").user


@pytest.fixture
def site(advisor):
    return advisor.mandates.get().site


@pytest.fixture
def samira(site):
    return factories.AnyPerson(
        site=site, first_name="Samira", preferred_name="Khelifi", phone="+33639980142", email="samira@example.org"
    )


@pytest.fixture
def full_week(site, advisor, samira):
    """A week as it is: two surgeries, a dozen appointments, a day closed, someone who asks for another time."""
    colleague = factories.AnyMandate(site=site, user__name="Marc Delaunay-Etchegoyen").user
    on = timezone.localdate()
    monday = monday_of(on)
    factories.AnySurgery(site=site, advisor=advisor, weekdays=[0, 3], begins_on=monday - timedelta(days=70))
    factories.AnySurgery(
        site=site, advisor=advisor, place="Médiathèque de la Reynerie", weekdays=[1], rhythm="FORTNIGHTLY",
        begins_on=monday - timedelta(days=70), from_time=time(14), until_time=time(17),
    )  # fmt: skip
    factories.AnySurgery(site=site, advisor=colleague, weekdays=[2], begins_on=monday - timedelta(days=70))
    names = ["Rachid Benali", "Thomas Lefèvre-Saint-Germain", "Leïla Mansouri", "Denis Oliveira"]
    for number in range(14):
        first, last = names[number % 4].split(" ", 1)
        day = monday + timedelta(days=number)
        factories.AnyAppointment(
            person=factories.AnyPerson(site=site, first_name=first, preferred_name=last, phone="+33639980177"),
            advisor=advisor, starts_at=instant(day, time(9)), place="Maison de quartier de Bellefontaine",
            kind="PHONE" if number % 3 == 2 else "MEET",
        )  # fmt: skip
    for appointment in Appointment.objects.filter(ends_at__lt=timezone.now()):
        services.note_outcome(
            appointment=appointment, outcome="NO_SHOW" if appointment.pk % 2 else "HELD", by=advisor, at=timezone.now()
        )
    hers = factories.AnyAppointment(
        person=samira, advisor=advisor, starts_at=instant(on + timedelta(days=7), time(16)), place="Maison de quartier"
    )
    services.ask_to_move(appointment=hers, words="plutôt le mardi matin", at=timezone.now())
    closed = monday + timedelta(days=9)
    services.close_day(advisor=advisor, day=closed, by=advisor, at=timezone.now())
    return hers


def check(page, name, width, scheme, language):
    picture(page, f"agenda-{name}-{width}-{scheme}-{language}")
    assert faults(page) == []
    assert sideways(page) <= 0
    assert page.errors == []


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_pages_of_the_agenda(open_page, advisor, samira, full_week, screen):
    width, scheme, language = screen
    surgery = Surgery.objects.order_by("pk").first()
    following = monday_of(timezone.localdate()) + timedelta(days=7)
    over = factories.AnyAppointment(person=samira, starts_at=timezone.now() - timedelta(minutes=20), place="Salle 2")
    pages = {
        "week": reverse("agenda:week"),
        "next-week": f"{reverse('agenda:week')}?semaine={following.isoformat()}",
        "booking": reverse("agenda:book", args=[samira.pk]),
        "appointment": reverse("agenda:appointment", args=[full_week.pk]),
        "outcome": reverse("agenda:appointment", args=[over.pk]),
        "moving": reverse("agenda:move", args=[full_week.pk]),
        "surgeries": reverse("agenda:surgeries"),
        "new-surgery": reverse("agenda:new_surgery"),
        "surgery": reverse("agenda:surgery", args=[surgery.pk]),
        "calendar": reverse("agenda:calendar"),
        "home": reverse("desk:home"),
        "person": reverse("desk:person", args=[samira.pk]),
    }
    for name, path in pages.items():
        page = open_page(path, user=advisor, width=width, scheme=scheme, language=language)
        check(page, name, width, scheme, language)


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_the_page_behind_her_link(open_page, advisor, samira, screen):
    width, scheme, language = screen
    start = instant(timezone.localdate() + timedelta(days=3), time(10))
    services.book(
        person=samira, advisor=advisor, starts_at=start, minutes=45, place="Maison de quartier", by=advisor,
        at=timezone.now(),
    )  # fmt: skip
    link = re.search(r"/agenda/mon-rendez-vous/[\w-]+/", Message.objects.first().body).group()

    page = open_page(link, width=width, scheme=scheme, language=language)
    check(page, "hers", width, scheme, language)
    page.get_by_role("button").filter(has_text=re.compile("autre|another")).click()
    page.locator(".notice-good").wait_for()
    check(page, "hers-asked", width, scheme, language)
    page.get_by_role("button").filter(has_text=re.compile("Annuler|Cancel")).click()
    page.locator(".notice-good").wait_for()
    check(page, "hers-cancelled", width, scheme, language)
    assert Appointment.objects.get().cancel_reason == "HER_LINK"


def test_from_a_surgery_to_a_no_show(open_page, advisor, samira, settings, tmp_path):
    """The whole journey, on a phone. Mail is the files that a machine without a server writes."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    on = timezone.localdate()

    # A surgery, each day at ten: its next dates show before it is opened.
    page = open_page(reverse("agenda:new_surgery"), user=advisor, width=360)
    page.get_by_label("Lieu").fill("Maison de quartier")
    for box in page.locator("input[name=weekdays]").all():
        box.check(force=True)
    page.locator("[name=from_time]").fill("10:00")
    page.locator("[name=until_time]").fill("12:00")
    page.locator("[name=slot_minutes]").fill("30")
    page.locator("[name=slot_minutes]").blur()
    page.locator("#dates li").nth(4).wait_for()
    page.get_by_role("button", name="Ouvrir la permanence").click()
    page.wait_for_url(re.compile(r"/permanences/\d+/"))

    # Booked from her page: two taps.
    page.goto(page.url.split("/agenda/")[0] + reverse("desk:person", args=[samira.pk]))
    page.locator("a", has_text="Prendre un rendez-vous").click()
    page.locator("button[name=slot]").nth(8).click()
    page.wait_for_url(re.compile(r"/rencontres/\d+/$"))
    booked = Appointment.objects.get()
    assert notifications.send_due(at=timezone.now()) == 1

    # Moved.
    page.get_by_role("link", name="Déplacer").click()
    page.locator("button[name=slot]").nth(13).click()
    page.wait_for_url(re.compile(r"/rencontres/\d+/$"))
    moved = Appointment.objects.get()
    assert (moved.uid, moved.sequence) == (booked.uid, 1)
    assert moved.starts_at > booked.starts_at

    # The reminder, once, in the mail folder.
    notifications.send_due(at=timezone.now())
    eve = instant(timezone.localdate(moved.starts_at) - timedelta(days=1), time(10))
    for _twice in range(2):
        notifications.send_due(at=eve)
    letters = [path.read_text() for path in (tmp_path / "mail").iterdir()]
    assert len(re.findall(r"^Subject: ", "\n".join(letters), flags=re.M)) == 3
    assert "".join(letters).count("text/calendar") == 2

    # The time has come, and nobody: one tap on the home page, and it can be taken back.
    now = timezone.now()
    Appointment.objects.update(starts_at=now - timedelta(minutes=40), ends_at=now - timedelta(minutes=10))
    if timezone.localdate(now - timedelta(minutes=40)) != on:
        pytest.skip("the day has just turned")
    page.goto(page.url.split("/agenda/")[0] + reverse("desk:home"))
    page.get_by_role("button", name="Personne n’est venu").click()
    page.get_by_text("N’est pas venu").wait_for()
    assert Appointment.objects.get().outcome == "NO_SHOW"
    assert faults(page) == []
    picture(page, "agenda-journey-no-show")
    page.get_by_role("button", name="Revenir dessus").click()
    page.get_by_role("button", name="Personne n’est venu").wait_for()
    assert Appointment.objects.get().outcome == ""


def test_it_works_without_a_script(open_page, advisor, samira, full_week):
    page = open_page(reverse("agenda:book", args=[samira.pk]), user=advisor, script=False)
    before = Appointment.objects.count()
    page.locator("button[name=slot]").first.click()
    page.wait_for_url(re.compile(r"/rencontres/\d+/$"))
    assert Appointment.objects.count() == before + 1
