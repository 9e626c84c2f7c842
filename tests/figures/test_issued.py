"""What is out already: sealed versions and publications, read side by side, give no hidden count away."""

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from django.utils.translation import override

from citeslab.figures import disclosure, exports, queries, services
from citeslab.figures.enums import BlockKind, Breakdown
from citeslab.figures.models import Publication
from citeslab.figures.queries import issued
from citeslab.figures.queries.protected import counts_side_by_side
from citeslab.figures.queries.published import Territory, counts_of, issues_of
from citeslab.figures.services import publishing
from citeslab.figures.values import Block
from citeslab.people.enums import Sex
from citeslab.territories.enums import Answer
from tests.figures.test_definitions import YEAR, lives, supported

pytestmark = pytest.mark.django_db
FIRST_SEAL = datetime(2026, 3, 1, 9, tzinfo=UTC)
BY = (Breakdown.SEX, Breakdown.AGE, Breakdown.DIPLOMA, Breakdown.SITUATION_AT_ENTRY, Breakdown.RESIDENCE)


@pytest.fixture
def report(site, pilot):
    """The network's, of ninety people supported, of few classes each."""
    draw = random.Random(5)
    for _ in range(90):
        someone = supported(
            site,
            sex=draw.choice([Sex.WOMAN, Sex.WOMAN, Sex.MAN, Sex.MAN, Sex.UNKNOWN]),
            born_on=date(draw.randint(1950, 2005), 1, 1),
            diploma=draw.choice(["", "3", "3", "4", "5"]),
            situation_at_entry=draw.choice(["", "Salarié", "RSA", "RSA"]),
        )
        if draw.random() < 0.8:
            answer = draw.choice([Answer.IN, Answer.IN, Answer.OUT, Answer.TO_CHECK])
            lives(someone, answer, code="" if answer == Answer.OUT else "QN02501M")
    return services.begin(kind="NETWORK", perimeter=queries.NETWORK, year=YEAR, by=pilot, at=FIRST_SEAL)


def add_table(report, by, pilot, at):
    block = Block(BlockKind.TABLE, "persons_supported", tuple(one.value for one in by))
    seen = services.outline_digest(report)
    services.add_block(report=report, block=block, place=0, seen=seen, by=pilot, at=at)


def sealed_thrice(report, pilot) -> None:
    draw = random.Random(11)
    pairs = draw.sample(list(itertools.combinations(BY, 2)), 3)
    for number, by in enumerate(pairs):
        at = FIRST_SEAL + timedelta(days=number)
        add_table(report, by, pilot, at)
        services.seal(report=report, reason=f"{number}", by=pilot, at=at)


def test_versions_and_a_published_year_give_no_hidden_count_away(report, pilot):
    sealed_thrice(report, pilot)
    at = FIRST_SEAL + timedelta(days=9)
    services.publish(prepared=services.prepare(year=YEAR, on=date(2026, 3, 10)), by=pilot, at=at)
    add_table(report, BY[:2], pilot, at)
    services.seal(report=report, reason="De plus", by=pilot, at=at + timedelta(days=1))

    *sealed, published = issued.issues_for(queries.NETWORK, before=at + timedelta(days=2))
    assert len(sealed) == 4
    # in the order in which they left: the year was published before the last version was sealed
    *earlier, last = [*sealed[:3], published, sealed[3]]
    assert disclosure.audit(last, earlier=earlier).safe
    assert disclosure.audit(issues_of(YEAR)[0], earlier=issues_of(YEAR)[1:]).safe
    shown = {
        key
        for one in (*earlier, last)
        for key, value in zip(one.publication.keys, one.values(), strict=True)
        if value >= 0
    }
    hidden = {
        key
        for one in (*earlier, last)
        for key, is_hidden, printed in zip(one.publication.keys, one.hidden, one.publication.printed, strict=True)
        if is_hidden and printed
    }
    assert len(hidden) > 20
    assert len(shown) > 20
    assert not hidden & shown


def test_a_version_protected_without_the_earlier_ones_would_give_some_away(report, pilot):
    """What the register is for."""
    sealed_thrice(report, pilot)
    *earlier, last = issued.issues_for(queries.NETWORK, before=FIRST_SEAL + timedelta(days=9))

    alone = disclosure.protect(last.publication).issue
    assert not disclosure.audit(alone, earlier=earlier).safe
    assert disclosure.audit(last, earlier=earlier).safe


def by_class(name, **counts):
    """People supported by one breakdown: of a publication where it is the territory, else of a report."""
    indicator = "persons_supported" if name == "territory" else f"persons_supported {YEAR} "
    said = {"": sum(counts.values())} | counts
    return [
        disclosure.Cell(table="a", indicator=indicator, by={name: value} if value else {}, count=count)
        for value, count in said.items()
    ]


def hidden_by(protection):
    counts = protection.issue.publication
    hidden = zip(counts.keys, protection.hidden & counts.printed, strict=True)
    return {key.by[0][1] for key, is_hidden in hidden if is_hidden and key.by}


def test_a_version_by_neighborhood_is_what_a_published_year_says_of_the_territory():
    people = {"QN1": 3, "QN2": 7, "QN3": 9, "UNKNOWN": 41}
    territories = [
        *[Territory(*one, "") for one in (("REG1", "region", "*"), ("DEP1", "department", "REG1"))],
        *[Territory(code, "qpv", "DEP1", "") for code in ("QN1", "QN2", "QN3")],
        Territory("UNKNOWN", "elsewhere", "*", ""),
    ]
    by_qpv, by_territory = by_class("qpv", **people), by_class("territory", **people)
    printed = [count in (3, 9) for count in (60, *people.values())]  # who reads this knows that QN2 is 7
    in_year = [disclosure.Cell(table="a", indicator="persons_supported", by=one.by, count=one.count) for one in by_qpv]

    sealed = issued.told(counts_of(in_year, []), printed)
    assert hidden_by(disclosure.protect(counts_of(by_territory, territories), earlier=[sealed])) == {"QN1", "QN3"}

    rows = [["t", one.indicator, one.by, one.count, gone] for one, gone in zip(by_territory, printed, strict=True)]
    year = Publication(
        year=YEAR, summary={"territories": [[one.code, one.level, one.parent, ""] for one in territories]}
    )
    published = issued.of_the_network(year, rows)
    assert hidden_by(disclosure.protect(counts_side_by_side(by_qpv), earlier=[published])) == {"QN1", "QN3"}


def test_a_version_by_neighborhood_does_not_give_away_what_one_by_residence_hid():
    by_residence = by_class("residence", IN=4, OUT=60, TO_CHECK=12, NOT_LOCATED=24)
    earlier = issued.issue_of([(cell, cell.count in (4, 12)) for cell in by_residence])
    later = disclosure.protect(counts_side_by_side(by_class("qpv", QN1=2, QN2=2, UNKNOWN=96)), earlier=[earlier])

    assert "UNKNOWN" in hidden_by(later)  # the total is out
    assert disclosure.audit(later.issue, earlier=[earlier]).safe


def test_a_report_by_neighborhood_reads_the_published_year_by_territory(report, pilot):
    at = FIRST_SEAL + timedelta(days=1)
    services.publish(prepared=services.prepare(year=YEAR, on=date(2026, 3, 1)), by=pilot, at=FIRST_SEAL)
    add_table(report, (Breakdown.QPV, Breakdown.SEX), pilot, at)
    services.seal(report=report, reason="", by=pilot, at=at)

    sealed, published = issued.issues_for(queries.NETWORK, before=at + timedelta(days=1), by_territory={YEAR})
    _sealed, of_regions = issued.issues_for(queries.NETWORK, before=at + timedelta(days=1))
    place = ("territory", "QN02501M")
    assert any(place in key.by for key in published.publication.keys)
    assert not any(place in key.by for key in of_regions.publication.keys)
    assert any(("territory", "REGUNKNOWN") in key.by for key in of_regions.publication.keys)
    assert disclosure.audit(sealed, earlier=[published]).safe
    shown, hidden = (
        {key for key, one in zip(issue.publication.keys, what, strict=True) if one and place in key.by}
        for issue, what in ((sealed, sealed.shown), (published, published.hidden & published.publication.printed))
    )
    assert hidden
    assert not hidden & shown


def test_what_would_leak_is_refused_and_nothing_is_kept(report, pilot, monkeypatch):
    sealed_thrice(report, pilot)
    with monkeypatch.context() as patched:
        patched.setattr(
            import_module("citeslab.figures.queries.protected"),
            "protect",
            lambda publication, **_how: disclosure.protect(publication),
        )
        with pytest.raises(services.Leaks):
            services.seal(report=report, reason="Encore", by=pilot, at=FIRST_SEAL + timedelta(days=5))
    assert report.versions.count() == 3


def test_who_seals_is_told_in_words_what_would_leak_and_never_its_value(client, report, pilot, monkeypatch):
    sealed_thrice(report, pilot)
    found = []
    monkeypatch.setattr(
        import_module("citeslab.figures.queries.protected"),
        "protect",
        lambda publication, **_how: disclosure.protect(publication),
    )
    real = exports.given_away
    monkeypatch.setattr(exports, "given_away", lambda leaks: found.append(leaks) or real(leaks))
    client.force_login(pilot)
    page = client.post(reverse("figures:sealing", args=[report.pk]), {"reason": "Encore"})

    assert page.status_code == 422
    with override("fr"):
        assert page.context["form"].non_field_errors() == [real(found[0])]
    assert "Personnes accompagnées, " in page.content.decode()
    assert "Key(" not in page.content.decode()


def test_a_leak_is_named_by_its_labels():
    def leak(**by):
        key = disclosure.Key("persons_supported 2025 ", tuple(sorted(by.items())))
        return disclosure.Leak(key, low=3, high=3, needed=2, relations=())

    leaks = [
        leak(sex="WOMAN", **{disclosure.AS_PRINTED: "3"}), leak(sex="WOMAN", residue="0"), leak(sex="KNOWN"),
        leak(diploma="L4", sex="MAN"), leak(), leak(diploma="L5"), leak(diploma="L6"), leak(diploma="L7"),
    ]  # fmt: skip
    with override("en"):
        assert exports.given_away(leaks) == (
            "Beside what is out already, this version would let hidden numbers be worked out: "
            "People supported, woman, 2025 · People supported, sex known, 2025 · "
            "People supported, end of secondary school (level 4), man, 2025 · People supported, 2025 · "
            "People supported, two years after secondary school (level 5), 2025 · 2 others. "
            "Take the figures and tables that tell them out of what it holds, then seal it."
        )


@pytest.mark.parametrize("first", ["publish", "seal"])
def test_a_year_is_not_published_beside_what_left_since_it_was_prepared(report, pilot, first):
    at = FIRST_SEAL + timedelta(days=1)
    prepared, other = (services.prepare(year=YEAR, on=date(2026, 3, 10)) for _ in range(2))
    match first:
        case "publish":
            services.publish(prepared=other, by=pilot, at=at)
        case "seal":
            services.seal(report=report, by=pilot, at=at)

    with pytest.raises(services.RegisterMoved):
        services.publish(prepared=prepared, by=pilot, at=at + timedelta(days=1))
    assert Publication.objects.count() == (1 if first == "publish" else 0)
    again = services.prepare(year=YEAR, on=date(2026, 3, 10))
    assert services.publish(prepared=again, by=pilot, at=at + timedelta(days=1)).number == Publication.objects.count()


@pytest.mark.parametrize("first", ["publish", "seal"])
def test_a_version_is_not_sealed_as_of_before_what_left_since(report, pilot, first):
    """She waited for her turn: what left meanwhile would not be looked at."""
    at = FIRST_SEAL + timedelta(days=1)
    match first:
        case "publish":
            services.publish(prepared=services.prepare(year=YEAR, on=date(2026, 3, 10)), by=pilot, at=at)
        case "seal":
            services.seal(report=report, by=pilot, at=at)
    other = services.begin(kind="NETWORK", perimeter=queries.NETWORK, year=YEAR - 1, by=pilot, at=FIRST_SEAL)

    with pytest.raises(services.RegisterMoved):
        services.seal(report=other, by=pilot, at=at)
    assert not other.versions.exists()
    assert services.seal(report=other, by=pilot, at=at + timedelta(seconds=1)).number == 1


@pytest.fixture
def another_act():
    """Something else is leaving, in another connection."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [publishing.REGISTER_LOCK])
    yield
    other.close()


def test_what_leaves_waits_for_what_is_leaving(report, pilot, request):
    prepared = services.prepare(year=YEAR, on=date(2026, 3, 10))
    request.getfixturevalue("another_act")
    acts = [
        lambda: services.publish(prepared=prepared, by=pilot, at=FIRST_SEAL),
        lambda: services.seal(report=report, by=pilot, at=FIRST_SEAL),
    ]
    for act in acts:
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
            act()


def test_the_counts_that_are_kept_are_in_no_file(report, pilot):
    sealed_thrice(report, pilot)
    version = report.versions.last()

    assert version.counts["cells"]
    assert "cells" not in version.frozen
    assert all(row["count"] is None for row in version.frozen["numbers"] if row["status"] == "hidden")


def test_a_site_s_own_report_is_exact_and_keeps_nothing_against_later_ones(site, advisor):
    perimeter = queries.reported_perimeters(advisor, on=date(2026, 3, 1))[0][1][0][0]
    made = services.begin(kind="SITE", perimeter=queries.read(perimeter), year=YEAR, by=advisor, at=FIRST_SEAL)
    version = services.seal(report=made, by=advisor, at=FIRST_SEAL)
    assert version.counts["cells"] == []
