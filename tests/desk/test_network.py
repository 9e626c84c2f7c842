"""The pilot's home: what needs a decision, what moved in a month, posts, coverage and money on the map."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from citeslab.desk import queries
from citeslab.figures.queries import Number
from citeslab.funding.enums import FunderKind, Use
from citeslab.network.enums import Cover, Role
from citeslab.territories import queries as territories
from citeslab.ui.values import money
from tests import factories
from tests.network import worlds

pytestmark = pytest.mark.django_db
HOME = reverse("desk:home")


@pytest.fixture
def on():
    return timezone.localdate()


@pytest.fixture
def country(db):
    worlds.outlines()
    yield
    territories.forget()


@pytest.fixture
def funder_reader(db):
    return factories.AnyMandate(role=Role.FUNDER, site=None).user


def of(changes):
    return [(change.kind, change.name, change.count) for change in changes]


def test_what_moved_in_thirty_days_the_latest_first(on):
    site = factories.AnySite(name="Grand Mirail")
    factories.AnyTenure(post__site=site, user__name="Ada Diop", begins_on=on - timedelta(days=3))
    factories.AnyTenure(post__site=site, user__name="Max Roy", ends_on=on - timedelta(days=4))
    for code in ("QN02501M", "QN02502M"):
        factories.AnyCoverage(site=site, edition=2024, qpv_code=code, begins_on=on - timedelta(days=2))
    factories.AnyAgreement(
        funder__name="Préfecture", signed_on=on - timedelta(days=1), begins_on=on, ends_on=on + timedelta(days=300)
    )
    assert of(queries.changes(on=on)) == [
        ("signs", "Préfecture", 0), ("covers", "Grand Mirail", 2), ("comes", "Ada Diop", 0), ("leaves", "Max Roy", 0),
    ]  # fmt: skip


def test_what_is_a_month_old_or_to_come_is_not_told(on):
    for day in (on - queries.network.A_MONTH, on + timedelta(days=1)):
        factories.AnyTenure(begins_on=day)
        factories.AnySite(opened_on=day)
    assert queries.changes(on=on) == []


def test_a_merger_and_an_opening_are_told(on):
    merger = factories.AnyMerger(merged_on=on)
    site = factories.AnySite(opened_on=on)
    assert of(queries.changes(on=on)) == [
        ("opens", site.name, 0), ("merges", f"{merger.absorbed.name} → {merger.into.name}", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("moves", [1, 3])
def test_a_month_costs_the_same_for_one_change_or_three(on, moves, django_assert_num_queries):
    for _ in range(moves):
        factories.AnyTenure(begins_on=on, ends_on=None)
        factories.AnyCoverage(begins_on=on)
        factories.AnyAgreement(signed_on=on)
    with django_assert_num_queries(8):  # who comes and leaves, coverage twice, its sites, sites, mergers, agreements
        queries.changes(on=on)


def test_money_by_department_loses_no_cent_and_leaves_own_funds_apart():
    agreement = factories.AnyAgreement()
    here = factories.AnyPost(site__department__code="25")
    there = factories.AnyPost(site__department=factories.AnyDepartment(code="59", name="Nord"))
    factories.AnyPostShare(agreement=agreement, post=here, share=3_333)
    factories.AnyPostShare(agreement=agreement, post=there, share=6_667)
    instalment = factories.AnyInstalment(agreement=agreement, amount_cents=1_000_078)
    factories.AnyPayment(instalment=instalment, amount_cents=1_000_001)
    factories.AnyPayment(instalment=instalment, use=Use.ACTION, amount_cents=77)  # no post
    alone = factories.AnyInstalment(agreement=factories.AnyAgreement())
    factories.AnyPayment(instalment=alone, amount_cents=5)  # of no post by name
    own = factories.AnyInstalment(agreement__funder__kind=FunderKind.PILOT)
    factories.AnyPayment(instalment=own, amount_cents=9_999)

    assert queries.money_by_department(year=2016) == {"25": 333_300, "59": 666_701, "": 5}
    assert queries.money_by_department(year=2017) == {}


def test_posts_and_coverage_by_department(country, on):
    site = factories.AnySite(department_id="25")
    factories.AnyTenure(post__site=site)
    factories.AnyPost(site=site)
    factories.AnyCoverage(site=site, edition=2024, qpv_code="QN02501M")
    assert queries.posts_by_department(on=on) == {"25": (2, 1)}
    assert queries.cover_by_department(on=on) == {"25": {Cover.ONE: 1, Cover.NONE: 2}}


def test_the_pilot_reads_what_needs_a_decision_and_where_it_is_settled(client, pilot, country, on):
    factories.AnyPost()
    agreement = factories.AnyAgreement(
        begins_on=on - timedelta(days=100), signed_on=on - timedelta(days=100), ends_on=on + timedelta(days=200)
    )
    factories.AnyInstalment(agreement=agreement, due_on=on - timedelta(days=1))
    client.force_login(pilot)
    page = client.get(HOME)
    assert [(line["said"], line["url"]) for line in page.context["decisions"]] == [
        ("3 quartiers sans conseiller ni conseillère", f"{reverse('network:coverage')}?cover=WHITE"),
        ("1 poste vacant", f"{reverse('network:network')}?vacant=on"),
        ("1 tranche en retard", reverse("funding:agreements")),
        ("1 poste qui n’est pas entièrement financé", reverse("funding:posts")),
    ]
    for line in page.context["decisions"]:
        assert client.get(line["url"]).status_code == 200, line


@pytest.mark.parametrize(
    ("layer", "title"),
    [
        ("postes", "1 postes occupés sur 2"),
        ("couverture", "2 quartiers sans conseiller ni conseillère, sur 3"),
        ("argent", "versés par les cofinanceurs"),
    ],
)
def test_the_map_shows_posts_coverage_and_money(client, pilot, country, on, layer, title):
    site = factories.AnySite(department_id="25")
    factories.AnyTenure(post__site=site)
    post = factories.AnyPost(site=site)
    factories.AnyCoverage(site=site, edition=2024, qpv_code="QN02501M")
    instalment = factories.AnyInstalment()
    factories.AnyPostShare(agreement=instalment.agreement, post=post)
    factories.AnyPayment(instalment=instalment)
    client.force_login(pilot)
    page = client.get(HOME, {"carte": layer, "annee": 2016})
    assert page.status_code == 200
    assert title in page.context["map"].title
    if layer == "argent":
        assert money(500_000) in page.context["map"].title


@pytest.mark.parametrize(
    ("unknown", "said"), [(0, "0</data> personne."), (1, "1</data> personne."), (2, "2</data> personnes.")]
)
def test_one_person_whose_sex_is_unknown_is_one(client, pilot, country, unknown, said):
    client.force_login(pilot)
    page = client.get(HOME)
    numbers = page.context_data["numbers"] | {"sex_unknown": Number(unknown)}
    text = render_to_string(page.template_name, page.context_data | {"numbers": numbers}, request=page.wsgi_request)

    assert said in text


def test_a_map_that_is_not_known_is_no_page(client, pilot):
    client.force_login(pilot)
    assert client.get(HOME, {"carte": "cadastre"}).status_code == 404


def test_a_funder_reads_the_year_and_nothing_of_the_pilots(client, funder_reader, country, on):
    instalment = factories.AnyInstalment()
    factories.AnyPostShare(agreement=instalment.agreement)
    factories.AnyPayment(instalment=instalment)
    client.force_login(funder_reader)
    page = client.get(HOME, {"carte": "argent", "annee": 2016})
    assert page.status_code == 200
    assert [name for name in ("decisions", "changes", "received", "layers") if name in page.context] == []
    assert page.context["map"] is None
