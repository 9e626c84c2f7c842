"""How a report keeps small numbers: hidden under 5, hidden under 11, or rounded."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from citeslab.figures import disclosure, queries, services
from citeslab.figures.enums import ReportKind, Secrecy
from citeslab.figures.models import Report
from citeslab.figures.queries import issued
from citeslab.figures.values import Block, Perimeter
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


def by_sex(report):
    (told,) = queries.answers([BY_SEX], perimeter=report.perimeter, year=report.year, secrecy=Secrecy(report.secrecy))
    return tuple(told.found.at(sex, "").count for sex in ("", Sex.WOMAN, Sex.MAN))


@pytest.mark.parametrize(
    ("secrecy", "shown"),
    [(Secrecy.USUAL, (30, 8, 22)), (Secrecy.STRICT, (30, None, None)), (Secrecy.ROUNDED, (30, 10, 20))],
)
def test_each_way_of_keeping_small_numbers(begun, secrecy, shown):
    assert by_sex(begun(secrecy, women=8, men=22)) == shown


def test_a_share_of_a_rounded_report_is_of_what_it_prints(begun):
    report = begun(Secrecy.ROUNDED, women=8, men=22)
    (told,) = queries.answers(
        [Block("FIGURE", "share_women")], perimeter=report.perimeter, year=YEAR, secrecy=Secrecy.ROUNDED
    )

    assert (told.found.total.count, told.found.total.of, told.found.total.value) == (10, 30, 0.3333)


@pytest.mark.parametrize("secrecy", [Secrecy.STRICT, Secrecy.ROUNDED])
def test_a_seal_says_how_and_later_versions_are_held_against_it(begun, site, pilot, secrecy):
    report = begun(secrecy, women=8, men=22)
    seen = services.outline_digest(report)
    services.add_block(report=report, block=BY_SEX, place=0, seen=seen, by=pilot, at=FIRST_SEAL)
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


def test_a_report_keeps_what_it_began_with(client, pilot, begun, department):
    begun(Secrecy.STRICT, women=1, men=1)
    client.force_login(pilot)
    said = {"perimetre": department.said, "annee": YEAR, "secrecy": Secrecy.ROUNDED}
    with override("fr"):
        answer = client.post(NEW, said)

    assert answer.status_code == 422
    assert "secret fiscal" in str(answer.context["form"].errors["secrecy"])
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
