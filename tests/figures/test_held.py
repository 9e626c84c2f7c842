"""Views of the explorer held against each other: whoever reads all of them works nothing out."""

import itertools
import random
from datetime import date

import numpy as np
import pytest

from citeslab.figures import queries, services
from citeslab.figures.definitions.facts import Scope
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS
from citeslab.figures.disclosure.programs import Program, rows_of
from citeslab.figures.enums import Breakdown
from citeslab.figures.models import Grid, Pattern
from citeslab.figures.queries.placed import LEVELS, where_sites_are
from citeslab.figures.queries.protected import is_of_someone, places_of
from citeslab.figures.queries.tabulated import tabulated
from citeslab.figures.values import Perimeter
from citeslab.followup.enums import ExitReason, Stage
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer
from tests import factories
from tests.figures.test_definitions import YEAR, lives, step, supported
from tests.figures.worlds import World

pytestmark = pytest.mark.django_db
SMALL = range(1, 5)
BY_PLACE = tuple(one for one in LEVELS if one != Breakdown.SITE)


def asked(indicator="persons_supported", *by, perimeter=queries.NETWORK, since=None, year=YEAR):
    return queries.Asked(BY_ID[indicator], perimeter, year, since, tuple(map(Breakdown, by)))


@pytest.fixture
def sites():
    """Six sites in four departments of two regions; an intercommunality lies across two of the departments."""
    made = []
    for region, departments in (("27", ("25", "39")), ("84", ("69", "42"))):
        region = factories.AnyRegion(code=region, name=region)
        for code in departments:
            department = factories.AnyDepartment(code=code, name=code, region=region)
            for rank in range(1 if code in ("25", "69") else 2):
                across = code in ("25", "39") and rank == 0
                commune = factories.AnyCommune(
                    code=f"{code}00{rank}", department=department, epci_code="ACROSS" if across else f"E{code}"
                )
                made.append(factories.AnySite(department=department, commune_code=commune.code))
    return made


def peopled(sites, seed, most=9):
    draw = random.Random(seed)
    for site in sites:
        for _ in range(draw.randint(2, most)):
            supported(
                site,
                sex=draw.choice([Sex.WOMAN, Sex.WOMAN, Sex.MAN, Sex.MAN, Sex.UNKNOWN]),
                diploma=draw.choice(["3", "4", "5"]),
                born_on=date(draw.choice([1960, 1980, 2000]), 1, 1),
            )


def perimeters():
    yield queries.NETWORK
    for level in BY_PLACE:
        place = LEVELS.index(level)
        for code in sorted({where[place] for where in where_sites_are().values()}):
            yield Perimeter(level.value, code)


def views(*classes):
    """By these classes, of every perimeter, by each level of places or by none."""
    for perimeter in perimeters():
        for level in (None, *LEVELS):
            by = (*classes, *([level] if level else []))
            if len(by) < 3:
                yield asked("persons_supported", *by, perimeter=perimeter)


def attacked(tables, *classes):
    """What whoever has read these tables works out: (count, least, greatest) of each that is hidden.

    She knows nothing of patterns: each number shown is a sum of whole people by site and class, none of them negative.
    """
    base = tabulated(tables[0].asked.indicator.id, by=(Breakdown.SITE, *classes), scope=Scope(year=YEAR))
    keys, where = sorted(base), where_sites_are()
    of_key = [dict(zip((*LEVELS, *classes), (*where[site], *of), strict=True)) for site, *of in keys]
    shown, hidden = {}, {}
    for table in tables:
        for place in places_of(0, table):
            at = {**dict(table.asked.perimeter.at), **place.cell.by}
            inside = tuple(n for n, of in enumerate(of_key) if all(of[name] == value for name, value in at.items()))
            count = sum(base[keys[one]] for one in inside)
            number = table.at(place.row, place.column)
            assert number.is_hidden or number.count == count
            (hidden if number.is_hidden else shown)[inside] = count
    counts = np.array([float(count) for count in shown.values()])
    program = Program(
        rows_of([[(column, 1.0) for column in row] for row in shown]),
        lower=np.zeros(len(keys)),
        upper=np.full(len(keys), 100.0),
        floor=counts,
        ceiling=counts,
        whole=True,
    )
    found = []
    for inside, count in hidden.items():
        costs = np.zeros(len(keys))
        costs[list(inside)] = 1.0
        low, high = (round(program.least(sign * costs).values[list(inside)].sum()) for sign in (1, -1))
        found.append((count, low, high))
    return found


def narrow(found):
    """Small counts of which fewer than three values are left, others of which one is."""
    return [one for one in found if one[2] - one[1] < (2 if one[0] in SMALL else 1)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("by", [(), ("sex",), ("diploma",)])
def test_every_perimeter_by_one_class_gives_nothing_away(sites, seed, by):
    peopled(sites, seed)
    tables = [queries.sheltered(one) for one in views(*by)]
    found = attacked(tables, *by)
    assert found
    assert narrow(found) == []


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("by", [("stage", "exit"), ("residence", "qpv")])
def test_every_perimeter_by_either_of_two_that_say_the_same_gives_nothing_away(sites, seed, by):
    draw = random.Random(seed)
    for site in sites:
        for _ in range(draw.randint(6, 20)):
            someone = supported(site, *draw.choice([[], [Stage.EMER], [Stage.PARC]]))
            if draw.random() < 0.2:
                reason = draw.choice([ExitReason.NO_NEWS, ExitReason.MOVED])
                step(someone, Stage.SORT, on=date(YEAR, 5, 1), exit_reason=reason)
            if draw.random() < 0.7:
                answer = draw.choice([Answer.IN, Answer.OUT, Answer.OUT, Answer.TO_CHECK])
                lives(someone, answer, code=draw.choice(["QN02501M", "QN02502M"]) if answer == Answer.IN else "")
    tables = [queries.sheltered(one) for name in by for one in views(name)]
    found = attacked(tables, *by)
    assert found
    assert narrow(found) == []


@pytest.mark.parametrize("seed", range(3))
def test_by_two_classes_a_place_is_held_against_those_that_hold_it(sites, seed):
    """But for an intercommunality across departments, which is decided on after them."""
    peopled(sites, seed, most=25)
    levels = (Breakdown.REGION, Breakdown.DEPARTMENT, Breakdown.COMMUNE)
    places = [queries.NETWORK, *[one for one in perimeters() if one.level in levels]]
    found = attacked(
        [queries.sheltered(asked("persons_supported", "sex", "diploma", perimeter=one)) for one in places],
        "sex",
        "diploma",
    )
    assert len(found) > 20
    assert narrow(found) == []


def test_two_views_protected_by_themselves_could_be_subtracted(sites):
    """What one pattern for all is for."""
    peopled(sites, seed=2)
    region, department = (
        Perimeter(level, where_sites_are()[str(sites[1].pk)][LEVELS.index(level)]) for level in ("region", "department")
    )
    two = [
        asked("persons_supported", "sex", "site", perimeter=region),
        asked("persons_supported", "sex", perimeter=department),
    ]

    assert narrow(attacked([queries.protected(queries.explored(one)) for one in two], "sex"))
    assert not narrow(attacked([queries.sheltered(one) for one in two], "sex"))


def test_meetings_by_region_do_not_give_those_of_a_department_away(sites):
    for site, people in zip(sites, (9, 8, 9, 3, 7, 6), strict=True):
        for _person in range(people):
            supported(site)
    of_region, of_department = (
        queries.sheltered(asked("meetings_held", by)).numbers for by in ("region", "department")
    )
    for region, departments in (("27", ("25", "39")), ("84", ("69", "42"))):
        gone = [code for code in departments if of_department[code, ""].is_hidden]
        assert len(gone) != 1 or of_region[region, ""].is_hidden
    assert any(number.is_hidden for number in of_department.values())


def test_a_site_hides_what_the_network_hides_of_it(sites):
    for sex, count in ((Sex.WOMAN, 3), (Sex.MAN, 9), (Sex.UNKNOWN, 7)):
        for _ in range(count):
            supported(sites[0], sex=sex)
    # met there, and elsewhere later: of this site's own people, and not of its people in the network
    for _ in range(2):
        someone = supported(sites[0], sex=Sex.WOMAN)
        factories.AnyMeeting(person=someone, site=sites[1], held_on=date(YEAR, 11, 1))
    own = queries.sheltered(asked("persons_supported", "sex", perimeter=Perimeter("site", str(sites[0].pk))))
    network = queries.sheltered(asked("persons_supported", "site", "sex"))

    assert queries.explored(own.asked).at("WOMAN", "").count == 5
    assert own.at("WOMAN", "").is_hidden
    assert network.at(str(sites[0].pk), "WOMAN").is_hidden
    assert {row for row in own.rows if network.at(str(sites[0].pk), row).is_hidden} <= {
        row for row in own.rows if own.at(row, "").is_hidden
    }


def test_targets_comparisons_and_costs_hide_what_the_explorer_hides(sites):
    """Three people met in a department: the other one of its region is hidden for their sake, wherever it is said."""
    for site, people in zip(sites, (9, 8, 9, 3, 7, 6), strict=True):
        for _person in range(people):
            supported(site)
    places = [*perimeters(), *[Perimeter("site", str(site.pk)) for site in sites]]
    told = {one: queries.sheltered(asked(perimeter=one)).total for one in places}
    gone = {one for one, number in told.items() if number.is_hidden}
    achieved = queries.outlooks([asked(perimeter=one) for one in places], exact=(), on=date(YEAR + 1, 6, 1))
    persons = BY_ID["persons_supported"], BY_ID["persons_fse_plus"]
    compared = {
        one: queries.protected_comparison(
            queries.compared(*persons, perimeter=one, year=YEAR), perimeter=one, year=YEAR
        )
        for one in places
    }
    by_region = queries.sheltered(asked("persons_supported", "region"))

    counts = {one: queries.explored(asked(perimeter=one)).total.count for one in gone}
    assert any(count not in SMALL for count in counts.values())
    assert {one.perimeter for one, outlook in achieved.items() if outlook.achieved is None} == gone
    assert {one for one, found in compared.items() if found.one is None} >= gone
    assert {row.code for row in queries.costs(YEAR) if row.code and row.costs[1].number.is_hidden} == {
        code for (code, _column), number in by_region.numbers.items() if code and number.is_hidden
    }


def test_heads_counted_of_each_sex_are_held_against_their_sum(site):
    """Women 3, men 9, none unknown: with the sum of all, the figure of men would tell that of women."""
    action = factories.AnyWorkshop(site=site, held_on=date(YEAR, 4, 1))
    for sex, heads in ((Sex.WOMAN, 3), (Sex.MAN, 9)):
        factories.AnyHeadCount(workshop=action, sex=sex, heads=heads)
    names = ("heads_counted", "head_counts.women", "head_counts.men")
    told = queries.protected_together([queries.explored(asked(name)) for name in names])
    whole, women, men = (one.total.count for one in told)

    assert women is None
    assert None in (whole, men)


def test_the_numbers_are_those_of_the_facts():
    """Every figure that stands for someone, of every perimeter, by pairs of classes in turn: hidden or the same."""
    World(seed=3, people=60)
    turn = itertools.count()
    places = [*perimeters(), Perimeter("qpv", "QN02501M")]
    of_someone = [one for one in INDICATORS if is_of_someone(one) and queries.breakdowns_of(one)]
    shown = 0
    for indicator, perimeter in itertools.product(of_someone, places):
        can = sorted(queries.breakdowns_of(indicator))
        if perimeter.level and Breakdown(perimeter.level) not in can:
            continue
        pair = [can[next(turn) % len(can)], can[(3 * next(turn) + 1) % len(can)]]
        by = tuple(dict.fromkeys(pair))
        since = None
        if len(by) == 1 and queries.is_of_years(indicator):
            since = YEAR - 2
        one = queries.Asked(indicator, perimeter, YEAR, since, by)
        exact, found = queries.explored(one), queries.sheltered(one)
        assert (found.rows, found.columns) == (exact.rows, exact.columns), one
        assert found.numbers.keys() == exact.numbers.keys(), one
        for key, number in found.numbers.items():
            assert number.is_hidden or number == exact.numbers[key], (one, key)
        shown += sum(bool(number.count) for number in found.numbers.values())
    assert shown > 50


def test_what_was_counted_and_protected_is_not_again(sites, django_assert_num_queries):
    peopled(sites, seed=1)
    one = asked("persons_supported", "region", since=YEAR - 4)
    first = queries.sheltered(one)
    kept = (
        {(row.pk, row.changes_seen) for row in Grid.objects.all()},
        {(row.pk, row.digest) for row in Pattern.objects.all()},
    )
    # marks, counts, the sites' places, patterns; the names of the regions
    with django_assert_num_queries(5):
        again = queries.sheltered(one)

    assert again == first
    assert kept == (
        {(row.pk, row.changes_seen) for row in Grid.objects.all()},
        {(row.pk, row.digest) for row in Pattern.objects.all()},
    )


def test_usual_views_are_ready_in_the_morning(sites):
    peopled(sites, seed=1)
    services.keep_views(last_year=YEAR)
    grids, patterns = set(Grid.objects.values_list("pk")), set(Pattern.objects.values_list("pk"))
    for by in ((), ("sex",), ("region", "age"), ("diploma",)):
        queries.sheltered(asked("persons_supported", *by, perimeter=Perimeter("department", "39")))
    assert set(Grid.objects.values_list("pk")) == grids
    assert set(Pattern.objects.values_list("pk")) == patterns


def test_what_was_written_since_counts(sites):
    peopled(sites, seed=1)
    one = asked("persons_supported", "sex")
    before = queries.sheltered(one).total.count
    for _ in range(6):
        supported(sites[0], sex=Sex.WOMAN)
    assert queries.sheltered(one).total.count == before + 6


def test_a_site_that_moves_is_protected_anew(sites):
    peopled(sites, seed=1)
    by_region = asked("persons_supported", "region", "sex")
    queries.sheltered(by_region)
    digests = set(Pattern.objects.values_list("digest", flat=True))
    type(sites[0]).objects.filter(pk=sites[0].pk).update(department=sites[4].department)
    found = queries.sheltered(by_region)
    assert digests.isdisjoint(Pattern.objects.values_list("digest", flat=True))
    assert found.numbers.keys() == queries.explored(by_region).numbers.keys()


def test_nobody_is_nothing_to_protect(sites):
    found = queries.sheltered(asked("persons_supported", "region"))
    assert found.total.count == 0
