"""How a report keeps small numbers: hidden under 5, hidden under 11, or rounded."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from citeslab.figures import disclosure, queries, services
from citeslab.figures.enums import ReportKind, Secrecy
from citeslab.figures.models import Report
from citeslab.figures.queries import issued
from citeslab.figures.values import Block, Perimeter
from citeslab.followup.enums import Stage
from citeslab.people.enums import Sex
from tests import factories
from tests.figures.test_definitions import YEAR, supported

pytestmark = pytest.mark.django_db
FIRST_SEAL = datetime(2026, 3, 1, 9, tzinfo=UTC)
NEW = reverse("figures:new_report")
BY_SEX = Block("TABLE", "persons_supported", ("sex",))


@pytest.fixture
def department():
    return Perimeter("department", "25")


@pytest.fixture
def begun(site, pilot, department):
    """A report for a funder on a department where so many women and men were supported."""

    def made(secrecy, *, women, men):
        for place in range(women + men):
            supported(site, sex=Sex.WOMAN if place < women else Sex.MAN)
        return services.begin(
            kind=ReportKind.FUNDER, perimeter=department, year=YEAR, secrecy=secrecy, by=pilot, at=FIRST_SEAL
        )

    return made


def add_by_sex(report, pilot):
    seen = services.outline_digest(report)
    services.add_block(report=report, block=BY_SEX, place=0, seen=seen, by=pilot, at=FIRST_SEAL)


def by_sex(report):
    (told,) = queries.answers([BY_SEX], perimeter=report.perimeter, year=report.year, secrecy=Secrecy(report.secrecy))
    return tuple(told.found.at(sex, "").count for sex in ("", Sex.WOMAN, Sex.MAN))


@pytest.mark.parametrize(
    ("secrecy", "shown"),
    [(Secrecy.USUAL, (30, 8, 22)), (Secrecy.STRICT, (30, None, None)), (Secrecy.ROUNDED, (30, 10, 20))],
)
def test_each_way_of_keeping_small_numbers(begun, secrecy, shown):
    assert by_sex(begun(secrecy, women=8, men=22)) == shown


@pytest.mark.parametrize(
    ("women", "men", "share"), [(28, 33, (30, 60, 0.5)), (3, 4, (None, None, None)), (8, 22, (None, None, None))]
)
def test_a_share_of_a_rounded_report_is_of_what_it_prints_where_that_says_something(begun, women, men, share):
    report = begun(Secrecy.ROUNDED, women=women, men=men)
    (told,) = queries.answers(
        [Block("FIGURE", "share_women")], perimeter=report.perimeter, year=YEAR, secrecy=Secrecy.ROUNDED
    )

    assert (told.found.total.count, told.found.total.of, told.found.total.value) == share


def test_a_class_that_rounds_to_nobody_is_not_listed(begun, site):
    """Listed, it would be known to hold one or two people."""
    report = begun(Secrecy.ROUNDED, women=8, men=22)
    supported(site, sex=Sex.UNKNOWN)
    (told,) = queries.answers([BY_SEX], perimeter=report.perimeter, year=YEAR, secrecy=Secrecy.ROUNDED)

    assert set(told.found.rows) == {Sex.WOMAN, Sex.MAN}
    assert set(told.found.numbers) == {("", ""), (Sex.WOMAN, ""), (Sex.MAN, "")}


@pytest.mark.parametrize("secrecy", [Secrecy.STRICT, Secrecy.ROUNDED])
def test_a_seal_says_how_and_later_versions_are_held_against_it(begun, site, pilot, secrecy):
    report = begun(secrecy, women=8, men=22)
    add_by_sex(report, pilot)
    first = services.seal(report=report, by=pilot, at=FIRST_SEAL)
    supported(site, sex=Sex.WOMAN)
    second = services.seal(report=report, reason="Une de plus", by=pilot, at=FIRST_SEAL + timedelta(days=1))
    *earlier, last = issued.issues_for(report.perimeter, before=FIRST_SEAL + timedelta(days=2))

    assert (first.frozen["secrecy"], second.frozen["secrecy"]) == (secrecy, secrecy)
    assert "11" in first.frozen["documents"]["en"]["lead"] or "rounded" in first.frozen["documents"]["en"]["lead"]
    assert len(earlier) == 1
    assert last.base == (5 if secrecy == Secrecy.ROUNDED else 1)
    rule = disclosure.Rule(threshold=11) if secrecy == Secrecy.STRICT else disclosure.DEFAULT
    assert disclosure.audit(last, rule=rule, earlier=earlier).safe
    shown = [row["count"] for row in second.frozen["numbers"] if row["indicator"] == "persons_supported"]
    if secrecy == Secrecy.ROUNDED:
        assert any(shown)
        assert all(count is None or count % 5 == 0 for count in shown)
    else:
        assert all(count is None or count == 0 or count >= 11 for count in shown)


def test_a_strict_report_does_not_say_again_what_a_usual_one_said(begun, site, pilot, department):
    usual = begun(Secrecy.USUAL, women=8, men=22)
    add_by_sex(usual, pilot)
    services.seal(report=usual, by=pilot, at=FIRST_SEAL)
    later = services.begin(
        kind=ReportKind.FUNDER, perimeter=department, year=YEAR + 1, secrecy=Secrecy.STRICT, by=pilot, at=FIRST_SEAL
    )
    since = Block("TABLE", "persons_supported", ("sex",), years=1)
    (told,) = queries.answers([since], perimeter=department, year=later.year, secrecy=Secrecy.STRICT)

    assert told.found.at(Sex.WOMAN, str(YEAR)).is_hidden
    assert told.found.at(Sex.MAN, str(YEAR)).count == 22


@pytest.mark.parametrize("secrecy", [Secrecy.STRICT, Secrecy.ROUNDED])
def test_a_correction_does_not_count_what_the_report_hides_or_rounds(begun, site, pilot, secrecy):
    report = begun(secrecy, women=12, men=22)
    services.seal(report=report, by=pilot, at=FIRST_SEAL)
    written = {"recorded_at": FIRST_SEAL + timedelta(hours=1)}
    for _ in range(7):
        someone = factories.AnyPerson(site=site, sex=Sex.WOMAN)
        factories.AnyMeeting(person=someone, held_on=date(YEAR, 4, 1), **written)
        factories.AnyTransition(person=someone, stage=Stage.AMOR, occurred_on=date(YEAR, 4, 1), **written)
    second = services.seal(report=report, reason="Sept de plus", by=pilot, at=FIRST_SEAL + timedelta(days=1))

    causes = [cause for row in second.frozen["moved"] for cause in row["causes"]]
    assert {cause["kind"] for cause in causes} >= {"meeting", "transition"}
    assert {cause["recorded"] for cause in causes} == {None}


def test_a_report_keeps_what_it_began_with(client, pilot, begun, department):
    begun(Secrecy.USUAL, women=1, men=1)
    client.force_login(pilot)
    said = {"perimetre": department.said, "annee": YEAR, "secrecy": Secrecy.ROUNDED}
    answer = client.post(NEW, said, follow=True)

    assert "inférieurs à 5" in str(*answer.context["messages"])
    assert not client.post(NEW, said | {"secrecy": Secrecy.USUAL}, follow=True).context["messages"]


def test_after_a_strict_report_none_on_its_perimeter_shows_more(client, pilot, begun, department):
    begun(Secrecy.STRICT, women=1, men=1)
    client.force_login(pilot)
    said = {"perimetre": department.said, "annee": YEAR - 1, "secrecy": Secrecy.USUAL}
    answer = client.post(NEW, said)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["secrecy"])
    assert client.post(NEW, said | {"secrecy": Secrecy.STRICT}).status_code == 302


def test_only_a_funder_s_report_is_rounded_and_a_site_s_own_is_exact(client, pilot, advisor, site):
    client.force_login(pilot)
    refused = client.post(NEW, {"perimetre": "network", "annee": YEAR, "secrecy": Secrecy.ROUNDED})
    strict = client.post(NEW, {"perimetre": "network", "annee": YEAR, "secrecy": Secrecy.STRICT})
    client.force_login(advisor)
    client.post(NEW, {"perimetre": f"site:{site.pk}", "annee": YEAR, "secrecy": Secrecy.ROUNDED})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["secrecy"])
    assert strict.status_code == 302
    assert dict(Report.objects.values_list("kind", "secrecy")) == {"NETWORK": "STRICT", "SITE": "USUAL"}


@pytest.mark.parametrize(("kind", "secrecy"), [("NETWORK", "ROUNDED"), ("SITE", "STRICT"), ("SITE", "ROUNDED")])
def test_the_database_refuses_what_a_kind_cannot_keep(site, kind, secrecy):
    level, code = ("site", str(site.pk)) if kind == "SITE" else ("", "")
    with pytest.raises(IntegrityError, match="figures_report_secrecy_of_its_kind"), transaction.atomic():
        factories.AnyReport(site=None, kind=kind, level=level, code=code, secrecy=secrecy, reference="r-1")
