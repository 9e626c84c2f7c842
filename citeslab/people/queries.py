"""Reading people: where they live and what is answered for it, who shares a phone, which addresses wait for a human."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from citeslab.people.enums import Method
from citeslab.people.models import HouseholdTie, Person, Residence, ResidenceAnswer
from citeslab.territories.charts import PlaceMap
from citeslab.territories.enums import Answer, Edition, Territory
from citeslab.territories.models import QPV
from citeslab.territories.queries import map_around
from citeslab.territories.values import edition_in_force

MOST_CANDIDATES = 4  # neighborhoods near one address
MOST_NAMED = 5  # people told to share a phone: more would be a switchboard's number


def answer_in_force(on: date) -> QuerySet[ResidenceAnswer]:
    """The standing answers in the edition that is in force that day, where each person lives."""
    at_home = Q(residence__territory=Territory.METROPOLE, edition=edition_in_force(Territory.METROPOLE, on)) | ~Q(
        residence__territory=Territory.METROPOLE
    ) & Q(edition=edition_in_force(Territory.REUNION, on))
    return ResidenceAnswer.objects.standing().filter(
        at_home, residence__withdrawn_at=None, residence__in=Residence.objects.on(on)
    )


def to_check(visible: QuerySet[Person], *, on: date) -> QuerySet[ResidenceAnswer]:
    """The answers that the map cannot settle alone, the nearest border first, then the positions that are not sure."""
    return (
        answer_in_force(on)
        .filter(answer=Answer.TO_CHECK, residence__person__in=visible)
        .select_related("residence__person", "release")
        .order_by("border_m", "pk")
    )


def decided(visible: QuerySet[Person], *, on: date) -> QuerySet[ResidenceAnswer]:
    """The decisions that stand, the latest first."""
    return (
        answer_in_force(on)
        .filter(method=Method.MANUAL, residence__person__in=visible)
        .select_related("residence__person", "recorded_by")
        .order_by("-recorded_at", "-pk")
    )


def qpv_names(codes: set[str]) -> dict[str, str]:
    """Code to name, from the latest release that has it."""
    named = QPV.objects.filter(code__in=codes - {"", None}).order_by("code", "-release__released_on").distinct("code")
    return dict(named.values_list("code", "name"))


@dataclass(frozen=True)
class HomeSeen:
    """Where a person lives, what is answered for it on a day, and who lives there too."""

    residence: Residence | None
    answer: ResidenceAnswer | None
    qpv_name: str
    ties: list[tuple[HouseholdTie, Person]] = field(default_factory=list)
    shared_contact: list[Person] = field(default_factory=list)  # reached by the same number, no tie said


def home_of(person: Person, *, visible: QuerySet[Person], on: date) -> HomeSeen:
    residence = person.residences.standing().filter(ends_on=None).first()
    answers = answer_in_force(on).filter(residence=residence) if residence else ResidenceAnswer.objects.none()
    answer = answers.select_related("release", "recorded_by").order_by("-pk").first()
    name = qpv_names({answer.qpv_code}).get(answer.qpv_code, "") if answer else ""
    ties = household(person, visible=visible)
    tied = {other.pk for _tie, other in ties}
    shared = same_contact(visible, phone=person.phone, email=person.email, besides=person)
    return HomeSeen(residence, answer, name, ties, [other for other in shared if other.pk not in tied])


def household(person: Person, *, visible: QuerySet[Person]) -> list[tuple[HouseholdTie, Person]]:
    """Who lives with her, of those that this user sees."""
    ties = HouseholdTie.objects.standing().filter(Q(one=person, other__in=visible) | Q(other=person, one__in=visible))
    return [
        (tie, tie.other if tie.one_id == person.pk else tie.one)
        for tie in ties.select_related("one", "other").order_by("pk")
    ]


def same_contact(visible: QuerySet[Person], *, phone: str = "", email: str = "", besides: Person | None = None):
    """People of one's own sites who are reached by this phone or this address too."""
    if not phone and not email:
        return []
    asked = Q()
    if phone:
        asked |= Q(phone=phone)
    if email:
        asked |= Q(email_folded=email.lower())
    found = visible.alias(email_folded=Lower("email")).filter(asked)
    if besides:
        found = found.exclude(pk=besides.pk)
    return list(found.order_by("sort_key", "pk")[:MOST_NAMED])


def candidates(answer: ResidenceAnswer) -> tuple[dict[str, str], PlaceMap | None]:
    """The neighborhoods that an address to check may be in (code to name, the likeliest first), and their map."""
    home = answer.residence
    assert home.longitude is not None  # nothing is answered without a place
    assert home.latitude is not None
    drawn = map_around(
        longitude=home.longitude,
        latitude=home.latitude,
        edition=Edition(answer.edition),
        border_m=None if answer.border_m is None else float(answer.border_m),
    )
    codes = [answer.qpv_code] if answer.qpv_code else []
    codes += [quarter.code for quarter in drawn.quarters if quarter.code not in codes] if drawn else []
    names = qpv_names(set(codes))
    return {code: names.get(code, code) for code in codes[:MOST_CANDIDATES]}, drawn
