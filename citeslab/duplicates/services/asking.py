"""Between two sites: a question asked without a name, answered by both, and files said to be two people."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.duplicates import queries, rules
from citeslab.duplicates.enums import Band, Level, Origin, Trait
from citeslab.duplicates.matching.model import Traits
from citeslab.duplicates.models import Agreement, Difference, Inquiry, Join, JoinRequest, Likeness
from citeslab.duplicates.services.joining import join
from citeslab.network.enums import Role
from citeslab.network.models import Mandate, Site
from citeslab.notifications import services as notifications
from citeslab.people.models import Person

# A day's work writes some files; who asks about hundreds of people is looking for someone.
MOST_IN_AN_HOUR, MOST_IN_A_DAY = 30, 100


class AskedTooOften(Exception):
    def __str__(self):
        return _("You have checked many people in a short time: other sites are not asked any more for now.")


class NotYourFile(Exception):
    def __str__(self):
        return _("Neither file of this question is held by your site.")


class NoFileYet(Exception):
    def __str__(self):
        return _("The asking site has not saved its file yet. Wait until it is there, or close the question.")


@transaction.atomic
def inquire(*, typed: Traits, by: User, at: datetime) -> Inquiry | None:
    """Ask whether another site may hold a file of who is being written down; raises `AskedTooOften`.

    An answer needs both names and the birth date or the phone, and a likeness that leaves little doubt: nobody learns
    here what she does not know. It is counted and journaled; the same words asked again are the same inquiry.
    """
    if not (typed.first and typed.family and (typed.born or typed.phone)):
        return None
    User.objects.select_for_update().get(pk=by.pk)  # one count at a time: two windows do not double the limit
    digest = salted_hmac("duplicates.inquiry", "\x1f".join([typed.whole, typed.born, typed.phone]), algorithm="sha256")
    known = Inquiry.objects.filter(asked_by=by, digest=digest.hexdigest()).first()
    if known is None:
        mine = Inquiry.objects.filter(asked_by=by)
        if (
            mine.filter(asked_at__gt=at - timedelta(hours=1)).count() >= MOST_IN_AN_HOUR
            or mine.filter(asked_at__gt=at - timedelta(days=1)).count() >= MOST_IN_A_DAY
        ):
            raise AskedTooOften
        known = Inquiry(asked_by=by, digest=digest.hexdigest(), asked_at=at)
    elif known.asked_at > at - timedelta(days=1):
        return known if known.found_id else None
    elsewhere = Person.objects.named().exclude(site__in=queries.visible_sites(by, on=at.date()))
    known.found_id = next(
        (one.person for one in queries.likenesses_of(typed, among=elsewhere) if is_certain_enough(one)), None
    )
    known.asked_at = at
    known.save()
    subject = known.found if known.found_id else None
    audit.record("duplicates.likeness.hinted" if subject else "duplicates.likeness.inquired", subject, by=by, at=at)
    return known if known.found_id else None


def is_certain_enough(found: queries.Resemblance) -> bool:
    sure = {f"{Trait.BORN.value}:{Level.SAME.value}", f"{Trait.PHONE.value}:{Level.SAME.value}"}
    return found.band == Band.SAME and bool(sure.intersection(found.evidence))


@transaction.atomic
def ask(*, inquiry: Inquiry, site: Site, by: User, at: datetime) -> JoinRequest | None:
    """Ask the site that may hold a file; her own is attached once it is saved."""
    if inquiry.found is None:
        return None
    return open_request(asking_site=site, ours=None, theirs=inquiry.found, origin=Origin.TYPING, by=by, at=at)


@transaction.atomic
def ask_about(*, likeness: Likeness, ours: Person, by: User, at: datetime) -> JoinRequest:
    """Ask the other site of a likeness."""
    theirs = likeness.second if ours.pk == likeness.first_id else likeness.first
    return open_request(asking_site=ours.site, ours=ours, theirs=theirs, origin=Origin.MATCHING, by=by, at=at)


def open_request(
    *, asking_site: Site, ours: Person | None, theirs: Person, origin: Origin, by: User, at: datetime
) -> JoinRequest:
    """The open request between these files, from whichever side, or a new one; both sides get a message."""
    if ours is not None:
        open_ones = JoinRequest.objects.open()
        known = open_ones.filter(ours=ours, theirs=theirs).first() or open_ones.filter(ours=theirs, theirs=ours).first()
    else:
        known = JoinRequest.objects.open().filter(asking_site=asking_site, theirs=theirs).first()
    if known is not None:
        return known
    request = JoinRequest.objects.create(
        asking_site=asking_site,
        asked_site=theirs.site,
        ours=ours,
        theirs=theirs,
        origin=origin,
        asked_at=at,
        asked_by=by,
    )
    audit.record("duplicates.request.asked", request, by=by, at=at, asking_site=asking_site.pk, theirs=theirs.pk)
    with translation.override(settings.LANGUAGE_CODE):
        tell(
            request,
            "asked",
            subject=_("A file may exist at two sites"),
            body=_(
                "%(asking)s asks %(asked)s whether a file of each is the same person's. Talk to each other, "
                "then say yes or no, each for her own side:"
            )
            % {"asking": asking_site.name, "asked": theirs.site.name},
            at=at,
        )
    return request


def tell(request: JoinRequest, occasion: str, *, subject: str, body: str, at: datetime, path: str = "") -> None:
    """A message to the advisors of both sites; it holds no name."""
    address = settings.PUBLIC_URL + (path or reverse("duplicates:request", args=[request.pk]))
    there = (
        Mandate.objects.on(at.date())
        .filter(role=Role.ADVISOR, site__in=[request.asking_site_id, request.asked_site_id], user__is_active=True)
        .select_related("user")
        .order_by("user", "pk")
        .distinct("user")
    )
    for mandate in there:
        notifications.post(
            key=f"duplicates.request.{occasion}:{request.pk}:{mandate.user_id}",
            to=mandate.user.email,
            subject=subject,
            body=f"{body}\n\n{address}\n",
            at=at,
            about=request,
        )


@transaction.atomic
def agree(*, request: JoinRequest, by: User, at: datetime) -> Join | None:
    """Give the keys that this user holds; with both sides' keys the files are joined, and the join is given back."""
    request = JoinRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
    sides = rules.sides_of(request, by, on=at.date())
    if not sides:
        raise NotYourFile
    for site in sides:
        _agreement, is_new = Agreement.objects.get_or_create(
            request=request, site_id=site, defaults={"given_at": at, "given_by": by}
        )
        if is_new:
            audit.record("duplicates.request.agreed", request, by=by, at=at, site=site)
    given = list(request.agreements.order_by("pk").select_related("given_by"))
    if len(given) < 2:
        return None
    if request.ours is None:
        raise NoFileYet
    pair = (request.ours, request.theirs)
    kept, gone = rules.which_stays(*pair, queries.last_contacts(person.pk for person in pair))
    taken = [field.name for field in rules.chosen_fields(kept, gone) if rules.default_choice(field, kept, gone)]
    others = [one.given_by for one in given if one.given_by_id != by.pk]
    made = join(kept=kept, gone=gone, taken=taken, by=by, at=at, agreed_by=others[0] if others else None)
    with translation.override(settings.LANGUAGE_CODE):
        tell(
            request,
            f"joined-{made.pk}",
            subject=_("Two files were joined"),
            body=_("Both sites said yes: %(site)s holds the file from now on. It can be undone:")
            % {"site": kept.site.name},
            at=at,
            path=reverse("duplicates:join", args=[made.pk]),
        )
    return made


@transaction.atomic
def close(*, request: JoinRequest, by: User, at: datetime) -> None:
    """Put an end to a question without an answer; the likeness stays."""
    JoinRequest.objects.open().filter(pk=request.pk).update(closed_at=at, closed_by=by)
    audit.record("duplicates.request.closed", request, by=by, at=at)


@transaction.atomic
def say_apart(*, one: Person, other: Person, reason: str, by: User, at: datetime) -> Difference:
    """These are two people: the pair is not proposed again, and the questions about it are closed."""
    first, second = sorted((one, other), key=lambda person: person.pk)
    standing = Difference.objects.standing().of(first.pk, second.pk).first()
    if standing is not None:
        return standing
    said = Difference.objects.create(first=first, second=second, reason=reason, recorded_at=at, recorded_by=by)
    Likeness.objects.filter(first=first, second=second).delete()
    for ours, theirs in ((first, second), (second, first)):
        open_ones = JoinRequest.objects.open().filter(ours=ours, theirs=theirs)
        open_ones.update(closed_at=at, closed_by=by)
    audit.record("duplicates.files.said_apart", said, by=by, at=at, first=first.pk, second=second.pk)
    return said


@transaction.atomic
def take_back(*, difference: Difference, by: User, at: datetime) -> None:
    """They may be one person after all: the next run may propose them again."""
    Difference.objects.standing().filter(pk=difference.pk).update(withdrawn_at=at, withdrawn_by=by)
    audit.record("duplicates.files.maybe_alike", difference, by=by, at=at)
