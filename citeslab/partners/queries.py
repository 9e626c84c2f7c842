"""Reading the directory."""

from django.db.models import Prefetch, QuerySet

from citeslab.network.models import Site
from citeslab.partners.models import Contact, Office


def directory(*, words: str = "", purpose: str = "", department: str = "") -> QuerySet[Office]:
    """Offices with their active contacts, by network and name."""
    found = Office.objects.search(words)
    if purpose:
        found = found.filter(network__purposes__contains=[purpose])
    if department:
        found = found.filter(department=department)
    contacts = Prefetch("contacts", Contact.objects.active().order_by("name", "pk"), to_attr="active_contacts")
    return (
        found.select_related("network", "department")
        .prefetch_related(contacts)
        .order_by("network__sort_key", "sort_key", "pk")
    )


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
