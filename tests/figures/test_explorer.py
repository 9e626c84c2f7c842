"""The explorer: any figure, whose, when, by what; and who is behind a number of one's own site."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from citeslab.audit.models import Entry
from citeslab.figures import exports, queries
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS
from citeslab.figures.enums import Breakdown
from citeslab.figures.values import Perimeter
from citeslab.followup.enums import Stage
from citeslab.people.enums import Sex
from tests import factories
from tests.figures.test_definitions import YEAR, step, supported

pytestmark = pytest.mark.django_db
EXPLORER, COUNTED = reverse("figures:explorer"), reverse("figures:counted")


@pytest.fixture
def ask(client, advisor, site):
    client.force_login(advisor)

    def asked(address=EXPLORER, **said):
        return client.get(address, {"annee": YEAR, **said})

    return asked


def cells(page) -> dict:
    table = page.context["table"]
    return {
        (row["heading"], column): exports.written(cell["number"])
        for row in table["rows"]
        for column, cell in zip(table["headings"], row["cells"], strict=True)
    }


def test_a_figure_by_two_breakdowns_with_its_totals(ask, site):
    for sex, born in ((Sex.WOMAN, 1990), (Sex.WOMAN, 1960), (Sex.MAN, 1990)):
        supported(site, sex=sex, born_on=date(born, 1, 1))
    page = ask(par="sex", et="age", HTTP_ACCEPT_LANGUAGE="en")

    found = page.context["found"]
    assert (found.total.count, found.at("WOMAN", "").count, found.at("", "FROM_30").count) == (3, 2, 2)
    assert list(found.rows) == ["WOMAN", "MAN"]
    assert len(cells(page)) == 3 * 3
    assert [one.label for one in page.context["chart"][1].bars] == [str(Sex.WOMAN.label), str(Sex.MAN.label)]


def test_a_share_says_what_it_rests_on(ask, site):
    for sex in (Sex.WOMAN, Sex.MAN, Sex.MAN, Sex.UNKNOWN):
        supported(site, sex=sex, diploma="4" if sex == Sex.MAN else "")
    found = ask(indicateur="share_women", par="diploma").context["found"]

    assert (found.total.value, found.total.count, found.total.of) == (0.3333, 1, 3)
    assert found.at("L4", "").value == 0
    assert found.at("UNKNOWN", "").value == 1
    assert ask(indicateur="share_women").context["unknowns"] == 1


def test_over_years_the_year_is_the_column_and_the_chart_a_curve(ask, site):
    someone = supported(site, sex=Sex.WOMAN)
    factories.AnyMeeting(person=someone, held_on=date(YEAR - 1, 5, 1))
    step(someone, Stage.AMOR, on=date(YEAR - 1, 5, 1))
    supported(site, sex=Sex.MAN)
    page = ask(par="sex", depuis=YEAR - 2)

    found = page.context["found"]
    assert [found.at("WOMAN", str(year)).count for year in range(YEAR - 2, YEAR + 1)] == [0, 1, 1]
    assert [found.at("", str(year)).count for year in range(YEAR - 2, YEAR + 1)] == [0, 1, 2]
    assert page.context["chart"][0] == "curve"


def test_what_stands_on_a_day_is_asked_year_by_year(ask, site):
    factories.AnyProject(site=site, started_on=date(YEAR - 1, 1, 1), sector="G")
    found = ask(indicateur="projects_cumulative", par="sector", depuis=YEAR - 2).context["found"]

    assert [found.at("G", str(year)).count for year in range(YEAR - 2, YEAR + 1)] == [0, 1, 1]


@pytest.mark.parametrize(
    "said",
    [
        {"indicateur": "no_such"},
        {"indicateur": "actions_held.total", "par": "sex"},
        {"par": "no_such"},
        {"par": "sex", "et": "age", "depuis": YEAR - 1},
        {"annee": "3000"},
        {"annee": "x"},
        {"depuis": "-1"},
    ],
)
def test_what_cannot_be_answered_is_left_out_with_words(ask, site, said):
    page = ask(**said)
    assert page.status_code == 200
    assert page.context["left_out"]


def test_since_a_later_year_is_that_year_alone(ask):
    assert ask(depuis=YEAR + 1).context["asked"].since is None


def test_another_site_asked_by_address_is_not_shown(ask, site):
    other = supported(factories.AnySite())
    for perimeter in (f"site:{other.site_id}", "", "department:59", "site:x", "region:", "nothing:1"):
        page = ask(perimetre=perimeter)
        assert page.context["asked"].perimeter == Perimeter("site", str(site.pk))
        assert page.context["found"].total.count == 0
        assert ask(COUNTED, perimetre=perimeter).context["page"].paginator.count == 0


def test_nobody_is_a_zero_and_no_share(ask):
    page = ask(indicateur="share_women", par="age")
    assert page.context["found"].total.value is None
    assert "–" in page.content.decode()


def test_a_number_leads_to_those_whom_it_counts_and_says_why(client, ask, site):
    counted = supported(site, sex=Sex.WOMAN)
    supported(site, sex=Sex.MAN)
    page = ask(par="sex")
    url = next(row["cells"][0]["url"] for row in page.context["table"]["rows"] if not row["is_total"])
    people = client.get(COUNTED + url)

    assert [person for person, _reason in people.context["people"]] == [counted]
    (why,) = [reason for _person, reason in people.context["people"]]
    assert "2024" in why
    line = Entry.objects.get(action="figures.people.listed")
    assert (line.details["indicator"], line.details["people"]) == ("persons_supported", 1)
    assert counted.preferred_name not in str(line.details)


def test_who_was_anonymised_is_counted_and_not_named(ask, site, at):
    gone = supported(site, sex=Sex.WOMAN)
    type(gone).objects.filter(pk=gone.pk).update(
        anonymised_at=at, first_name="", preferred_name="", sort_key="", phone="", email="", reference="", born_on=None
    )
    page = ask(COUNTED)
    assert (page.context["not_shown"], page.context["people"]) == (1, [])


def test_actions_count_nobody_by_name(ask):
    assert ask(COUNTED, indicateur="actions_held.total").status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_of_the_counted_costs_the_same_for_one_or_twelve(ask, site, count, django_assert_num_queries):
    for _ in range(count):
        supported(site)
    ask(COUNTED)
    # session, user, hour of her sites, her sites (2), their choice; who is counted, how many and who of them she sees,
    # the line of the journal; meetings, steps and rows that say why; names of the site; the frame
    with django_assert_num_queries(17):
        ask(COUNTED)


def test_the_file_says_what_the_page_says(ask, site):
    for sex in (Sex.WOMAN, Sex.WOMAN, Sex.MAN):
        supported(site, sex=sex)
    answer = ask(par="sex", format="csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))

    assert {row["sex"]: row["count"] for row in rows} == {"": "3", "WOMAN": "2", "MAN": "1"}
    assert {row["status"] for row in rows} == {"shown"}
    assert answer["Content-Disposition"].startswith('attachment; filename="citeslab-persons_supported-site-')


def test_every_figure_of_the_page_of_a_site_is_the_same_here(ask, site):
    for sex in Sex:
        supported(site, Stage.EMER, sex=sex)
    factories.AnyHeadCount(workshop__site=site, workshop__held_on=date(YEAR, 2, 2), heads=7)
    figures = queries.computed.computed(queries.computed.scope_of(YEAR, site))
    for indicator in INDICATORS:
        if queries.breakdowns_of(indicator):
            found = ask(indicateur=indicator.id, par=sorted(queries.breakdowns_of(indicator))[0]).context["found"]
            assert found.total.value == figures[indicator.id], indicator.id


def test_shares_may_be_broken_down_by_what_both_terms_may():
    assert queries.breakdowns_of(BY_ID["share_women"]) == queries.breakdowns_of(BY_ID["women"])
    assert Breakdown.KIND not in queries.breakdowns_of(BY_ID["share_women"])
