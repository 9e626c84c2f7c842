"""Closings proposed when nobody has heard of a person, and news asked later. Nothing closes by itself."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.followup import queries
from citeslab.followup.enums import ExitReason, Outcome, Stage
from citeslab.followup.models import FSEAnswer, LaterNews, NoNewsProposal, Transition
from citeslab.followup.rules import LATER_NEWS_FOR, NO_NEWS_AFTER_MONTHS, NO_NEWS_UNTIL_MONTHS
from citeslab.followup.services.facts import BATCH, record_transitions
from citeslab.followup.services.notes import answer_fse
from citeslab.followup.values import months_after


@transaction.atomic
def propose_no_news(*, by: User, at: datetime) -> int:
    """Propose a closing for whom nobody has heard of for six months; done again, it proposes nothing more."""
    today = timezone.localdate(at)
    silent = queries.without_news(
        since=months_after(today, -NO_NEWS_UNTIL_MONTHS), until=months_after(today, -NO_NEWS_AFTER_MONTHS)
    )
    proposals = [
        NoNewsProposal(person=person, last_contact_on=person.last_met_on, recorded_at=at, recorded_by=by)
        for person in silent
    ]
    made = NoNewsProposal.objects.bulk_create(proposals, batch_size=BATCH, ignore_conflicts=True)
    if made:
        audit.record("followup.no_news.proposed", by=by, at=at, count=len(made))
    return len(made)


@transaction.atomic
def close_without_news(*, proposal: NoNewsProposal, by: User, at: datetime) -> NoNewsProposal:
    """She leaves today, without news: each of her open pathways. Answered twice, the first answer stands."""
    proposal = NoNewsProposal.objects.select_for_update(of=["self"]).get(pk=proposal.pk)
    if proposal.settled_at:
        return proposal
    today = timezone.localdate(at)
    last: dict[int | None, Transition] = {}
    for step in Transition.objects.standing().filter(person=proposal.person, occurred_on__lte=today).in_order():
        last[step.project_id] = step
    exits = [
        Transition(
            person=proposal.person,
            project=step.project,
            site=proposal.person.site,
            occurred_on=today,
            stage=Stage.SORT,
            exit_reason=ExitReason.NO_NEWS,
        )
        for step in last.values()
        if step.stage != Stage.SORT
    ]
    if not exits:  # she left by another door meanwhile
        return settle_proposal(proposal, Outcome.DROPPED, None, by=by, at=at)
    record_transitions(transitions=exits, by=by, at=at)
    return settle_proposal(proposal, Outcome.CLOSED, exits[-1], by=by, at=at)


@transaction.atomic
def keep_with_us(*, proposal: NoNewsProposal, by: User, at: datetime) -> NoNewsProposal:
    """She is still accompanied: nothing is proposed again for six months."""
    proposal = NoNewsProposal.objects.select_for_update(of=["self"]).get(pk=proposal.pk)
    return proposal if proposal.settled_at else settle_proposal(proposal, Outcome.STILL_HERE, None, by=by, at=at)


def settle_proposal(
    proposal: NoNewsProposal, outcome: Outcome, closing: Transition | None, *, by: User, at: datetime
) -> NoNewsProposal:
    proposal.outcome, proposal.closing, proposal.settled_at, proposal.settled_by = outcome, closing, at, by
    proposal.save(update_fields=["outcome", "closing", "settled_at", "settled_by"])
    audit.record("followup.no_news.answered", proposal, by=by, at=at, outcome=outcome, person_id=proposal.person_id)
    return proposal


@transaction.atomic
def open_later_news(*, by: User, at: datetime) -> int:
    """Open what is to ask 6, 12, 24 and 36 months after; done again, it opens nothing more."""
    today = timezone.localdate(at)
    opened = []
    for months in LaterNews.MONTHS:
        ended = queries.asked_for_news(
            since=months_after(today - LATER_NEWS_FOR, -months), until=months_after(today, -months)
        ).exclude(later_news__months=months)
        opened += [
            LaterNews(
                person_id=step.person_id,
                since=step,
                months=months,
                due_on=months_after(step.occurred_on, months),
                recorded_at=at,
                recorded_by=by,
            )
            for step in ended
        ]
    made = LaterNews.objects.bulk_create(opened, batch_size=BATCH, ignore_conflicts=True)
    if made:
        audit.record("followup.later_news.opened", by=by, at=at, count=len(made))
    return len(made)


@transaction.atomic
def record_later_news(
    *,
    news: LaterNews,
    situation: str,
    business_alive: bool | None = None,
    jobs: int | None = None,
    labour: str = "",
    by: User,
    at: datetime,
) -> LaterNews:
    """What she answered; without situation, that she did not. A later answer withdraws the one before.

    `labour` is the FSE+ situation, kept where this news asks it (`queries.asks_fse`).
    """
    news = LaterNews.objects.select_for_update(of=["self"]).select_related("person", "since").get(pk=news.pk)
    if queries.asks_fse(news, on=timezone.localdate(at)):
        settle_fse(news, labour if situation else "", by=by, at=at)
    outcome = Outcome.ANSWERED if situation else Outcome.NO_ANSWER
    said = {"outcome": outcome, "situation": situation, "business_alive": business_alive, "jobs": jobs}
    if news.settled_at and all(getattr(news, name) == value for name, value in said.items()):
        return news
    if news.settled_at:
        LaterNews.objects.filter(pk=news.pk).update(withdrawn_at=at, withdrawn_by=by)
        news = LaterNews(person_id=news.person_id, since_id=news.since_id, months=news.months, due_on=news.due_on)
        news.recorded_at, news.recorded_by = at, by
    for name, value in said.items():
        setattr(news, name, value)
    news.settled_at, news.settled_by = at, by
    news.save()
    audit.record("followup.later_news.recorded", news, by=by, at=at, outcome=outcome, person_id=news.person_id)
    return news


def settle_fse(news: LaterNews, labour: str, *, by: User, at: datetime) -> None:
    """Her FSE+ situation as it is told now: said again the same it stays, not said any more it is taken back."""
    told = queries.fse_after(news)
    if told and not labour:
        FSEAnswer.objects.filter(pk=told.pk).update(withdrawn_at=at, withdrawn_by=by)
        audit.record("followup.fse.taken_back", news.person, by=by, at=at, moment=told.moment)
    elif labour and (told is None or told.labour != labour):
        answer_fse(person=news.person, answered_on=timezone.localdate(at), labour_after=labour, by=by, at=at)
