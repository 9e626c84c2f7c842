"""What who knows nobody by name sees: no small number, and none that can be worked out."""

from datetime import date

import pytest
from django.urls import reverse

from citeslab.figures import queries
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.enums import Breakdown
from citeslab.followup.enums import ExitReason, Stage
from citeslab.network.enums import Role
from citeslab.people.enums import Sex
from tests import factories
from tests.figures.test_definitions import YEAR, step, supported

pytestmark = pytest.mark.django_db


def ask(indicator, *by, since=None, perimeter=queries.NETWORK):
    return queries.explored(queries.Asked(BY_ID[indicator], perimeter, YEAR, since, tuple(map(Breakdown, by))))


def crowd(site, **counts):
    for name, count in counts.items():
        sex, _under, diploma = name.partition("_")
        for _ in range(count):
            supported(site, sex=Sex[sex], diploma=diploma)


def hidden(found):
    return {key for key, number in found.numbers.items() if number.is_hidden}


def test_a_small_number_takes_others_with_it(site):
    crowd(site, WOMAN_3=12, WOMAN_4=2, MAN_3=9, MAN_4=8)
    found = queries.protected(ask("persons_supported", "sex", "diploma"))

    assert {("WOMAN", "L4"), ("WOMAN", "L3"), ("MAN", "L3"), ("MAN", "L4")} == hidden(found)
    assert found.total.count == 31
    assert found.at("WOMAN", "").count == 14


def test_a_table_without_small_numbers_is_whole(site):
    crowd(site, WOMAN_3=6, MAN_3=7)
    found = ask("persons_supported", "sex")
    assert queries.protected(found) == found


def test_a_share_is_hidden_with_what_it_rests_on(site):
    crowd(site, WOMAN_3=2, MAN_3=9)
    found = queries.protected(ask("share_women"))
    assert found.total.is_hidden
    assert found.total.value is None


def test_tables_side_by_side_do_not_give_each_other_away(site):
    crowd(site, WOMAN_3=7, MAN_3=9, UNKNOWN_3=2)
    tables = [ask("persons_supported"), ask("women"), ask("sex_unknown"), ask("persons_supported", "sex")]
    alone = [hidden(queries.protected(table)) for table in tables]
    together = [hidden(table) for table in queries.protected_together(tables)]

    assert alone[1] == set()
    assert ("UNKNOWN", "") in together[3]
    assert together[2] == {("", "")}
    # Of two sexes and the unknown, one more is hidden, and everywhere it stands.
    assert (together[1] == {("", "")}) == (("WOMAN", "") in together[3])
    assert len(together[3]) >= 2


def by_region(indicator, **counts):
    numbers = {("", ""): queries.Number(sum(counts.values()))}
    numbers |= {(name, ""): queries.Number(count) for name, count in counts.items()}
    asked = queries.Asked(BY_ID[indicator], queries.NETWORK, YEAR, by=(Breakdown.REGION,))
    return queries.Explored(asked, {name: name for name in counts}, {}, numbers)


def test_what_does_not_add_up_leaves_the_tables_beside_it_protected():
    people = by_region("persons_supported", a=40, b=30, c=3, d=25)
    advisors = by_region("advisors_in_post", a=4, b=3, c=1, d=2)

    together, _advisors = queries.protected_together([people, advisors])
    assert hidden(together) == hidden(queries.protected(people))
    assert len(hidden(together)) == 2


def broken_down(by, **counts):
    """People supported by one breakdown, as a report of the network tells them."""
    asked = queries.Asked(BY_ID["persons_supported"], queries.NETWORK, YEAR, by=(by,))
    numbers = {("", ""): queries.Number(sum(counts.values()))}
    numbers |= {(name, ""): queries.Number(count) for name, count in counts.items()}
    return queries.Explored(asked, dict.fromkeys(counts, ""), {}, numbers)


@pytest.mark.parametrize(
    ("wide", "narrow", "rest"),
    [
        (
            broken_down(Breakdown.STAGE, AMOR=30, EMER=40, PARC=27, SORT=3),
            broken_down(Breakdown.EXIT, STILL_HERE=97, ABANDONED=2, NO_NEWS=1),
            "STILL_HERE",
        ),
        (
            broken_down(Breakdown.RESIDENCE, IN=4, OUT=60, TO_CHECK=12, NOT_LOCATED=24),
            broken_down(Breakdown.QPV, QN1=2, QN2=2, UNKNOWN=96),
            "UNKNOWN",
        ),
    ],
)
def test_two_breakdowns_that_say_the_same_are_hidden_together(wide, narrow, rest):
    """All but the rest are the few whom the other one hides."""
    few = [name for name in wide.rows if wide.at(name, "").count < 5]
    shelter = queries.Shelter()
    hides, beside = queries.protected_together([wide, narrow], shelter=shelter)

    assert [hides.at(name, "").is_hidden for name in few] == [True]
    assert beside.total.is_hidden or beside.at(rest, "").is_hidden
    assert hides.total.is_hidden == beside.total.is_hidden
    assert shelter.leaks == ()


def test_both_in_one_table_are_told_once(site):
    for stages in ([], [Stage.EMER], [Stage.SORT]):
        for _ in range(7):
            someone = supported(site)
            for stage in stages:
                why = ExitReason.NO_NEWS if stage == Stage.SORT else ""
                step(someone, stage, on=date(YEAR, 5, 1), exit_reason=why)
    found = queries.protected(ask("persons_supported", "stage", "exit"))
    assert found.at("SORT", "NO_NEWS").count == 7
    assert found.at("SORT", "STILL_HERE").count == 0
    assert found.at("EMER", "").count == 7
    assert found.total.count == 21


def test_each_year_is_hidden_by_itself(site):
    crowd(site, WOMAN_3=3, MAN_3=9)
    found = queries.protected(ask("persons_supported", "sex", since=YEAR - 1))
    assert found.at("WOMAN", str(YEAR)).is_hidden
    assert found.at("MAN", str(YEAR)).is_hidden
    assert found.at("WOMAN", "").is_hidden
    assert found.at("", str(YEAR)).count == 12
    assert found.at("", str(YEAR - 1)).count == 0


def test_actions_are_nobody(site):
    factories.AnyWorkshop(site=site, held_on=f"{YEAR}-03-01")
    found = ask("actions_held.total", "kind")
    assert queries.protected(found) == found


@pytest.fixture
def pilot(client):
    user = factories.AnyMandate(role=Role.PILOT, site=None).user
    client.force_login(user)
    return user


def test_the_pilot_explores_the_network_and_its_places_without_small_numbers(client, pilot, site):
    crowd(site, WOMAN_3=12, WOMAN_4=2, MAN_3=9, MAN_4=8)
    for perimeter, total in (("", 31), (f"site:{site.pk}", 31), (f"department:{site.department_id}", 31)):
        page = client.get(
            reverse("figures:explorer"), {"annee": YEAR, "par": "sex", "et": "diploma", "perimetre": perimeter}
        )
        found = page.context["found"]
        assert found.total.count == total, perimeter
        assert found.at("WOMAN", "L4").is_hidden
        assert all(not cell["url"] for row in page.context["table"]["rows"] for cell in row["cells"])
        counted = client.get(reverse("figures:counted"), {"annee": YEAR, "perimetre": perimeter})
        assert counted.status_code == 404
    file = client.get(reverse("figures:explorer"), {"annee": YEAR, "par": "sex", "et": "diploma", "format": "csv"})
    assert "WOMAN,L4" in file.content.decode()
    assert ",2,,2," not in file.content.decode()


def test_a_funder_reads_the_network_alone_whatever_the_address(client, site):
    client.force_login(factories.AnyMandate(role=Role.FUNDER, site=None).user)
    crowd(site, WOMAN_3=12, MAN_3=2)
    for perimeter in ("", f"site:{site.pk}", f"department:{site.department_id}", "agreement:C-1"):
        page = client.get(reverse("figures:explorer"), {"annee": YEAR, "par": "sex", "perimetre": perimeter})
        assert page.context["asked"].perimeter == queries.NETWORK
        assert page.context["found"].at("MAN", "").is_hidden
