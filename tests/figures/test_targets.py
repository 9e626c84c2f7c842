"""Numbers aimed at: set once, counted as the explorer counts, projected by a rule that can be said."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from citeslab.audit.models import Entry
from citeslab.figures import queries, services
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS
from citeslab.figures.enums import Rule, Standing
from citeslab.figures.models import Target
from citeslab.figures.queries.projected import same_day
from citeslab.figures.values import Perimeter
from citeslab.followup.enums import Stage
from citeslab.network.enums import Role
from citeslab.people.enums import Sex
from citeslab.workshops.models import Workshop
from tests import factories
from tests.figures.test_definitions import met, step
from tests.figures.worlds import World

pytestmark = pytest.mark.django_db
YEAR = 2024
JUNE = date(YEAR, 6, 30)
YEARS = date(YEAR, 1, 1), date(YEAR + 1, 1, 1)
AT = datetime(YEAR, 6, 30, 10, tzinfo=ZoneInfo("Europe/Paris"))
NETWORK = Perimeter()
PAGE, NEW, SITES = (reverse(f"figures:{name}") for name in ("targets", "new_target", "targets_of_sites"))


@pytest.fixture
def coordinator(site):
    return factories.AnyMandate(role=Role.COORDINATOR, site=None, organization=site.organization).user


@pytest.fixture
def funder(db):
    return factories.AnyMandate(role=Role.FUNDER, site=None).user


@pytest.fixture
def in_june(monkeypatch):
    """Pages are read on 30 June 2024."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda value=None, timezone=None: JUNE)


def of(site) -> Perimeter:
    return Perimeter("site", str(site.pk))


def aim(perimeter, number=10, indicator="persons_supported", year=YEAR, at=AT, by=None):
    return services.set_target(
        year=year, indicator=indicator, perimeter=perimeter, aim=number, by=by or factories.AnyUser(), at=at
    )


def supported(site, *, on=date(YEAR, 3, 1), times=1, **person):
    for _ in range(times):
        someone = met(site, on=on, **person)
        step(someone, Stage.AMOR, on=on)


def told(perimeter, *, on=JUNE, year=YEAR, exact=True):
    return queries.progress_of(perimeter, year=year, exact={perimeter} if exact else set(), on=on)


# -- set, replaced, withdrawn ----------------------------------------------------------------------------------------


def test_another_number_takes_the_place_of_the_first_which_is_kept(site):
    first = aim(of(site), 10)
    later = AT + timedelta(days=3)
    by = factories.AnyUser()
    second = aim(of(site), 12, by=by, at=later)
    first.refresh_from_db()

    assert (first.aim, first.withdrawn_by, first.withdrawn_at) == (10, by, later)
    assert list(Target.objects.standing()) == [second]
    assert list(Target.objects.known_by(AT)) == [first]
    lines = [entry.details for entry in Entry.objects.filter(action="figures.target.set").order_by("pk")]
    whose = {"year": YEAR, "indicator": "persons_supported", "perimeter": of(site).said}
    assert lines == [whose | {"aim": 10}, whose | {"aim": 12, "former": first.pk}]


def test_the_same_number_again_changes_nothing(site):
    assert aim(of(site)) == aim(of(site), at=AT + timedelta(days=1))
    assert (Target.objects.count(), Entry.objects.filter(action="figures.target.set").count()) == (1, 1)


def test_withdrawing_twice_is_withdrawing_once(site):
    target = aim(of(site))
    for days in (1, 2):
        services.withdraw_target(target=target, by=factories.AnyUser(), at=AT + timedelta(days=days))
    target.refresh_from_db()

    assert target.withdrawn_at == AT + timedelta(days=1)
    assert Entry.objects.filter(action="figures.target.withdrawn").count() == 1
    assert told(of(site)) == []
    assert aim(of(site)) != target


@pytest.mark.parametrize(
    ("indicator", "perimeter"),
    [
        ("share_women", NETWORK),
        ("began_in", NETWORK),
        ("no_such_figure", NETWORK),
        ("persons_supported", Perimeter("agreement", "2024-17")),
        ("attendances_named", Perimeter("agreement", "2024-17")),
    ],
)
def test_what_is_no_count_there_cannot_be_aimed_at(indicator, perimeter):
    with pytest.raises(services.NotCounted):
        aim(perimeter, indicator=indicator)


def test_people_of_an_agreement_are_those_of_its_place_whoever_pays(site):
    place = {"level": "department", "code": site.department_id}
    agreement = factories.AnyAgreement(reference="2024-17", **place)
    elsewhere = factories.AnySite(department=factories.AnyDepartment(code="59", name="Nord"))
    supported(site, times=7)
    supported(elsewhere, times=6)
    factories.AnyWorkshop(site=elsewhere, agreement="2024-17", held_on=date(YEAR, 2, 1))
    perimeter = Perimeter("agreement", agreement.reference)
    for indicator in ("persons_supported", "actions_held.total"):
        aim(perimeter, indicator=indicator)
    found = {one.target.indicator: one for one in told(perimeter)}

    assert (found["persons_supported"].outlook.achieved, found["persons_supported"].counted_on.said) == (
        7, f"department:{site.department_id}",
    )  # fmt: skip
    assert (found["actions_held.total"].outlook.achieved, found["actions_held.total"].counted_on) == (1, perimeter)


def test_an_agreement_of_the_whole_network_counts_it(site):
    supported(site, times=3)
    factories.AnyAgreement(reference="2024-18")
    perimeter = Perimeter("agreement", "2024-18")
    aim(perimeter)
    assert [one.outlook.achieved for one in told(perimeter, exact=False)] == [None]  # three are a small number
    supported(site, times=3)
    assert [one.outlook.achieved for one in told(perimeter, exact=False)] == [6]


def test_every_count_that_the_explorer_asks_can_be_aimed_at():
    aimable = {one.id for one in queries.aimable()}
    assert aimable == {one.id for one in INDICATORS if not one.numerator and queries.breakdowns_of(one)}
    for indicator in aimable:
        aim(NETWORK, indicator=indicator)


@pytest.mark.parametrize(
    ("given", "promise"),
    [
        ({"aim": 0}, "figures_target_aims_at_something"),
        ({"level": "department", "code": "59"}, "figures_target_of_the_network_a_site_or_an_agreement"),
        ({"level": "", "code": "59"}, "figures_target_of_the_network_a_site_or_an_agreement"),
        ({"level": "site", "code": "Lille"}, "figures_target_of_the_network_a_site_or_an_agreement"),
        ({"level": "agreement", "code": ""}, "figures_target_of_the_network_a_site_or_an_agreement"),
        ({"withdrawn_at": AT}, "figures_target_withdrawn_at_with_withdrawn_by"),
    ],
)
def test_the_database_keeps_its_promises(given, promise):
    with pytest.raises(IntegrityError, match=promise):
        factories.AnyTarget(**given)


def test_the_database_keeps_one_in_force(site):
    factories.AnyTarget(site=site, withdrawn_at=AT, withdrawn_by=factories.AnyUser())
    factories.AnyTarget(site=site)
    factories.AnyTarget(site=site, year=2017)
    with pytest.raises(IntegrityError, match="figures_target_one_in_force"):
        factories.AnyTarget(site=site, aim=7)


@pytest.mark.django_db(transaction=True)
def test_eight_who_set_at_once_leave_one_in_force_and_lose_none():
    by = factories.AnyUser()
    barrier, faults = Barrier(8), []

    def desk(number):
        try:
            barrier.wait()
            aim(NETWORK, number, by=by)
        except Exception as fault:  # told to the test, whichever it is
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=desk, args=[number]) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert faults == []
    assert (Target.objects.standing().count(), Target.objects.count()) == (1, 8)


# -- achieved --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_what_is_achieved_is_what_the_explorer_says(seed):
    world = World(seed, people=40)
    numbers = ("2024-17", "2025-3")
    for place, key in enumerate(Workshop.objects.order_by("pk").values_list("pk", flat=True)):
        Workshop.objects.filter(pk=key).update(agreement=numbers[place % 2])
    perimeters = [NETWORK, *map(of, world.sites), *(Perimeter("agreement", number) for number in numbers)]
    exact = set(perimeters)
    asked = [
        queries.Asked(indicator, perimeter, year)
        for perimeter in perimeters
        for year in (2022, YEAR)
        for indicator in queries.aimable()
        if queries.can_be_aimed_at(indicator.id, perimeter)
    ]
    found = queries.outlooks(asked, exact=exact, on=JUNE)

    assert len(found) == len(asked)
    assert {one: seen.achieved for one, seen in found.items()} == {
        one: queries.explored(one).total.value for one in asked
    }
    assert sum(seen.achieved for seen in found.values()) > 0
    hidden = queries.outlooks(asked, exact=set(), on=JUNE)
    for one, seen in hidden.items():
        alone = queries.protected(queries.explored(one)).total
        assert seen.achieved in (None, alone.value)
        assert not (alone.is_hidden and seen.achieved is not None)
    assert any(seen.achieved is None for seen in hidden.values())


def test_many_indicators_and_scopes_are_one_question(site, django_assert_num_queries):
    supported(site, times=3, sex=Sex.WOMAN)
    scopes = [Scope(year=year, site_id=site.pk) for year in range(2015, 2025)]
    ids = [one.id for one in queries.aimable()]
    with django_assert_num_queries(1):
        rows = queries.totals(ids, scopes=scopes)

    assert [row["women"] for row in rows] == [0] * 9 + [3]
    assert all(set(row) == set(ids) for row in rows)


def test_until_a_day_nothing_later_counts(site):
    for month in range(1, 13):
        supported(site, on=date(YEAR, month, 1))
        factories.AnyWorkshop(site=site, held_on=date(YEAR, month, 1))
        factories.AnyProject(site=site, started_on=date(YEAR, month, 1))
    scopes = [Scope(year=YEAR, until=date(YEAR, month, 15)) for month in (1, 6, 12)]
    rows = queries.totals(
        ["persons_met", "persons_supported", "actions_held.total", "projects_cumulative"], scopes=scopes
    )
    assert [list(row.values()) for row in rows] == [[1] * 4, [6] * 4, [12] * 4]


# -- projected -------------------------------------------------------------------------------------------------------

PEOPLE, PROJECTS, ADVISORS = (BY_ID[one] for one in ("persons_supported", "projects_cumulative", "advisors_in_post"))
Earlier = queries.Earlier


def by_june(achieved, *earlier, indicator=PEOPLE, on=JUNE):
    return queries.projected(indicator, achieved, [Earlier(*one) for one in earlier], on=on)


@pytest.mark.parametrize(
    ("achieved", "earlier", "expected"),
    [
        # two years: together, and between what each alone would say
        (60, [(2023, 50, 100), (2022, 40, 60)], (Rule.EARLIER, 107, 90, 120, (2022, 2023))),
        # one of them had reached too little by then to tell anything
        (60, [(2023, 4, 100), (2022, 40, 60)], (Rule.EARLIER, 90, 90, 90, (2022,))),
        # a count of states of a day may shrink
        (60, [(2023, 50, 40), (2022, 50, 45)], (Rule.EARLIER, 51, 48, 54, (2022, 2023))),
        # no history: 182 days of 366 gone by
        (60, [(2023, 0, 0), (2022, 0, 0)], (Rule.PACE, 121, 121, 121, ())),
        (60, [], (Rule.PACE, 121, 121, 121, ())),
        (0, [(2023, 50, 100), (2022, 50, 100)], (Rule.EARLIER, 0, 0, 0, (2022, 2023))),
    ],
)
def test_a_count_of_the_year_goes_on_as_earlier_years_did(achieved, earlier, expected):
    found = by_june(achieved, *earlier)
    assert (found.rule, found.middle, found.low, found.high, found.years) == expected


def test_what_stays_from_year_to_year_grows_by_what_earlier_years_added():
    found = by_june(560, (2023, 450, 500), (2022, 360, 400), indicator=PROJECTS)
    assert (found.rule, found.middle, found.low, found.high) == (Rule.EARLIER, 605, 600, 610)
    # 500 stood on 1 January: 60 came in 182 days, and 184 are left
    alone = by_june(560, (2023, 0, 500), (2022, 0, 0), indicator=PROJECTS)
    assert (alone.rule, alone.middle) == (Rule.PACE, 560 + 61)
    # fewer than five tell nothing, and so are not given away either
    few = {by_june(60, (2023, 0, whole), (2022, 0, 0), indicator=PROJECTS).middle for whole in range(5)}
    assert few == {60 + 61}


def test_what_is_entered_for_a_day_is_not_projected():
    found = by_june(82, (2023, 60, 82), (2022, 60, 81), indicator=ADVISORS)
    assert (found.rule, found.middle) == (Rule.ENTERED, 82)


def test_before_the_sixtieth_day_it_is_too_early():
    earlier = [(2023, 50, 100), (2022, 50, 100)]
    assert by_june(60, *earlier, on=date(2025, 2, 28)) is None
    assert by_june(60, *earlier, on=date(2025, 3, 1)).middle == 120
    assert by_june(60, *earlier, on=date(2024, 2, 29)).middle == 120


def test_on_the_last_day_the_projection_is_what_is_achieved():
    assert by_june(60, (2023, 90, 90), (2022, 80, 80), on=date(YEAR, 12, 31)).middle == 60
    assert by_june(60, on=date(YEAR, 12, 31)).middle == 60


def test_the_same_day_of_a_year_without_it():
    assert [same_day(date(2024, 2, 29), year) for year in (2023, 2022)] == [date(2023, 2, 28), date(2022, 2, 28)]
    assert same_day(date(2024, 12, 31), 2023) == date(2023, 12, 31)


def test_history_is_read_of_the_same_day(site):
    for year, (before, after) in {2022: (6, 6), 2023: (5, 15)}.items():
        supported(site, on=date(year, 6, 30), times=before)
        supported(site, on=date(year, 7, 1), times=after)
    supported(site, on=date(YEAR, 5, 1), times=11)
    aim(of(site), 32)
    (one,) = told(of(site))

    seen = one.outlook.projection
    # 11 of those years by 30 June, 32 in the end; alone, the first would say 22 and the second 44
    assert (one.outlook.achieved, seen.middle, seen.low, seen.high) == (11, 32, 22, 44)
    assert (one.standing, one.missing, one.short_of) == (Standing.ON_COURSE, 21, 0)


@pytest.mark.parametrize(
    ("number", "standing", "short_of"),
    [(11, Standing.REACHED, 0), (32, Standing.ON_COURSE, 0), (44, Standing.UNSURE, 12), (45, Standing.SHORT, 13)],
)
def test_where_a_target_stands(site, number, standing, short_of):
    test_history_is_read_of_the_same_day(site)
    aim(of(site), number)
    (one,) = told(of(site))
    assert (one.standing, one.short_of) == (standing, short_of)


def test_a_year_with_no_history_a_year_over_and_one_to_come(site):
    supported(site, times=3)
    for year, number in ((YEAR, 9), (YEAR + 1, 9), (YEAR - 1, 9)):
        aim(of(site), number, year=year)

    (running,) = told(of(site))
    assert (running.outlook.projection.rule, running.outlook.projection.middle) == (Rule.PACE, 6)
    (over,) = told(of(site), on=date(YEAR + 1, 1, 1))
    assert (over.standing, over.outlook.projection, over.short_of) == (Standing.MISSED, None, 6)
    (to_come,) = told(of(site), year=YEAR + 1)
    assert (to_come.standing, to_come.outlook.achieved, to_come.repairs) == (Standing.TO_COME, None, ())
    (nobody,) = told(of(site), year=YEAR - 1)
    assert (nobody.standing, nobody.outlook.achieved, nobody.share) == (Standing.MISSED, 0, 0.0)


def test_a_figure_whose_definition_is_withdrawn_stays_told(client, site, advisor, in_june):
    factories.AnyTarget(site=site, year=YEAR, indicator="persons_greeted", aim=7)
    aim(of(site))
    kept = told(of(site))

    assert [one.standing for one in kept] == [Standing.SHORT, Standing.GONE]
    client.force_login(advisor)
    text = client.get(PAGE, {"annee": YEAR}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "persons_greeted" in text
    assert "no longer counted" in text


# -- what records may bring ------------------------------------------------------------------------------------------


def test_a_target_that_falls_short_says_which_records_wait(site):
    supported(site, times=2, sex=Sex.UNKNOWN)
    supported(site, times=3, sex=Sex.WOMAN)
    for _ in range(4):
        met(site)
    aim(of(site), 12)
    aim(of(site), 8, indicator="women")
    aim(of(site), 1, indicator="persons_met")
    aim(of(site), 50, indicator="attendances_named")
    people = {one.target.indicator: one for one in told(of(site))}

    assert [(one.count, one.raises[0]) for one in people["persons_supported"].repairs] == [(4, "persons_supported")]
    assert [(one.count, one.raises[0]) for one in people["women"].repairs] == [(2, "women")]
    # 3 women in 182 of 366 days: 6 in the end, 2 short, and 2 files wait
    assert people["women"].short_of == 2
    assert (people["persons_met"].standing, people["persons_met"].repairs) == (Standing.REACHED, ())
    assert (people["attendances_named"].standing, people["attendances_named"].repairs) == (Standing.SHORT, ())


def test_filled_in_they_bring_no_more_than_was_said(site):
    waiting = [met(site) for _ in range(3)]
    supported(site, times=2)
    aim(of(site), 50)
    (before,) = told(of(site))
    for someone in waiting:
        step(someone, Stage.AMOR, on=date(YEAR, 4, 1))
    (after,) = told(of(site))

    assert [one.count for one in before.repairs] == [3]
    assert after.outlook.achieved - before.outlook.achieved == 3
    assert after.repairs == ()


def test_past_actions_not_said_to_be_held_may_bring_as_many(site):
    factories.AnyWorkshop.create_batch(2, site=site, held_on=date(YEAR, 3, 1), is_planned=True)
    factories.AnyWorkshop(site=site, held_on=date(YEAR, 9, 1), is_planned=True)
    aim(of(site), 9, indicator="actions_held.total")
    (one,) = told(of(site))
    assert [repair.count for repair in one.repairs] == [2]


def test_who_knows_nobody_by_name_is_told_of_no_record(site):
    supported(site, times=9)
    met(site)
    aim(of(site), 50)
    aim(NETWORK, 50)
    for perimeter in (of(site), NETWORK):
        (one,) = told(perimeter, exact=False)
        assert (one.outlook.achieved, one.repairs) == (9, ())


def test_what_is_hidden_is_neither_shared_nor_projected(site):
    supported(site, times=3)
    aim(of(site), 50)
    (one,) = told(of(site), exact=False)
    assert (one.standing, one.outlook.achieved, one.outlook.projection, one.share) == (
        Standing.HIDDEN, None, None, None,
    )  # fmt: skip


# -- pages -----------------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_achieved_where_it_leads_and_what_waits(client, advisor, site, in_june):
    supported(site, times=3)
    met(site)
    aim(of(site), 8)
    aim(of(site), 7, by=factories.AnyUser(name="Agnès Lorrain"), at=AT)
    client.force_login(advisor)
    page = client.get(PAGE, HTTP_ACCEPT_LANGUAGE="en")
    text = " ".join(page.content.decode().split())

    assert "3 / 7" in text
    assert "That is 43%. 4 are missing." in text
    assert "On 31 December: about 6." in text
    assert "One would still be missing." in text
    assert "Met, and no step at all: one waits. Filled in, it may bring one more." in text
    assert "That may be all that is missing." in text
    assert f"{reverse('figures:quality')}?annee={YEAR}&amp;site={site.code}" in text
    assert "Set by Agnès Lorrain" in text
    assert "One former target" in text
    assert NEW not in text


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_costs_the_same_for_one_target_or_twelve(
    client, advisor, site, in_june, count, django_assert_num_queries
):
    supported(site, times=2)
    for one in queries.aimable()[:count]:
        aim(of(site), 1_000, indicator=one.id)
        aim(of(site), 2_000, indicator=one.id)
    client.force_login(advisor)
    client.get(PAGE)
    # session, user, mandates, her sites, the site; its targets, all that they count; the site, what is missing
    # there (7) and what contradicts itself (6); those given up; the frame (1), a savepoint (2)
    with django_assert_num_queries(25):
        assert len(client.get(PAGE).context["told"]) == count


@pytest.mark.parametrize("count", [1, 9])
def test_the_table_costs_the_same_for_one_site_or_nine(client, pilot, in_june, count, django_assert_num_queries):
    for _ in range(count):
        site = factories.AnySite()
        supported(site)
        aim(of(site))
    client.force_login(pilot)
    client.get(SITES)
    # session, user, mandates, sites; their targets; all that they count this year and by now in two before, then in the
    # year before; what the explorer hides of both years: marks, counts, places of sites (2 each), patterns; the
    # frame (1), a savepoint (2)
    with django_assert_num_queries(17):
        assert len(client.get(SITES).context["rows"]) == count


def test_what_was_given_up_stays_told(client, advisor, site, in_june):
    target = aim(of(site), 77)
    services.withdraw_target(target=target, by=factories.AnyUser(name="Agnès Lorrain"), at=AT)
    client.force_login(advisor)
    page = client.get(PAGE, HTTP_ACCEPT_LANGUAGE="en")

    assert (page.context["told"], [one for _indicator, one in page.context["given_up"]]) == ([], [target])
    assert "withdrawn by Agnès Lorrain, June 30, 2024" in page.content.decode()
    aim(of(site), 78)
    page = client.get(PAGE)
    assert ([one.former for one in page.context["told"]], page.context["given_up"]) == ([(target,)], [])


def test_each_reads_her_own(client, advisor, coordinator, pilot, funder, site, in_june):
    elsewhere = factories.AnySite()
    supported(elsewhere, times=9)
    for perimeter, number in ((of(site), 11), (of(elsewhere), 22), (NETWORK, 33)):
        aim(perimeter, number)

    def shown(user, said):
        client.force_login(user)
        page = client.get(PAGE, {"annee": YEAR, "perimetre": said})
        return page.context["perimeter"], [one.target.aim for one in page.context["told"]]

    every = (of(site).said, of(elsewhere).said, "network", "agreement:2024-17", "site:x", "department:59", "")
    for user in (advisor, coordinator):
        assert all(shown(user, said) == (of(site), [11]) for said in every)
    assert all(shown(funder, said) == (NETWORK, [33]) for said in every)
    assert [shown(pilot, said)[1] for said in every[:3]] == [[11], [22], [33]]


def test_a_funder_reads_the_targets_of_her_agreements_and_of_no_other(client, funder, site, in_june):
    hers, another = (factories.AnyAgreement(**dict(zip(("begins_on", "ends_on"), YEARS, strict=True))) for _ in "ab")
    factories.AnyDelegate(funder=hers.funder, user=funder, begins_on=date(2020, 1, 1))
    for one in (hers, another):
        aim(Perimeter("agreement", one.reference), 12)
    client.force_login(funder)
    pages = [client.get(PAGE, {"annee": YEAR, "perimetre": f"agreement:{one.reference}"}) for one in (hers, another)]

    assert [page.context["perimeter"] for page in pages] == [Perimeter("agreement", hers.reference), NETWORK]
    assert [[one.target.aim for one in page.context["told"]] for page in pages] == [[12], []]
    assert "quel que soit le financeur" in pages[0].content.decode()


def test_a_coordinator_sets_those_of_her_sites_the_pilot_all(client, coordinator, pilot, site, in_june):
    elsewhere = factories.AnySite()
    said = {"annee": YEAR, "indicateur": "persons_supported", "aim": 40}

    def answers(user, perimeter):
        client.force_login(user)
        return client.post(NEW, said | {"perimetre": perimeter}).status_code

    assert [answers(coordinator, one) for one in (of(site).said, of(elsewhere).said, "network")] == [302, 422, 422]
    assert list(Target.objects.values_list("level", "code", "recorded_by")) == [
        ("site", str(site.pk), coordinator.pk)
    ]  # fmt: skip
    factories.AnyWorkshop(site=site, agreement="2024-17", is_planned=True)
    assert [answers(pilot, one) for one in (of(elsewhere).said, "network", "agreement:2024-17")] == [302, 302, 422]
    said["indicateur"] = "actions_held.total"
    assert answers(pilot, "agreement:2024-17") == 302
    assert Target.objects.standing().count() == 4


def test_another_s_target_is_not_hers_to_withdraw(client, coordinator, advisor, pilot, site):
    ours, theirs = aim(of(site)), aim(of(factories.AnySite()))

    def withdraw(user, target):
        client.force_login(user)
        return client.post(reverse("figures:target_withdrawal", args=[target.pk])).status_code

    assert [withdraw(advisor, ours), withdraw(coordinator, theirs), withdraw(coordinator, ours)] == [404, 404, 302]
    assert [withdraw(pilot, theirs), withdraw(pilot, ours)] == [302, 404]
    assert Target.objects.standing().count() == 0


@pytest.mark.parametrize("number", ["0", "-3", "", "ten", "2.5", "1000001"])
def test_a_number_that_is_none_is_refused_with_words(client, coordinator, site, number):
    client.force_login(coordinator)
    page = client.post(
        NEW, {"annee": YEAR, "indicateur": "women", "perimetre": of(site).said, "aim": number}
    )  # fmt: skip
    assert (page.status_code, list(page.context["form"].errors), Target.objects.count()) == (422, ["aim"], 0)


def test_many_sites_are_set_in_one_act(client, pilot, in_june):
    kept, changed, emptied, new = (factories.AnySite(name=name) for name in "ABCD")
    for site in (kept, changed, emptied):
        aim(of(site), 10)
    client.force_login(pilot)
    shown = {f"initial-site_{site.pk}": "10" for site in (kept, changed, emptied)} | {f"initial-site_{new.pk}": ""}
    # somebody sets another number while the page is open
    aim(of(kept), 15)
    typed = {f"site_{kept.pk}": "10", f"site_{changed.pk}": "20", f"site_{emptied.pk}": "", f"site_{new.pk}": "30"}
    address = f"{SITES}?annee={YEAR}&indicateur=persons_supported"

    assert client.post(address, shown | typed | {f"site_{new.pk}": "-1"}).status_code == 422
    assert Target.objects.standing().count() == 3
    assert client.post(address, shown | typed).status_code == 302
    assert {one.code: one.aim for one in Target.objects.standing()} == {
        str(kept.pk): 15, str(changed.pk): 20, str(new.pk): 30,
    }  # fmt: skip


def test_a_table_that_fails_half_way_changes_nothing(site):
    elsewhere = factories.AnySite()
    aims = {of(site): 5, Perimeter("department", "59"): 5, of(elsewhere): 6}
    with pytest.raises((services.NotCounted, IntegrityError)), transaction.atomic():
        services.set_targets(
            year=YEAR, indicator="persons_supported", aims=aims, by=factories.AnyUser(), at=AT
        )  # fmt: skip
    assert Target.objects.count() == 0


def test_the_table_hides_small_numbers_from_the_pilot_and_not_from_her_who_knows_them(
    client, pilot, coordinator, site, in_june
):
    supported(site, times=3)
    aim(of(site), 50)
    numbers = []
    for user in (pilot, coordinator):
        client.force_login(user)
        (row,) = client.get(SITES, HTTP_ACCEPT_LANGUAGE="en").context["rows"]
        numbers.append((row["now"], row["before"], row["likely"]))
    assert numbers == [("hidden", "0", None), ("3", "0", 6)]
