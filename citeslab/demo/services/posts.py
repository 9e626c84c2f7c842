"""What makes the network of any day worth reading: SIRET, names of before, organizations that merged, posts that wait.

The SIRET are valid and nobody's: INSEE's register of companies begins at 000 325 175, and these are of the numbers
before it (`0000…`). Nothing here moves a figure: who holds which post, and how many neighborhoods are covered, was told
by `network`.
"""

from datetime import date, datetime, timedelta

from citeslab.accounts.models import User
from citeslab.core.values import luhn, sort_key
from citeslab.demo.services import geography
from citeslab.demo.services.identities import FICTION
from citeslab.demo.services.network import Network
from citeslab.demo.services.staff import CHANGE_OVERSEAS, of
from citeslab.network.models import Coverage, FormerName, HostOrganization, Merger, Post, Site
from citeslab.territories.models import Commune

SAP_FROM, CITESLAB_FROM = date(2005, 1, 1), date(2009, 1, 1)
CONTACTS = ("Nadège Perrin", "Hugo Lemaître", "Aïcha Benhaddou", "Paul Vasseur", "Claire Monnier", "Yann Le Goff")
STREETS = ("place de la Fontaine", "rue des Tilleuls", "avenue des Coteaux", "allée des Acacias")
MERGED_ON = (date(2013, 1, 1), date(2016, 7, 1))
PART_TIME = {3: 80, 8: 50}  # second posts, by their place: percent of full time
# Posts created lately that nobody holds yet: place of the site, percent, from when.
WAITING = (
    (2, 50, date(2024, 9, 1)),
    (9, 100, date(2025, 3, 1)),
    (21, 80, date(2025, 10, 1)),
    (40, 50, date(2026, 2, 1)),
)
RENAMED = {5: date(2018, 4, 1), 17: date(2021, 1, 1)}  # organizations, by their place
OVERLAPS_EACH, OVERLAP_EVERY = 2, 9  # neighborhoods that a second site takes too, of one site in nine


def siret_of(place: int) -> str:
    """Valid, and nobody's."""
    siren = with_key(f"0000{1000 + 13 * place:04d}")
    return with_key(f"{siren}0001")


def with_key(digits: str) -> str:
    return next(f"{digits}{key}" for key in range(10) if luhn(f"{digits}{key}"))


def plant_posts(network: Network, *, until: date, by: User, at: datetime) -> None:
    organizations = list(HostOrganization.objects.order_by("pk"))
    sites = list(Site.objects.order_by("pk"))
    towns = geography.towns()
    name_organizations(organizations, until)
    reach_sites(network, sites, towns)
    name_before(network, sites, towns)
    merge_two(organizations, sites, until, by=by, at=at)
    number_posts(network, sites, until)
    overlap(sites, until)


def name_organizations(organizations: list[HostOrganization], until: date) -> None:
    """SIRET, who answers, where; two have changed their names."""
    former = []
    for place, one in enumerate(organizations):
        one.siret = siret_of(place)
        one.contact_name = CONTACTS[place % len(CONTACTS)]
        one.phone = f"{FICTION[1]}{place:04d}"
        one.email = f"structure{place + 1}@exemple.fr"
        one.sort_key = sort_key(one.name)
        if place in RENAMED and RENAMED[place] <= until:
            before = f"{one.name} et alentours"
            former.append(FormerName(organization=one, name=before, sort_key=sort_key(before), until=RENAMED[place]))
    HostOrganization.objects.bulk_update(organizations, ["siret", "contact_name", "phone", "email", "sort_key"])
    FormerName.objects.bulk_create(former)


def reach_sites(network: Network, sites: list[Site], towns: list[geography.Town]) -> None:
    """A phone of fiction, an address, an e-mail; one site in twelve has not said how to reach it."""
    postal = dict(Commune.objects.filter(code__in=[town.code for town in towns]).values_list("code", "postal_codes"))
    for place, one in enumerate(sites):
        if place % 12 == 11:
            continue
        town = towns[network.towns[place]]
        codes = postal.get(town.code) or [""]
        one.phone = f"{FICTION[3]}{1000 + place}"
        one.email = f"citeslab.{sort_key(town.name).replace(' ', '')}@exemple.fr"
        one.address = f"{place % 40 + 1} {STREETS[place % len(STREETS)]}, {codes[0]} {town.name}".replace("  ", " ")
    Site.objects.bulk_update(sites, ["phone", "email", "address"])


def name_before(network: Network, sites: list[Site], towns: list[geography.Town]) -> None:
    """The eleven of 2002 were an experiment, then a SAP until 2009, as those opened since 2005."""
    former = []
    for place, one in enumerate(sites):
        where = of(towns[network.towns[place]].name)
        for name, until in ((f"Amorçage de projets {where}", SAP_FROM), (f"SAP {where}", CITESLAB_FROM)):
            if one.opened_on < until:
                former.append(FormerName(site=one, name=name, sort_key=sort_key(name), until=until))
    FormerName.objects.bulk_create(former)


def merge_two(organizations: list[HostOrganization], sites: list[Site], until: date, *, by: User, at: datetime) -> None:
    """Two organizations that run two sites took the second one over from another, which has merged into them."""
    of_organization: dict[int, list[Site]] = {}
    for one in sites:
        of_organization.setdefault(one.organization_id, []).append(one)
    shared = [one for one in organizations if len(of_organization.get(one.pk, ())) > 1]
    for place, (into, merged_on) in enumerate(zip(shared, MERGED_ON, strict=False)):
        if merged_on > until:
            continue
        second = of_organization[into.pk][1]
        name = f"Comité de projets {second.name.removeprefix('CitésLab ')}"
        absorbed = HostOrganization.objects.create(
            name=name,
            sort_key=sort_key(name),
            legal_form="ASSOCIATION",
            siret=siret_of(len(organizations) + place),
        )
        merger = Merger.objects.create(absorbed=absorbed, into=into, merged_on=merged_on, made_at=at, made_by=by)
        merger.sites.set([second])


def number_posts(network: Network, sites: list[Site], until: date) -> None:
    """Each post has a reference; some are part-time, some were created lately and wait for someone."""
    posts = list(Post.objects.order_by("pk"))
    seen: dict[int, int] = {}
    for place, one in enumerate(posts):
        seen[one.site_id] = seen.get(one.site_id, 0) + 1
        one.reference = f"P{seen[one.site_id]}"
        one.full_time_percent = PART_TIME.get(place - len(sites), 100)
    Post.objects.bulk_update(posts, ["reference", "full_time_percent"])
    Post.objects.bulk_create(
        Post(site=sites[place], reference="P9", full_time_percent=percent, begins_on=begins_on)
        for place, percent, begins_on in WAITING
        if begins_on <= until
    )


def overlap(sites: list[Site], until: date) -> None:
    """Here and there the next site takes neighborhoods that the first one covers too."""
    begins_on = CHANGE_OVERSEAS + timedelta(days=59)
    if begins_on > until:
        return
    made = []
    for one, neighbor in list(zip(sites, sites[1:], strict=False))[::OVERLAP_EVERY]:
        codes = Coverage.objects.on(begins_on).filter(site=one, edition=2024).order_by("qpv_code")
        made += [
            Coverage(site=neighbor, edition=2024, qpv_code=code, begins_on=begins_on)
            for code in codes.values_list("qpv_code", flat=True)[:OVERLAPS_EACH]
        ]
    Coverage.objects.bulk_create(made)
