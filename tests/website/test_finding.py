"""Find my advisor: by commune, by address, near me; whatever is written, somebody answers."""

from datetime import date, timedelta

import pytest
import shapely
from django.urls import reverse
from django.utils import timezone

from citeslab.accounts.models import Knock
from citeslab.agenda import queries as agenda_queries
from citeslab.agenda import services as agenda
from citeslab.network.models import Mandate
from citeslab.website.queries import finding, sites
from citeslab.website.views.finding import ASKED_AN_HOUR
from tests import factories
from tests.territories.address_service import TOWN, Service, collection

pytestmark = pytest.mark.django_db
EN = {"headers": {"accept-language": "en"}}
HERE = (6.02, 47.257)  # of the house that the address service knows
HOUSE = "14 rue des Arts, 25000 Besançon"


@pytest.fixture
def quarter(db):
    """A neighborhood of Besançon around that house."""
    return factories.AnyQPV(
        code="QN02501M",
        name="Planoise",
        commune_codes=["25056"],
        outline=shapely.box(6.01, 47.25, 6.03, 47.26).wkb,
    )


def covers(site, code="QN02501M", **more):
    return factories.AnyCoverage(site=site, edition=2024, qpv_code=code, begins_on=date(2024, 1, 1), **more)


def look(client, words="", **more):
    answer = client.post(reverse("website:here"), {"ou": words, **more}, **EN)
    return client.get(answer["Location"], **EN) if answer.status_code == 302 else answer


def why(answer) -> tuple:
    found = answer.context.get("found")
    return (found.site.name, str(found.why)) if found else ()


# -- by commune -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["Besançon", "besancon", "25000", "25000 Besançon", "Besan", "Besançon (25)"])
def test_a_commune_is_found_and_its_page_has_an_address(client, site, written):
    answer = client.post(reverse("website:here"), {"ou": written}, **EN)

    assert answer["Location"] == "/trouver/?commune=25056"
    assert why(client.get(answer["Location"], **EN)) == ("CitésLab de Besançon", "COMMUNE")


@pytest.mark.parametrize(
    "written", [HOUSE, "14 rue des Arts Besançon", "14 rue des Arts, Besançon, France", "14 rue des Arts, 25000"]
)
def test_without_an_address_service_the_commune_of_an_address_is_enough(client, site, written):
    answer = look(client, written)

    assert why(answer) == ("CitésLab de Besançon", "COMMUNE")
    assert "We read the commune of your address" in answer.content.decode()


@pytest.mark.parametrize(
    "written",
    [
        "12 rue de la Loi, Bruxelles",
        "75001 Dallas",
        "Rue de Besançon, Bruxelles, Belgique",
        "Besançon, Québec",
        "Genève",
        "\0\0",
        "1",
        "😀" * 90,
        "<script>alert(1)</script>",
        "'; DROP TABLE people_person; --",
        "a" * 5_000,
    ],
)
def test_what_is_not_in_france_is_answered_kindly(client, site, written):
    answer = look(client, written)

    assert answer.status_code == 200
    assert why(answer) == ()
    assert "We do not find this place in France" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


def test_communes_of_one_name_are_proposed_the_largest_first(client, site):
    factories.AnyDepartment(code="974", name="La Réunion")
    factories.AnyCommune(code="97411", name="Saint-Denis", sort_key="saint denis", population=150_000)
    factories.AnyCommune(code="93066", name="Saint-Denis", sort_key="saint denis", population=110_000)

    answer = look(client, "Saint-Denis")
    assert answer.context["place"].commune.pk == "97411"
    assert [url for _name, url in answer.context["meant"]] == ["?commune=93066"]


def test_a_site_that_is_closed_or_not_open_yet_answers_nowhere(client, site, opened):
    today = timezone.localdate()
    for days in ({"closed_on": today}, {"opened_on": today + timedelta(days=1)}):
        type(site).objects.filter(pk=site.pk).update(**{"opened_on": date(2015, 1, 1), "closed_on": None, **days})
        assert why(look(client, "Besançon")) == ()
        assert client.get(reverse("website:site", args=[site.pk])).status_code == 404


def test_no_time_is_offered_from_the_day_that_its_site_closes(site):
    closes = timezone.localdate() + timedelta(days=3)
    before = agenda_queries.bookable(site, at=timezone.now())
    site.closed_on = closes
    after = agenda_queries.bookable(site, at=timezone.now())

    assert {timezone.localdate(slot.starts_at) >= closes for slot in before} == {False, True}
    assert after == [slot for slot in before if timezone.localdate(slot.starts_at) < closes]


def test_a_strange_commune_in_the_address_shows_the_field(client, site):
    for asked in ("99999", "x" * 400, "\0"):
        answer = client.get(reverse("website:finding"), {"commune": asked}, **EN)
        assert (answer.status_code, "found" in answer.context) == (200, False)


# -- who answers there ------------------------------------------------------------------------------------------------


def test_the_site_that_covers_the_neighborhood_comes_before_that_of_the_commune(
    client, site, opened, quarter, settings
):
    covers(opened("Planoise et Battant", commune_code=""))
    with Service() as service:
        settings.ADDRESS_URL = service.url
        answer = look(client, HOUSE)

    assert why(answer) == ("Planoise et Battant", "QPV")
    assert answer.context["found"].qpv_name == "Planoise"
    assert "Your address is in the neighborhood Planoise" in answer.content.decode()


def test_an_address_that_is_not_firm_or_near_the_border_is_in_doubt_and_answered(client, opened, quarter, settings):
    covers(opened("Planoise et Battant"))
    with Service() as service:
        settings.ADDRESS_URL = service.url
        assert why(look(client, "Rue des Arts, 25000 Besançon")) == ("Planoise et Battant", "PERHAPS")
    near = look(client, longitude="6.03010", latitude="47.25500")  # some meters outside

    assert why(near) == ("Planoise et Battant", "PERHAPS")
    assert "living in a priority neighborhood is not a condition" in near.content.decode()


def test_a_coverage_counts_on_its_days_in_its_edition_and_with_somebody_at_work(opened, quarter):
    on = timezone.localdate()
    gone, closed, former = opened("Vacant"), opened("Fini"), opened("Édition 2015")
    covers(gone)
    covers(closed, ends_on=on)
    factories.AnyCoverage(site=former, edition=2015, qpv_code="QN02501M")
    Mandate.objects.filter(site=gone).update(ends_on=on)
    place = finding.place_pointed(*HERE)

    assert finding.answer(place, on=on).why == "NEAREST"
    covers(opened("Ouvert", commune_code=""))
    found = finding.answer(place, on=on)
    assert (found.site.name, found.why) == ("Ouvert", "QPV")


def test_a_site_works_in_the_communes_of_the_neighborhoods_that_it_covers(opened, quarter):
    factories.AnyCommune(code="25001", name="Loin", sort_key="loin", longitude=6.9, latitude=47.2)
    covers(opened("Planoise et Battant", commune_code="25001"))
    opened("Ailleurs", commune_code="25001")

    found = finding.answer(finding.place_written("Besançon"), on=timezone.localdate())
    assert (found.site.name, found.why) == ("Planoise et Battant", "COMMUNE")


def test_without_a_site_there_the_nearest_one_answers_with_its_distance(client, site, opened):
    factories.AnyCommune(code="59350", name="Lille", sort_key="lille", longitude=3.057, latitude=50.629)
    factories.AnyCommune(code="39198", name="Dole", sort_key="dole", longitude=5.492, latitude=47.093)
    opened("CitésLab de Lille", commune_code="59350")
    answer = look(client, "Dole")

    assert why(answer) == ("CitésLab de Besançon", "NEAREST")
    assert "about 44 km away" in answer.content.decode()


def test_a_commune_without_a_position_is_answered_by_somebody_all_the_same(client, opened):
    opened("Sans commune", commune_code="")
    factories.AnyCommune(code="39198", name="Dole", sort_key="dole", longitude=None, latitude=None)

    assert why(look(client, "Dole")) == ("Sans commune", "ANY")


def test_an_empty_network_says_so(client, besancon, settings):
    settings.CONTACT = "bonjour@exemple.fr"

    said = look(client, "Besançon").content.decode()
    assert "No advisor is at work" in said
    assert "mailto:bonjour@exemple.fr" in said


# -- near me ----------------------------------------------------------------------------------------------------------


def test_near_me_is_answered_and_the_point_is_kept_nowhere(client, opened, quarter):
    covers(opened("Planoise et Battant"))
    answer = look(client, longitude="6.02", latitude="47.257")

    assert why(answer) == ("Planoise et Battant", "QPV")
    assert "no-store" in answer["Cache-Control"]
    assert "47.257" not in answer.content.decode()
    assert not Knock.objects.exists()


@pytest.mark.parametrize(
    ("longitude", "latitude"), [("4.35", "50.85"), ("0", "0"), ("179", "-89"), ("nan", "47"), ("999", "47"), ("x", "")]
)
def test_a_point_outside_france_or_none_is_answered_kindly(client, site, longitude, latitude):
    # Brussels is within the box of metropolitan France: somebody near answers.
    answer = look(client, longitude=longitude, latitude=latitude)

    assert answer.status_code == 200
    assert why(answer) == (("CitésLab de Besançon", "NEAREST") if longitude == "4.35" else ())


# -- the address service ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [{"status": 500}, {"reply": b"<html>"}, {"wait": 1}, {"drip": 0.2}])
def test_the_address_service_down_slow_or_strange_leaves_the_commune(client, site, settings, fault):
    settings.ADDRESS_SECONDS = 0.3
    with Service(**fault) as service:
        settings.ADDRESS_URL = service.url
        assert why(look(client, HOUSE)) == ("CitésLab de Besançon", "COMMUNE")
        asked = len(service.asked)
        assert why(look(client, HOUSE)) == ("CitésLab de Besançon", "COMMUNE")
        assert len(service.asked) == asked == 1  # it rests


def test_the_service_is_not_asked_for_a_commune_and_its_town_alone_is_enough(client, site, settings):
    with Service(collection(TOWN)) as service:
        settings.ADDRESS_URL = service.url
        look(client, "Besançon")
        assert service.asked == []
        assert why(look(client, "9 rue Inconnue, 25000 Besançon")) == ("CitésLab de Besançon", "COMMUNE")


def test_beyond_what_one_origin_asks_the_service_is_left_alone(client, site, settings):
    factories.AnyUser()  # the table of counted visits is all that is written
    with Service() as service:
        settings.ADDRESS_URL = service.url
        for _time in range(ASKED_AN_HOUR + 3):
            assert why(look(client, HOUSE))[0] == "CitésLab de Besançon"
    assert len(service.asked) == ASKED_AN_HOUR


def test_a_commune_is_no_address_and_counts_for_nothing(client, site, quarter, settings, monkeypatch):
    monkeypatch.setattr("citeslab.website.views.finding.ASKED_AN_HOUR", 1)
    with Service() as service:
        settings.ADDRESS_URL = service.url
        for words in ("Besançon", "25000 Besançon", ""):
            look(client, words)
        for _time in range(2):
            look(client, HOUSE)
    assert len(service.asked) == 1


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_an_advisor_is_named_with_her_consent_alone(client, site, advisor):
    page = reverse("website:site", args=[site.pk])
    before = client.get(page, **EN).content.decode()
    assert "Inès" not in before
    assert "Carvalho" not in before

    at = timezone.now()
    agenda.show_name(advisor=advisor, first_name="Inès", speaks="French and Portuguese", by=advisor, at=at)
    shown = client.get(page, **EN).content.decode()
    assert "Inès" in shown
    assert "Speaks French and Portuguese." in shown
    assert "Carvalho" not in shown

    agenda.hide_name(advisor=advisor, by=advisor, at=at)
    assert "Inès" not in client.get(page, **EN).content.decode()


def test_who_left_the_site_is_shown_no_more(site, advisor, opened):
    at = timezone.now()
    factories.AnyMandate(site=site)
    agenda.show_name(advisor=advisor, first_name="Inès", by=advisor, at=at)
    assert [one.first_name for one in sites.shown(site, at=at).faces] == ["Inès"]
    advisor.mandates.update(ends_on=timezone.localdate())

    found = sites.shown(site, at=at)
    assert (found.faces, found.slots) == ([], [])


def test_the_first_free_time_the_hours_the_workshops_and_the_number(client, site, besancon):
    site.phone = "+33381000000"
    site.save()
    starts_at = timezone.now() + timedelta(days=3)
    action = factories.AnyWorkshop(
        site=site, held_on=timezone.localdate(starts_at), title="Oser son idée", commune_code="25056",
        is_public=True, is_planned=True,
    )  # fmt: skip
    factories.AnySession(workshop=action, starts_at=starts_at)
    answer = client.get(reverse("website:finding"), {"commune": "25056"}, **EN)
    said = answer.content.decode()

    shown = answer.context["shown"]
    assert {slot.place for slot in shown.slots} == {"Au bureau, 2 place des Tilleuls"}
    assert [surgery.place for surgery, _next in shown.surgeries] == ["Centre social"]
    assert f"?creneau={shown.slots[0].advisor_id}-{int(shown.slots[0].starts_at.timestamp())}" in said
    assert "03 81 00 00 00" in said
    assert "Oser son idée" in said


def test_a_site_is_read_by_search_engines(client, site):
    import json
    import re

    site.phone, site.name = "+33381000000", "CitésLab </script><b>"
    site.save()
    page = client.get(reverse("website:site", args=[site.pk]), **EN).content.decode()
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])

    assert (told["@type"], told["name"], told["telephone"]) == ("LocalBusiness", site.name, "+33381000000")
    assert told["address"] == {"@type": "PostalAddress", "addressCountry": "FR", "addressLocality": "Besançon"}
    assert [hours["opens"] for hours in told["openingHoursSpecification"]] == ["09:00"]
    assert "<b>" not in page


def test_a_site_without_anybody_has_no_page(client, site):
    Mandate.objects.update(ends_on=timezone.localdate())

    for name in ("site", "booking", "message", "received_by"):
        assert client.get(reverse(f"website:{name}", args=[site.pk])).status_code == 404


# -- caches, languages, cost ------------------------------------------------------------------------------------------


def test_pages_are_kept_by_caches_compressed_and_set_no_cookie(client, site):
    for path in (reverse("website:finding"), "/trouver/?commune=25056", reverse("website:site", args=[site.pk])):
        answer = client.get(path, headers={"accept-encoding": "gzip, br", "accept-language": "fr"})
        assert answer["Cache-Control"] == "public, max-age=60"
        assert answer["Content-Encoding"] == "br"
        assert answer.cookies == {}


def test_the_address_says_the_language_and_the_links_keep_it(client, site):
    said = client.get("/trouver/?commune=25056&langue=en", headers={"accept-language": "fr"}).content.decode()

    assert "Somebody listens to you" in said
    assert "/trouver/?commune=25056&amp;langue=fr" in said
    assert f"/trouver/{site.pk}/message/?langue=en" in said


def test_an_address_is_in_no_url_and_reading_the_answer_again_shows_the_field(client, site):
    assert client.get(reverse("website:here"))["Location"] == reverse("website:finding")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_answer_costs_the_same_for_one_row_and_for_three(client, opened, quarter, rows, django_assert_num_queries):
    for rank in range(rows):
        site = opened(f"Site {rank}")
        covers(site)
        advisor = site.mandates.get().user
        agenda.show_name(advisor=advisor, first_name="Inès", by=advisor, at=timezone.now())
        starts_at = timezone.now() + timedelta(days=2)
        action = factories.AnyWorkshop(
            site=site, held_on=timezone.localdate(starts_at), commune_code="25056", capacity=5, is_public=True,
            is_planned=True,
        )  # fmt: skip
        factories.AnySession(workshop=action, starts_at=starts_at)
        factories.AnySurgery(site=site, advisor=advisor)
    client.get("/trouver/?commune=25056")
    # The commune and its namesakes, the sites and their communes; who is there and agreed; free times (hours, changes,
    # appointments, closures, who is there); hours open to all and their changes; actions, neighbors, seats and quotas.
    with django_assert_num_queries(18):
        client.get("/trouver/?commune=25056")
