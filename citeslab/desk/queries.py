"""What the pages of several rooms show. Access is part of each fetch."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db import connection, models
from django.db.models import Case, Count, Exists, F, Func, OrderBy, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from citeslab.accounts.models import User
from citeslab.core.values import folded
from citeslab.followup.enums import Stage
from citeslab.followup.models import Meeting, Transition
from citeslab.network.models import Site
from citeslab.people.models import Assignment, Person, Residence, ResidenceAnswer
from citeslab.projects.models import Project
from citeslab.territories.enums import Answer, Territory
from citeslab.territories.models import QPV
from citeslab.territories.values import edition_in_force
from citeslab.workshops.models import Attendance

# After so many days without a contact a person who has not left is shown as silent; after so many more she is
# old history, and the no-news closing is the tool for her, not a line on the home page.
SILENT_AFTER = timedelta(days=60)
SILENT_UNTIL = timedelta(days=180)
# Who is accompanied these days: met within two years, or not met yet. The others are history, found by a search.
RECENT = timedelta(days=730)


def answer_in_force(on: date) -> QuerySet[ResidenceAnswer]:
    """The standing answers in the edition that is in force that day, where each person lives."""
    at_home = Q(residence__territory=Territory.METROPOLE, edition=edition_in_force(Territory.METROPOLE, on)) | ~Q(
        residence__territory=Territory.METROPOLE
    ) & Q(edition=edition_in_force(Territory.REUNION, on))
    return ResidenceAnswer.objects.standing().filter(
        at_home, residence__withdrawn_at=None, residence__in=Residence.objects.on(on)
    )


def with_story_heads(people: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    """Each person with where she is today: `stage`, `last_contact_on`, `project_title`, `answer`, `qpv_code`."""
    last_step = (
        Transition.objects.standing().filter(person=OuterRef("pk"), occurred_on__lte=on).order_by("-occurred_on", "-pk")
    )
    meetings = Meeting.objects.standing().filter(person=OuterRef("pk"), held_on__lte=on).order_by("-held_on")
    project = Project.objects.filter(holders=OuterRef("pk")).order_by("-started_on", "-pk")
    answer = answer_in_force(on).filter(residence__person=OuterRef("pk")).order_by("-pk")
    return people.annotate(
        stage=Subquery(last_step.values("stage")[:1]),
        last_contact_on=Subquery(meetings.values("held_on")[:1]),
        project_title=Subquery(project.values("title")[:1]),
        answer=Coalesce(Subquery(answer.values("answer")[:1]), Value(Answer.NOT_LOCATED.value)),
        qpv_code=Subquery(answer.values("qpv_code")[:1]),
    )


def silent(on: date) -> Q:
    """No contact for a while, and she has not left. Reads the columns of `with_story_heads`."""
    has_not_left = Q(stage=None) | ~Q(stage=Stage.SORT)
    return Q(last_contact_on__lt=on - SILENT_AFTER, last_contact_on__gte=on - SILENT_UNTIL) & has_not_left


def current(on: date, sites: Iterable[Site]) -> Q:
    """Met lately by one of these sites, or not met yet. Asked before anything else of a person: most are history."""
    met = Meeting.objects.standing()
    lately = met.filter(site__in=[site.pk for site in sites], held_on__gt=on - RECENT)
    return Q(pk__in=lately.values("person")) | Q(~Exists(met.filter(person=OuterRef("pk"))))


VIEWS: dict[str, Callable[[date], Q]] = {
    "": lambda on: Q(),
    "silent": silent,
    "to-check": lambda on: Q(answer=Answer.TO_CHECK),
    "left": lambda on: Q(stage=Stage.SORT),
    "all": lambda on: Q(),
}
ORDERS: dict[str, tuple[str | OrderBy, ...]] = {
    "near": ("rank", F("last_contact_on").desc(nulls_last=True), "sort_key", "pk"),  # of a search only
    "name": ("sort_key", "pk"),
    "contact": (F("last_contact_on").asc(nulls_first=True), "pk"),
    "-contact": (F("last_contact_on").desc(nulls_last=True), "-pk"),
    "-name": ("-sort_key", "-pk"),
}


# -- a search ---------------------------------------------------------------------------------------------------------

# Names nearly right are offered while fewer than so many are right, and so many of them at most.
ENOUGH, NEARLY = 25, 40
# Of the letters by three that two words have, the share in common: one wrong letter in a name of five.
LIKENESS = 0.3
WORDS = 6  # a longer question is a mistake, or an attack


def pieces(token: str) -> list[str]:
    """A word of the question as names are kept: in parts, without accents."""
    return folded(token).replace("-", " ").replace("'", " ").split()


def is_right(token: str) -> Q:
    """The token is in the name, or is the reference, or a part of the phone number or of the e-mail address."""
    right = Q(reference__iexact=token)
    in_name = Q()
    for piece in pieces(token):
        # One or two letters are the beginning of a name: in the middle of one they say nothing.
        begins = Q(sort_key__startswith=piece) | Q(sort_key__contains=f" {piece}")
        in_name &= begins if len(piece) < 3 else Q(sort_key__contains=piece)
    right |= in_name
    digits = dialed(token)
    if digits:
        right |= Q(phone__contains=digits)
    if "@" in token:
        right |= Q(email__icontains=token)
    return right


def dialed(token: str) -> str:
    """The digits of what can only be a phone number, without what comes before them from here or from abroad."""
    digits = "".join(sign for sign in token if sign.isdecimal() and sign.isascii())
    if len(digits) < 4 or set(token) - set("0123456789+.-/() "):
        return ""
    return digits.removeprefix("0033").removeprefix("33").removeprefix("0")


def swapped(word: str) -> list[str]:
    """The word with two neighboring letters the other way round, each in turn: the slip that likeness sees least."""
    return [word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1) if word[n] != word[n + 1]]


def is_near(token: str) -> Q:
    """A name differs from the token by a slip of the hand or of the ear."""
    word = " ".join(pieces(token))
    if len(word) < 4 or not word.isalpha():
        return is_right(token)
    near = is_right(token) | Q(sort_key__trigram_strict_word_similar=word)
    for slip in swapped(word):
        near |= Q(sort_key__contains=slip)
    return near


def tokens_of(words: str) -> list[str]:
    words = " ".join(words.replace("\0", " ").split())
    return [words] if dialed(words) else words.split()[:WORDS]


def searched(visible: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Who fits the words: each in the name, the reference, the number or the address; then names nearly right.

    Annotated with `rank`: 0 when the name begins so, 1 when it is right, more when it is nearly right, nearest first.
    """
    tokens = tokens_of(words)
    right, near = Q(), Q()
    likeness: models.expressions.Combinable = Value(0.0)
    for token in tokens:
        right, near = right & is_right(token), near & is_near(token)
        likeness = likeness + TrigramStrictWordSimilarity(" ".join(pieces(token)) or token, "sort_key")
    exact = visible.filter(right)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.strict_word_similarity_threshold', %s, true)", [str(LIKENESS)])
    nearly = list(
        visible.filter(~Exists(exact.order_by("pk").values("pk")[ENOUGH - 1 : ENOUGH]), near)
        .exclude(right)
        .order_by((-likeness).asc(), "sort_key", "pk")
        .values_list("pk", flat=True)[:NEARLY]
    )
    beginning = " ".join(piece for token in tokens for piece in pieces(token))
    place = Func(Value(nearly), F("pk"), function="array_position", output_field=models.IntegerField())
    return visible.filter(right | Q(pk__in=nearly)).annotate(
        rank=Case(
            When(pk__in=nearly, then=Value(1) + place),
            When(sort_key__startswith=beginning, then=Value(0)),
            default=Value(1),
            output_field=models.IntegerField(),
        )
    )


def search(visible: QuerySet[Person], words: str, limit: int) -> list[Person]:
    """The people who fit the words best, for a chooser; nobody for no words."""
    if not tokens_of(words):
        return []
    return list(searched(visible, words).order_by("rank", "sort_key", "pk")[:limit])


# -- the list ---------------------------------------------------------------------------------------------------------


def followed_by(advisor: User, *, on: date) -> QuerySet[Assignment]:
    return Assignment.objects.standing().on(on).filter(advisor=advisor)


def with_advisor(people: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    """Each person with the name of the advisor who follows her that day: `advisor_name`."""
    hers = Assignment.objects.standing().on(on).filter(person=OuterRef("pk"))
    return people.annotate(advisor_name=Subquery(hers.values("advisor__name")[:1]))


def people(
    visible: QuerySet[Person],
    *,
    on: date,
    words: str = "",
    stage: str = "",
    answer: str = "",
    site: str = "",
    advisor: User | None = None,
    current_at: Iterable[Site] = (),
) -> QuerySet[Person]:
    """Of the people a user may see, those her list asks for: the current ones at some sites, or everyone.

    A search looks among everyone, and adds `rank` to each.
    """
    if site:
        visible = visible.filter(site__code=site)
    if advisor:
        visible = visible.filter(pk__in=followed_by(advisor, on=on).values("person"))
    if tokens_of(words):
        visible = searched(visible, words)
    elif current_at:
        visible = visible.filter(current(on, current_at))
    found = with_story_heads(visible, on=on)
    if stage:
        found = found.filter(stage=stage)
    if answer:
        found = found.filter(answer=answer)
    return found


def view_counts(found: QuerySet[Person], *, on: date) -> dict[str, int]:
    """How many people each ready-made view holds, in one statement."""
    views = [view for view in VIEWS if view != "all"]
    asked = {f"n{place}": Count("pk", filter=VIEWS[view](on)) for place, view in enumerate(views) if view}
    counted = found.aggregate(n0=Count("pk"), **asked)
    return {view: counted[f"n{place}"] for place, view in enumerate(views)}


def qpv_names(codes: set[str]) -> dict[str, str]:
    """Code to name, from the latest release that has it."""
    named = QPV.objects.filter(code__in=codes - {"", None}).order_by("code", "-release__released_on").distinct("code")
    return dict(named.values_list("code", "name"))


@dataclass(frozen=True)
class Happening:
    """One line of a person's story."""

    on: date
    kind: str  # "meeting", "step" or "workshop"
    fact: Meeting | Transition | Attendance
    previous: str = ""  # for a step, the stage before it on the same pathway


def story(person: Person) -> list[Happening]:
    """Meetings, steps and workshops of a person, the latest first."""
    meetings = Meeting.objects.standing().filter(person=person).select_related("project", "recorded_by")
    steps = Transition.objects.standing().filter(person=person).select_related("project", "recorded_by").in_order()
    attendances = (
        Attendance.objects.standing().filter(person=person, workshop__cancelled_at=None).select_related("workshop")
    )
    lines = [Happening(meeting.held_on, "meeting", meeting) for meeting in meetings]
    lines += [Happening(attendance.workshop.held_on, "workshop", attendance) for attendance in attendances]
    before: dict[int | None, str] = {}
    for step in steps:
        lines.append(Happening(step.occurred_on, "step", step, before.get(step.project_id, "")))
        before[step.project_id] = step.stage
    # The day of a step and of the meeting where it was taken is the same: the step comes after, so it shows first.
    return sorted(lines, key=lambda line: (line.on, line.kind == "step", line.fact.pk), reverse=True)


def furthest_pathway(steps: list[Transition]) -> list[Transition]:
    """Of a person's pathways, the steps of the one that moved last."""
    if not steps:
        return []
    latest = max(steps, key=lambda step: (step.occurred_on, step.pk))
    return [step for step in steps if step.project_id == latest.project_id]


def to_check(visible: QuerySet[Person], *, on: date) -> QuerySet[ResidenceAnswer]:
    """Answers that the map cannot settle alone, of people met lately, the nearest border first."""
    met_lately = Meeting.objects.standing().filter(held_on__gt=on - RECENT, person=OuterRef("residence__person"))
    return (
        answer_in_force(on)
        .filter(Exists(met_lately), answer=Answer.TO_CHECK, residence__person__in=visible)
        .select_related("residence__person")
        .order_by("border_m", "pk")
    )
