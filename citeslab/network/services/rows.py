"""A row of a file of the network: what it changes, through the acts of the room, in sentences."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.core.readers import cells
from citeslab.core.readers.cells import Bad
from citeslab.core.values import dialled, is_siret, sort_key
from citeslab.network import readers
from citeslab.network.enums import Kind, LegalForm
from citeslab.network.models import Coverage, HostOrganization, Merger, Post, Site, Tenure
from citeslab.network.readers import Column
from citeslab.network.services import coverage, places, posts
from citeslab.network.values import NO_CONTACT, Contact
from citeslab.territories import queries as territories
from citeslab.territories.models import Commune
from citeslab.ui.values import day


class Row:
    """The cells of a row by their heading; the one read last is where a refusal points."""

    def __init__(self, number: int, values: Mapping[str, str]):
        self.number, self.values = number, values
        self.column: str = next(iter(values))

    def read(self, column: Column, reader: Callable[..., object], **options):
        self.column = column
        return reader(self.values[column], **options)

    def text(self, column: Column, most: int = 160) -> str:
        return self.read(column, cells.text, most=most)

    def required(self, column: Column, most: int = 160) -> str:
        return self.read(column, cells.required, most=most)

    def day(self, column: Column) -> date | None:
        return self.read(column, cells.day)

    def required_day(self, column: Column) -> date:
        found = self.day(column)
        if found is None:
            raise Bad("required")
        return found

    def end(self, column: Column, *, begins_on: date) -> date | None:
        """The day after the last one, which is what the file says."""
        last = self.day(column)
        if last is not None and last < begins_on:
            raise Bad("ends_first")
        return last + timedelta(days=1) if last else None

    def at(self, column: Column) -> None:
        """What comes next is about this cell."""
        self.column = column


# -- a row of each kind: what it changes, in sentences ----------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """Who brings the file in, and when."""

    by: User
    at: datetime


def structure(row: Row, act: Act) -> Iterator[str]:
    name, siret = row.required(Column.ORGANIZATION), siret_of(row)
    legal_form = form_of(row)
    contact_name = row.text(Column.CONTACT)
    has_site = bool(row.text(Column.SITE) or row.text(Column.CODE, 32))
    reached = Contact(phone_of(row), email_of(row), row.text(Column.ADDRESS, 200))
    organization = found_organization(row, name, siret)
    row.at(Column.SIRET)
    if organization is None:
        organization = places.open_organization(
            name=name,
            legal_form=LegalForm(legal_form or LegalForm.OTHER),
            siret=siret,
            contact_name=contact_name,
            contact=NO_CONTACT if has_site else reached,
            by=act.by,
            at=act.at,
        )
        yield _("New organization: %(name)s.") % {"name": name}
    else:
        wanted = {"legal_form": legal_form, "siret": siret, "contact_name": contact_name}
        said = {name: value for name, value in wanted.items() if value}
        yield from moved(organization, said)
        kept = Contact(organization.phone, organization.email, organization.address)
        places.correct_organization(
            organization=organization,
            legal_form=LegalForm(said.get("legal_form", organization.legal_form)),
            siret=said.get("siret", organization.siret),
            contact_name=said.get("contact_name", organization.contact_name),
            contact=kept,
            by=act.by,
            at=act.at,
        )
    if has_site:
        yield from site_of_row(row, organization, reached, act)


def site_of_row(row: Row, organization: HostOrganization, reached: Contact, act: Act) -> Iterator[str]:
    name, code = row.required(Column.SITE), row.required(Column.CODE, 32).upper()
    site = Site.objects.filter(code=code).select_related("organization").first()
    if site is None:
        commune = row.required(Column.COMMUNE, 5).upper()
        if not Commune.objects.filter(code=commune).exists():
            raise Bad("no_such_commune")
        opened_on = row.required_day(Column.OPENED_ON)
        places.open_site(
            code=code, name=name, organization=organization, commune_code=commune, opened_on=opened_on,
            contact=reached, by=act.by, at=act.at,
        )  # fmt: skip
        yield _("New site: %(name)s.") % {"name": name}
        return
    row.at(Column.ORGANIZATION)
    if site.organization_id != organization.pk:
        raise Bad("other_organization", name=site.organization.name)
    row.at(Column.SITE)
    if sort_key(site.name) != sort_key(name):
        raise Bad("other_name", name=site.name)
    said = {field: value for field, value in asdict(reached).items() if value}
    yield from moved(site, said)
    kept = {"phone": site.phone, "email": site.email, "address": site.address}
    places.correct_contact(site=site, contact=Contact(**{**kept, **said}), by=act.by, at=act.at)


def found_organization(row: Row, name: str, siret: str) -> HostOrganization | None:
    """By its SIRET, else by its name; the two must agree, and it stands by itself."""
    by_siret = HostOrganization.objects.filter(siret=siret).first() if siret else None
    if by_siret is not None:
        row.at(Column.SIRET)
        refuse_merged(by_siret)
        row.at(Column.ORGANIZATION)
        if by_siret.sort_key != sort_key(name):
            raise Bad("other_name", name=by_siret.name)
        return by_siret
    named = HostOrganization.objects.filter(sort_key=sort_key(name)).order_by("pk")
    # Two that merged may bear one name: the row is about the one that stands.
    found = named.exclude(mergers__in=Merger.objects.standing()).first() or named.first()
    if found is not None:
        row.at(Column.ORGANIZATION)
        refuse_merged(found)
    if found is not None and siret and found.siret:
        row.at(Column.SIRET)
        raise Bad("other_siret", name=found.name)
    return found


def refuse_merged(organization: HostOrganization) -> None:
    """What it ran is run by the one that took it in, or that took that one in: nothing opens under it any more."""
    merger = last = organization.mergers.standing().select_related("into").first()
    while last is not None:
        merger, last = last, last.into.mergers.standing().select_related("into").first()
    if merger is not None:
        raise Bad("merged", name=organization.name, into=merger.into.name)


def moved(thing, said: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each field that changes."""
    for name, value in said.items():
        before = getattr(thing, name)
        if before != value:
            field_ = thing._meta.get_field(name)
            labels = dict(field_.choices or ())
            yield _("%(name)s, %(field)s: %(before)s becomes %(after)s.") % {
                "name": thing.name,
                "field": field_.verbose_name,
                "before": labels.get(before, before) or _("nothing"),
                "after": labels.get(value, value),
            }


def siret_of(row: Row) -> str:
    said = "".join(row.text(Column.SIRET, 30).split())
    if said and not is_siret(said):
        raise places.NotASiret(said)
    return said


def form_of(row: Row) -> str:
    if not row.text(Column.LEGAL_FORM):
        return ""
    try:
        return row.read(Column.LEGAL_FORM, cells.word, table=readers.LEGAL_FORMS)
    except Bad as bad:
        raise Bad(bad.code, right=", ".join(words[0] for words in readers.LEGAL_FORMS.values())) from bad


def phone_of(row: Row) -> str:
    said = row.text(Column.PHONE, 32)
    if said and not dialled(said):
        raise Bad("not_a_phone")
    return dialled(said) if said else ""


def email_of(row: Row) -> str:
    said = row.text(Column.EMAIL, 254)
    if said:
        try:
            validate_email(said)
        except ValidationError as error:
            raise Bad("not_an_email") from error
    return said


def site_named(row: Row) -> Site:
    code = row.required(Column.CODE, 32).upper()
    site = Site.objects.filter(code=code).first()
    if site is None:
        raise Bad("no_such_site", right=", ".join(Site.objects.order_by("code").values_list("code", flat=True)[:3]))
    return site


def post(row: Row, act: Act) -> Iterator[str]:
    site, reference = site_named(row), row.required(Column.REFERENCE, 32)
    percent = row.read(Column.PERCENT, cells.whole, most=100)
    begins_on = row.required_day(Column.BEGINS_ON)
    ends_on = row.end(Column.LAST_ON, begins_on=begins_on)
    said = {"site": site.name, "reference": reference}
    found = Post.objects.filter(site=site, reference=reference).first()
    if percent == 0:
        row.at(Column.PERCENT)
        raise Bad("out_of_range", least=1, most=100)
    if found is None:
        row.at(Column.BEGINS_ON)
        found = posts.open_post(
            site=site, reference=reference, full_time_percent=percent or 100, begins_on=begins_on, ends_on=ends_on,
            by=act.by, at=act.at,
        )  # fmt: skip
        yield _("New post at %(site)s: %(reference)s.") % said
    else:
        row.at(Column.BEGINS_ON)
        if found.begins_on != begins_on:
            raise Bad("other_beginning", day=day(found.begins_on))
        if percent and percent != found.full_time_percent:
            yield _("%(site)s, post %(reference)s: %(before)s %% becomes %(after)s %%.") % {
                **said, "before": found.full_time_percent, "after": percent,
            }  # fmt: skip
            posts.correct_post(post=found, full_time_percent=percent, by=act.by, at=act.at)
        row.at(Column.LAST_ON)
        # A site that closed since ended its posts: the file is here already.
        if ends_on and (until := min(ends_on, site.closed_on or ends_on)) != found.ends_on:
            found = posts.end_post(post=found, ends_on=until, by=act.by, at=act.at)
            yield _("%(site)s, post %(reference)s: it ends on %(day)s.") % {**said, "day": day(found.last_on)}
    yield from holder(row, found, said, act)


def holder(row: Row, found: Post, said: Mapping[str, str], act: Act) -> Iterator[str]:
    email = row.text(Column.HOLDER, 254)
    if not email:
        return
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise Bad("no_such_account")
    since = row.day(Column.HELD_FROM) or found.begins_on
    until = row.end(Column.HELD_UNTIL, begins_on=since)
    tenure = found.tenures.filter(user=user, begins_on=since).first()
    if tenure is None:
        row.at(Column.HOLDER)
        made = posts.begin_tenure(post=found, user=user, begins_on=since, ends_on=until, by=act.by, at=act.at)
        begun = _("%(site)s, post %(reference)s: %(name)s holds it from %(day)s on.") % {
            **said, "name": user.name, "day": day(since),
        }  # fmt: skip
        yield with_cut(begun, until, made)
    elif until and (bounded := min(until, found.ends_on or until)) != tenure.ends_on:
        row.at(Column.HELD_UNTIL)
        ended = posts.end_tenure(tenure=tenure, ends_on=bounded, by=act.by, at=act.at)
        left = _("%(site)s, post %(reference)s: %(name)s leaves it on %(day)s.") % {
            **said, "name": user.name, "day": day(ended.ends_on),
        }  # fmt: skip
        yield with_cut(left, until, ended)


def neighborhoods(row: Row, act: Act) -> Iterator[str]:
    site = site_named(row)
    begins_on = row.required_day(Column.BEGINS_ON)
    ends_on = row.end(Column.LAST_ON, begins_on=begins_on)
    for code in codes_of(row, begins_on):
        there = Coverage.objects.on(begins_on).filter(site=site, qpv_code=code).first()
        said = {"site": site.name, "code": code}
        if there is None:
            made = coverage.cover(
                site=site, qpv_code=code, begins_on=begins_on, ends_on=ends_on, by=act.by, at=act.at
            )  # fmt: skip
            begun = _("%(site)s covers %(code)s from %(day)s on.") % {**said, "day": day(made.begins_on)}
            yield with_cut(begun, ends_on, made)
        elif ends_on and (until := coverage.end_within(there, ends_on)) != there.ends_on:
            ended = coverage.end_coverage(coverage=there, ends_on=until, by=act.by, at=act.at)
            yield _("%(site)s covers %(code)s until %(day)s.") % {**said, "day": day(ended.last_on)}


def with_cut(sentence: str, asked: date | None, kept: Tenure | Coverage) -> str:
    """The sentence, and why what is kept stops sooner than was asked, when it does."""
    if kept.last_on is None or kept.ends_on == asked:
        return sentence
    return f"{sentence} {why_cut(kept) % {'day': day(kept.last_on)}}"


def why_cut(kept: Tenure | Coverage) -> str:
    if isinstance(kept, Tenure):
        return _("Her last day is %(day)s: the post ends then.")
    if kept.ends_on == kept.site.closed_on:
        return _("Its last day is %(day)s: the site closes then.")
    return _("Its last day is %(day)s: the edition ends there.")


def codes_of(row: Row, begins_on: date) -> list[str]:
    """One QPV, or every one of a commune or of an EPCI in the edition in force there on the first day."""
    said = {column: row.text(column, 32) for column in (Column.QPV, Column.COMMUNE, Column.EPCI)}
    given = [column for column, value in said.items() if value]
    row.at(given[0] if len(given) == 1 else Column.QPV)
    if len(given) != 1:
        raise Bad("one_place")
    if given[0] == Column.QPV:
        return [said[Column.QPV].upper()]
    communes = Commune.objects.filter(epci_code=said[Column.EPCI])
    if given[0] == Column.COMMUNE:
        communes = Commune.objects.filter(code=said[Column.COMMUNE].upper())
    known = list(communes.values_list("code", flat=True))
    if not known:
        raise Bad("no_such_commune" if given[0] == Column.COMMUNE else "no_such_epci")
    there = territories.qpv_in_force(begins_on).filter(commune_codes__overlap=known)
    codes = list(there.order_by("code").values_list("code", flat=True))
    if not codes:
        raise Bad("no_qpv_there")
    return codes


READERS = {Kind.STRUCTURES: structure, Kind.POSTS: post, Kind.COVERAGE: neighborhoods}
