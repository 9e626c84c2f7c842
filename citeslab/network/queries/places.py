"""Organizations, their sites, posts and who holds them, as they were on a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.core.values import sort_key
from citeslab.network.enums import Role
from citeslab.network.models import Coverage, FormerName, HostOrganization, Mandate, Merger, Post, Site, Tenure
from citeslab.network.values import EVERY_YEARS, Label, label_on
from citeslab.territories.models import Commune

SORTS = {
    "name": ("sort_then", "pk"),
    "organization": ("organization_sort", "sort_then", "pk"),
    "department": ("department", "sort_then", "pk"),
    "opened": ("opened_on", "sort_then", "pk"),
}


@dataclass(frozen=True)
class PostThen:
    """A post on a day: who holds it, or since when nobody does; who comes next, when that was asked."""

    post: Post
    tenure: Tenure | None
    vacant_since: date | None
    to_come: tuple[Tenure, ...] = ()

    @property
    def is_unused(self) -> bool:
        """Nobody held it up to that day, and nobody comes next."""
        return not (self.tenure or self.to_come) and self.vacant_since == self.post.begins_on


@dataclass(frozen=True)
class SiteThen:
    """A site on a day, under the name and the organization of that day."""

    site: Site
    organization: HostOrganization
    commune: str
    posts: list[PostThen] = field(default_factory=list)
    neighborhoods: int = 0

    @property
    def name(self) -> str:
        return self.site.name_then


@dataclass(frozen=True)
class State:
    """The network, or what she sees of it, in numbers on a day."""

    label: Label | None
    organizations: int
    sites: int
    posts: int
    held: int
    full_time: int  # percent of one full time, all posts together
    neighborhoods: int

    @property
    def vacant(self) -> int:
        return self.posts - self.held


def listed(
    user: User, *, today: date, on: date, words: str = "", region: str = "", department: str = "",
    is_vacant: bool = False, sort: str = "name",
) -> QuerySet[Site]:  # fmt: skip
    """The sites open that day that she reads, searched by name, organization, commune or code."""
    named = HostOrganization.objects.as_of(on).filter(pk=OuterRef("organization_then"))
    found = Site.objects.visible_to(user, on=today).open_on(on).as_of(on)
    if key := sort_key(words):
        former = Q(former_names__sort_key__contains=key, former_names__until__gt=on)
        digits = words.replace(" ", "")
        organizations = HostOrganization.objects.filter(
            Q(sort_key__contains=key) | former | Q(siret=digits) & ~Q(siret="")
        )
        communes = Commune.objects.filter(sort_key__startswith=key)
        found = found.filter(
            Q(sort_then__contains=key)
            | Q(code__iexact=words.strip())
            | Q(organization_then__in=organizations.values("pk"))
            | Q(commune_code__in=communes.values("code"))
        )
    if region:
        found = found.filter(department__region=region)
    if department:
        found = found.filter(department=department)
    if is_vacant:
        found = found.filter(pk__in=Post.objects.vacant(on).values("site"))
    order = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    if order[0] == "organization_sort":
        found = found.annotate(organization_sort=Subquery(named.values("sort_key")[:1]))
    return found.order_by(*(f"-{order[0]}" if sort.startswith("-") else order[0], *order[1:]))


def described(sites: Iterable[Site], *, on: date) -> list[SiteThen]:
    """These sites (of `as_of`), each with its posts of that day: as many questions for one as for a hundred."""
    sites = list(sites)
    keys = [site.pk for site in sites]
    organizations = HostOrganization.objects.as_of(on).in_bulk([site.organization_then for site in sites])
    communes = dict(Commune.objects.filter(code__in={site.commune_code for site in sites}).values_list("code", "name"))
    covered = Coverage.objects.on(on).filter(site__in=keys).order_by().values("site")
    neighborhoods = dict(covered.annotate(n=Count("qpv_code", distinct=True)).values_list("site", "n"))
    posts = posts_then(Post.objects.filter(site__in=keys), on=on)
    of_site: dict[int, list[PostThen]] = defaultdict(list)
    for post in posts:
        of_site[post.post.site_id].append(post)
    return [
        SiteThen(
            site,
            organizations[site.organization_then],
            communes.get(site.commune_code, ""),
            of_site[site.pk],
            neighborhoods.get(site.pk, 0),
        )
        for site in sites
    ]


def posts_then(posts: QuerySet[Post], *, on: date, also_to_come: bool = False) -> list[PostThen]:
    """Those of `posts` that are in force that day, the oldest first.

    `also_to_come`: and those that begin later, after them; each with its holders to come.
    """
    there = posts.not_over(on) if also_to_come else posts.on(on)
    found = list(there.with_vacant_since(on).order_by("site", "begins_on", "pk"))
    tenures = Tenure.objects.not_over(on) if also_to_come else Tenure.objects.on(on)
    held: dict[int, Tenure] = {}
    to_come: dict[int, list[Tenure]] = defaultdict(list)
    for tenure in tenures.filter(post__in=[post.pk for post in found]).select_related("user").order_by("begins_on"):
        if tenure.begins_on > on:
            to_come[tenure.post_id].append(tenure)
        else:
            held[tenure.post_id] = tenure
    return [
        PostThen(post, held.get(post.pk), None if post.pk in held else post.vacant_since, tuple(to_come[post.pk]))
        for post in found
    ]


def state(user: User, *, today: date, on: date) -> State:
    """In numbers, what she reads of the network that day."""
    sites = dict(Site.objects.visible_to(user, on=today).open_on(on).as_of(on).values_list("pk", "organization_then"))
    held = Exists(Tenure.objects.on(on).filter(post=OuterRef("pk")))
    posts = Post.objects.on(on).filter(site__in=sites).annotate(is_held=held)
    counts = posts.aggregate(n=Count("pk"), held=Count("pk", filter=Q(is_held=True)), percent=Sum("full_time_percent"))
    covered = Coverage.objects.on(on).filter(site__in=sites).aggregate(n=Count("qpv_code", distinct=True))
    return State(
        label=label_on(on),
        organizations=len(set(sites.values())),
        sites=len(sites),
        posts=counts["n"],
        held=counts["held"],
        full_time=counts["percent"] or 0,
        neighborhoods=covered["n"],
    )


def anniversaries(user: User, *, today: date, on: date) -> list[tuple[Site, int]]:
    """Sites that are five, ten, fifteen years old in the year of that day, the oldest first."""
    found = Site.objects.visible_to(user, on=today).open_on(on).as_of(on).order_by("opened_on", "sort_then", "pk")
    years = [(site, on.year - site.opened_on.year) for site in found]
    return [(site, age) for site, age in years if age and age % EVERY_YEARS == 0]


def candidates(post: Post, *, on: date) -> QuerySet[User]:
    """Who may hold a post: active accounts with an advisor's mandate at a site of its organization."""
    mandates = Mandate.objects.filter(role=Role.ADVISOR, site__organization=post.site.organization_id)
    return User.objects.filter(is_active=True, pk__in=mandates.not_over(on).values("user")).order_by("sort_key", "pk")


# -- what happened ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """What happened on a day, in a sentence."""

    on: date
    sentence: str


def events_of_site(site: Site, *, on: date) -> list[Event]:
    """What was told of a site up to that day, the last first."""
    events = [Event(site.opened_on, _("The site opens."))]
    if site.closed_on:
        events.append(Event(site.closed_on, _("The site is closed from this day on.")))
    events += renamings(site.former_names.order_by("until"), site.name)
    for merger in Merger.objects.standing().filter(sites=site).select_related("absorbed", "into"):
        events.append(
            Event(merger.merged_on, _("%(into)s takes it over from %(before)s.") % {
                "into": merger.into.name, "before": merger.absorbed.name,
            })
        )  # fmt: skip
    for post in site.posts.all():
        said = {"percent": post.full_time_percent}
        events.append(Event(post.begins_on, _("A post of %(percent)s %% begins.") % said))
        if post.ends_on:
            events.append(Event(post.ends_on, _("A post of %(percent)s %% is no more.") % said))
    for tenure in Tenure.objects.filter(post__site=site).select_related("user"):
        events.append(Event(tenure.begins_on, _("%(name)s takes a post.") % {"name": tenure.user.name}))
        if tenure.ends_on:
            events.append(Event(tenure.ends_on, _("%(name)s leaves her post.") % {"name": tenure.user.name}))
    return until(events, on)


def events_of_organization(organization: HostOrganization, *, on: date) -> list[Event]:
    """What was told of an organization up to that day, the last first."""
    events = renamings(organization.former_names.order_by("until"), organization.name)
    for merger in organization.mergers.standing().select_related("into"):
        events.append(Event(merger.merged_on, _("It merges into %(name)s.") % {"name": merger.into.name}))
    for merger in organization.absorptions.standing().select_related("absorbed"):
        events.append(Event(merger.merged_on, _("It takes %(name)s in.") % {"name": merger.absorbed.name}))
    ran = Q(organization=organization) | Q(mergers__absorbed=organization, mergers__undone_at=None)
    sites = list(Site.objects.filter(ran).distinct())
    moves = Merger.objects.standing().filter(sites__in=sites).order_by("-merged_on", "-pk")
    opened_by = dict(moves.values_list("sites", "absorbed"))  # the first merger of a site comes last, and stays
    for site in sites:
        if opened_by.get(site.pk, organization.pk) == organization.pk:
            events.append(Event(site.opened_on, _("%(name)s opens.") % {"name": site.name}))
        if site.closed_on and site.organization_id == organization.pk:
            events.append(Event(site.closed_on, _("%(name)s is closed from this day on.") % {"name": site.name}))
    return until(events, on)


def renamings(former: Sequence[FormerName] | QuerySet[FormerName], name: str) -> list[Event]:
    before = list(former)
    after = [*(one.name for one in before), name][1:]
    return [
        Event(one.until, _("%(before)s takes the name %(after)s.") % {"before": one.name, "after": following})
        for one, following in zip(before, after, strict=True)
    ]


def until(events: Iterable[Event], on: date) -> list[Event]:
    return sorted((event for event in events if event.on <= on), key=lambda event: event.on)[::-1]
