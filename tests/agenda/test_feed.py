"""An advisor's calendar as real programs read it: khal, and icalendar as the second reader."""

import os
import subprocess
import sys
from datetime import UTC, date, time, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from citeslab.agenda import exports, services
from citeslab.agenda.models import Feed
from citeslab.audit.models import Entry
from citeslab.core.values import digest_of, instant
from tests import factories
from tests.agenda.conftest import paris

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def secret(advisor, at):
    return services.make_feed(advisor=advisor, by=advisor, at=at)


def address(secret):
    return reverse("agenda:feed", args=[secret])


def events(text):
    calendar = Calendar.from_ical(text)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_the_secret_is_said_once_and_only_its_digest_is_kept(client, advisor, at, secret):
    feed = Feed.objects.get()

    assert (feed.digest, feed.shows_names) == (digest_of(secret), False)
    assert len(secret) >= 43
    client.force_login(advisor)
    assert secret not in client.get(reverse("agenda:calendar")).content.decode()


def test_initials_unless_she_chooses_names(book, advisor, at, secret):
    found = book()
    feed = Feed.objects.get()

    (event,) = events(exports.feed(feed, at=at)[0]).values()
    assert str(event["uid"]) == f"{found.uid}@agenda.citeslab"
    assert (str(event["summary"])[-3:], str(event["location"])) == (" SK", "Maison de quartier")
    assert event["dtstart"].dt == paris(26, 10)
    services.show_names(feed=feed, shows_names=True, by=advisor, at=at)
    (event,) = events(exports.feed(feed, at=at)[0]).values()
    assert str(event["summary"]).endswith(" Samira Khelifi")


def test_identifiers_stay_when_an_appointment_moves_and_go_when_it_is_cancelled(book, advisor, at, later, secret):
    found = book()
    feed = Feed.objects.get()
    first = events(exports.feed(feed, at=at)[0])
    moved = services.move(appointment=found, starts_at=paris(27, 14), by=advisor, at=later)
    second = events(exports.feed(feed, at=later)[0])

    assert first.keys() == second.keys()
    assert [int(event["sequence"]) for event in second.values()] == [1]
    services.cancel(appointment=moved, reason="PERSON", by=advisor, at=later)
    assert events(exports.feed(feed, at=later)[0]) == {}


def test_surgeries_are_there_and_block_nothing(site, advisor, at, secret):
    found = factories.AnySurgery(site=site, advisor=advisor)
    services.change_day(surgery=found, day=date(2026, 11, 26), held_on=date(2026, 11, 27), by=advisor, at=at)

    read = events(exports.feed(Feed.objects.get(), at=at)[0])

    moved = read[f"surgery-{found.pk}-2026-11-26@agenda.citeslab"]
    assert moved["dtstart"].dt == paris(27, 10)
    assert {str(event["transp"]) for event in read.values()} == {"TRANSPARENT"}
    # At ten of the clock on the wall on both sides of the change of March.
    for day, hour in [(date(2027, 3, 25), 9), (date(2027, 4, 1), 8)]:
        assert read[f"surgery-{found.pk}-{day.isoformat()}@agenda.citeslab"]["dtstart"].dt.astimezone(UTC).hour == hour


def test_no_cookie_no_cache_and_304_while_nothing_changes(client, site, advisor, secret):
    factories.AnyAppointment(person__site=site, advisor=advisor, starts_at=timezone.now() + timedelta(days=2))
    first = client.get(address(secret))

    assert (first.status_code, first["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert client.cookies == {}
    assert (first["Cache-Control"], first["Referrer-Policy"]) == ("private, no-cache", "no-referrer")
    same = client.get(address(secret), headers={"if-none-match": first["ETag"]})
    since = client.get(address(secret), headers={"if-modified-since": first["Last-Modified"]})
    assert [(one.status_code, one.content) for one in (same, since)] == [(304, b""), (304, b"")]

    factories.AnyAppointment(
        person__site=site,
        advisor=advisor,
        starts_at=timezone.now() + timedelta(days=3),
        changed_at=timezone.now() + timedelta(seconds=2),
    )
    changed = client.get(
        address(secret), headers={"if-none-match": first["ETag"], "if-modified-since": first["Last-Modified"]}
    )
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_new_address_stops_the_one_before_and_a_revoked_one_answers_no_more(client, advisor, secret):
    client.force_login(advisor)
    page = client.post(reverse("agenda:calendar"), {"act": "make"}).content.decode()
    new = page.split("/agenda/flux/")[1].split(".ics")[0]
    client.logout()

    assert [client.get(address(one)).status_code for one in (secret, new)] == [404, 200]
    client.force_login(advisor)
    client.post(reverse("agenda:calendar"), {"act": "revoke"})
    client.logout()
    assert client.get(address(new)).status_code == 404
    assert list(Entry.objects.filter(action__startswith="agenda.feed").values_list("action", flat=True)) == [
        "agenda.feed.made", "agenda.feed.revoked", "agenda.feed.made", "agenda.feed.revoked",
    ]  # fmt: skip
    assert secret not in str(list(Entry.objects.values()))


def test_a_feed_without_mandate_or_account_shows_nobody(client, book, advisor, secret):
    book()
    advisor.mandates.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert b"VEVENT" not in client.get(address(secret)).content
    advisor.is_active = False
    advisor.save()
    assert client.get(address(secret)).status_code == 404


def test_guesses_and_too_eager_programs_are_slowed(client, secret):
    statuses = [client.get(address(f"guess-{number}")).status_code for number in range(32)]
    assert statuses == [404] * 30 + [429] * 2
    answers = [client.get(address(secret)).status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]


def test_a_writing_request_is_refused(client, secret):
    assert client.post(address(secret)).status_code == 405


def test_khal_reads_the_calendar(client, tmp_path, site, advisor, secret):
    """A calendar program that people use: it lists the same hours, in the time of Paris."""
    day = timezone.localdate() + timedelta(days=7)
    factories.AnyAppointment(
        person__site=site,
        person__first_name="Samira",
        person__preferred_name="O’Brien-Lefèvre",
        advisor=advisor,
        starts_at=instant(day, time(10)),
        place="Maison de quartier, 2 place des Tilleuls; salle « B »",
    )
    downloaded = tmp_path / "agenda.ics"
    downloaded.write_bytes(client.get(address(secret)).content)
    khal = Path(sys.executable).with_name("khal")
    configuration = tmp_path / "config"
    configuration.write_text(
        f"[calendars]\n[[citeslab]]\npath = {tmp_path / 'calendar'}\ntype = calendar\n"
        f"[sqlite]\npath = {tmp_path / 'khal.db'}\n"
        "[locale]\nlocal_timezone = Europe/Paris\ndefault_timezone = Europe/Paris\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    (tmp_path / "calendar").mkdir()

    def run(*arguments):
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [khal, "-c", configuration, *arguments], capture_output=True, text=True, timeout=60, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("import", "--batch", "-a", "citeslab", str(downloaded))
    listed = run(
        "list", "--notstarted", "--format", "{start-time}|{end-time}|{title}|{location}", day.isoformat(), "1d"
    )

    said = listed.strip().splitlines()[-1]
    assert said.startswith("10:00|10:45|")
    assert said.endswith("SO|Maison de quartier, 2 place des Tilleuls; salle « B »")
