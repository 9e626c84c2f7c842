"""Public calendars: read again only when they changed, and what a calendar program makes of them."""

from datetime import UTC, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from citeslab.workshops import exports, services
from citeslab.workshops.models import Workshop
from tests import factories

pytestmark = pytest.mark.django_db


def events(answer):
    assert answer.status_code == 200
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_calendar_reads_it_again_only_when_it_changed(client, announce, advisor):
    workshop = announce()
    answer = client.get(reverse("workshops:agenda_feed"))
    (event,) = events(answer).values()
    assert (str(event["SUMMARY"]), str(event["STATUS"])) == ("Oser son idée", "CONFIRMED")
    assert answer["Cache-Control"] == "public, max-age=900"
    assert answer.cookies == {}
    again = client.get(reverse("workshops:agenda_feed"), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304

    services.call_off(workshop=workshop, by=advisor, at=timezone.now())
    (off,) = events(client.get(reverse("workshops:agenda_feed"))).values()
    assert (off["UID"], str(off["STATUS"])) == (event["UID"], "CANCELLED")
    assert client.get(reverse("workshops:public_entry", args=[workshop.pk])).status_code == 200


def test_the_feed_has_the_filters_of_the_page(client, announce, besancon):
    here = announce("Ici", at=(6.02, 47.24))
    announce("Dole", at=(5.492, 47.093))
    (event,) = events(client.get(reverse("workshops:agenda_feed"), {"commune": "25000", "km": "20"})).values()

    assert str(event["summary"]) == "Ici"
    assert event["dtstart"].dt == here.sessions.get().starts_at.replace(microsecond=0)
    assert str(event["url"]) == f"{settings.PUBLIC_URL}/ateliers/{here.pk}/"


def test_what_is_called_off_says_so_for_a_month(client, announce, advisor):
    services.call_off(workshop=announce(days=40), because="Salle fermée", by=advisor, at=timezone.now())
    (event,) = events(client.get(reverse("workshops:agenda_feed"))).values()

    assert (str(event["status"]), event["sequence"], str(event["description"])) == ("CANCELLED", 1, "Salle fermée")
    Workshop.objects.update(cancelled_at=timezone.now() - timedelta(days=33))
    assert events(client.get(reverse("workshops:agenda_feed"))) == {}


def test_a_change_moves_the_event_and_keeps_its_identifier(client, announce, advisor, at):
    workshop = announce()
    address = reverse("workshops:public_entry", args=[workshop.pk])
    before = events(client.get(address))
    session = workshop.sessions.get()
    moved = [(session.starts_at + timedelta(days=1), session.ends_at + timedelta(days=1))]
    services.change(workshop=workshop, programme=services.Programme(moved), by=advisor, at=at)
    after = events(client.get(address))

    assert list(after) == list(before)
    (event,) = after.values()
    assert (event["dtstart"].dt, event["sequence"]) == (moved[0][0].replace(microsecond=0), 1)
    assert event["last-modified"].dt == event["dtstamp"].dt == at.astimezone(UTC).replace(microsecond=0)
    services.call_off(workshop=workshop, by=advisor, at=at)
    services.restore(workshop=workshop, by=advisor, at=at)
    assert [event["sequence"] for event in events(client.get(address)).values()] == [3]


def test_an_action_that_has_a_day_alone_is_a_whole_day(site):
    (event,) = exports.events_of(factories.AnyWorkshop(site=site))

    assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)


@pytest.mark.parametrize("is_called_off", [True, False])
def test_an_action_on_invitation_stays_unknown(client, announce, advisor, is_called_off):
    workshop = announce(public=False)
    if is_called_off:
        services.call_off(workshop=workshop, by=advisor, at=timezone.now())

    assert events(client.get(reverse("workshops:agenda_feed"))) == {}
    assert client.get(reverse("workshops:public_entry", args=[workshop.pk])).status_code == 404
