"""Reading the directory."""

from datetime import date

from django.db.models import Prefetch, QuerySet

from citeslab.network.models import Site
from citeslab.partners.models import Contact, Network, Offer, Office
from citeslab.territories.models import Commune


def directory(
    *,
    words: str = "",
    purpose: str = "",
    department: str = "",
    commune: Commune | None = None,
    amount_cents: int | None = None,
    on: date,
) -> QuerySet[Office]:
    """Offices with their active contacts, by network and name; those that cover a commune, who name it first."""
    found = Office.objects.search(words).offering(purpose=purpose, amount_cents=amount_cents, on=on)
    if department:
        found = found.filter(department=department)
    first = []
    if commune:
        found, first = found.near(commune_code=commune.pk, department=commune.department_id), ["rank"]
    contacts = Prefetch("contacts", Contact.objects.active().order_by("name", "pk"), to_attr="active_contacts")
    return (
        found.select_related("network", "department")
        .prefetch_related(contacts)
        .order_by(*first, "network__sort_key", "sort_key", "pk")
    )


def networks() -> QuerySet[Network]:
    return Network.objects.order_by("sort_key", "pk")


def offers(found: QuerySet[Offer], *, on: date) -> tuple[list[Offer], list[Offer]]:
    """What is offered that day or later, by name; and what no longer is, the last ended first."""
    told = found.select_related("office")
    current = told.not_over(on).order_by("purpose", "title", "-begins_on", "pk")
    return list(current), list(told.filter(ends_on__lte=on).order_by("-ends_on", "title", "pk"))


def area(office: Office) -> list[str]:
    """The names of the communes that it covers; none when it covers its whole department."""
    names = (
        Commune.objects.filter(pk__in=office.commune_codes).order_by("sort_key", "pk").values_list("name", flat=True)
    )
    return list(names)


def contacts_near(site: Site, *, purpose: str = "") -> QuerySet[Contact]:
    """Whom to refer someone of this site to: the offices that name its commune first, then those of its department.

    With a purpose, those of the networks that do this.
    """
    near = Office.objects.near(commune_code=site.commune_code, department=site.department_id)
    found = Contact.objects.active().filter(office__in=near.values("pk"))
    if purpose:
        found = found.filter(office__network__purposes__contains=[purpose])
    return found.select_related("office__network").order_by(
        "office__network__sort_key", "office__sort_key", "name", "pk"
    )
