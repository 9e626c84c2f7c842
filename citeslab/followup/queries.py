"""What the pathway asks of an advisor, and what it answers. The caller gives people whom the user may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce

from citeslab.followup.enums import Moment, Outcome, Stage
from citeslab.followup.models import (
    FSEAnswer,
    LaterNews,
    Meeting,
    NextStep,
    NoNewsProposal,
    Note,
    PlanStep,
    Transition,
)
from citeslab.followup.rules import CLOSABLE, FSE_AFTER_MONTHS, NEVER_ASKED
from citeslab.network.models import FSEPlus, Site
from citeslab.people.models import Person


def current_step(person: Person, *, project: int | None, on: date) -> Transition | None:
    """The step that says where a person is on a pathway that day."""
    steps = Transition.objects.standing().filter(person=person, project=project, occurred_on__lte=on)
    return steps.select_related("recorded_by").order_by("-occurred_on", "-pk").first()


def latest_step(person: Person, *, on: date) -> Transition | None:
    """The last step of all her pathways: the pathway that moved last is the one a note is about."""
    steps = Transition.objects.standing().filter(person=person, occurred_on__lte=on)
    return steps.order_by("-occurred_on", "-pk").first()


def last_meeting(person: Person) -> Meeting | None:
    return Meeting.objects.standing().filter(person=person).order_by("-held_on", "-pk").first()


def open_step(person: Person) -> NextStep | None:
    """What is planned with a person."""
    return NextStep.objects.open().filter(person=person).select_related("project").first()


def notes_of(person: Person) -> dict[int, Note]:
    """The standing note of each of her meetings, by the meeting's key."""
    return {note.meeting_id: note for note in Note.objects.standing().filter(meeting__person=person)}


def file_of(person: Person) -> dict:
    """What her file shows of this room: what comes next, her plan, the words of each meeting."""
    return {"next_step": open_step(person), "plan": plan_of(person), "notes": notes_of(person)}


def plan_of(person: Person) -> QuerySet[PlanStep]:
    """Her plan: what is open first, by day, then what was settled."""
    return (
        PlanStep.objects.standing()
        .filter(person=person)
        .select_related("settled_by")
        .order_by(F("settled_at").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
    )


def steps_with_history(person: Person) -> QuerySet[Transition]:
    """Every step, those taken back too, the latest first."""
    return (
        Transition.objects.filter(person=person)
        .select_related("project", "recorded_by", "withdrawn_by")
        .order_by("-occurred_on", "-pk")
    )


# -- what waits on the home page --------------------------------------------------------------------------------------


def people_of(sites: Iterable[Site]) -> QuerySet[Person]:
    return Person.objects.named().filter(site__in=[site.pk for site in sites])


def next_steps_due(sites: list[Site], on: date) -> QuerySet[NextStep]:
    """What was to be done today or before, with the people of these sites, the oldest first."""
    return (
        NextStep.objects.due(on)
        .filter(person__in=people_of(sites))
        .select_related("person")
        .order_by("due_on", F("due_time").asc(nulls_last=True), "pk")
    )


def no_news_proposals(sites: list[Site]) -> QuerySet[NoNewsProposal]:
    """Closings proposed and not answered; a meeting noted since makes a proposal fall."""
    met_since = Meeting.objects.standing().filter(person=OuterRef("person"), held_on__gt=OuterRef("last_contact_on"))
    return (
        NoNewsProposal.objects.open()
        .filter(~Exists(met_since), person__in=people_of(sites))
        .select_related("person")
        .order_by("last_contact_on", "pk")
    )


def later_news_due(sites: list[Site], on: date) -> QuerySet[LaterNews]:
    """Who to ask for news, the longest waiting first; a pathway that moved since asks nothing more of its old step."""
    return (
        LaterNews.objects.due(on)
        .filter(~moved_since("since__"), person__in=people_of(sites), since__withdrawn_at=None)
        .select_related("person", "since")
        .order_by("due_on", "pk")
    )


def waiting(sites: list[Site], on: date, *, lines: int) -> dict:
    """What the home page says of this room: the first next steps due, and how many wait of each kind."""
    total = Window(Count("pk"))  # of the whole list, told by each of its lines
    due = list(next_steps_due(sites, on).annotate(total=total)[:lines])
    return {
        "next_steps": due,
        "next_steps_count": due[0].total if due else 0,
        "next_steps_more": due[0].total - len(due) if due else 0,
        "proposals_count": no_news_proposals(sites).count(),
        "later_news_count": later_news_due(sites, on).count(),
    }


def moved_since(step: str = "") -> Exists:
    """Whether a later step follows on the same pathway; `step` leads to the step ("since__") from the row asked."""
    later = Q(occurred_on__gt=OuterRef(f"{step}occurred_on")) | Q(
        occurred_on=OuterRef(f"{step}occurred_on"), pk__gt=OuterRef(f"{step}pk")
    )
    return Exists(
        Transition.objects.standing()
        .alias(pathway=Coalesce("project_id", Value(0)))  # no project is a pathway too
        .filter(
            later,
            person=OuterRef(f"{step}person"),
            pathway=Coalesce(OuterRef(f"{step}project_id"), Value(0)),
        )
    )


@dataclass(frozen=True)
class MarkCount:
    """What became of the news to ask at one mark."""

    months: int
    asked: int
    answered: int
    no_answer: int
    waiting: int
    alive: int
    jobs: int


def later_news_counts(news: QuerySet[LaterNews]) -> list[MarkCount]:
    """By mark, the answers and the non-answers: a share of those who answered is read beside those who did not."""
    counted = (
        news.standing()
        .values("months")
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=Q(outcome=Outcome.ANSWERED)),
            no_answer=Count("pk", filter=Q(outcome=Outcome.NO_ANSWER)),
            waiting=Count("pk", filter=Q(settled_at=None)),
            alive=Count("pk", filter=Q(business_alive=True)),
            jobs=Coalesce(Sum("jobs"), 0),
        )
        .order_by("months")
    )
    return [MarkCount(**row) for row in counted]


# -- what an FSE+ agreement asks --------------------------------------------------------------------------------------


def fse_asked(person: Person, *, on: date) -> frozenset[Moment]:
    """The moments whose items a note asks that day: none where no FSE+ agreement pays for the site."""
    if not FSEPlus.objects.on(on).filter(site=person.site_id).exists():
        return frozenset()
    known = FSEAnswer.objects.standing().filter(person=person).values_list("moment", flat=True)
    return frozenset({Moment.ENTRY, Moment.EXIT} - {Moment(moment) for moment in known})


def asks_fse(news: LaterNews, *, on: date) -> bool:
    """Whether this news asks the FSE+ situation too: six months after she left for good, if an agreement paid at entry.

    An entry answer says that one did, whatever her site and its agreement have become. Who is on another pathway, or
    came back, has not left.
    """
    if news.months != FSE_AFTER_MONTHS or news.since.stage != Stage.SORT:
        return False
    latest = latest_step(news.person, on=on)
    if latest is None or latest.pk != news.since_id:
        return False
    return FSEAnswer.objects.standing().filter(person=news.person_id, moment=Moment.ENTRY).exists()


def fse_after(news: LaterNews) -> FSEAnswer | None:
    """Her FSE+ situation six months after this exit; that of an earlier exit is not hers."""
    told = FSEAnswer.objects.standing().filter(person=news.person_id, moment=Moment.SIX_MONTHS)
    return told.filter(answered_on__gte=news.since.occurred_on).first()


def fse_answers_in(period: FSEPlus) -> QuerySet[FSEAnswer]:
    """The answers of entry and of exit that a period made advisors ask: of one of its days, or written on one.

    Those taken back count too: they were asked.
    """
    days = {"gte": period.begins_on} | ({"lt": period.ends_on} if period.ends_on else {})
    of_its_days = Q(**{f"answered_on__{sign}": limit for sign, limit in days.items()})
    written_then = Q(**{f"recorded_at__date__{sign}": limit for sign, limit in days.items()})
    asked = FSEAnswer.objects.filter(person__site=period.site_id, moment__in=(Moment.ENTRY, Moment.EXIT))
    return asked.filter(of_its_days | written_then)


# -- who the nightly task looks at ------------------------------------------------------------------------------------


def without_news(*, since: date, until: date) -> QuerySet[Person]:
    """People last met between two days (`last_met_on`), who did not leave, and of whom nothing is planned or proposed.

    "Still with us" said after the first of these days counts as a contact.
    """
    met = Meeting.objects.standing().filter(person=OuterRef("pk")).order_by("-held_on")
    step = Transition.objects.standing().filter(person=OuterRef("pk")).order_by("-occurred_on", "-pk")
    heard = Q(settled_at=None) | Q(outcome=Outcome.STILL_HERE, settled_at__date__gt=until)
    proposed = NoNewsProposal.objects.standing().filter(heard, person=OuterRef("pk"))
    lately = Meeting.objects.standing().filter(held_on__gt=since)
    return (
        Person.objects.named()
        .filter(pk__in=lately.values("person"))
        .annotate(last_met_on=Subquery(met.values("held_on")[:1]), last_stage=Subquery(step.values("stage")[:1]))
        .filter(
            ~Exists(proposed),
            ~Exists(NextStep.objects.open().filter(person=OuterRef("pk"))),
            last_met_on__lte=until,
            last_stage__in=CLOSABLE,
        )
        .order_by("pk")
    )


def asked_for_news(*, since: date, until: date) -> QuerySet[Transition]:
    """The last steps of pathways that ended, or began to create, between two days."""
    standing = Transition.objects.standing()
    never = standing.filter(person=OuterRef("person"), exit_reason__in=NEVER_ASKED)
    return standing.filter(
        ~moved_since(),
        ~Exists(never),
        person__anonymised_at=None,
        stage__in=(Stage.PARC, Stage.SORT),
        occurred_on__gt=since,
        occurred_on__lte=until,
    ).order_by("pk")
