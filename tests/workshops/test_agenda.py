"""The public agenda: what is shown to whom, near where, in calendars, in frames, on posters."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pypdf import PdfReader

from citeslab.workshops import exports, queries, services
from citeslab.workshops.enums import Kind
from citeslab.workshops.models import Workshop
from tests import factories

pytestmark = pytest.mark.django_db
HALF = timedelta(hours=3)
BESANCON, DOLE, LILLE = (6.024, 47.238), (5.492, 47.093), (3.057, 50.629)


@pytest.fixture
def announce(site):
    def announced(title="Oser son idée", *, days=9, at=None, public=True, **more):
        start = timezone.now() + timedelta(days=days)
        if at:
            more |= {"longitude": at[0], "latitude": at[1], "territory": "METROPOLE"}
        workshop = factories.AnyWorkshop(
            site=site, title=title, held_on=timezone.localdate(start), is_planned=True, is_public=public, **more
        )
        factories.AnySession(workshop=workshop, starts_at=start, ends_at=start + HALF)
        return workshop

    return announced


def titles(client, **asked):
    page = client.get(reverse("workshops:agenda"), asked)
    assert page.status_code == 200
    return [line.workshop.title for line in page.context["lines"]]


def test_only_what_is_announced_and_to_come_is_shown_by_day(client, announce):
    announce("Plus tard", days=20)
    announce("Bientôt", days=2)
    announce("Sur invitation", public=False)
    announce("Passé", days=-2)
    off = announce("Annulé")
    Workshop.objects.filter(pk=off.pk).update(cancelled_at=timezone.now(), cancelled_by=factories.AnyUser())

    assert titles(client) == ["Bientôt", "Plus tard"]


def test_kind_days_and_department_narrow_it(client, announce):
    announce("Général", days=2, commune_code="25056")
    announce("École", days=3, kind=Kind.SCHOOL, commune_code="59350")
    announce("Plus tard", days=20, commune_code="59350")

    assert titles(client, genre="SCHOOL") == ["École"]
    assert titles(client, quand="semaine") == ["Général", "École"]
    assert titles(client, departement="59") == ["École", "Plus tard"]
    day = timezone.localdate() + timedelta(days=10)
    assert titles(client, du=day.isoformat()) == ["Plus tard"]


def test_near_a_commune_by_distance_or_by_its_neighbors(client, announce):
    factories.AnyCommune(
        code="25056", name="Besançon", sort_key="besancon", epci_code="242500361",
        longitude=BESANCON[0], latitude=BESANCON[1],
    )  # fmt: skip
    factories.AnyCommune(code="25574", name="Thise", sort_key="thise", epci_code="242500361")
    announce("Ici", commune_code="25056")
    announce("Voisine", commune_code="25574")
    announce("Dole", at=DOLE, commune_code="39198")
    announce("Lille", at=LILLE, commune_code="59350")

    assert titles(client, commune="besancon", km="20") == ["Ici", "Voisine"]
    assert titles(client, commune="Besançon", km="50") == ["Ici", "Voisine", "Dole"]


def test_what_cannot_be_read_is_told_and_left_out(client, announce):
    announce()
    for asked in ({"commune": "Nulle-Part"}, {"km": "x"}, {"genre": "X"}, {"du": "hier"}, {"departement": "<b>"}):
        assert titles(client, **asked) == ["Oser son idée"]
    assert titles(client, commune="\0", page="999") == ["Oser son idée"]


def test_a_full_action_says_so_and_one_with_few_seats_how_many(client, announce):
    full, few = announce("Complet", capacity=1), announce("Presque", capacity=3, days=10)
    factories.AnyRegistration(workshop=full)
    factories.AnyRegistration(workshop=few)
    lines = client.get(reverse("workshops:agenda")).context["lines"]

    assert [line.left for line in lines] == [0, 2]


def test_it_costs_the_same_for_one_or_thirty(client, announce):
    costs = []
    for more in (1, 29):
        for _ in range(more):
            announce(capacity=4)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("workshops:agenda"))
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_a_calendar_reads_it_again_only_when_it_changed(client, announce, advisor):
    workshop = announce()
    answer = client.get(reverse("workshops:agenda_feed"))
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["STATUS"])) == ("Oser son idée", "CONFIRMED")
    again = client.get(reverse("workshops:agenda_feed"), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304

    services.call_off(workshop=workshop, by=advisor, at=timezone.now())
    (off,) = Calendar.from_ical(client.get(reverse("workshops:agenda_feed")).content).walk("VEVENT")
    assert (off["UID"], str(off["STATUS"])) == (event["UID"], "CANCELLED")
    assert client.get(reverse("workshops:public_entry", args=[workshop.pk])).status_code == 200


def test_a_town_frames_it_without_cookie_or_script(client, announce):
    for number in range(7):
        announce(f"Atelier {number}", days=2 + number)
    page = client.get(reverse("workshops:block"), {"n": "3"})

    assert [line.workshop.title for line in page.context["lines"]] == ["Atelier 0", "Atelier 1", "Atelier 2"]
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    assert not page.cookies
    assert "<script" not in page.content.decode()
    other = client.get(reverse("workshops:agenda"))
    assert "frame-ancestors 'none'" in other["Content-Security-Policy"]


def test_the_lines_to_copy_hold_what_was_asked_and_no_markup_of_others(client, announce):
    factories.AnyCommune(code="25056", name="Besançon", sort_key="besancon")
    snippet = client.get(reverse("workshops:embedding"), {"commune": "Besançon", "km": "10"}).context["snippet"]
    assert "commune=Besan%C3%A7on&km=10&n=5" in snippet
    forged = client.get(reverse("workshops:embedding"), {"commune": '"><script>', "n": '9"'}).context["snippet"]
    assert "<script>" not in forged


@pytest.mark.parametrize("title", ["Oser", "Un titre " * 33, "💐 مرحبا <b> #set", "x" * 300])
def test_a_poster_is_one_page_with_its_code_whatever_its_title(site, at, title):
    workshop = factories.AnyWorkshop(site=site, title=title[:300], audience="Ouvert à toutes et à tous")
    factories.AnySession(workshop=workshop)
    pdf = PdfReader(io.BytesIO(exports.poster(workshop, at=at)))

    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "toutes et à tous" in pdf.pages[0].extract_text()


def test_the_poster_is_for_who_sees_the_action(signed_in, announce):
    workshop = announce(public=False)
    answer = signed_in.get(reverse("workshops:poster", args=[workshop.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert signed_in.get(reverse("workshops:poster", args=[factories.AnyWorkshop().pk])).status_code == 404


@pytest.mark.parametrize(("code", "department"), [("25056", "25"), ("2A004", "2A"), ("97411", "974")])
def test_the_department_of_a_commune_is_in_its_code(code, department):
    assert queries.agenda.department_of(code) == department
