"""Steps with their evidence, the plan, closings proposed and news asked later."""

from datetime import date, timedelta

import pytest

from citeslab.followup import queries, services
from citeslab.followup.enums import Evidence, ExitReason, Outcome, Situation, Stage
from citeslab.followup.models import LaterNews, NoNewsProposal, Transition
from citeslab.followup.values import months_after
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def test_a_registration_needs_a_siret_that_fits_its_key(advisor, site, at):
    person = factories.AnyPerson(site=site)
    said = {"person": person, "project": None, "occurred_on": TODAY, "stage": Stage.PARC, "by": advisor, "at": at}

    for wrong in ("", "73282932000075"):
        with pytest.raises(services.NotASiret):
            services.record_step(**said, evidence=Evidence.REGISTERED, siret=wrong)

    step = services.record_step(**said, evidence=Evidence.REGISTERED, siret="73282932000074")
    assert (step.evidence, step.siret) == (Evidence.REGISTERED, "73282932000074")


def test_a_corrected_step_is_withdrawn_and_another_recorded(advisor, site, at):
    wrong = factories.AnyTransition(person__site=site, stage=Stage.PARC)

    right = services.record_step(
        person=wrong.person,
        project=None,
        occurred_on=wrong.occurred_on,
        stage=Stage.FORM,
        corrects=wrong,
        by=advisor,
        at=at,
    )

    wrong.refresh_from_db()
    assert (wrong.withdrawn_at, wrong.withdrawn_by) == (at, advisor)
    assert list(Transition.objects.standing()) == [right]


def test_a_step_taken_back_can_be_put_back_once(advisor, site, at):
    step = factories.AnyTransition(person__site=site, stage=Stage.EMER)
    services.take_back_step(step=step, by=advisor, at=at)
    step.refresh_from_db()

    first = services.put_back_step(step=step, by=advisor, at=at)
    second = services.put_back_step(step=step, by=advisor, at=at)

    assert first == second
    assert (first.stage, first.occurred_on, first.recorded_at) == (Stage.EMER, step.occurred_on, at)
    assert Transition.objects.count() == 2


def test_a_plan_step_is_done_once_and_can_be_opened_again(advisor, site, at):
    person = factories.AnyPerson(site=site)
    step = services.add_plan_step(person=person, project=None, what="Deux devis", due_on=TODAY, by=advisor, at=at)

    services.settle_plan_step(step=step, outcome=Outcome.DONE, by=advisor, at=at)
    services.settle_plan_step(step=step, outcome=Outcome.DROPPED, by=advisor, at=at)
    step.refresh_from_db()
    assert (step.outcome, step.settled_by) == (Outcome.DONE, advisor)

    services.settle_plan_step(step=step, outcome=None, by=advisor, at=at)
    step.refresh_from_db()
    assert (step.outcome, step.settled_by) == ("", None)


def silent_person(site, months, stage=Stage.EMER, **said):
    met = months_after(TODAY, -months)
    person = factories.AnyPerson(site=site, **said)
    factories.AnyMeeting(person=person, held_on=met)
    factories.AnyTransition(person=person, stage=stage, occurred_on=met)
    return person


def test_a_closing_is_proposed_after_six_months_and_only_for_whom_it_suits(advisor, site, at):
    waits = silent_person(site, 7)
    silent_person(site, 5)  # too soon
    silent_person(site, 25)  # history
    silent_person(site, 7, stage=Stage.SORT)  # has left
    silent_person(site, 7, stage=Stage.PARC)  # creates: asked for news instead
    factories.AnyNextStep(person=silent_person(site, 7), due_on=TODAY + timedelta(days=9))  # something is planned

    assert services.propose_no_news(by=advisor, at=at) == 1
    assert services.propose_no_news(by=advisor, at=at) == 0
    assert [proposal.person for proposal in queries.no_news_proposals([site])] == [waits]


def test_one_tap_closes_without_news_and_twice_is_once(advisor, site, at):
    person = silent_person(site, 7)
    services.propose_no_news(by=advisor, at=at)
    proposal = NoNewsProposal.objects.get()

    services.close_without_news(proposal=proposal, by=advisor, at=at)
    services.keep_with_us(proposal=proposal, by=advisor, at=at)
    services.close_without_news(proposal=proposal, by=advisor, at=at)

    proposal.refresh_from_db()
    step = Transition.objects.get(person=person, stage=Stage.SORT)
    assert (step.exit_reason, step.occurred_on) == (ExitReason.NO_NEWS, TODAY)
    assert (proposal.outcome, proposal.closing) == (Outcome.CLOSED, step)


def test_still_with_us_is_asked_again_six_months_later(advisor, site, at):
    silent_person(site, 7)
    services.propose_no_news(by=advisor, at=at)
    services.keep_with_us(proposal=NoNewsProposal.objects.get(), by=advisor, at=at)

    assert services.propose_no_news(by=advisor, at=at + timedelta(days=150)) == 0
    assert services.propose_no_news(by=advisor, at=at + timedelta(days=190)) == 1


def test_a_meeting_noted_since_makes_the_proposal_fall(advisor, site, at):
    person = silent_person(site, 7)
    services.propose_no_news(by=advisor, at=at)

    factories.AnyMeeting(person=person, held_on=TODAY)

    assert not queries.no_news_proposals([site]).exists()


def test_news_is_asked_at_each_mark_once(advisor, site, at):
    six = factories.AnyTransition(person__site=site, stage=Stage.PARC, occurred_on=date(2026, 5, 10))
    factories.AnyTransition(person__site=site, stage=Stage.PARC, occurred_on=date(2026, 6, 10))  # too soon
    factories.AnyTransition(person__site=site, stage=Stage.PARC, occurred_on=date(2026, 1, 10))  # six missed, no twelve
    three_years = factories.AnyTransition(
        person__site=site, stage=Stage.SORT, exit_reason=ExitReason.CREATION, occurred_on=date(2023, 11, 19)
    )
    dead = {"stage": Stage.SORT, "exit_reason": ExitReason.DECEASED, "occurred_on": date(2026, 5, 10)}
    factories.AnyTransition(person__site=site, **dead)
    moved = factories.AnyTransition(person__site=site, stage=Stage.PARC, occurred_on=date(2026, 5, 10))
    factories.AnyTransition(person=moved.person, stage=Stage.EMER, occurred_on=date(2026, 6, 1))

    assert services.open_later_news(by=advisor, at=at) == 2
    assert services.open_later_news(by=advisor, at=at) == 0
    assert [(news.since, news.months, news.due_on) for news in queries.later_news_due([site], TODAY)] == [
        (six, 6, date(2026, 11, 10)),
        (three_years, 36, date(2026, 11, 19)),
    ]


def test_who_came_back_is_asked_nothing_more_of_her_old_step(site):
    news = factories.AnyLaterNews(since__person__site=site)
    assert list(queries.later_news_due([site], TODAY)) == [news]

    project = factories.AnyProject(site=site)
    factories.AnyTransition(person=news.person, project=project, occurred_on=date(2016, 5, 1))  # another pathway
    assert list(queries.later_news_due([site], TODAY)) == [news]

    factories.AnyTransition(person=news.person, occurred_on=date(2016, 5, 1))
    assert list(queries.later_news_due([site], TODAY)) == []


def test_an_answer_that_comes_late_replaces_the_non_answer(advisor, at):
    news = factories.AnyLaterNews()
    silence = services.record_later_news(news=news, situation="", by=advisor, at=at)
    assert silence.outcome == Outcome.NO_ANSWER

    said = {"situation": Situation.BUSINESS, "business_alive": True, "jobs": 2}
    answer = services.record_later_news(news=silence, **said, by=advisor, at=at + timedelta(days=3))
    services.record_later_news(news=answer, **said, by=advisor, at=at + timedelta(days=4))

    assert LaterNews.objects.count() == 2
    assert LaterNews.objects.standing().get() == answer


def test_non_answers_are_counted_beside_the_answers(advisor, at):
    for situation in (Situation.BUSINESS, Situation.EMPLOYED, "", None):
        news = factories.AnyLaterNews(months=12)
        if situation is not None:
            services.record_later_news(
                news=news,
                situation=situation,
                business_alive=True if situation == Situation.BUSINESS else None,
                jobs=3 if situation == Situation.BUSINESS else None,
                by=advisor,
                at=at,
            )

    assert queries.later_news_counts(LaterNews.objects.all()) == [
        queries.MarkCount(months=12, asked=4, answered=2, no_answer=1, waiting=1, alive=1, jobs=3)
    ]


def test_what_is_due_is_of_ones_sites_and_of_today_or_before(site):
    today, late = (factories.AnyNextStep(person__site=site, due_on=TODAY - timedelta(days=days)) for days in (0, 3))
    factories.AnyNextStep(person__site=site, due_on=TODAY + timedelta(days=1))
    factories.AnyNextStep(due_on=TODAY)

    assert list(queries.next_steps_due([site], TODAY)) == [late, today]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 11, 20), -24, date(2024, 11, 20)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_are_counted_by_their_days(day, months, expected):
    assert months_after(day, months) == expected
