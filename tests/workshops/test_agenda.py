"""The public agenda: what is shown to whom, near where, on which map, at what cost."""

import gzip
from datetime import date, datetime, timedelta

import brotli
import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from citeslab.territories.values import PARIS, zone_of
from citeslab.workshops import forms, queries
from citeslab.workshops.enums import Channel, Kind
from tests import factories

pytestmark = pytest.mark.django_db
BESANCON, DOLE, LILLE = (6.024, 47.238), (5.492, 47.093), (3.057, 50.629)


def page(client, headers=(), **asked):
    answer = client.get(reverse("workshops:agenda"), asked, headers={"accept-language": "en", **dict(headers)})
    assert answer.status_code == 200
    return answer


def titles(client, **asked):
    return [line.title for line in page(client, **asked).context["lines"]]


# -- what is on it ----------------------------------------------------------------------------------------------------


def test_only_what_is_announced_and_has_not_begun_is_shown_by_day(client, announce):
    announce("Plus tard", days=20)
    announce("Bientôt", days=2)
    announce("Sur invitation", public=False)
    announce("Passé", days=-2)
    announce("Annulé", cancelled_at=timezone.now(), cancelled_by=factories.AnyUser())
    begun = announce("Commencé", days=0)
    begun.sessions.update(starts_at=timezone.now() - timedelta(minutes=5))

    assert titles(client) == ["Bientôt", "Plus tard"]


@pytest.mark.parametrize(
    ("commune", "hour", "shown_at", "gone_at"),
    [  # the day is November 10 there; the hours shown and gone are of November 10 (or 11: more than 24) in Paris
        ("97105", 20, 24.5, 25.5),  # Guadeloupe, in the evening
        ("98735", 14, 24.5, 25.5),  # Polynesia, an afternoon
        ("98735", None, 34.5, 35.5),  # all day
        ("98818", None, 13.5, 14.5),  # New Caledonia, whose day ends first
        ("25056", None, 23.5, 24.5),
    ],
)
def test_an_action_is_shown_until_it_begins_there_or_until_the_day_is_over_there(
    commune, hour, shown_at, gone_at, django_assert_num_queries
):
    day, midnight = date(2026, 11, 10), datetime(2026, 11, 10, tzinfo=PARIS)
    workshop = factories.AnyWorkshop(site__commune_code=commune, held_on=day, is_public=True, is_planned=True)
    if hour is not None:
        factories.AnySession(workshop=workshop, starts_at=datetime(2026, 11, 10, hour, tzinfo=zone_of(commune)))

    def found(hours):
        at = midnight + timedelta(hours=hours)
        wanted = forms.Wanted(QueryDict()).wanted(on=timezone.localdate(at))
        with django_assert_num_queries(1):
            return queries.announced(wanted, at=at).actions

    assert [(one.pk, one.hour and one.hour.hour) for one in found(shown_at)] == [(workshop.pk, hour)]
    assert found(gone_at) == []
    assert queries.for_calendars(queries.Wanted(), at=midnight + timedelta(hours=shown_at)) == [workshop]


def test_kind_days_and_department_narrow_it(client, announce):
    announce("Général", days=2, commune_code="25056")
    announce("École", days=3, kind=Kind.SCHOOL, commune_code="59350")
    announce("Plus tard", days=20, commune_code="59350")

    assert titles(client, genre="SCHOOL") == ["École"]
    assert titles(client, quand="semaine") == ["Général", "École"]
    assert titles(client, departement="59") == ["École", "Plus tard"]
    day = timezone.localdate() + timedelta(days=10)
    assert titles(client, du=day.isoformat()) == ["Plus tard"]


def test_near_a_commune_by_distance_or_by_its_neighbors(client, announce, besancon):
    factories.AnyCommune(
        code="25574", name="Thise", sort_key="thise", epci_code="242500361", longitude=None, latitude=None
    )
    announce("Ici", commune_code="25056")
    announce("Voisine", commune_code="25574")
    announce("Dole", at=DOLE, commune_code="39198")
    announce("Lille", at=LILLE, commune_code="59350")

    assert titles(client, commune="besancon", km="20") == ["Ici", "Voisine"]
    assert titles(client, commune="Besançon", km="50") == ["Ici", "Voisine", "Dole"]
    assert "(43 km)" in page(client, commune="Besançon", km="50").content.decode()


@pytest.mark.parametrize("written", ["Besançon", "besancon", "besan", "25000", "Besancon (25)", "25000 Besançon"])
def test_a_commune_is_known_by_its_name_its_beginning_or_its_postal_code(client, announce, besancon, written):
    announce("Ici", at=BESANCON, commune_code="25056")
    announce("Ailleurs", at=DOLE)

    assert titles(client, commune=written) == ["Ici"]


def test_a_commune_without_a_position_stands_where_its_actions_are(client, announce):
    factories.AnyCommune(longitude=None, latitude=None)
    announce("Ici", at=BESANCON, commune_code="25056")
    announce("Dole", at=DOLE)

    assert titles(client, commune="Besançon", km="50") == ["Ici", "Dole"]


def test_other_communes_that_are_called_so_are_proposed(client, besancon):
    factories.AnyCommune(code="99001", name="Besançon-les-Bains", sort_key="besancon les bains")

    assert [name for name, _url in page(client, commune="Besançon").context["meant"]] == ["Besançon-les-Bains (25)"]


def test_what_cannot_be_read_is_told_and_left_out(client, announce):
    announce()
    for asked in ({"commune": "Nulle-Part"}, {"km": "x"}, {"genre": "X"}, {"du": "hier"}, {"departement": "<b>"}):
        assert titles(client, **asked) == ["Oser son idée"]
    assert titles(client, commune="\0", page="999", km="7") == ["Oser son idée"]
    assert "No commune is called so" in page(client, commune="Nulle-Part").content.decode()


def test_nothing_near_says_how_to_widen_and_shows_the_nearest(client, announce, besancon, settings):
    settings.CONTACT = "bonjour@exemple.fr"
    announce("Dole", at=DOLE)

    answer = page(client, commune="Besançon", km="20", quand="mois")
    assert [line.title for line in answer.context["lines"]] == ["Dole"]
    said = answer.content.decode()
    assert "Within 50 km" in said
    assert "Within 10 km" not in said
    assert "Any day" in said
    assert "mailto:bonjour@exemple.fr" in said


# -- seats ------------------------------------------------------------------------------------------------------------


def test_a_full_action_says_so_and_one_with_seats_how_many(client, announce):
    full, few = announce("Complet", capacity=1), announce("Presque", capacity=3, days=10)
    announce("Tout le monde", days=11, capacity=None)
    factories.AnyRegistration(workshop=full)
    factories.AnyRegistration(workshop=few)
    said = page(client).content.decode()

    assert said.count("full: waiting list") == 1
    assert "2 seats left" in said
    assert said.count("seats left") == 1


def test_seats_kept_for_others_are_not_announced(client, announce):
    workshop = announce(capacity=5)
    factories.AnyQuota(workshop=workshop, seats=2)
    factories.AnyRegistration(workshop=workshop, channel=Channel.ADVISOR)  # takes one of those

    assert "3 seats left" in page(client).content.decode()


# -- the maps ---------------------------------------------------------------------------------------------------------


def test_the_map_of_departments_leads_to_each(client, announce):
    factories.AnyDepartment(code="59", name="Nord")
    announce("Lille", commune_code="59350")
    context = page(client, quand="mois", langue="en").context

    assert [(name, count, url) for name, count, url in context["departments"]] == [
        ("Nord", 1, "/ateliers/?quand=mois&langue=en&departement=59")
    ]
    assert context["map"] is None


def test_around_a_commune_a_point_is_an_action_and_a_circle_leads_closer(client, announce, besancon):
    alone = announce("Seule", at=(6.2, 47.3), commune_code="25001", commune_name="Baume")
    for days in (3, 4):
        announce(days=days, at=BESANCON, commune_code="25056", commune_name="Besançon")
    announce("Sans lieu", commune_code="25574", days=5)
    factories.AnyCommune(
        code="25574", name="Thise", sort_key="thise", epci_code="242500361", longitude=None, latitude=None
    )
    shown = page(client, commune="Besançon", km="20").context["map"]

    assert sorted((mark.url, mark.count) for mark in shown.marks) == [
        (f"/ateliers/{alone.pk}/", ""),
        ("/ateliers/?commune=Besan%C3%A7on+%2825%29&km=10", "2"),
    ]
    assert shown.ring == ("240.0", "180.0", "160.7")
    assert shown.unplaced == 1
    assert [name for _x, _y, name in shown.names] == ["Besançon"]


def test_from_the_narrowest_map_a_circle_leads_to_the_list(client, announce, besancon):
    for days in (3, 4):
        announce(days=days, at=BESANCON, commune_code="25056")

    assert [mark.url for mark in page(client, commune="Besançon", km="5").context["map"].marks] == ["#found"]


# -- caches and the wire ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 30])
def test_it_costs_the_same_for_one_or_thirty(client, announce, besancon, many, django_assert_num_queries):
    for rank in range(many):
        announce(capacity=4, at=BESANCON, commune_code="25056", days=1 + rank)
    page(client)

    # the commune, its neighbors, actions, towns of the map, seats taken, seats kept; is it the demonstration?
    with django_assert_num_queries(7):
        page(client, commune="Besançon", km="10")


def test_it_sets_no_cookie_and_may_be_kept_a_minute(client, announce):
    announce()
    answer = page(client)

    assert answer.cookies == {}
    assert answer["Cache-Control"] == "public, max-age=60"
    again = client.get(reverse("workshops:agenda"), headers={"accept-language": "en", "if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_who_is_signed_in_is_served_a_page_of_her_own(signed_in, announce):
    assert "no-store" in page(signed_in)["Cache-Control"]


@pytest.mark.parametrize(
    ("taken", "coding", "unpack"),
    [("gzip, deflate, br", "br", brotli.decompress), ("gzip;q=0.8, br;q=0", "gzip", gzip.decompress)],
)
def test_it_is_compressed_for_who_takes_it(client, announce, taken, coding, unpack):
    announce()
    plain, small = page(client), page(client, {"accept-encoding": taken})

    assert small["Content-Encoding"] == coding
    assert unpack(small.content) == plain.content
    assert small["Content-Length"] == str(len(small.content))
    assert small["ETag"] == f"W/{plain['ETag']}"
    assert "Accept-Encoding" in plain["Vary"]
    assert "Content-Encoding" not in page(client, {"accept-encoding": "br;q=0, brotli"})


def test_a_page_that_holds_a_secret_is_not_compressed(client, announce):
    """Its length would tell of the token of its form."""
    answer = client.get(reverse("workshops:public", args=[announce().pk]), headers={"accept-encoding": "br, gzip"})

    assert "csrfmiddlewaretoken" in answer.content.decode()
    assert "Content-Encoding" not in answer


def test_500_actions_fit_in_50_kilobytes(client, announce, besancon):
    user = factories.AnyUser()
    for rank in range(500):
        announce(
            f"Oser son idée, atelier numéro {rank}",
            days=1 + rank // 20,
            at=(round(5.7 + rank % 25 * 0.03, 3), round(47 + rank // 25 * 0.03, 3)),
            recorded_by=user,
            commune_code=f"{rank:05}",
            commune_name=f"Commune {rank}",
        )
    answer = page(client, {"accept-encoding": "br"}, commune="Besançon", km="50")

    assert len(answer.content) < 20_000
    shown = answer.context["map"]
    assert sum(int(mark.count or 1) for mark in shown.marks) + shown.unplaced == answer.context["page"].paginator.count


def test_the_address_may_say_the_language(client, announce):
    workshop = announce()
    said = page(client, {"accept-language": "fr"}, langue="en").content.decode()

    assert '<html lang="en">' in said
    assert f'href="/ateliers/{workshop.pk}/?langue=en"' in said
    assert 'name="langue" value="en"' in said
    assert 'href="/ateliers/?langue=fr"' in said


@pytest.mark.parametrize(("code", "department"), [("25056", "25"), ("2A004", "2A"), ("97411", "974")])
def test_the_department_of_a_commune_is_in_its_code(code, department):
    assert queries.agenda.department_of(code) == department
