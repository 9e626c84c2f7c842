"""Who looks like whom; where a file that went leads to. Access is part of each fetch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from citeslab.core.values import sort_key
from citeslab.duplicates.enums import Band, Level, Trait
from citeslab.duplicates.matching import model
from citeslab.duplicates.matching.model import Traits
from citeslab.duplicates.models import Difference, Join, Likeness, NameShare
from citeslab.followup.models import Meeting
from citeslab.network.models import Site
from citeslab.people.models import Person, Residence

# While a new file is written, her own site's files are shown from a lower weight: she may see them anyway.
NEARBY_FROM = -4.0
COMPARED = ("pk", "first_name", "preferred_name", "born_on", "phone", "email", "sex")


@dataclass(frozen=True, slots=True)
class Resemblance:
    """A file that looks like the one compared; `band` is empty under what the list of likenesses shows."""

    person: int
    site: int
    bits: float
    band: Band | None
    evidence: list[str]


def files(people: QuerySet[Person]) -> Iterator[tuple[Traits, int]]:
    """Files ready to be compared, each with its site."""
    home = Residence.objects.standing().filter(person=OuterRef("pk"), ends_on=None)
    rows = people.annotate(place=Subquery(home.values("postal_code")[:1])).values_list(*COMPARED, "place", "site")
    for key, first_name, preferred_name, born_on, phone, email, sex, place, site in rows.iterator(chunk_size=20_000):
        yield (
            model.traits(
                key=key,
                first_name=first_name,
                preferred_name=preferred_name,
                born_on=born_on,
                phone=phone,
                email=email,
                place=place or "",
                sex=sex,
            ),
            site,
        )


def likenesses_of(
    wanted: Traits | Person, *, among: QuerySet[Person] | None = None, from_bits: float = model.POSSIBLE_FROM
) -> list[Resemblance]:
    """Files that look like this one, or like what is being typed, the likeliest first: the rules of the nightly run,
    in some milliseconds.

    Pairs already said to be two people are left out.
    """
    if isinstance(wanted, Person):
        wanted = next(files(Person.objects.filter(pk=wanted.pk)))[0]
    near = [
        (other, site, found)
        for other, site in files(candidates(wanted, Person.objects.named() if among is None else among))
        if other.key != wanted.key and model.first_names_agree(wanted, other) and (found := model.levels(wanted, other))
    ]
    near = without_what_many_share(wanted, near)
    shares = kept_shares(wanted, [found for _other, _site, found in near])
    apart = said_apart(wanted.key)
    answer = []
    for other, site, found in near:
        bits = model.bits(found, shares)
        if bits >= from_bits and other.key is not None and other.key not in apart:
            answer.append(Resemblance(other.key, site, bits, model.band(found, bits), model.evidence(found)))
    return sorted(answer, key=lambda one: (-one.bits, one.person))


def candidates(wanted: Traits, people: QuerySet[Person]) -> QuerySet[Person]:
    """The blocks of `matching.network`, each by an index."""
    blocks = Q()
    born = [day for day in (wanted.born, wanted.born_turned) if day]
    if born:
        blocks |= Q(born_on__in=born)
    if wanted.phone:
        blocks |= Q(phone=wanted.phone)
    if wanted.email:
        blocks |= Q(email_folded=wanted.email.lower()) & ~Q(email="")  # so the index of addresses serves
    first, family = wanted.written
    if wanted.first and wanted.family:
        blocks |= Q(sort_key=sort_key(family, first)) | Q(sort_key=sort_key(first, family))
        if wanted.born and len(wanted.family) > 3:
            year = int(wanted.born[:4])
            blocks |= Q(
                sort_key__startswith=sort_key(family)[:4], born_on__range=(date(year, 1, 1), date(year, 12, 31))
            )
    return people.alias(email_folded=Lower("email")).filter(blocks) if blocks else people.none()


def without_what_many_share(wanted: Traits, near: list) -> list:
    """A hostel's phone and a site's own address say nothing."""
    for trait, column, value in ((Trait.PHONE, "phone", wanted.phone), (Trait.EMAIL, "email__iexact", wanted.email)):
        if any(found[trait] == Level.SAME for _other, _site, found in near):
            bearers = Person.objects.filter(**{column: value}).exclude(pk=wanted.key)
            if bearers.count() >= model.MANY:
                for _other, _site, found in near:
                    found[trait] = Level.UNKNOWN
    return near


def kept_shares(wanted: Traits, found: Iterable[dict[Trait, Level]]) -> dict[Trait, float]:
    """How common her names and place are, as the last nightly run counted them."""
    texts = {Trait.FIRST: wanted.first, Trait.FAMILY: wanted.family, Trait.PLACE: wanted.place}
    if not any(levels[trait] == Level.SAME for levels in found for trait in texts):
        return {}
    of = {trait: (share_digest(trait, text), share_digest(trait, "")) for trait, text in texts.items()}
    known = dict(
        NameShare.objects.filter(digest__in=[one for both in of.values() for one in both]).values_list(
            "digest", "share"
        )
    )
    return {trait: known.get(its, known.get(rare, model.softened(trait, 1, 0))) for trait, (its, rare) in of.items()}


def share_digest(trait: Trait, text: str) -> str:
    return salted_hmac("duplicates.share", f"{trait.value}:{text}", algorithm="sha256").hexdigest()


def said_apart(key: int | None) -> set[int]:
    if key is None:
        return set()
    pairs = Difference.objects.standing().filter(Q(first=key) | Q(second=key)).values_list("first", "second")
    return {other for pair in pairs for other in pair if other != key}


def leads_to(key: int) -> int | None:
    """The file that now holds what was under this key, or `None` when no join took it away."""
    seen: int | None = None
    while (following := Join.objects.standing().filter(gone_key=key).values_list("kept_key", flat=True).first()) and (
        following != seen
    ):
        seen = key = following
    return seen


def current_keys(keys: Iterable[int]) -> dict[int, int]:
    """Under which key each of these files is now: its own, or that of the file it was joined into."""
    now = {key: key for key in keys}
    joins = Join.objects.standing().order_by("pk")
    while moved := dict(joins.filter(gone_key__in=set(now.values())).values_list("gone_key", "kept_key")):
        now = {key: moved.get(held, held) for key, held in now.items()}
    return now


def heir(key: int, user, *, on: date) -> int | None:
    """The file that a joined one leads to, if this user may see it."""
    kept = leads_to(key)
    return kept if kept and Person.objects.visible_to(user, on=on).filter(pk=kept).exists() else None


def earlier_keys(*keys: int) -> list[int]:
    """The keys of the files that were joined into these: the journal has lines under each."""
    known: list[int] = []
    wanted = list(keys)
    while wanted:
        wanted = list(
            Join.objects.standing().filter(kept_key__in=wanted).order_by("pk").values_list("gone_key", flat=True)
        )
        known += wanted
    return known


def last_contacts(people: Iterable[int]) -> dict[int, date]:
    met = Meeting.objects.standing().filter(person__in=list(people))
    return dict(met.order_by().values_list("person").annotate(last=Max("held_on")))


def likely_twin(person: Person, user, *, on: date) -> Likeness | None:
    """The likeliest pair of this person that this user may decide on."""
    found = Likeness.objects.filter(Q(first=person) | Q(second=person))
    if not found.exists():  # most people: the long question is not asked
        return None
    mine = found.shown_to(user, on=on)
    return mine.select_related("first__site", "second__site").order_by("-bits", "pk").first()


def visible_sites(user, *, on: date) -> tuple[int, ...]:
    return Site.objects.keys_with_names_for(user, on=on)
