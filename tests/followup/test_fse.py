"""The FSE+ item of six months after leaving, asked with the news of that mark."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from citeslab.audit.models import Entry
from citeslab.followup import queries, services
from citeslab.followup.enums import ExitReason, Labour, Moment, Outcome, Situation, Stage
from citeslab.followup.models import FSEAnswer, LaterNews
from tests import factories

pytestmark = pytest.mark.django_db

LEFT_DAYS_AGO = 190


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def desk(client, advisor):
    client.force_login(advisor)
    return client


@pytest.fixture
def news(site, today):
    """She entered where an agreement paid, and left six months ago."""
    left_on = today - timedelta(days=LEFT_DAYS_AGO)
    step = factories.AnyTransition(
        person__site=site, stage=Stage.SORT, exit_reason=ExitReason.EMPLOYMENT, occurred_on=left_on
    )
    factories.AnyFSEAnswer(person=step.person, answered_on=left_on - timedelta(days=300))
    return factories.AnyLaterNews(since=step, due_on=today - timedelta(days=7))


def address(news) -> str:
    return reverse("followup:later_news", args=[news.pk])


def told(news) -> list[tuple]:
    """Her standing answers of six months after."""
    standing = FSEAnswer.objects.standing().filter(person=news.person, moment=Moment.SIX_MONTHS)
    return list(standing.values_list("labour", "answered_on"))


ANSWER = {"situation": Situation.EMPLOYED, "business_alive": "", "jobs": ""}


def test_the_news_of_six_months_asks_the_fse_situation_and_keeps_it(desk, advisor, news, today):
    assert "labour" in desk.get(address(news)).context["form"].fields
    missing = desk.post(address(news), ANSWER)
    assert (missing.status_code, list(missing.context["form"].errors)) == (422, ["labour"])
    assert desk.post(address(news), {**ANSWER, "labour": "EDUCATION"}).status_code == 302

    assert told(news) == [(Labour.EDUCATION, today)]
    assert LaterNews.objects.standing().get().outcome == Outcome.ANSWERED
    line = Entry.objects.get(action="followup.fse.answered")
    assert (line.actor_id, line.subject_id, line.details) == (advisor.pk, news.person_id, {"moment": "SIX_MONTHS"})


@pytest.mark.parametrize("said", [{"no_answer": "1"}, {**ANSWER, "labour": "UNSAID"}])
def test_she_may_not_answer_or_not_say(desk, news, said):
    assert desk.post(address(news), said).status_code == 302
    assert told(news) == []


def test_a_correction_replaces_what_was_told_and_the_same_stays(desk, news, today):
    desk.post(address(news), {**ANSWER, "labour": "LONG"})
    FSEAnswer.objects.filter(moment=Moment.SIX_MONTHS).update(answered_on=today - timedelta(days=2))
    assert desk.get(address(news)).context["form"]["labour"].value() == "LONG"
    desk.post(address(news), {**ANSWER, "labour": "LONG"})
    assert told(news) == [(Labour.LONG, today - timedelta(days=2))]

    desk.post(address(news), {**ANSWER, "labour": "SELF"})
    assert told(news) == [(Labour.SELF, today)]
    desk.post(address(news), {"no_answer": "1"})
    assert told(news) == []
    assert FSEAnswer.objects.filter(moment=Moment.SIX_MONTHS).count() == 2  # each stays in the books
    assert Entry.objects.filter(action="followup.fse.taken_back").count() == 1


def is_asked(news, today) -> bool:
    news = LaterNews.objects.select_related("person", "since").get(pk=news.pk)
    return queries.asks_fse(news, on=today)


def test_it_is_asked_whatever_became_of_the_agreement(news, today):
    assert is_asked(news, today)
    factories.AnyFSEPlus(site=news.person.site, begins_on=today)
    assert is_asked(news, today)


def test_it_is_not_asked_of_who_entered_without_an_agreement(desk, news, today):
    FSEAnswer.objects.all().delete()
    assert not is_asked(news, today)
    assert "labour" not in desk.get(address(news)).context["form"].fields
    desk.post(address(news), {**ANSWER, "labour": "SELF"})
    assert (told(news), LaterNews.objects.get().situation) == ([], Situation.EMPLOYED)


def test_it_is_not_asked_of_an_entry_that_was_taken_back(news, advisor, today):
    FSEAnswer.objects.update(withdrawn_at=timezone.now(), withdrawn_by=advisor)
    assert not is_asked(news, today)


def test_it_is_asked_at_six_months_alone(news, today):
    for months in (12, 24, 36):
        assert not is_asked(factories.AnyLaterNews(since=news.since, months=months), today)


def test_it_is_not_asked_of_who_began_to_create_and_has_not_left(site, today):
    step = factories.AnyTransition(person__site=site, stage=Stage.PARC, occurred_on=today - timedelta(days=190))
    factories.AnyFSEAnswer(person=step.person)
    assert not is_asked(factories.AnyLaterNews(since=step), today)


def test_it_is_not_asked_of_who_goes_on_with_another_project(news, today):
    factories.AnyTransition(
        person=news.person,
        project=factories.AnyProject(site=news.person.site),
        stage=Stage.EMER,
        occurred_on=today - timedelta(days=30),
    )
    assert not is_asked(news, today)


def test_who_left_several_projects_on_one_day_is_asked_once(news, today):
    """A closing without news leaves each open pathway, and each has its own news."""
    again = factories.AnyTransition(
        person=news.person,
        project=factories.AnyProject(site=news.person.site),
        stage=Stage.SORT,
        exit_reason=ExitReason.NO_NEWS,
        occurred_on=news.since.occurred_on,
    )
    assert [is_asked(one, today) for one in (news, factories.AnyLaterNews(since=again))] == [False, True]


def test_a_second_exit_is_asked_again_and_its_answer_replaces_the_first(desk, news, today):
    before = today - timedelta(days=LEFT_DAYS_AGO + 100)
    first = factories.AnyFSEAnswer(person=news.person, moment=Moment.SIX_MONTHS, labour=Labour.SELF, answered_on=before)
    assert desk.get(address(news)).context["form"]["labour"].value() == ""
    desk.post(address(news), {**ANSWER, "labour": "SELF"})

    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert told(news) == [(Labour.SELF, today)]


def test_the_news_of_another_year_leaves_the_answer_alone(news, advisor, today):
    at = timezone.now()
    services.record_later_news(news=news, situation=Situation.BUSINESS, labour=Labour.SELF, by=advisor, at=at)
    year = factories.AnyLaterNews(since=news.since, months=12)
    services.record_later_news(news=year, situation="", by=advisor, at=at)

    assert told(news) == [(Labour.SELF, today)]


def test_who_studies_is_inactive_at_entry(desk, site):
    person = factories.AnyPerson(site=site)
    factories.AnyFSEPlus(site=site)
    choices = dict(desk.get(reverse("followup:note", args=[person.pk])).context["form"].fields["labour"].choices)

    assert set(choices) == {"", *Labour.values} - {Labour.EDUCATION}
