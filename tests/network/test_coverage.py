"""Which neighborhood has an advisor: coverage, white zones, overlaps, the nearest sites, codes of the wrong edition."""

from datetime import date

import pytest

from citeslab.audit.models import Entry
from citeslab.network import charts, queries, services
from citeslab.network.enums import Cover
from citeslab.network.models import Coverage
from citeslab.territories import queries as territories
from tests import factories
from tests.network import worlds

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _outlines(db):
    worlds.outlines()
    yield
    territories.forget()


@pytest.fixture
def acts(pilot, at):
    return {"by": pilot, "at": at}


@pytest.fixture
def besancon(db):
    return factories.AnySite(name="Besançon", code="BES", commune_code="25056")


def staffed(site):
    """Somebody is in post there."""
    factories.AnyTenure(post__site=site)
    return site


def cover(site, code="QN02501M", begins_on=date(2024, 1, 1), **more):
    return factories.AnyCoverage(site=site, edition=2024, qpv_code=code, begins_on=begins_on, **more)


def test_a_neighborhood_is_white_without_a_site_or_without_anybody_in_post(besancon):
    assert {one.code: one.cover for one in queries.quarters(on=ON)} == {
        "QN02501M": Cover.NONE, "QN02502M": Cover.NONE, "QN02503I": Cover.NONE,
    }  # fmt: skip
    cover(staffed(besancon), "QN02501M")
    cover(factories.AnySite(), "QN02502M")  # a site, and no post

    white = queries.white_zones(on=ON)
    assert [(one.code, one.cover) for one in white] == [("QN02502M", Cover.VACANT), ("QN02503I", Cover.NONE)]
    assert [(one.residents, one.communes, one.department_name) for one in white] == [
        (None, "Besançon", "Doubs"),
        (2_100, "Montbéliard", "Doubs"),
    ]


def test_a_post_left_makes_white_zones_that_day(besancon):
    tenure = factories.AnyTenure(post__site=besancon, ends_on=date(2026, 6, 1))
    cover(tenure.post.site)

    assert "QN02501M" not in [one.code for one in queries.white_zones(on=date(2026, 5, 31))]
    assert "QN02501M" in [one.code for one in queries.white_zones(on=date(2026, 6, 1))]


def test_two_sites_on_one_neighborhood_overlap(besancon):
    other = factories.AnySite(name="Planoise")
    for site in (besancon, other):
        cover(staffed(site))

    assert [(one.code, one.cover, [site.name for site in one.sites]) for one in queries.overlaps(on=ON)] == [
        ("QN02501M", Cover.SEVERAL, ["Besançon", "Planoise"])
    ]
    assert list(queries.sites_covering("QN02501M", edition=2024, on=ON)) == [besancon, other]
    assert not queries.sites_covering("QN02501M", edition=2015, on=ON).exists()
    assert not queries.sites_covering("QN02501M", edition=2024, on=date(2023, 12, 31)).exists()


def test_a_closed_site_covers_nothing(besancon):
    cover(staffed(besancon))
    besancon.closed_on = date(2026, 1, 1)
    besancon.save()

    assert not queries.sites_covering("QN02501M", edition=2024, on=ON).exists()
    assert [one.cover for one in queries.quarters(on=ON)][0] == Cover.NONE


def test_a_past_day_is_read_in_the_edition_of_that_day():
    assert [one.code for one in queries.quarters(on=date(2023, 12, 31))] == ["QP025001", "QP025002"]
    assert [one.code for one in queries.quarters(on=date(2009, 6, 30))] == ["QP025001", "QP025002"]
    assert [one.code for one in queries.quarters(on=date(2024, 1, 1))] == ["QN02501M", "QN02502M", "QN02503I"]


def test_overseas_keep_the_2015_edition_a_year_longer():
    for edition, code in ((2015, "QP974001"), (2024, "QN97401M")):
        factories.AnyQPV(
            release=factories.AnyRelease(edition=edition), code=code, department_code="974",
            outline=bytes(territories.QPV.objects.first().outline),
        )  # fmt: skip

    def of_reunion(on):
        return [one.code for one in queries.quarters(on=on) if one.department == "974"]

    assert (of_reunion(date(2024, 12, 31)), of_reunion(date(2025, 1, 1))) == (["QP974001"], ["QN97401M"])


def test_the_nearest_sites_come_first(besancon):
    near = factories.AnySite(name="Montbéliard", commune_code="25388")
    nowhere = factories.AnySite(name="Sans lieu", commune_code="")
    zone = queries.quarter_of("QN02503I", edition=2024, on=ON)

    found = queries.nearest_sites(zone, on=ON)
    assert [site for site, _km in found] == [near, besancon]
    assert found[0][1] < 2
    assert 60 < found[1][1] < 70
    assert nowhere not in [site for site, _km in found]
    cover(nowhere, "QN02503I")  # what it covers says where it is
    assert queries.nearest_sites(zone, on=ON)[0] == (nowhere, 0)


def test_a_site_takes_a_neighborhood_and_the_act_is_undone(besancon, acts):
    made = services.cover(site=besancon, qpv_code="qn02503i", begins_on=date(2026, 1, 5), **acts)
    assert (made.qpv_code, made.edition, made.ends_on) == ("QN02503I", 2024, None)
    with pytest.raises(services.AlreadyCovered) as refusal:
        services.cover(site=besancon, qpv_code="QN02503I", begins_on=ON, **acts)
    assert "5 janvier 2026" in str(refusal.value)

    services.remove_coverage(coverage=made, **acts)
    services.remove_coverage(coverage=made, **acts)

    assert not Coverage.objects.exists()
    lines = Entry.objects.order_by("pk").values_list("action", "details__qpv", "details__begins_on")
    assert list(lines) == [
        ("network.coverage.begun", "QN02503I", "2026-01-05"),
        ("network.coverage.removed", "QN02503I", "2026-01-05"),
    ]


def test_a_code_of_the_edition_before_is_refused_with_what_shares_its_ground(besancon, acts):
    with pytest.raises(services.OutOfForce) as refusal:
        services.cover(site=besancon, qpv_code="QP025001", begins_on=date(2024, 1, 1), **acts)
    assert [one.code for one in refusal.value.instead] == ["QN02501M"]
    assert "QN02501M (Planoise)" in str(refusal.value)
    assert "1er janvier 2024" in str(refusal.value) or "1 janvier 2024" in str(refusal.value)
    assert not Coverage.objects.exists()


def test_a_code_of_the_edition_after_is_refused_before_its_day(besancon, acts):
    with pytest.raises(services.OutOfForce) as refusal:
        services.cover(site=besancon, qpv_code="QN02502M", begins_on=date(2023, 12, 31), **acts)
    assert [one.code for one in refusal.value.instead] == ["QP025002"]
    with pytest.raises(services.OutOfForce) as refusal:
        services.cover(site=besancon, qpv_code="QN02503I", begins_on=date(2020, 1, 1), **acts)
    assert refusal.value.instead == ()


def test_a_coverage_of_the_2015_edition_ends_with_it(besancon, acts):
    made = services.cover(site=besancon, qpv_code="QP025001", begins_on=date(2015, 1, 1), **acts)
    assert made.ends_on == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("code", "near"), [("QN02501", ["QN02501M"]), ("QN02599M", ["QN02501M", "QN02502M"]), ("xyz", [])]
)
def test_an_unknown_code_is_refused_with_those_that_look_like_it(besancon, acts, code, near):
    with pytest.raises(services.NoSuchQPV) as refusal:
        services.cover(site=besancon, qpv_code=code, begins_on=ON, **acts)
    assert set(near) <= set(refusal.value.near)
    assert bool(refusal.value.near) is bool(near)
    assert code.upper() in str(refusal.value).upper()


def test_several_codes_come_in_together_or_not_at_all(besancon, acts):
    with pytest.raises(services.NoSuchQPV):
        services.cover_all(site=besancon, codes=["QN02501M", "QN09999M"], begins_on=ON, **acts)
    assert not Coverage.objects.exists()
    assert len(services.cover_all(site=besancon, codes=["QN02501M", "QN02502M"], begins_on=ON, **acts)) == 2


def test_a_site_covers_within_its_own_days(acts):
    site = factories.AnySite(opened_on=date(2025, 1, 1), closed_on=date(2026, 1, 1))

    with pytest.raises(services.NotThen):
        services.cover(site=site, qpv_code="QN02501M", begins_on=date(2024, 6, 1), **acts)
    with pytest.raises(services.NotThen):
        services.cover(site=site, qpv_code="QN02501M", begins_on=date(2026, 1, 1), **acts)
    assert services.cover(site=site, qpv_code="QN02501M", begins_on=date(2025, 6, 1), **acts).ends_on == site.closed_on


def test_a_coverage_ends_sooner_never_later(besancon, acts):
    made = cover(besancon)
    services.end_coverage(coverage=made, ends_on=date(2026, 1, 1), **acts)

    with pytest.raises(services.NotThen):
        services.end_coverage(coverage=made, ends_on=date(2027, 1, 1), **acts)
    with pytest.raises(services.NotThen):
        services.end_coverage(coverage=made, ends_on=date(2024, 1, 1), **acts)
    services.end_coverage(coverage=made, ends_on=date(2026, 1, 1), **acts)
    assert Entry.objects.filter(action="network.coverage.ended").count() == 1


# -- drawings ---------------------------------------------------------------------------------------------------------


def mark(code, cover=Cover.ONE, department="25", commune="Besançon"):
    return charts.Mark(code, code, department, commune, cover)


def test_each_department_has_its_tile_and_each_neighborhood_its_dot():
    marks = [mark("A"), mark("B", Cover.NONE), mark("C", Cover.NONE), mark("D", department="987")]
    drawn = charts.tiles(marks)

    tiles = {tile.code: tile for tile in drawn["tiles"]}
    assert len(tiles) == 102  # 101 departments, and the collectivity that has one
    assert tiles["25"].counts == {Cover.ONE: 1, Cover.NONE: 2}
    assert dict(tiles["25"].paths) == {Cover.ONE: "M4.5 24.0h0", Cover.NONE: "M9.9 24.0h0M15.3 24.0h0"}
    assert tiles["971"].paths == []


def test_a_crowded_tile_keeps_its_dots_inside():
    drawn = charts.paths_of([Cover.ONE] * 130)
    heights = [float(dot.partition(" ")[2].removesuffix("h0")) for dot in drawn[0][1].split("M")[1:]]
    assert len(heights) == 130
    assert max(heights) <= charts.SIDE - 3


def test_a_department_is_drawn_where_its_neighborhoods_are_with_the_names_that_have_room():
    middles = {"A": (6.0, 47.2), "B": (6.01, 47.2), "C": (6.8, 47.5)}
    marks = [mark("A"), mark("B", Cover.NONE), mark("C", commune="Montbéliard"), mark("Z")]
    drawn = charts.department(marks, middles)

    assert [dot.mark.code for dot in drawn["dots"]] == ["A", "C", "B"]  # what waits is over the rest
    assert [town.name for town in drawn["towns"]] == ["Besançon", "Montbéliard"]
    assert charts.department([mark("Z")], middles) is None
