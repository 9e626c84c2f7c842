"""Making the demonstration: repeatable, whole or not at all, beside nobody, and true to the release at its size."""

import hashlib
import json
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.urls import reverse

from citeslab.demo import services
from citeslab.demo.models import Demonstration
from citeslab.demo.services import identities
from citeslab.figures.models import SealedVersion
from citeslab.followup.models import Meeting, Transition
from citeslab.network.models import Coverage, Site, Tenure
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.projects.models import Project, ProjectHolder
from citeslab.territories.models import Release
from citeslab.workshops.enums import Kind
from citeslab.workshops.models import Call, HeadCount, Presence, Quota, Registration, Signature, Workshop
from tests import factories
from tests.demo.conftest import PARIS, make

pytestmark = [pytest.mark.django_db, pytest.mark.long]
SAID_ON = date(2017, 12, 22)


class Unmade(Exception):
    pass


def told(until) -> dict[str, str]:
    """A digest of what is told up to the release, table by table; nothing of it stays."""
    everyone = Person.objects.filter(recorded_at__date__lte=SAID_ON)
    asked = {
        "people": everyone.values_list("reference", "first_name", "preferred_name", "born_on", "phone", "site__code"),
        "homes": Residence.objects.filter(person__in=everyone).values_list(
            "person__reference", "longitude", "latitude"
        ),
        "meetings": Meeting.objects.filter(held_on__lte=SAID_ON).values_list("person__reference", "held_on", "nature"),
        "steps": Transition.objects.filter(occurred_on__lte=SAID_ON).values_list(
            "person__reference", "occurred_on", "stage", "exit_reason"
        ),
        "projects": Project.objects.filter(started_on__lte=SAID_ON).values_list("reference", "title", "started_on"),
        "holders": ProjectHolder.objects.filter(
            project__started_on__lte=SAID_ON, person__recorded_at__date__lte=SAID_ON
        ).values_list("project__reference", "person__reference"),
        "answers": ResidenceAnswer.objects.filter(residence__person__in=everyone, edition=2015).values_list(
            "residence__person__reference", "answer", "qpv_code", "recorded_by__email"
        ),
        "workshops": Workshop.objects.filter(held_on__lte=SAID_ON).values_list("reference", "held_on", "title", "kind"),
        "heads": HeadCount.objects.filter(workshop__held_on__lte=SAID_ON).values_list(
            "workshop__reference", "sex", "heads"
        ),
        "tenures": Tenure.objects.filter(begins_on__lte=SAID_ON).values_list("user__name", "begins_on"),
    }
    digests = {}
    try:
        with transaction.atomic():
            make(until)
            for name, rows in asked.items():
                listed = sorted(map(str, rows.iterator()))
                assert listed, name
                digests[name] = hashlib.sha256("\n".join(listed).encode()).hexdigest()
            raise Unmade
    except Unmade:
        return digests


def test_it_is_the_same_each_time_and_does_not_depend_on_the_last_day_told():
    once = told(date(2018, 3, 9))

    assert told(date(2018, 3, 9)) == once
    assert told(date(2019, 11, 29)) == once


def test_an_official_file_takes_the_place_of_the_drawn_2024_edition(shared_data):
    at = datetime(2026, 5, 4, 18, 0, tzinfo=PARIS)
    official = shared_data / "qpv" / "qpv2024_2026-01.geojson.gz"
    services.make_demonstration(until=at.date(), by=factories.AnyUser(), at=at, scale=0.02, qpv=official)

    release = Release.objects.get(edition=2024)
    assert not release.is_drawn
    assert Release.objects.get(edition=2015).is_drawn
    covered = set(Coverage.objects.on(at.date()).values_list("qpv_code", flat=True))
    assert covered <= set(release.qpv_set.values_list("code", flat=True))
    assert len(covered) > 500
    answers = ResidenceAnswer.objects.filter(edition=2024)
    assert answers.filter(answer="IN").count() > 0.4 * answers.count()  # small outlines leave more to check


def test_the_programme_has_all_that_an_action_may_be():
    town = factories.AnyCommune(longitude=None, latitude=None)
    made = make()

    announced = Workshop.objects.announced(on=made.until)
    assert announced.exclude(series=None).exists()
    assert announced.exclude(partner=None).filter(quotas__seats=3).exists()
    assert not announced.filter(longitude=None).exists()  # distances are known
    town.refresh_from_db()
    assert town.longitude == pytest.approx(6.02, abs=0.05)
    assert Workshop.objects.filter(kind=Kind.SCHOOL, held_on__gt=made.until, is_public=False).exists()
    assert Workshop.objects.filter(held_on__gt=made.until).exclude(cancelled_at=None).exists()
    signed = Signature.objects.values_list("session__workshop__held_on", "session__workshop__is_planned").distinct()
    assert signed.exists()
    assert all(held_on < made.until and not is_planned for held_on, is_planned in signed)
    for rows in (Registration, Presence, Signature, Quota, Call):
        for row in rows.objects.order_by("pk")[::7]:
            row.full_clean(validate_unique=False)


def test_it_never_mixes_with_real_people():
    factories.AnyPerson()

    with pytest.raises(services.NotInvented):
        make()
    assert Person.objects.count() == 1
    assert not Demonstration.objects.exists()


def test_a_failure_on_the_way_leaves_nothing():
    def fail_late(step):
        if step == "Checking every key":
            assert Meeting.objects.exists()
            raise Unmade

    with pytest.raises(Unmade):
        make(progress=fail_late)
    assert not Person.objects.exists()
    assert not Site.objects.exists()


def test_at_true_size_the_release_holds_and_what_is_planted_is_there(capsys):
    make(date(2017, 12, 31), scale=1.0)
    capsys.readouterr()

    call_command("release", "check", "--format", "json", "--language", "en")
    checks = {check["id"]: check for check in json.loads(capsys.readouterr().out)}

    assert {id for id, check in checks.items() if check["holds"] is None} == {"solutions", "experiments"}
    assert [id for id, check in checks.items() if check["holds"] is False] == []
    assert (checks["advisors"]["value"], checks["neighborhoods"]["value"]) == (82, 700)
    assert 65_000 < checks["projects"]["value"] < 67_000
    assert checks["supported"]["value"] == 6580.7

    shared = Person.objects.exclude(phone="").values("phone").annotate(n=Count("pk")).filter(n__gt=1)
    assert [row["n"] for row in shared] == [2] * identities.COUPLES_ON_ONE_PHONE
    same = Person.objects.exclude(born_on=None).values("first_name", "preferred_name", "born_on")
    twins = same.annotate(sites=Count("site", distinct=True)).filter(sites__gt=1)
    assert twins.count() >= identities.TWINS_ACROSS_SITES


def test_the_door_is_closed_without_a_demonstration(client, settings, db):
    settings.DEMO = True
    assert client.post(reverse("demo:sign_in"), {"account": "pilot"}).status_code == 404  # nobody is invented here


def test_nothing_is_added_to_the_years_that_the_release_tells():
    make(until=date(2018, 3, 30))

    assert SealedVersion.objects.count() == 2
    late = Meeting.objects.filter(held_on__year=2017, recorded_at__date__gte=date(2018, 2, 5))
    assert not late.exists()
