"""The list of people: searched, filtered, put in order."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import reduce
from operator import or_

from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db import connection, models
from django.db.models import Case, Count, Exists, F, Func, OrderBy, OuterRef, Q, QuerySet, Subquery, Value, When

from citeslab.accounts.models import User
from citeslab.core.values import sort_key
from citeslab.desk.queries.pages import current, silent, with_story_heads
from citeslab.desk.values import ME, NOBODY, Question
from citeslab.followup.enums import Stage
from citeslab.network.models import Site
from citeslab.people.models import Assignment, Person
from citeslab.territories.enums import Answer

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
WORDS, LETTERS = 6, 100  # a longer question is a mistake, or an attack


def pieces(token: str) -> list[str]:
    """A word of the question as names are kept: in parts, without accents."""
    return sort_key(token).split()


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
    words = " ".join(words[:LETTERS].replace("\0", " ").split())
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
    ask_for_likeness()
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


def ask_for_likeness() -> None:
    """What `trigram_strict_word_similar` asks of two words, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.strict_word_similarity_threshold', %s, true)", [str(LIKENESS)])


def may_name(words: str, people: Collection[int]) -> bool:
    """Whether one of the words, right or nearly right, leads to one of these people. Two letters name nobody."""
    tokens = [token for token in tokens_of(words) if len(token) > 2 or not token.isalpha()]
    if not tokens:
        return False
    ask_for_likeness()
    return Person.objects.filter(reduce(or_, map(is_near, tokens)), pk__in=people).exists()


def search(visible: QuerySet[Person], words: str, limit: int) -> list[Person]:
    """The people who fit the words best, for a chooser; nobody for no words."""
    if not tokens_of(words):
        return []
    return list(searched(visible, words).order_by("rank", "sort_key", "pk")[:limit])


# -- the list ---------------------------------------------------------------------------------------------------------


def with_advisor(people: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    """Each person with the name of the advisor who follows her that day: `advisor_name`."""
    hers = Assignment.objects.standing().on(on).filter(person=OuterRef("pk"))
    return people.annotate(advisor_name=Subquery(hers.values("advisor__name")[:1]))


def people(
    visible: QuerySet[Person], question: Question, *, on: date, user: User, current_at: Iterable[Site] = ()
) -> QuerySet[Person]:
    """Of the people a user may see, those her question is about: the current ones at some sites, or everyone.

    A search looks among everyone; `rank` is of `searched`, and 0 for each without a search. The question's view and
    order are for `listed`.
    """
    if question.site:
        visible = visible.filter(site__code=question.site)
    followed = Assignment.objects.standing().on(on)
    if question.advisor == NOBODY:
        visible = visible.exclude(Exists(followed.filter(person=OuterRef("pk"))))
    elif question.advisor:
        advisor = user.pk if question.advisor == ME else int(question.advisor)
        visible = visible.filter(pk__in=followed.filter(advisor=advisor).values("person"))
    if tokens_of(question.words):
        visible = searched(visible, question.words)
    else:
        visible = visible.annotate(rank=Value(0))
        if current_at:
            visible = visible.filter(current(on, current_at))
    found = with_story_heads(visible, on=on)
    if question.stage:
        found = found.filter(stage=question.stage)
    if question.answer:
        found = found.filter(answer=question.answer)
    return found


def rows(keys: Iterable[int], *, on: date, with_advisors: bool = False) -> list[Person]:
    """The people of these keys, in the order of their keys, with what a line says of each.

    Asked apart from the order: what the pages before this one would say is not looked for.
    """
    keys = list(keys)
    found = with_story_heads(Person.objects.filter(pk__in=keys).select_related("site"), on=on)
    by_key = {person.pk: person for person in (with_advisor(found, on=on) if with_advisors else found)}
    return [by_key[key] for key in keys]


def ordered(found: QuerySet[Person], question: Question) -> QuerySet[Person]:
    usual = "near" if tokens_of(question.words) else "-contact"
    return found.order_by(*ORDERS[question.sort or usual])


def listed(
    visible: QuerySet[Person], question: Question, *, on: date, user: User, sites: Iterable[Site]
) -> QuerySet[Person]:
    """The rows of the list that a question gives, in its order: what a page shows, a file holds, an act is done to."""
    found = people(visible, question, on=on, user=user, current_at=() if question.view == "all" else sites)
    return ordered(found.filter(VIEWS[question.view](on)), question)


def view_counts(found: QuerySet[Person], *, on: date) -> dict[str, int]:
    """How many people each ready-made view holds, in one statement."""
    views = [view for view in VIEWS if view != "all"]
    asked = {f"n{place}": Count("pk", filter=VIEWS[view](on)) for place, view in enumerate(views) if view}
    counted = found.aggregate(n0=Count("pk"), **asked)
    return {view: counted[f"n{place}"] for place, view in enumerate(views)}
