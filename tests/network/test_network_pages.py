"""Pages of the network: the list, a site, an organization, coverage, a white zone closed; today and on a past day."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.network.enums import Role
from citeslab.network.models import Coverage, HostOrganization, Merger, Post, Site, Tenure
from citeslab.territories import queries as territories
from tests import factories
from tests.network import worlds

pytestmark = pytest.mark.django_db
NETWORK, COVERAGE = reverse("network:network"), reverse("network:coverage")


@pytest.fixture
def desk(client, pilot):
    client.force_login(pilot)
    return client


@pytest.fixture
def coordinator(site):
    return factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user


@pytest.fixture
def outlines(db, monkeypatch):
    worlds.outlines()
    monkeypatch.setattr(territories, "LONGEST_STALE_SECONDS", 3_600)  # on a slow machine too, a page asks once
    yield
    territories.forget()


def names(response) -> list[str]:
    return [one.name for one in response.context["sites"]]


def full_site(**more) -> Site:
    """A site with two posts, one of them vacant, and a neighborhood."""
    site = factories.AnySite(commune_code="25056", **more)
    factories.AnyTenure(post=factories.AnyPost(site=site))
    factories.AnyPost(site=site, full_time_percent=50, begins_on=date(2020, 1, 1))
    factories.AnyCoverage(site=site, edition=2024, qpv_code=f"QN{site.pk:05d}M", begins_on=date(2024, 1, 1))
    return site


# -- the list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sites", [1, 3])
def test_the_list_costs_the_same_for_one_site_or_three(desk, sites, django_assert_num_queries):
    for _ in range(sites):
        full_site()

    # Session, user, mandates; regions and departments of the form, in two each; count, sites, organizations, communes,
    # coverage, posts, holders; the state in three; anniversaries; is it a demonstration?
    with django_assert_num_queries(19):
        desk.get(NETWORK)


def test_the_list_says_who_holds_each_post_and_since_when_nobody_does(desk):
    site = full_site(name="CitésLab de Besançon")

    page = desk.get(NETWORK)
    [one] = page.context["sites"]
    assert (one.name, one.neighborhoods) == (site.name, 1)
    assert [(post.tenure is None, post.vacant_since) for post in one.posts] == [(False, None), (True, date(2020, 1, 1))]
    text = page.content.decode()
    assert "Poste vacant" in text
    assert "1 janvier 2020" in text or "1er janvier 2020" in text
    state = page.context["state"]
    assert (state.sites, state.organizations, state.posts, state.held, state.vacant, state.full_time) == (
        1,
        1,
        2,
        1,
        1,
        150,
    )


def test_the_list_is_searched_filtered_and_sorted(desk):
    jura = factories.AnyDepartment(code="39", name="Jura")
    lyon = factories.AnyDepartment(
        code="69", name="Rhône", region=factories.AnyRegion(code="84", name="Auvergne-Rhône-Alpes")
    )
    factories.AnyCommune(code="39198", name="Dole", sort_key="dole", department=jura)
    agglomeration = factories.AnyHostOrganization(name="Agglomération du Doubs", siret="73282932000074")
    factories.AnySite(name="CitésLab de Besançon", organization=agglomeration, opened_on=date(2010, 1, 1))
    factories.AnySite(name="CitésLab de Dole", commune_code="39198", department=jura, opened_on=date(2005, 1, 1))
    vacant = factories.AnyPost(site__name="CitésLab de Lyon", site__department=lyon, site__opened_on=date(2015, 1, 1))
    factories.AnyTenure(post__site=vacant.site, post__begins_on=date(2015, 1, 1))

    asked = {
        "": ["CitésLab de Besançon", "CitésLab de Dole", "CitésLab de Lyon"],
        "?words=besancon": ["CitésLab de Besançon"],
        "?words=agglomération": ["CitésLab de Besançon"],
        "?words=732 829 320 00074": ["CitésLab de Besançon"],
        "?words=dole": ["CitésLab de Dole"],
        "?words=nulle part": [],
        "?department=39": ["CitésLab de Dole"],
        "?region=84": ["CitésLab de Lyon"],
        "?vacant=on": ["CitésLab de Lyon"],
        "?sort=opened": ["CitésLab de Dole", "CitésLab de Besançon", "CitésLab de Lyon"],
        "?sort=-opened": ["CitésLab de Lyon", "CitésLab de Besançon", "CitésLab de Dole"],
        "?sort=department": ["CitésLab de Besançon", "CitésLab de Dole", "CitésLab de Lyon"],
        "?sort=organization": ["CitésLab de Besançon", "CitésLab de Dole", "CitésLab de Lyon"],
        "?sort=nonsense&department=zz&jour=hier": ["CitésLab de Besançon", "CitésLab de Dole", "CitésLab de Lyon"],
    }
    assert {query: names(desk.get(NETWORK + query)) for query in asked} == asked


def test_a_coordinator_reads_her_organization_alone_and_changes_no_post(client, site, coordinator):
    full_site(organization=site.organization, name="La nôtre")
    foreign = full_site(name="La leur")
    client.force_login(coordinator)

    assert set(names(client.get(NETWORK))) == {site.name, "La nôtre"}
    assert client.get(reverse("network:site", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("network:organization", args=[foreign.organization_id])).status_code == 404
    page = client.get(reverse("network:site", args=[site.pk])).content.decode()
    assert reverse("network:new_post", args=[site.pk]) not in page
    assert reverse("network:contact_of_site", args=[site.pk]) in page
    assert reverse("network:network") in client.get("/").content.decode()


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FUNDER])
def test_who_answers_for_nothing_has_no_entry_and_no_page(client, site, role):
    mandate = factories.AnyMandate(role=role, site=site if role == Role.ADVISOR else None)
    client.force_login(mandate.user)

    assert f'href="{NETWORK}"' not in client.get("/").content.decode()
    assert client.get(NETWORK).status_code == 404
    assert client.get(COVERAGE).status_code == 404


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_list_is_taken_out_whole_a_row_a_post(desk, format):
    full_site(name="=CitésLab")
    factories.AnySite(name="Sans poste")

    answer = desk.get(reverse("network:network_file"), {"format": format})
    assert answer.headers["Content-Disposition"].endswith(f'.{format}"')
    if format == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert [row[3] for row in rows] == ["Site", "'=CitésLab", "'=CitésLab", "Sans poste"]
        assert [row[14] for row in rows[1:]] == ["100", "50", ""]
    else:
        assert answer.content.startswith(b"PK")
    assert desk.get(reverse("network:network_file"), {"format": "exe"}).status_code == 404


# -- a past day -------------------------------------------------------------------------------------------------------


def test_a_past_day_has_its_names_its_holders_and_nothing_to_change(desk):
    organization = factories.AnyHostOrganization(name="Métropole")
    before = factories.AnyHostOrganization(name="Comité")
    site = factories.AnySite(name="CitésLab de Besançon", organization=organization, opened_on=date(2005, 1, 1))
    factories.AnyFormerName(site=site, name="SAP de Besançon", until=date(2009, 1, 1))
    factories.AnyMerger(absorbed=before, into=organization, merged_on=date(2012, 1, 1)).sites.set([site])
    post = factories.AnyPost(site=site, begins_on=date(2005, 1, 1))
    factories.AnyTenure(post=post, user__name="Paul Vasseur", begins_on=date(2005, 1, 1), ends_on=date(2010, 1, 1))
    factories.AnyTenure(post=post, user__name="Inès Carvalho", begins_on=date(2010, 1, 1))
    factories.AnySite(name="Plus tard", opened_on=date(2015, 1, 1))

    page = desk.get(f"{NETWORK}?jour=2008-06-30")
    [one] = page.context["sites"]
    assert (one.name, one.organization.name_then) == ("SAP de Besançon", "Comité")
    assert [post.tenure.user.name for post in one.posts] == ["Paul Vasseur"]
    assert page.context["state"].label.since == date(2005, 1, 1)
    assert "SAP" in page.content.decode()
    assert reverse("network:new_site") not in page.content.decode()

    page = desk.get(reverse("network:site", args=[site.pk]) + "?jour=2008-06-30")
    text = page.content.decode()
    assert "Paul Vasseur" in text
    assert "Inès Carvalho" not in text
    assert 'method="post"' not in text.replace('action="/langue/"', "").split("<main")[1]
    assert desk.get(reverse("network:organization", args=[before.pk]) + "?jour=2008-06-30").context["sites"]
    assert not desk.get(reverse("network:organization", args=[before.pk])).context["sites"]


@pytest.mark.parametrize("said", ["2999-01-01", "1999-01-01", "2008-02-30", "hier"])
def test_a_day_that_means_nothing_is_today(desk, said):
    assert desk.get(f"{NETWORK}?jour={said}").context["seen"].on == timezone.localdate()


# -- acts -------------------------------------------------------------------------------------------------------------


def test_an_organization_and_its_site_are_added(desk, outlines):
    wrong = {"name": "Pépinière", "legal_form": "ASSOCIATION", "siret": "73282932000075"}
    refused = desk.post(reverse("network:new_organization"), wrong)
    assert refused.status_code == 422
    assert "73282932000075" in refused.context["form"].errors["siret"][0]

    desk.post(reverse("network:new_organization"), wrong | {"siret": "732 829 320 00074", "phone": "03 81 61 50 50"})
    organization = HostOrganization.objects.get(name="Pépinière")
    assert (organization.siret, organization.phone) == ("73282932000074", "+33381615050")

    said = {
        "organization": organization.pk, "name": "CitésLab de Besançon", "code": "bes", "commune": "99999",
        "opened_on": "2026-01-05", "phone": "12", "email": "besancon@exemple.fr", "address": "2 rue des Tilleuls",
    }  # fmt: skip
    refused = desk.post(reverse("network:new_site"), said)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"commune", "phone"})
    desk.post(reverse("network:new_site"), said | {"commune": "25056", "phone": ""})
    site = Site.objects.get(code="BES")
    assert (site.organization, site.email, site.department_id) == (organization, "besancon@exemple.fr", "25")


def test_a_post_is_opened_taken_and_left_by_its_page(desk, site):
    advisor = factories.AnyMandate(site=site, user__name="Inès Carvalho").user
    desk.post(reverse("network:new_post", args=[site.pk]), {"full_time_percent": 80, "begins_on": "2020-01-01"})
    post = Post.objects.get()
    assert (post.full_time_percent, post.ends_on) == (80, None)

    desk.post(reverse("network:new_tenure", args=[post.pk]), {"user": advisor.pk, "begins_on": "2021-01-01"})
    tenure = Tenure.objects.get()
    other = factories.AnyMandate(site=site).user
    refused = desk.post(reverse("network:new_tenure", args=[post.pk]), {"user": other.pk, "begins_on": "2022-01-01"})
    assert refused.status_code == 422
    assert "Inès Carvalho" in refused.context["form"].errors["begins_on"][0]

    desk.post(reverse("network:end_of_tenure", args=[tenure.pk]), {"last_on": "2022-12-31"})
    tenure.refresh_from_db()
    assert tenure.ends_on == date(2023, 1, 1)
    desk.post(reverse("network:end_of_post", args=[post.pk]), {"last_on": "2024-12-31"})
    post.refresh_from_db()
    assert post.last_on == date(2024, 12, 31)


def to_come(days=30) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_a_post_to_come_has_its_links_and_is_removed_by_its_page(desk, site):
    post = factories.AnyPost(site=site, begins_on=to_come())
    address, removal = reverse("network:site", args=[site.pk]), reverse("network:removal_of_post", args=[post.pk])

    page = desk.get(address)
    assert [one.post for one in page.context["posts_to_come"]] == [post]
    text = page.content.decode()
    for name in ("new_tenure", "correction_of_post", "end_of_post", "removal_of_post"):
        assert reverse(f"network:{name}", args=[post.pk]) in text
    asked = desk.get(reverse("network:new_tenure", args=[post.pk]))
    assert asked.context["form"].initial["begins_on"] == post.begins_on
    desk.post(removal)
    assert not Post.objects.exists()
    assert not desk.get(address).context["posts_to_come"]


def test_a_post_that_an_agreement_pays_for_is_not_removed_by_page(desk):
    post = factories.AnyPostShare().post

    refused = desk.post(reverse("network:removal_of_post", args=[post.pk]), follow=True)
    assert "convention" in str(*refused.context["messages"])
    assert Post.objects.get() == post


def test_who_comes_next_is_told_under_her_post_and_removed_before_her_day(client, site, coordinator):
    post = factories.AnyPost(site=site)
    factories.AnyTenure(post=post, ends_on=to_come())
    advisor = factories.AnyMandate(site=site, user__name="Inès Carvalho").user
    client.force_login(coordinator)

    said = {"user": advisor.pk, "begins_on": to_come().isoformat()}
    page = client.post(reverse("network:new_tenure", args=[post.pk]), said, follow=True)
    following = Tenure.objects.get(user=advisor)
    [one] = page.context["posts"]
    assert one.to_come == (following,)
    removal = reverse("network:removal_of_tenure", args=[following.pk])
    assert removal in page.content.decode()
    assert "Inès Carvalho" in page.content.decode().split("<main")[1]
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    past = client.get(f"{reverse('network:site', args=[site.pk])}?jour={yesterday}")
    assert "Inès Carvalho" not in past.content.decode().split("<main")[1]
    client.post(removal)
    assert not Tenure.objects.filter(user=advisor).exists()


def test_what_ends_sooner_than_she_asked_is_said(desk, site, outlines):
    post = factories.AnyPost(site=site, begins_on=date(2016, 1, 1), ends_on=date(2021, 1, 1))
    advisor = factories.AnyMandate(site=site).user
    tenure = {"user": advisor.pk, "begins_on": "2016-01-01"}
    said = desk.post(reverse("network:new_tenure", args=[post.pk]), tenure, follow=True)
    assert told(said)[0].endswith("31 décembre 2020\N{NO-BREAK SPACE}: le poste s’arrête ensuite.")

    page = reverse("network:new_coverage", args=[site.pk])
    said = desk.post(page, {"codes": "QP025001", "begins_on": "2016-01-01", "last_on": "2024-06-30"}, follow=True)
    assert told(said)[0].endswith("31 décembre 2023\N{NO-BREAK SPACE}: l’édition s’arrête là.")
    said = desk.post(page, {"codes": "QN02502M", "begins_on": "2024-01-01", "last_on": "2024-06-30"}, follow=True)
    assert told(said) == ["Un quartier est couvert."]


def told(page):
    return [str(one) for one in page.context["messages"]]


def test_a_coordinator_says_who_holds_the_posts_of_her_sites(client, site, coordinator):
    post, foreign = factories.AnyPost(site=site), factories.AnyPost()
    advisor = factories.AnyMandate(site=site).user
    stranger = factories.AnyMandate().user
    client.force_login(coordinator)
    said = {"user": advisor.pk, "begins_on": "2021-01-01"}

    assert client.post(reverse("network:new_tenure", args=[foreign.pk]), said).status_code == 404
    assert client.post(reverse("network:new_tenure", args=[post.pk]), said | {"user": stranger.pk}).status_code == 422
    client.post(reverse("network:new_tenure", args=[post.pk]), said)
    assert Tenure.objects.get().user == advisor
    client.post(reverse("network:contact_of_site", args=[site.pk]), {"phone": "03 81 61 50 50"})
    site.refresh_from_db()
    assert site.phone == "+33381615050"


def test_two_organizations_merge_and_part_by_page(desk):
    one, other = factories.AnyHostOrganization(name="Comité"), factories.AnyHostOrganization(name="Métropole")
    site = factories.AnySite(organization=one)
    desk.post(reverse("network:merger", args=[one.pk]), {"into": other.pk, "merged_on": "2026-01-01"})

    site.refresh_from_db()
    assert site.organization == other
    assert desk.get(reverse("network:merger", args=[one.pk])).status_code == 404
    page = desk.get(reverse("network:organization", args=[other.pk]))
    assert [merger.absorbed for merger in page.context["taken_in"]] == [one]
    desk.post(reverse("network:undoing_of_merger", args=[Merger.objects.get().pk]))
    site.refresh_from_db()
    assert site.organization == one


@pytest.mark.parametrize("posts", [1, 3])
def test_a_site_costs_the_same_for_one_post_or_three(desk, site, posts, outlines, django_assert_num_queries):
    for _ in range(posts):
        factories.AnyTenure(post__site=site, ends_on=to_come())
        factories.AnyTenure(post=Post.objects.last(), begins_on=to_come())
        factories.AnyTenure(post__site=site, post__begins_on=to_come(), begins_on=to_come())
        factories.AnyCoverage(site=site)
        factories.AnyCoverage(site=site, begins_on=to_come())
        factories.AnyFormerName(site=site, until=date(2003 + Post.objects.count(), 1, 1))
    territories.latest_release_id(2015), territories.latest_release_id(2024)

    with django_assert_num_queries(17):
        desk.get(reverse("network:site", args=[site.pk]))


# -- coverage ---------------------------------------------------------------------------------------------------------


def test_the_map_and_the_list_tell_white_zones_with_their_residents(desk, outlines):
    site = factories.AnyTenure(post__site__commune_code="25056").post.site
    factories.AnyCoverage(site=site, edition=2024, qpv_code="QN02501M", begins_on=date(2024, 1, 1))

    page = desk.get(COVERAGE)
    context = page.context
    assert (context["total"], context["white"], context["residents"], context["unknown"]) == (3, 2, 2_100, 1)
    assert [(one["code"], one["total"], one["white"]) for one in context["departments"]] == [("25", 3, 2)]
    assert "inconnu" in page.content.decode()
    white = desk.get(f"{COVERAGE}?cover=WHITE")
    assert [one.code for one in white.context["page"]] == ["QN02502M", "QN02503I"]
    assert [one.code for one in desk.get(f"{COVERAGE}?words=montbeliard").context["page"]] == ["QN02503I"]
    of_department = desk.get(f"{COVERAGE}?department=25")
    assert len(of_department.context["department"]["dots"]) == 3
    file = desk.get(reverse("network:coverage_file"), {"cover": "WHITE", "format": "csv"}).content.decode("utf-8-sig")
    assert [line.split(";")[0] for line in file.splitlines()] == ["QPV", "QN02502M", "QN02503I"]


@pytest.mark.parametrize("covered", [1, 3])
def test_coverage_costs_the_same_for_one_neighborhood_or_three(desk, outlines, covered, django_assert_num_queries):
    for code in ("QN02501M", "QN02502M", "QN02503I")[:covered]:
        factories.AnyCoverage(edition=2024, qpv_code=code, begins_on=date(2024, 1, 1))
    territories.index_of(2024), territories.index_of(2015)

    with django_assert_num_queries(12):
        desk.get(COVERAGE)


def test_a_coordinator_reads_the_neighborhoods_of_her_sites(client, site, coordinator, outlines):
    factories.AnyCoverage(site=site, edition=2024, qpv_code="QN02501M", begins_on=date(2024, 1, 1))
    client.force_login(coordinator)

    assert [one.code for one in client.get(COVERAGE).context["page"]] == ["QN02501M"]
    assert client.get(reverse("network:quarter", args=["QN02501M"])).context["form"] is None
    assert client.get(reverse("network:quarter", args=["QN02502M"])).status_code == 404


def test_the_pilot_closes_a_white_zone_with_the_nearest_site_and_undoes_it(desk, outlines):
    near = factories.AnyTenure(post__site__name="Montbéliard", post__site__commune_code="25388").post.site
    far = factories.AnySite(name="Besançon", commune_code="25056")
    page = reverse("network:quarter", args=["QN02503I"])

    form = desk.get(page).context["form"]
    assert [choice[0] for choice in form.fields["site"].choices] == [near.pk, far.pk]
    assert "1 km" in form.fields["site"].choices[0][1]
    assert desk.post(page, {"begins_on": "2026-01-05"}).status_code == 422  # which site?
    both = desk.post(page, {"site": near.pk, "other": far.pk, "begins_on": "2026-01-05"})
    assert both.status_code == 422

    desk.post(page, {"site": near.pk, "begins_on": "2026-01-05"})
    coverage = Coverage.objects.get()
    assert (coverage.site, coverage.qpv_code, coverage.begins_on) == (near, "QN02503I", date(2026, 1, 5))
    again = desk.post(page, {"site": near.pk, "begins_on": "2026-02-01"})
    assert again.status_code == 422
    desk.post(reverse("network:removal_of_coverage", args=[coverage.pk]))
    assert not Coverage.objects.exists()


def test_a_white_zone_closed_from_a_day_to_come_is_told_and_undone_on_both_pages(desk, outlines):
    site = factories.AnyTenure(post__site__commune_code="25388").post.site
    page, its_page = reverse("network:quarter", args=["QN02503I"]), reverse("network:site", args=[site.pk])

    for address, said in ((page, {}), (its_page, {"of_site": "1"})):
        desk.post(page, {"site": site.pk, "begins_on": to_come().isoformat()})
        coverage = Coverage.objects.get()
        removal = reverse("network:removal_of_coverage", args=[coverage.pk])
        quarter = desk.get(page)
        assert list(quarter.context["coverages"]) == [coverage]
        assert quarter.context["quarter"].is_white  # until its day
        of_site = desk.get(its_page)
        assert [one for one, _qpv in of_site.context["covered_to_come"]] == [coverage]
        assert of_site.context["covered"] == []
        for shown in (quarter, of_site):
            assert removal in shown.content.decode()
            assert "À venir" in shown.content.decode()
        yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
        assert not desk.get(f"{page}?jour={yesterday}").context["coverages"]
        assert not desk.get(f"{its_page}?jour={yesterday}").context["covered_to_come"]
        assert desk.post(removal, said)["Location"] == address
        assert not Coverage.objects.exists()


def test_a_code_of_the_wrong_edition_is_refused_by_page_with_what_would_be_right(desk, site, outlines):
    page = reverse("network:new_coverage", args=[site.pk])

    refused = desk.post(page, {"codes": "QN02502M qp025001", "begins_on": "2026-01-05"})
    assert refused.status_code == 422
    assert "QN02501M (Planoise)" in refused.context["form"].errors["codes"][0]
    assert not Coverage.objects.exists()
    desk.post(page, {"codes": "QN02502M, QN02501M", "begins_on": "2026-01-05", "last_on": "2026-12-31"})
    assert {one.last_on for one in Coverage.objects.all()} == {date(2026, 12, 31)}
    assert Coverage.objects.count() == 2


@pytest.mark.parametrize("code", ["QN09999M", "QP025001", "nothing", "QX025001"])
def test_a_neighborhood_that_is_not_one_has_no_page(desk, outlines, code):
    assert desk.get(reverse("network:quarter", args=[code])).status_code == (200 if code == "QP025001" else 404)


def test_a_neighborhood_out_of_force_takes_no_site(desk, outlines):
    assert desk.get(reverse("network:quarter", args=["QP025001"])).context["form"] is None
