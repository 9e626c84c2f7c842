"""The demonstration network: invented, repeatable, planted, and true to the release."""

import re
from datetime import date, timedelta

import pytest
from django.db.models import Count, F
from django.urls import reverse

from citeslab.accounts.models import User
from citeslab.demo.services import identities
from citeslab.demo.services.accounts import NAMED, email_of
from citeslab.figures import queries as figures
from citeslab.followup import services as followup
from citeslab.followup.models import Meeting, Transition
from citeslab.network.models import Coverage, Post, Site, Tenure
from citeslab.people import services as people
from citeslab.people.models import Person, Residence, ResidenceAnswer
from citeslab.projects import services as projects
from citeslab.projects.models import Project, ProjectHolder
from citeslab.workshops import services as workshops
from citeslab.workshops.models import Attendance, HeadCount, Workshop
from tests import factories
from tests.demo.conftest import PARIS

UNTIL = date(2018, 3, 9)
pytestmark = [pytest.mark.usefixtures("made"), pytest.mark.django_db, pytest.mark.long]

SAID_ON = date(2017, 12, 22)


def test_nothing_is_told_after_the_last_day_nor_recorded_before_it_happened(made):
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
    days = [day.weekday() for day in Meeting.objects.values_list("held_on", flat=True)]

    shares = [days.count(day) / len(days) for day in range(7)]
    assert shares[5:] == [0, 0]
    assert all(0.16 < share < 0.24 for share in shares[:5]), shares


def test_nobody_is_followed_before_she_is_noted():
    assert not Meeting.objects.filter(recorded_at__lt=F("person__recorded_at")).exists()
    assert not Transition.objects.filter(recorded_at__lt=F("person__recorded_at")).exists()
    assert not Meeting.objects.filter(recorded_at__lt=F("project__recorded_at")).exists()
    assert not Attendance.objects.filter(recorded_at__lt=F("person__recorded_at")).exists()


def test_the_named_advisor_holds_a_post_and_notes_what_she_does():
    hers = User.objects.get(email=email_of("advisor"))

    assert hers.name == NAMED["advisor"][0]
    assert Tenure.objects.on(SAID_ON).filter(user=hers).count() == 1
    assert hers.mandates.on(SAID_ON).get().site == hers.tenures.get().post.site
    assert Meeting.objects.filter(recorded_by=hers).exists()


def test_some_carry_two_projects_and_some_projects_have_two_holders():
    twos = {
        many: ProjectHolder.objects.values(many).annotate(n=Count("pk")).filter(n=2).count()
        for many in ("project", "person")
    }
    assert all(count > 10 for count in twos.values()), twos


def test_the_rows_satisfy_the_models(db):
    models = [Person, Residence, ResidenceAnswer, Project, ProjectHolder, Meeting, Transition, Workshop, Attendance,
              HeadCount, Tenure, Coverage, Site, User]  # fmt: skip
    for model in models:
        rows = list(model.objects.order_by("pk")[::97])[:60]
        assert rows, model
        for row in rows:
            row.full_clean(exclude=["password"], validate_unique=False)


def test_phones_and_addresses_are_fiction():
    assert not Person.objects.exclude(email="").exclude(email__endswith="@exemple.fr").exists()
    numbers = Person.objects.exclude(phone="").values_list("phone", flat=True)
    fiction = re.compile("|".join(re.escape(prefix) + r"\d{4}" for prefix in identities.FICTION))
    assert [number for number in numbers if not fiction.fullmatch(number)] == []


def copied(rows, **changes):
    """The rows as new ones, unsaved."""
    for row in rows:
        row.pk, row._state.adding = None, True
        for name, value in changes.items():
            setattr(row, name, value(row) if callable(value) else value)
    return rows


def test_the_bulk_rows_are_those_the_services_write(at):
    """A site of the demonstration, written again through the rooms' services, gives the same figures."""
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


def test_one_click_signs_in_where_people_are_invented(client, settings):
    settings.DEMO = True
    page = client.get(reverse("accounts:sign_in"))
    assert [account["key"] for account in page.context["demo_accounts"]] == list(NAMED)

    for account in NAMED:
        response = client.post(reverse("demo:sign_in"), {"account": account, "next": "https://example.org/"})
        assert (response.status_code, response["Location"]) == (302, "/")
        assert client.get("/").context["user"].email == email_of(account)


@pytest.mark.parametrize("account", ["", "root", "advisor@exemple.fr"])
def test_no_other_account_opens_by_a_click(client, settings, account):
    settings.DEMO = True
    assert client.post(reverse("demo:sign_in"), {"account": account}).status_code == 404


def test_the_door_is_closed_in_production(client, settings):
    settings.DEMO = False
    assert client.post(reverse("demo:sign_in"), {"account": "pilot"}).status_code == 404
    assert client.get(reverse("accounts:sign_in")).context["demo_accounts"] == []


def test_no_statement_of_the_release_moves():
    assert Tenure.objects.on(SAID_ON).values("user").distinct().count() == 82
    assert Coverage.objects.on(SAID_ON).values("qpv_code").distinct().count() == 700
    assert Post.objects.vacant(SAID_ON).count() == 2
    assert factories.AnySite().phone == ""  # what is planted is not a default
