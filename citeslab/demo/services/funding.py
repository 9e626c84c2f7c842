"""Who paid for the network since 2002: agreements, instalments, payments, shares of posts and of actions, documents."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection

from citeslab.accounts.models import User
from citeslab.core.values import sort_key
from citeslab.demo.services.accounts import email_of
from citeslab.demo.services.copying import copy, first_key
from citeslab.files import services as files
from citeslab.funding import services as funding
from citeslab.funding.enums import FunderKind, Level, ReportKind, Rhythm, State, Use
from citeslab.funding.models import Agreement, Funder, Instalment, Payment, PostShare, Progress, ReportDue
from citeslab.funding.rules import DOCUMENT_DAYS
from citeslab.funding.values import WHOLE, reports_of, split
from citeslab.network.models import HostOrganization, Mandate, Post, Site
from citeslab.territories.models import Commune, Department

PARIS = ZoneInfo("Europe/Paris")
Place = tuple[str, str]
FIRST_YEAR, HANDED_OVER = 2002, 2019  # the pilot was the Caisse des Dépôts, then Bpifrance
COST_OF_A_POST = 3_600_000  # cents a year, in 2002
DEARER = 1.017  # each year
# Own funds of the pilot for actions, the life of the network and training, in euros: 7.3 million from 2010 to 2017.
OWN_FUNDS = {
    2002: 210_000, 2003: 260_000, 2004: 300_000, 2005: 350_000, 2006: 410_000, 2007: 480_000, 2008: 560_000,
    2009: 650_000, 2010: 800_000, 2011: 840_000, 2012: 880_000, 2013: 910_000, 2014: 930_000, 2015: 950_000,
    2016: 980_000, 2017: 1_010_000,
}  # fmt: skip
OWN_FUNDS_AFTERWARDS = 1_040_000
OWN_USES = {Use.ACTION: 55, Use.ANIMATION: 33, Use.TRAINING: 12}
FOR_ACTIONS = 420_000  # cents a year that a State service or a town adds for a host's actions
PARTS = {"PILOT": 4_000, "STATE": 2_000, "REGION": 2_000, "LOCAL": 2_000}  # of a post, in hundredths of a percent
WORDS = (
    "Accueillir et accompagner quatre-vingts personnes par an, dont la moitié de femmes ; tenir une permanence dans "
    "chaque quartier ; animer six actions collectives."
)


@dataclass
class Rows:
    """Plain rows of each table, columns by name."""

    of: defaultdict[type, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, model: type, **values: Any) -> None:
        self.of[model].append(values)

    def copy(self) -> None:
        """Each table is counted before the next is filled, whose triggers ask it row by row."""
        for model, rows in self.of.items():
            copy(model, **{name: [row[name] for row in rows] for name in rows[0]})
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {model._meta.db_table}")


@dataclass(frozen=True)
class Host:
    organization: HostOrganization
    site: Site
    posts: list[Post]
    place: int  # among the hosts


class Money:
    """Draws agreement after agreement; each is told up to the day `until`, and no further."""

    def __init__(self, seed: int, until: date, by: User):
        self.chance = np.random.default_rng([seed, 41])
        self.until, self.by = until, by
        self.rows = Rows()
        self.funders: dict[str, Funder] = {}
        self.keys = {model: count(first_key(model)) for model in (Agreement, Instalment)}
        communes = Commune.objects.filter(code__in=Site.objects.values("commune_code"))
        self.communes = {one.code: one for one in communes}
        self.regions = dict(Department.objects.values_list("code", "region"))

    def funder(self, name: str, kind: FunderKind) -> Funder:
        if name not in self.funders:
            self.funders[name] = Funder.objects.create(name=name, sort_key=sort_key(name), kind=kind)
        return self.funders[name]

    def told(self, day: date) -> datetime:
        """Recorded the days after, at work."""
        later = day + timedelta(days=int(self.chance.integers(0, 4)))
        return datetime.combine(min(later, self.until), time(9, 30), tzinfo=PARIS)

    def book(self, day: date) -> dict[str, Any]:
        return {"recorded_at": self.told(day), "recorded_by": self.by.pk, "withdrawn_at": None, "withdrawn_by": None}

    def agreement(
        self,
        funder: Funder,
        host: Host | None,
        reference: str,
        years: tuple[int, int],
        uses: dict[Use, int],
        *,
        place: Place = ("", ""),
        instalments: int = 2,
        part: int = 0,
        is_signed: bool = True,
        is_late: bool = False,
        is_reported: bool = True,
    ) -> int:
        """One agreement and what came of it; `uses` are cents promised for each. Gives its key."""
        key = next(self.keys[Agreement])
        level, code = place
        begins_on, ends_on = date(years[0], 1, 1), date(years[1] + 1, 1, 1)
        signed_on = begins_on + timedelta(days=int(self.chance.integers(12, 55)))
        is_signed = is_signed and signed_on <= self.until
        self.rows.add(
            Agreement,
            id=key,
            funder=funder.pk,
            organization=host.organization.pk if host else None,
            reference=reference,
            sort_key=sort_key(reference, funder.name, host.organization.name if host else "")[:400],
            rhythm=(Rhythm.ANNUAL if years[0] == years[1] else Rhythm.TRIENNIAL).value,
            begins_on=begins_on,
            ends_on=ends_on,
            signed_on=signed_on if is_signed else None,
            level=level,
            code=code,
            region=self.region_of(level, code, host),
            committed_cents=sum(uses.values()),
            objectives=WORDS if host else "",
            recorded_at=self.told(min(begins_on, self.until)),
            recorded_by=self.by.pk,
        )
        self.paid(key, uses, begins_on, ends_on, instalments, signed_on if is_signed else None, is_late)
        self.reported(key, begins_on, ends_on, is_reported)
        if host and part and is_signed:
            for post in host.posts:
                first = max(begins_on, post.begins_on)
                if first < ends_on:
                    self.rows.add(
                        PostShare,
                        agreement=key,
                        funder=funder.pk,
                        post=post.pk,
                        share=part,
                        begins_on=first,
                        ends_on=ends_on,
                        **self.book(signed_on),
                    )
        return key

    def region_of(self, level: str, code: str, host: Host | None) -> str | None:
        if level == Level.REGION:
            return code
        return self.regions.get(host.site.department_id or "") if level and host else None

    def paid(
        self,
        agreement: int,
        uses: dict[Use, int],
        begins_on: date,
        ends_on: date,
        instalments: int,
        signed_on: date | None,
        is_late: bool,
    ) -> None:
        """Instalments at even distances, each paid some days after it is due, justified in the spring that follows."""
        months = (ends_on.year - begins_on.year) * 12 // instalments
        parts = {use: split(cents, [1] * instalments) for use, cents in uses.items()}
        for place in range(instalments):
            year, month = divmod(place * months + min(months, 3) - 1, 12)
            due_on = date(begins_on.year + year, month + 1, 1)
            cents = {use: of[place] for use, of in parts.items() if of[place]}
            key = next(self.keys[Instalment])
            promised = self.book(min(begins_on, self.until))
            self.rows.add(
                Instalment, id=key, agreement=agreement, due_on=due_on, amount_cents=sum(cents.values()), **promised
            )
            paid_on = max(due_on, signed_on or due_on) + timedelta(days=int(self.chance.integers(2, 18)))
            if signed_on is None or paid_on > self.until:
                continue
            if is_late and due_on > self.until - timedelta(days=200):
                continue
            self.step(key, State.AGREED, paid_on - timedelta(days=1), sum(cents.values()))
            for use, some in cents.items():
                self.rows.add(
                    Payment, instalment=key, use=use.value, paid_on=paid_on, amount_cents=some, **self.book(paid_on)
                )
            justified_on = date(paid_on.year + 1, 5, 12)
            if justified_on <= self.until:
                self.step(key, State.JUSTIFIED, justified_on, sum(cents.values()))

    def step(self, instalment: int, state: State, day: date, cents: int) -> None:
        self.rows.add(
            Progress, instalment=instalment, state=state.value, reached_on=day, amount_cents=cents, **self.book(day)
        )

    def reported(self, agreement: int, begins_on: date, ends_on: date, is_reported: bool) -> None:
        days = reports_of(begins_on, ends_on)
        for place, due_on in enumerate(days):
            sent_on = due_on - timedelta(days=int(self.chance.integers(1, 20)))
            is_sent = sent_on <= self.until and (is_reported or due_on < self.until - timedelta(days=300))
            self.rows.add(
                ReportDue,
                agreement=agreement,
                kind=(ReportKind.FINAL if place == len(days) - 1 else ReportKind.ACTIVITY).value,
                due_on=due_on,
                sent_on=sent_on if is_sent else None,
                sent_by=self.by.pk if is_sent else None,
                **self.book(min(begins_on, self.until)),
            )


def plant_funding(*, seed: int, until: date, by: User, at: datetime) -> None:
    """Every agreement since 2002, with what was paid of it; then who reads which account, and some documents."""
    money = Money(seed, until, by)
    own_funds(money)
    for host in hosts_of(until):
        of_host(money, host)
    money.rows.copy()
    pay_actions(until)
    if reader := User.objects.filter(email=email_of("funder")).first():
        name_reader(reader, until=until, by=by, at=at)
    attach(by=by, at=at)


def hosts_of(until: date) -> list[Host]:
    posts = defaultdict(list)
    for post in Post.objects.filter(begins_on__lte=until).select_related("site").order_by("pk"):
        posts[post.site.organization_id].append(post)
    organizations = HostOrganization.objects.filter(pk__in=posts).order_by("pk")
    return [Host(one, posts[one.pk][0].site, posts[one.pk], place) for place, one in enumerate(organizations)]


def pilot_of(money: Money, year: int) -> Funder:
    return money.funder("Caisse des Dépôts" if year < HANDED_OVER else "Bpifrance", FunderKind.PILOT)


def own_funds(money: Money) -> None:
    """The pilot's own, for the whole network: four instalments a year, the last of 2017 paid before 22 December."""
    for year in range(FIRST_YEAR, money.until.year + 1):
        euros = OWN_FUNDS.get(year, OWN_FUNDS_AFTERWARDS)
        parts = split(euros * 100, list(OWN_USES.values()))
        uses = dict(zip(OWN_USES, parts, strict=True))
        money.agreement(pilot_of(money, year), None, f"FP-{year}", (year, year), uses, instalments=4)


def of_host(money: Money, host: Host) -> None:
    department = host.site.department_id or ""
    region = money.regions.get(department)
    commune = money.communes.get(host.site.commune_code)
    state = money.funder(f"Préfecture, politique de la ville ({department})", FunderKind.STATE)
    regional = money.funder(f"Conseil régional ({region or department})", FunderKind.REGION)
    local = local_funder(money, host, commune)
    # A few hosts show what waits: money late, a report not sent, a town that has not signed yet.
    is_late, is_unsigned, is_unreported = host.place % 17 == 6, host.place % 13 == 6, host.place % 11 == 6
    begins = min(post.begins_on for post in host.posts).year
    number = f"{host.place + 1:02}"
    site = (Level.SITE.value, str(host.site.pk))
    around = (Level.DEPARTMENT.value, department) if department else site
    wide = (Level.REGION.value, region) if region else around
    home = (Level.COMMUNE.value, commune.code) if commune else site
    for year in range(begins, money.until.year + 1):
        is_last = year == money.until.year
        cents = cost_of(host, year)
        actions = {Use.ACTION: FOR_ACTIONS}
        money.agreement(
            state, host, f"ETAT-{number}-{year}", (year, year), {Use.POST: of(cents, "STATE"), **actions},
            part=PARTS["STATE"], is_reported=not (is_unreported and year >= money.until.year - 1), place=around,
        )  # fmt: skip
        money.agreement(
            local, host, f"VILLE-{number}-{year}", (year, year), {Use.POST: of(cents, "LOCAL"), **actions},
            part=PARTS["LOCAL"], is_late=is_late, is_signed=not (is_last and is_unsigned), place=home,
        )  # fmt: skip
        if (year - begins) % 3 == 0 or year in {begins, HANDED_OVER}:
            several(money, host, number, year, begins, regional, wide, site)


def several(
    money: Money, host: Host, number: str, year: int, begins: int, regional: Funder, wide: Place, site: Place
) -> None:
    """Agreements over several years: the pilot's, and a region's or, at one host in six, the European fund's."""
    last = next(one for one in range(year, year + 3) if one + 1 == HANDED_OVER or (one + 1 - begins) % 3 == 0)
    cents = sum(cost_of(host, one) for one in range(year, last + 1))
    instalments = 2 * (last - year + 1)
    pilot = pilot_of(money, year)
    uses = {Use.POST: of(cents, "PILOT")}
    money.agreement(
        pilot, host, f"PN-{number}-{year}", (year, last), uses, part=PARTS["PILOT"], place=site, instalments=instalments
    )  # fmt: skip
    is_european = host.place % 6 == 1 and year >= 2014
    funder = money.funder("Fonds social européen", FunderKind.EUROPE) if is_european else regional
    uses = {Use.POST: of(cents, "REGION"), Use.TRAINING: 150_000}
    reference = f"{'FSE' if is_european else 'REG'}-{number}-{year}"
    money.agreement(
        funder, host, reference, (year, last), uses, part=PARTS["REGION"], place=wide, instalments=instalments
    )  # fmt: skip


def local_funder(money: Money, host: Host, commune: Commune | None) -> Funder:
    """Every third host is helped by its intercommunality, one in nine by its department, the others by their town."""
    if host.place % 9 == 4 and host.site.department_id:
        return money.funder(f"Conseil départemental ({host.site.department_id})", FunderKind.DEPARTMENT)
    if host.place % 3 == 1 and commune and commune.epci_name:
        return money.funder(commune.epci_name, FunderKind.GROUP)
    town = commune.name if commune else host.site.name.removeprefix("CitésLab ").removeprefix("de ")
    return money.funder(f"Ville, {town}", FunderKind.TOWN)


def cost_of(host: Host, year: int) -> int:
    """Cents that its posts cost in a year; a post opened later costs nothing before."""
    open_posts = sum(post.begins_on.year <= year for post in host.posts)
    return open_posts * round(COST_OF_A_POST * DEARER ** (year - FIRST_YEAR))


def of(cents: int, who: str) -> int:
    return cents * PARTS[who] // WHOLE


def pay_actions(until: date) -> None:
    """The actions of the last three years: paid by the State's agreement, or by it and the town's or the region's."""
    from_day = date(until.year - 2, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO workshops_actionshare (workshop_id, agreement_id, share)
            SELECT workshop.id, agreement.id,
                   CASE WHEN workshop.id %% 3 = 2 THEN 10000
                        WHEN agreement.reference LIKE 'ETAT-%%' THEN 6000 ELSE 4000 END
            FROM workshops_workshop workshop
            JOIN network_site site ON site.id = workshop.site_id
            JOIN funding_agreement agreement
              ON agreement.organization_id = site.organization_id AND agreement.signed_on IS NOT NULL
             AND agreement.begins_on <= workshop.held_on AND agreement.ends_on > workshop.held_on
             AND (agreement.reference LIKE 'ETAT-%%' OR (workshop.id %% 3 = 0 AND agreement.reference LIKE 'VILLE-%%')
                  OR (workshop.id %% 3 = 1 AND agreement.reference LIKE 'REG-%%'))
            WHERE workshop.held_on >= %s AND workshop.agreement = '' AND workshop.kind <> 'SCHOOL'""",
            [from_day],
        )
        cursor.execute(
            """
            UPDATE workshops_workshop workshop SET agreement = agreement.reference
            FROM workshops_actionshare share JOIN funding_agreement agreement ON agreement.id = share.agreement_id
            WHERE share.workshop_id = workshop.id AND share.share >= 6000"""
        )


def name_reader(user: User, *, until: date, by: User, at: datetime) -> None:
    """The funder of the demonstration reads the account of the region where the coordinator's sites are."""
    coordinator = Mandate.objects.filter(user__email=email_of("coordinator"), organization__isnull=False).first()
    theirs = Agreement.objects.filter(funder__kind=FunderKind.REGION)
    hers = theirs.filter(organization=coordinator.organization_id) if coordinator else theirs
    agreement = hers.order_by("-begins_on", "pk").first() or theirs.order_by("-begins_on", "pk").first()
    if agreement:
        begins_on = min(date(2017, 9, 4), until)
        funding.let_read(funder=agreement.funder, user=user, begins_on=begins_on, by=by, at=at)


def attach(*, by: User, at: datetime) -> None:
    """The signed paper of a few agreements, the last ones."""
    latest = Agreement.objects.exclude(signed_on=None).exclude(organization=None).order_by("-begins_on", "pk")
    for agreement in latest[:6]:
        files.store(
            owner=agreement,
            name=f"Convention {agreement.reference}.pdf",
            content=paper(f"Convention {agreement.reference}"),
            kept_until=agreement.ends_on + timedelta(days=DOCUMENT_DAYS),
            by=by,
            at=at,
        )


def paper(title: str) -> bytes:
    """A page of PDF that says its title."""
    drawn = f"BT /F1 20 Tf 60 760 Td ({title}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        start,
    )
