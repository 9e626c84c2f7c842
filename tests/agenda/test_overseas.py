"""Hours overseas: entered, shown and told as the clocks of the site show them, kept as instants."""

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from citeslab.agenda import exports, queries, services
from citeslab.agenda.models import Appointment, Closure, Feed
from citeslab.core.values import instant
from citeslab.followup import services as followup
from citeslab.followup.enums import Kind, Nature
from citeslab.followup.values import Planned
from citeslab.network.enums import Role
from citeslab.network.models import zone_for
from citeslab.notifications.models import Message
from citeslab.territories.values import PARIS, zone_of
from tests import factories

pytestmark = pytest.mark.django_db

REUNION = zone_of("974")


@pytest.fixture(params=["97411", "97209"], ids=["La Reunion", "Martinique"])
def site(request, db):
    return factories.AnySite(commune_code=request.param)


@pytest.fixture
def monday():
    today = timezone.localdate()
    return today + timedelta(days=14 - today.weekday())


@pytest.fixture
def signed_in(client, advisor):
    client.force_login(advisor)
    return client


def at_the_site(moment, site):
    return moment.astimezone(site.zone).strftime("%a %H:%M")


def test_the_hour_typed_is_the_hour_of_the_site(signed_in, site, samira, monday):
    sent = {"kind": "MEET", "told_by": "EMAIL", "day": monday.isoformat(), "from_time": "17:15", "minutes": "15"}
    answer = signed_in.post(reverse("agenda:book", args=[samira.pk]), sent)

    (found,) = Appointment.objects.all()
    assert at_the_site(found.starts_at, site) == "Mon 17:15"
    page = signed_in.get(answer["location"]).content.decode()
    assert "17\xa0h\xa015" in page
    assert f"semaine={monday.isoformat()}" in page
    assert 'value="17:15"' in signed_in.get(reverse("agenda:move", args=[found.pk])).content.decode()


def test_letters_say_the_hour_of_the_site_and_calendars_the_instant(site, samira, advisor, monday, at):
    starts_at = instant(monday, time(9), site.zone)
    services.book(person=samira, advisor=advisor, starts_at=starts_at, minutes=45, by=advisor, at=at)

    booked, reminder = Message.objects.order_by("send_after")
    for message in (booked, reminder):
        assert " ".join(message.subject.split()).endswith("à 9 h 00")
    (event,) = Calendar.from_ical(booked.calendar).walk("VEVENT")
    assert event["dtstart"].dt == starts_at
    assert reminder.send_after == instant(monday - timedelta(days=1), time(10), site.zone)


def test_slots_are_offered_at_the_hours_of_the_site_and_taken_by_their_button(signed_in, site, advisor, samira, monday):
    factories.AnySurgery(site=site, advisor=advisor, weekdays=[0], begins_on=monday - timedelta(days=21))
    page = signed_in.get(reverse("agenda:book", args=[samira.pk])).content.decode()
    offered = re.findall(r'name="slot" value="([^"]+)"', page)

    assert {at_the_site(datetime.fromisoformat(one), site) for one in offered} == {
        "Mon 10:00", "Mon 10:30", "Mon 11:00", "Mon 11:30",
    }  # fmt: skip
    assert "10\xa0h\xa030" in page
    signed_in.post(reverse("agenda:book", args=[samira.pk]), {"slot": offered[-1], "kind": "MEET", "told_by": ""})
    assert at_the_site(Appointment.objects.get().starts_at, site) == "Mon 11:30"


def test_a_day_is_closed_from_midnight_to_midnight_there(signed_in, site, advisor, monday):
    signed_in.post(reverse("agenda:closures"), {"day": monday.isoformat()})

    closure = Closure.objects.get()
    assert [at_the_site(moment, site) for moment in (closure.starts_at, closure.ends_at)] == ["Mon 00:00", "Tue 00:00"]
    page = signed_in.get(reverse("agenda:week"), {"semaine": monday.isoformat()}).content.decode()
    assert page.count("week-closed") == 1


def test_the_person_reads_her_hour_by_her_link(client, site, samira, advisor, monday, at):
    starts_at = instant(monday, time(9), site.zone)
    services.book(person=samira, advisor=advisor, starts_at=starts_at, minutes=45, by=advisor, at=at)
    (secret,) = set(re.findall(r"/agenda/mon-rendez-vous/([\w-]+)/", Message.objects.first().body))

    assert "9\xa0h\xa000" in client.get(reverse("agenda:hers", args=[secret])).content.decode()


def test_a_feed_keeps_ten_at_ten_there_when_paris_changes_its_clocks(site, advisor):
    at = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)
    services.make_feed(advisor=advisor, by=advisor, at=at)
    factories.AnySurgery(site=site, advisor=advisor, weekdays=[3], begins_on=date(2026, 10, 22))

    text, _changed = exports.feed(Feed.objects.get(), at=at)
    begins = [event["dtstart"].dt for event in Calendar.from_ical(text).walk("VEVENT")]

    around = [moment for moment in begins if moment < datetime(2026, 11, 6, tzinfo=UTC)]
    assert [at_the_site(moment, site) for moment in around] == ["Thu 10:00"] * 3  # summer time ends on October 25
    assert len({moment.hour for moment in around}) == 1


def test_a_meeting_planned_in_a_note_is_booked_at_the_hour_of_the_site(site, samira, advisor, at):
    followup.write_note(
        person=samira, key=uuid4(), project=None, nature=Nature.FOLLOW_UP, minutes=45, held_on=date(2026, 11, 20),
        text="", planned=Planned(Kind.MEET, date(2026, 12, 3), time(9)), by=advisor, at=at,
    )  # fmt: skip

    assert at_the_site(Appointment.objects.get().starts_at, site) == "Thu 09:00"


def test_her_day_is_the_day_of_her_site():
    """At 21:30 in Paris it is already tomorrow in La Reunion: what is planned then is of her day."""
    site = factories.AnySite(department=factories.AnyDepartment(code="974", name="La Reunion"))
    advisor = factories.AnyMandate(site=site).user
    early = instant(date(2026, 11, 26), time(1), REUNION)
    factories.AnyAppointment(person=factories.AnyPerson(site=site), advisor=advisor, starts_at=early)

    with timezone.override(zone_for(advisor, on=date(2026, 11, 26))):
        assert queries.appointments_of_day(advisor, date(2026, 11, 26)).count() == 1
        assert queries.appointments_of_day(advisor, date(2026, 11, 25)).count() == 0


def test_who_works_at_several_hours_reads_paris_and_each_page_its_own_site(client):
    organization = factories.AnyHostOrganization()
    there = factories.AnySite(organization=organization, commune_code="97411")
    factories.AnySite(organization=organization)
    coordinator = factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=organization).user
    found = factories.AnyAppointment(
        person=factories.AnyPerson(site=there), starts_at=instant(date(2026, 11, 26), time(9), REUNION)
    )
    client.force_login(coordinator)

    assert zone_for(coordinator, on=date(2026, 11, 26)) == PARIS
    assert "9\xa0h\xa000" in client.get(reverse("agenda:appointment", args=[found.pk])).content.decode()
    assert timezone.get_current_timezone_name() == "Europe/Paris"


def test_who_has_no_site_reads_paris(pilot):
    assert zone_for(pilot, on=date(2026, 11, 26)) == PARIS
