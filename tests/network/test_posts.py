"""Posts, who holds them, organizations and sites: each act, its refusals in words, its line in the journal."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from citeslab.audit.models import Entry
from citeslab.core.values import is_siret
from citeslab.network import queries, services
from citeslab.network.models import HostOrganization, Post, Site, Tenure
from citeslab.network.services import posts
from citeslab.network.values import Contact, label_on
from tests import factories

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
SIRET, POSTAL = "73282932000074", "35600000049837"


@pytest.fixture
def acts(pilot, at):
    return {"by": pilot, "at": at}


def actions():
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def test_a_siret_is_checked_and_belongs_to_one_organization(acts):
    first = services.open_organization(name="Boutique de projets", siret="732 829 320 00074", **acts)
    assert first.siret == SIRET
    assert is_siret(POSTAL)  # an office of La Poste: its digits sum to a multiple of five
    assert services.open_organization(name="La Poste", siret=POSTAL, **acts).siret == POSTAL

    with pytest.raises(services.NotASiret) as refusal:
        services.open_organization(name="Pépinière", siret="73282932000075", **acts)
    assert "73282932000075" in str(refusal.value)
    with pytest.raises(services.SiretTaken) as refusal:
        services.open_organization(name="Pépinière", siret=SIRET, **acts)
    assert refusal.value.organization == first
    assert "Boutique de projets" in str(refusal.value)
    assert HostOrganization.objects.count() == 2
    assert actions() == ["network.organization.opened"] * 2


@pytest.mark.parametrize("siret", ["1234", "7328293200007A"])
def test_the_database_keeps_the_form_of_a_siret(siret):
    with pytest.raises(IntegrityError, match="siret_of_14_digits"), transaction.atomic():
        factories.AnyHostOrganization(siret=siret)


def test_the_database_keeps_a_siret_for_one():
    factories.AnyHostOrganization(siret=SIRET)
    factories.AnyHostOrganization(siret="")
    factories.AnyHostOrganization(siret="")

    with pytest.raises(IntegrityError, match="one_siret"), transaction.atomic():
        factories.AnyHostOrganization(siret=SIRET)


def test_a_correction_says_in_the_journal_which_fields_moved(acts):
    one = factories.AnyHostOrganization(legal_form="ASSOCIATION")
    said = {
        "legal_form": "COOPERATIVE",
        "siret": "",
        "contact_name": "Nadège Perrin",
        "contact": Contact(phone="+33199000001"),
    }

    services.correct_organization(organization=one, **said, **acts)
    services.correct_organization(organization=one, **said, **acts)

    one.refresh_from_db()
    assert (one.legal_form, one.contact_name, one.phone) == ("COOPERATIVE", "Nadège Perrin", "+33199000001")
    [line] = Entry.objects.filter(action="network.organization.corrected")
    assert sorted(line.details["fields"]) == ["contact_name", "legal_form", "phone"]


def test_two_people_on_one_post_by_mistake_are_refused_with_who_and_when(acts):
    post = factories.AnyPost(begins_on=date(2015, 1, 1))
    ines = factories.AnyUser(name="Inès Carvalho")
    services.begin_tenure(post=post, user=ines, begins_on=date(2017, 9, 4), **acts)

    with pytest.raises(services.PostHeld) as refusal:
        services.begin_tenure(post=post, user=factories.AnyUser(), begins_on=date(2020, 1, 1), **acts)
    assert refusal.value.tenure.user == ines
    assert "Inès Carvalho" in str(refusal.value)
    assert "4 septembre 2017" in str(refusal.value)
    with pytest.raises(services.PostHeld):
        services.begin_tenure(
            post=post, user=factories.AnyUser(), begins_on=date(2016, 1, 1), ends_on=date(2017, 9, 5), **acts
        )
    assert Tenure.objects.count() == 1


def test_the_days_of_a_holder_are_within_those_of_the_post(acts):
    post = factories.AnyPost(begins_on=date(2015, 1, 1), ends_on=date(2018, 1, 1))
    user = factories.AnyUser()

    for wrong in (date(2014, 12, 31), date(2018, 1, 1)):
        with pytest.raises(services.NotThen):
            services.begin_tenure(post=post, user=user, begins_on=wrong, **acts)
    assert services.begin_tenure(post=post, user=user, begins_on=date(2015, 1, 1), **acts).ends_on == date(2018, 1, 1)


def test_who_leaves_lets_the_post_vacant_and_the_next_may_come(acts):
    post = factories.AnyPost(begins_on=date(2015, 1, 1))
    tenure = services.begin_tenure(post=post, user=factories.AnyUser(), begins_on=date(2016, 1, 1), **acts)

    services.end_tenure(tenure=tenure, ends_on=date(2018, 3, 1), **acts)
    [then] = queries.posts_then(Post.objects.all(), on=date(2019, 1, 1))
    assert (then.tenure, then.vacant_since) == (None, date(2018, 3, 1))
    [before] = queries.posts_then(Post.objects.all(), on=date(2015, 6, 1))
    assert (before.tenure, before.vacant_since) == (None, date(2015, 1, 1))

    following = services.begin_tenure(post=post, user=factories.AnyUser(), begins_on=date(2018, 3, 1), **acts)
    with pytest.raises(services.PostHeld) as refusal:
        services.end_tenure(tenure=tenure, ends_on=date(2018, 6, 1), **acts)
    assert refusal.value.tenure == following
    with pytest.raises(services.NotThen):
        services.end_tenure(tenure=following, ends_on=date(2018, 3, 1), **acts)


def test_a_holder_written_by_mistake_is_removed_and_the_journal_keeps_it(acts):
    tenure = factories.AnyTenure()

    services.remove_tenure(tenure=tenure, **acts)
    services.remove_tenure(tenure=tenure, **acts)

    assert not Tenure.objects.exists()
    [line] = Entry.objects.filter(action="network.tenure.removed")
    assert (line.details["user_id"], line.details["begins_on"]) == (tenure.user_id, "2002-01-01")


def test_a_post_opened_by_mistake_is_removed_and_the_journal_keeps_it(acts):
    post = factories.AnyPost(reference="P1", begins_on=date(2027, 1, 1))

    services.remove_post(post=post, **acts)
    services.remove_post(post=post, **acts)

    assert not Post.objects.exists()
    [line] = Entry.objects.filter(action="network.post.removed")
    assert (line.subject_id, line.details["reference"], line.details["begins_on"]) == (post.pk, "P1", "2027-01-01")


def test_a_post_with_a_holder_or_with_money_is_not_removed(acts):
    tenure = factories.AnyTenure(user__name="Inès Carvalho")
    with pytest.raises(services.PostInUse, match="Inès Carvalho"):
        services.remove_post(post=tenure.post, **acts)
    share = factories.AnyPostShare()
    with pytest.raises(services.PostInUse) as refusal:
        services.remove_post(post=share.post, **acts)

    assert refusal.value.tenure is None
    assert str(refusal.value)
    assert set(Post.objects.all()) == {tenure.post, share.post}
    assert "network.post.removed" not in actions()


def test_what_is_to_come_is_told_when_it_is_asked(acts):
    post = factories.AnyPost(begins_on=date(2015, 1, 1))
    later = factories.AnyPost(site=post.site, begins_on=date(2027, 1, 1))
    held = factories.AnyTenure(post=post, begins_on=date(2020, 1, 1), ends_on=date(2027, 1, 1))
    following = factories.AnyTenure(post=post, begins_on=date(2027, 1, 1))

    [then] = queries.posts_then(Post.objects.all(), on=ON)
    assert (then.tenure, then.to_come) == (held, ())
    now, to_come = queries.posts_then(Post.objects.all(), on=ON, also_to_come=True)
    assert (now.tenure, now.to_come, now.is_unused) == (held, (following,), False)
    assert (to_come.post, to_come.tenure, to_come.to_come, to_come.is_unused) == (later, None, (), True)


def test_a_post_that_ends_is_left_that_day_and_ends_sooner_only(acts):
    post = factories.AnyPost(begins_on=date(2015, 1, 1))
    tenure = factories.AnyTenure(post=post, begins_on=date(2016, 1, 1))

    with pytest.raises(services.NotThen):
        services.end_post(post=post, ends_on=date(2015, 1, 1), **acts)
    with pytest.raises(services.NotThen):
        services.end_post(post=post, ends_on=date(2016, 1, 1), **acts)
    services.end_post(post=post, ends_on=date(2020, 1, 1), **acts)
    tenure.refresh_from_db()
    assert tenure.ends_on == date(2020, 1, 1)
    with pytest.raises(services.NotThen):
        services.end_post(post=post, ends_on=date(2021, 1, 1), **acts)
    services.end_post(post=post, ends_on=date(2020, 1, 1), **acts)
    assert actions() == ["network.post.ended"]


def test_a_post_has_a_share_a_reference_of_its_own_and_the_days_of_its_site(acts):
    site = factories.AnySite(opened_on=date(2010, 1, 1), closed_on=date(2020, 1, 1))
    made = services.open_post(
        site=site, full_time_percent=50, reference="P1", begins_on=date(2010, 1, 1), ends_on=date(2020, 1, 1), **acts
    )
    assert (made.full_time_percent, made.last_on) == (50, date(2019, 12, 31))

    with pytest.raises(services.ReferenceTaken):
        services.open_post(site=site, reference="P1", begins_on=date(2011, 1, 1), ends_on=date(2012, 1, 1), **acts)
    with pytest.raises(services.NotThen):
        services.open_post(site=site, begins_on=date(2009, 12, 31), ends_on=date(2012, 1, 1), **acts)
    with pytest.raises(services.NotThen):
        services.open_post(site=site, begins_on=date(2011, 1, 1), **acts)
    services.correct_post(post=made, full_time_percent=80, **acts)
    services.correct_post(post=made, full_time_percent=80, **acts)
    assert actions() == ["network.post.opened", "network.post.corrected"]


@pytest.mark.parametrize("percent", [0, 101])
def test_the_database_refuses_a_share_of_more_than_one_person(percent):
    with pytest.raises(IntegrityError, match="share_of_one_person"), transaction.atomic():
        factories.AnyPost(full_time_percent=percent)


def test_a_site_takes_another_name_and_past_days_keep_the_one_before(acts):
    site = factories.AnySite(name="SAP de Besançon", opened_on=date(2005, 3, 1))

    services.rename(place=site, name="CitésLab de Besançon", since=date(2009, 1, 1), **acts)
    names = {day: Site.objects.as_of(day).get().name_then for day in (date(2008, 12, 31), date(2009, 1, 1))}
    assert names == {date(2008, 12, 31): "SAP de Besançon", date(2009, 1, 1): "CitésLab de Besançon"}

    site.refresh_from_db()
    with pytest.raises(services.AlreadyNamed):
        services.rename(place=site, name="CitésLab de Besançon", since=date(2012, 1, 1), **acts)
    with pytest.raises(services.AlreadyNamed) as refusal:
        services.rename(place=site, name="CitésLab Grand Besançon", since=date(2009, 1, 1), **acts)
    assert refusal.value.since == date(2009, 1, 1)
    services.rename(place=site, name="CitésLab Grand Besançon", since=date(2019, 1, 1), **acts)
    assert Site.objects.as_of(date(2010, 1, 1)).get().name_then == "CitésLab de Besançon"
    assert [event.sentence for event in queries.events_of_site(site, on=date(2012, 1, 1))][0].endswith(
        "CitésLab de Besançon."
    )


def test_the_network_had_other_names():
    assert label_on(date(2001, 12, 31)) is None
    assert [label_on(date(year, 6, 30)).since.year for year in (2002, 2004, 2005, 2009, 2018, 2019, 2026)] == [
        2002, 2002, 2005, 2009, 2009, 2019, 2019,
    ]  # fmt: skip


def test_a_site_that_closes_ends_its_posts_its_holders_and_its_coverage(acts):
    site = factories.AnySite(opened_on=date(2010, 1, 1))
    tenure = factories.AnyTenure(post__site=site, begins_on=date(2010, 1, 1))
    covered = factories.AnyCoverage(site=site)
    over = factories.AnyCoverage(site=site, ends_on=date(2016, 1, 1))

    services.close_site(site=site, closed_on=date(2020, 1, 1), **acts)

    for row in (tenure, tenure.post, covered):
        row.refresh_from_db()
        assert row.ends_on == date(2020, 1, 1)
    over.refresh_from_db()
    assert over.ends_on == date(2016, 1, 1)
    assert not Site.objects.open_on(date(2020, 1, 1)).exists()
    assert Site.objects.open_on(date(2019, 12, 31)).exists()
    services.reopen_site(site=Site.objects.get(), **acts)
    assert Site.objects.open_on(ON).exists()


def test_a_site_does_not_close_before_what_is_still_to_begin(acts):
    site = factories.AnySite(opened_on=date(2010, 1, 1))
    factories.AnyPost(site=site, begins_on=date(2021, 1, 1))

    with pytest.raises(services.NotThen):
        services.close_site(site=site, closed_on=date(2010, 1, 1), **acts)
    with pytest.raises(services.NotThen) as refusal:
        services.close_site(site=site, closed_on=date(2020, 1, 1), **acts)
    assert "1er janvier 2021" in str(refusal.value) or "1 janvier 2021" in str(refusal.value)
    assert Site.objects.get().closed_on is None


def test_a_code_names_one_site(acts):
    services.open_site(code="BES", name="Besançon", opened_on=date(2020, 1, 1), **acts)

    with pytest.raises(services.CodeTaken):
        services.open_site(code="BES", name="Un autre", opened_on=date(2020, 1, 1), **acts)
    assert HostOrganization.objects.count() == 1


def test_who_is_named_while_the_post_ends_leaves_with_it_and_can_be_closed(acts):
    """The page that names her was opened before the post ended."""
    post = factories.AnyPost(begins_on=date(2015, 1, 1))
    seen = Post.objects.get(pk=post.pk)
    Post.objects.filter(pk=post.pk).update(ends_on=date(2018, 1, 1))
    tenure = services.begin_tenure(post=seen, user=factories.AnyUser(), begins_on=date(2017, 1, 1), **acts)
    assert tenure.ends_on == date(2018, 1, 1)

    Tenure.objects.filter(pk=tenure.pk).update(ends_on=None)  # as some were written before
    posts.leave(tenures=Tenure.objects.filter(pk=tenure.pk), on=date(2019, 1, 1), **acts)
    tenure.refresh_from_db()
    assert tenure.ends_on == date(2018, 1, 1)
