"""What a method gave where it was followed: exact at one's own sites, protected elsewhere; shared from an action."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from citeslab.animation.models import Method
from citeslab.audit.models import Entry
from citeslab.workshops import queries, services
from tests import factories

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)
JUNE, NOVEMBER = date(2026, 6, 10), date(2026, 11, 3)


@pytest.fixture
def method(site):
    return factories.AnyStep(version__method__site=site).version.method


def held(method, *, people=0, heads=0, met=0, day=JUNE, site=None, opinions=0, **more):
    workshop = factories.AnyWorkshop(method=method, held_on=day, **({"site": site} if site else {}), **more)
    for number in range(people):
        came = factories.AnyAttendance(workshop=workshop, person__site=workshop.site)
        if number < met:
            factories.AnyMeeting(person=came.person, held_on=day + timedelta(days=10))
    if heads:
        factories.AnyHeadCount(workshop=workshop, heads=heads)
    factories.AnyOpinion.create_batch(opinions, workshop=workshop, is_shown=True, useful=3)
    return workshop


def test_at_her_own_sites_numbers_are_exact(method, site):
    held(method, site=site, people=3, heads=1, met=2)
    held(method, site=site, people=1, met=1, day=NOVEMBER)
    here, elsewhere = queries.reuse(method, exact=[site.pk], on=ON)

    assert [(use.month, use.actions, use.people) for use in here.uses] == [
        (date(2026, 11, 1), 1, 1),
        (date(2026, 6, 1), 1, 4),
    ]
    # Of November nobody is followed yet: three months are not over.
    assert (here.actions, here.people, here.followed, here.met) == (2, 5, 3, 2)
    assert (elsewhere.actions, elsewhere.uses) == (0, [])


def test_elsewhere_fewer_than_five_are_not_counted_out_loud(method):
    held(method, people=4, met=4, opinions=5)
    held(method, people=12, met=6, opinions=6)
    here, elsewhere = queries.reuse(method, exact=[], on=ON)

    assert here.actions == 0
    assert sorted((use.people is None, use.people) for use in elsewhere.uses) == [(False, 12), (True, None)]
    # The sums leave the small one out: it cannot be taken from them.
    assert (elsewhere.actions, elsewhere.people, elsewhere.followed, elsewhere.met) == (2, 12, 12, 6)
    assert (elsewhere.opinions, elsewhere.useful) == (6, 6)


@pytest.mark.parametrize(("met", "told"), [(4, None), (5, 5), (7, 7), (8, None), (12, None)])
def test_elsewhere_neither_who_was_met_nor_who_was_not_is_few(method, met, told):
    held(method, people=12, met=met)
    _here, elsewhere = queries.reuse(method, exact=[], on=ON)

    assert elsewhere.met == told


def test_elsewhere_a_month_is_told_once_it_is_over(method):
    held(method, people=20, day=NOVEMBER)
    _here, elsewhere = queries.reuse(method, exact=[], on=ON)

    assert elsewhere.actions == 0
    _here, elsewhere = queries.reuse(method, exact=[], on=date(2026, 12, 1))
    assert (elsewhere.actions, elsewhere.people, elsewhere.met) == (1, 20, None)


def test_what_is_planned_or_called_off_gives_nothing(method, site, at):
    held(method, site=site, is_planned=True)
    held(method, site=site, cancelled_at=at, cancelled_by=factories.AnyUser())
    here, elsewhere = queries.reuse(method, exact=[site.pk], on=ON)

    assert (here.actions, elsewhere.actions) == (0, 0)


def test_the_page_tells_both_and_names_nobody(signed_in, client, method, site):
    mine = held(method, site=site, people=2)
    theirs = held(method, people=6, site=factories.AnySite(name="CitésLab de Lens"))
    page = client.get(reverse("desk:method", args=[method.pk]))
    said = page.content.decode()

    assert (page.context["here"].people, page.context["elsewhere"].people) == (2, 6)
    assert "CitésLab de Lens" in said
    for workshop in (mine, theirs):
        assert not any(came.person.preferred_name in said for came in workshop.attendances.all())


def test_the_pilot_reads_protected_numbers_alone(client, pilot, method, site):
    held(method, site=site, people=2)
    client.force_login(pilot)
    page = client.get(reverse("desk:method", args=[method.pk]))

    assert page.context["here"].actions == 0
    assert [use.people for use in page.context["elsewhere"].uses] == [None]


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_for_one_use_or_three(signed_in, method, site, many, django_assert_num_queries):
    for number in range(many):
        held(method, site=site, people=2, day=date(2026, number + 1, 3))
        held(method, people=2, day=date(2026, number + 1, 3))

    with django_assert_num_queries(22):
        signed_in.get(reverse("desk:method", args=[method.pk]))


def test_a_plan_follows_a_method_and_says_so(signed_in, method, site):
    page = signed_in.get(reverse("workshops:new"), {"methode": method.pk})
    form = page.context["form"]

    assert (form.initial["method"], form.initial["title"]) == (method.pk, "La boîte à idées")
    workshop = held(method, site=site)
    shown = signed_in.get(reverse("workshops:workshop", args=[workshop.pk]))
    assert reverse("desk:method", args=[method.pk]) in shown.content.decode()
    assert signed_in.get(reverse("workshops:new"), {"methode": "x"}).status_code == 200


def test_an_action_that_was_held_becomes_a_method(signed_in, site):
    workshop = factories.AnyWorkshop(site=site, title="Fixer son prix", audience="Douze personnes")
    address = reverse("workshops:sharing", args=[workshop.pk])
    form = signed_in.get(address).context["form"]
    text = {"title": "Fixer son prix", "purpose": "Savoir son prix.", "audience": "Douze", "steps": "30 On compte."}
    answer = signed_in.post(address, text)
    workshop.refresh_from_db()

    assert (form.initial["title"], form.initial["audience"]) == ("Fixer son prix", "Douze personnes")
    assert answer["Location"] == reverse("desk:method", args=[workshop.method_id])
    assert (workshop.method.site, workshop.method.versions.get().published_at) == (site, None)
    assert Entry.objects.get(action="workshops.workshop.shared").details == {"method_id": workshop.method_id}


def test_it_becomes_one_once_and_only_when_it_was_held(signed_in, advisor, method, site, at):
    for workshop in (
        held(method, site=site),
        factories.AnyWorkshop(site=site, is_planned=True),
        factories.AnyWorkshop(site=site, cancelled_at=at, cancelled_by=advisor),
    ):
        assert signed_in.post(reverse("workshops:sharing", args=[workshop.pk])).status_code == 404
        with pytest.raises(services.NotToShare):
            services.share(workshop=workshop, text=None, by=advisor, at=at)
    assert Method.objects.count() == 1
