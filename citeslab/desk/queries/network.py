"""What the pilot's home asks of several rooms: the month, the departments."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum

from citeslab.funding.enums import FunderKind, Use
from citeslab.funding.models import Agreement, Payment, PostShare
from citeslab.funding.queries import shared_out
from citeslab.network.enums import Cover
from citeslab.network.models import Coverage, Merger, Post, Site, Tenure
from citeslab.network.queries import covers

A_MONTH = timedelta(days=30)
MOST_CHANGES = 12


@dataclass(frozen=True)
class Change:
    """Something that happened to the network on a day. `kind` chooses its words; `count` is of what it counts."""

    on: date
    kind: str
    site: Site | None = None
    name: str = ""
    count: int = 0
    agreement: Agreement | None = None


def changes(*, on: date) -> list[Change]:
    """What moved in the thirty days up to that day, the latest first: one question a table, whatever moved."""
    since = on - A_MONTH
    found = [*staffing(since, on), *covering(since, on), *opening(since, on), *signing(since, on)]
    return sorted(found, key=lambda one: (one.on, one.kind, one.name), reverse=True)


def staffing(since: date, on: date) -> Iterable[Change]:
    """An advisor who goes from a post to another that day came and left: both are told."""
    tenures = Tenure.objects.select_related("post__site", "user")
    for tenure in tenures.filter(begins_on__gt=since, begins_on__lte=on):
        yield Change(tenure.begins_on, "comes", tenure.post.site, tenure.user.name)
    for tenure in tenures.filter(ends_on__gt=since, ends_on__lte=on):
        yield Change(tenure.ends_on or on, "leaves", tenure.post.site, tenure.user.name)


def covering(since: date, on: date) -> Iterable[Change]:
    """By site and day: an edition that replaces another would be seven hundred lines."""
    for field, kind in (("begins_on", "covers"), ("ends_on", "uncovers")):
        rows = Coverage.objects.filter(**{f"{field}__gt": since, f"{field}__lte": on}).order_by()
        counted = list(rows.values_list("site", field).annotate(n=Count("qpv_code", distinct=True)))
        sites = Site.objects.in_bulk({site for site, _day, _n in counted})
        for site, day, n in counted:
            yield Change(day, kind, sites[site], sites[site].name, n)


def opening(since: date, on: date) -> Iterable[Change]:
    for site in Site.objects.filter(opened_on__gt=since, opened_on__lte=on):
        yield Change(site.opened_on, "opens", site, site.name)
    mergers = Merger.objects.standing().filter(merged_on__gt=since, merged_on__lte=on)
    for merger in mergers.select_related("absorbed", "into"):
        yield Change(merger.merged_on, "merges", None, f"{merger.absorbed.name} → {merger.into.name}")


def signing(since: date, on: date) -> Iterable[Change]:
    signed = Agreement.objects.filter(signed_on__gt=since, signed_on__lte=on).select_related("funder")
    for agreement in signed:
        yield Change(agreement.signed_on or on, "signs", None, agreement.funder.name, agreement=agreement)


def received(*, on: date) -> int:
    """Cents that came in the thirty days up to that day."""
    lately = Payment.objects.standing().filter(paid_on__gt=on - A_MONTH, paid_on__lte=on)
    return lately.aggregate(cents=Sum("amount_cents"))["cents"] or 0


# -- by department ----------------------------------------------------------------------------------------------------


def posts_by_department(*, on: date) -> dict[str, tuple[int, int]]:
    """Posts in force that day and, of them, those that someone holds, by the department of their site."""
    held = set(Tenure.objects.on(on).values_list("post", flat=True))
    posts, filled = Counter[str](), Counter[str]()
    for post, department in Post.objects.on(on).values_list("pk", "site__department"):
        posts[department or ""] += 1
        filled[department or ""] += post in held
    return {code: (posts[code], filled[code]) for code in posts}


def cover_by_department(*, on: date) -> dict[str, Counter[Cover]]:
    """The neighborhoods in force that day by their state, by department."""
    found: dict[str, Counter[Cover]] = {}
    for department, cover in covers(on=on):
        found.setdefault(department, Counter())[cover] += 1
    return found


def money_by_department(*, year: int) -> dict[str, int]:
    """Cents that co-funders paid for posts in a year, by the department of the posts; own funds of the pilot apart.

    What an instalment paid is shared out among the posts of its agreement by their days and shares: no cent is lost.
    What no post is named for is under the empty code.
    """
    paid = dict(
        Payment.objects.standing()
        .filter(use=Use.POST, paid_on__year=year)
        .exclude(instalment__agreement__funder__kind=FunderKind.PILOT)
        .order_by()
        .values_list("instalment__agreement")
        .annotate(cents=Sum("amount_cents"))
    )
    shared: dict[int, list[PostShare]] = {}
    shares = PostShare.objects.standing().filter(agreement__in=paid).select_related("post__site")
    for share in shares.order_by("post__site__sort_key", "begins_on", "pk"):
        shared.setdefault(share.agreement_id, []).append(share)
    sums = Counter[str]()
    for agreement, cents in paid.items():
        posts = shared.get(agreement)
        if not posts:
            sums[""] += cents
            continue
        for share, part in zip(posts, shared_out(cents, posts), strict=True):
            sums[share.post.site.department_id or ""] += part
    return dict(sums)
