"""The demonstration network: invented, repeatable, planted, and true to the release."""

import hashlib
import json
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F
from django.urls import reverse

from citeslab.accounts.models import User
from citeslab.demo import services
from citeslab.demo.models import Demonstration
from citeslab.demo.services import identities
from citeslab.demo.services.accounts import NAMED, email_of
from citeslab.figures import queries as figures
from citeslab.followup import services as followup
from citeslab.followup.models import Meeting, Transition
from citeslab.network.models import Coverage, Site, Tenure
from citeslab.people import services as people
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.projects import services as projects
from citeslab.projects.models import Project, ProjectHolder
from citeslab.territories import queries as territories
from citeslab.territories.models import Release
from citeslab.workshops import services as workshops
from citeslab.workshops.enums import Kind
from citeslab.workshops.models import Attendance, Call, HeadCount, Presence, Quota, Registration, Signature, Workshop
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.long]
PARIS = ZoneInfo("Europe/Paris")
SAID_ON = date(2017, 12, 22)


@pytest.fixture(autouse=True)
def _forget():
    territories.forget()
    yield
    territories.forget()


def make(until=date(2018, 3, 9), scale=0.02, **more):
    at = datetime(until.year, until.month, until.day, 18, 0, tzinfo=PARIS)
    return services.make_demonstration(until=until, by=factories.AnyUser(), at=at, scale=scale, **more)


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


def test_nothing_is_told_after_the_last_day_nor_recorded_before_it_happened():
    made = make(date(2018, 3, 9))

    assert made.until == date(2018, 3, 9)
    assert not Meeting.objects.filter(held_on__gt=made.until).exists()
    assert not Transition.objects.filter(occurred_on__gt=made.until).exists()
    assert not Workshop.objects.held().filter(held_on__gt=made.until).exists()
    assert not Project.objects.filter(started_on__gt=made.until).exists()
    assert not Tenure.objects.filter(begins_on__gt=made.until).exists()
    for facts, day in ((Meeting, "held_on"), (Transition, "occurred_on")):
        assert not facts.objects.filter(recorded_at__gt=made.made_at).exists()
        assert not facts.objects.filter(recorded_at__date__lt=F(day)).exists()
    assert Meeting.objects.filter(held_on__gte=made.until - timedelta(days=7)).exists()


def test_facts_are_noted_on_working_days_by_who_is_in_post_then():
    make()
    in_post = {}
    for user, site, begins, ends in Tenure.objects.values_list("user", "post__site", "begins_on", "ends_on"):
        in_post.setdefault((user, site), []).append((begins, ends or date.max))

    noted = [
        row
        for facts in (Meeting, Transition, Project, Person, Workshop)
        for row in facts.objects.values_list("recorded_by", "site", "recorded_at")
    ]
    assert len(noted) > 2_000
    for user, site, instant in noted:
        then = instant.astimezone(PARIS)
        assert 8 <= then.hour < 18, then
        assert then.weekday() < 5, then
        assert any(begins <= then.date() < ends for begins, ends in in_post[user, site]), (user, site, then)


def test_days_of_the_week_are_alike():
    make()
    days = [day.weekday() for day in Meeting.objects.values_list("held_on", flat=True)]

    shares = [days.count(day) / len(days) for day in range(7)]
    assert shares[5:] == [0, 0]
    assert all(0.16 < share < 0.24 for share in shares[:5]), shares


def test_nobody_is_followed_before_she_is_noted():
    make()

    assert not Meeting.objects.filter(recorded_at__lt=F("person__recorded_at")).exists()
    assert not Transition.objects.filter(recorded_at__lt=F("person__recorded_at")).exists()
    assert not Meeting.objects.filter(recorded_at__lt=F("project__recorded_at")).exists()
    assert not Attendance.objects.filter(recorded_at__lt=F("person__recorded_at")).exists()


def test_the_named_advisor_holds_a_post_and_notes_what_she_does():
    make()
    hers = User.objects.get(email=email_of("advisor"))

    assert hers.name == NAMED["advisor"][0]
    assert Tenure.objects.on(SAID_ON).filter(user=hers).count() == 1
    assert hers.mandates.on(SAID_ON).get().site == hers.tenures.get().post.site
    assert Meeting.objects.filter(recorded_by=hers).exists()


def test_some_carry_two_projects_and_some_projects_have_two_holders():
    make()

    twos = {
        many: ProjectHolder.objects.values(many).annotate(n=Count("pk")).filter(n=2).count()
        for many in ("project", "person")
    }
    assert all(count > 10 for count in twos.values()), twos


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


def test_the_rows_satisfy_the_models(db):
    make()
    models = [Person, Residence, ResidenceAnswer, Project, ProjectHolder, Meeting, Transition, Workshop, Attendance,
              HeadCount, Tenure, Coverage, Site, User]  # fmt: skip
    for model in models:
        rows = list(model.objects.order_by("pk")[::97])[:60]
        assert rows, model
        for row in rows:
            row.full_clean(exclude=["password"], validate_unique=False)


def test_phones_and_addresses_are_fiction():
    make()

    assert not Person.objects.exclude(email="").exclude(email__endswith="@exemple.fr").exists()
    numbers = Person.objects.exclude(phone="").values_list("phone", flat=True)
    fiction = re.compile("|".join(re.escape(prefix) + r"\d{4}" for prefix in identities.FICTION))
    assert [number for number in numbers if not fiction.fullmatch(number)] == []


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


def copied(rows, **changes):
    """The rows as new ones, unsaved."""
    for row in rows:
        row.pk, row._state.adding = None, True
        for name, value in changes.items():
            setattr(row, name, value(row) if callable(value) else value)
    return rows


def test_the_bulk_rows_are_those_the_services_write(at):
    """A site of the demonstration, written again through the rooms' services, gives the same figures."""
    make()
    site = Site.objects.annotate(size=Count("people")).order_by("-size").first()
    other, by = factories.AnySite(), factories.AnyUser()
    originals = list(site.people.order_by("pk"))
    keys = [person.pk for person in originals]
    homes = list(Residence.objects.filter(person__in=keys).order_by("person"))
    people.save_people(people=copied(originals, site=other), by=by, at=at)
    twin = dict(zip(keys, originals, strict=True))
    again = copied(homes, person=lambda home: twin[home.person_id])
    people.record_residences(residences=again, by=by, at=at)
    people.answer_residences(residences=again, by=by, at=at)

    ideas = list(Project.objects.filter(site=site).order_by("pk"))
    idea_keys = [idea.pk for idea in ideas]
    projects.save_projects(projects=copied(ideas, site=other), by=by, at=at)
    idea = dict(zip(idea_keys, ideas, strict=True))
    moved = {
        "site": other,
        "person": lambda fact: twin[fact.person_id],
        "project": lambda fact: idea.get(fact.project_id),
    }
    meetings = list(Meeting.objects.standing().filter(site=site).order_by("pk"))
    steps = list(Transition.objects.standing().filter(site=site).order_by("pk"))
    followup.record_meetings(meetings=copied(meetings, **moved), by=by, at=at)
    followup.record_transitions(transitions=copied(steps, **moved), by=by, at=at)

    actions = list(Workshop.objects.filter(site=site).order_by("pk"))
    action_keys = [action.pk for action in actions]
    came = {pk: [twin[one.person_id].pk for one in Attendance.objects.filter(workshop=pk)] for pk in action_keys}
    heads = {
        pk: {(one.sex, one.age_band): one.heads for one in HeadCount.objects.filter(workshop=pk)} for pk in action_keys
    }
    workshops.save_workshops(workshops=copied(actions, site=other), by=by, at=at)
    new = dict(zip(action_keys, [action.pk for action in actions], strict=True))
    workshops.set_attendances(attendances={new[pk]: who for pk, who in came.items()}, by=by, at=at)
    workshops.set_head_counts(head_counts={new[pk]: count for pk, count in heads.items()}, by=by, at=at)

    for year in (2014, 2015, 2016, 2017):
        ours, theirs = (figures.figures_of_year(year=year, site=one) for one in (site, other))
        assert ours == theirs
        assert ours["persons_supported"] > 0


@pytest.fixture
def demonstration(db):
    return make()


def test_one_click_signs_in_where_people_are_invented(client, settings, demonstration):
    settings.DEMO = True
    page = client.get(reverse("accounts:sign_in"))
    assert [account["key"] for account in page.context["demo_accounts"]] == list(NAMED)

    for account in NAMED:
        response = client.post(reverse("demo:sign_in"), {"account": account, "next": "https://example.org/"})
        assert (response.status_code, response["Location"]) == (302, "/")
        assert client.get("/").context["user"].email == email_of(account)


@pytest.mark.parametrize("account", ["", "root", "advisor@exemple.fr"])
def test_no_other_account_opens_by_a_click(client, settings, demonstration, account):
    settings.DEMO = True
    assert client.post(reverse("demo:sign_in"), {"account": account}).status_code == 404


def test_the_door_is_closed_in_production_and_without_a_demonstration(client, settings, db):
    settings.DEMO = True
    assert client.post(reverse("demo:sign_in"), {"account": "pilot"}).status_code == 404  # nobody is invented here
    make()
    settings.DEMO = False
    assert client.post(reverse("demo:sign_in"), {"account": "pilot"}).status_code == 404
    assert client.get(reverse("accounts:sign_in")).context["demo_accounts"] == []


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
