"""Caseloads that a coordinator may hand over, and what goes with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from citeslab.accounts.models import User
from citeslab.desk import rules
from citeslab.network.enums import HandoverReason, HandoverRule, Role
from citeslab.network.models import Handover, Mandate, Site
from citeslab.network.signals import caseload_counted
from citeslab.people.models import Assignment, Person, Residence


def sites_coordinated_by(user: User, *, on: date) -> list[Site]:
    held = Mandate.objects.on(on).filter(user=user, role=Role.COORDINATOR)
    return list(Site.objects.filter(organization__in=held.values("organization")).order_by("sort_key", "pk"))


def caseloads(sites: Sequence[Site], *, on: date) -> QuerySet[Mandate]:
    """The advisors of these sites, each with `people_count`: those she follows there that day."""
    followed = (
        Assignment.objects.standing()
        .on(on)
        .filter(advisor=OuterRef("user"), person__site=OuterRef("site"), person__anonymised_at=None)
        .order_by()
        .values("advisor")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        Mandate.objects.on(on)
        .filter(role=Role.ADVISOR, site__in=[site.pk for site in sites])
        .select_related("user", "site")
        .annotate(people_count=Subquery(followed))
        .order_by("site__sort_key", "user__sort_key", "pk")
    )


def absences(sites: Sequence[Site]) -> QuerySet[Handover]:
    """Caseloads of advisors who are away, not given back yet; who comes back soonest first."""
    return (
        Handover.objects.filter(
            reason=HandoverReason.AWAY, given_back_at=None, mandate__site__in=[site.pk for site in sites]
        )
        .select_related("mandate__user", "mandate__site", "made_by")
        .order_by(F("returns_on").asc(nulls_last=True), "pk")
    )


def takers(sites: Sequence[Site], mandate: Mandate, *, on: date) -> list[User]:
    """Who may take the caseload: the advisors of the organization's sites, her own site's first; then coordinators."""
    assert mandate.site is not None  # an advisor's mandate names a site
    held = Mandate.objects.on(on).filter(
        Q(role=Role.ADVISOR, site__in=[site.pk for site in sites])
        | Q(role=Role.COORDINATOR, organization=mandate.site.organization_id)
    )
    rank = {Role.ADVISOR: 1, Role.COORDINATOR: 2}
    best: dict[User, int] = {}
    for one in held.exclude(user=mandate.user_id).filter(user__is_active=True).select_related("user"):
        place = 0 if one.site_id == mandate.site_id else rank[Role(one.role)]
        best[one.user] = min(place, best.get(one.user, 9))
    return sorted(best, key=lambda user: (best[user], user.sort_key, user.pk))


@dataclass(frozen=True)
class Sharing:
    """What a handover would do: who takes whom, and what else follows."""

    shares: dict[int, int]  # each person's key to the colleague's
    counts: list[tuple[User, int]]
    communes: dict[int, list[str]]  # by colleague, when the rule is by commune
    newcomers: list[User]  # colleagues who receive access to the site with it
    lines: list[tuple[str, int]]  # what the other rooms hold for her

    @property
    def total(self) -> int:
        return len(self.shares)


def caseload(mandate: Mandate, *, since: date) -> list[tuple[int, str]]:
    """Keys and communes of the people she follows at the site on that day or later, in the order of names."""
    hers = Assignment.objects.standing().not_over(since).filter(advisor=mandate.user_id, person=OuterRef("pk"))
    home = Residence.objects.standing().on(since).filter(person=OuterRef("pk")).order_by("-pk")
    people = (
        Person.objects.named()
        .filter(site=mandate.site_id)
        .annotate(is_hers=Subquery(hers.values("pk")[:1]), commune=Subquery(home.values("commune_name")[:1]))
        .exclude(is_hers=None)
        .order_by("sort_key", "pk")
    )
    return [(key, commune or "") for key, commune in people.values_list("pk", "commune")]


def sharing(mandate: Mandate, *, to: Sequence[User], rule: HandoverRule, since: date) -> Sharing:
    people = caseload(mandate, since=since)
    shares = rules.shares(people, [user.pk for user in to], rule)
    communes: dict[int, set[str]] = {user.pk: set() for user in to}
    for person, commune in people:
        communes[shares[person]].add(commune)
    taken = list(shares.values())
    seeing = set(Site.objects.filter(pk=mandate.site_id).values_list("pk", flat=True))
    answers = caseload_counted.send(Mandate, mandate=mandate, since=since)
    return Sharing(
        shares=shares,
        counts=[(user, taken.count(user.pk)) for user in to],
        communes={key: sorted(names - {""}) for key, names in communes.items()} if rule == "COMMUNE" else {},
        newcomers=[user for user in to if not seeing <= set(Site.objects.keys_with_names_for(user, on=since))],
        lines=[line for _receiver, lines in answers for line in lines or ()],
    )
