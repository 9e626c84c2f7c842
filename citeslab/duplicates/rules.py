"""Which file stays, which values are offered, who may join."""

from datetime import date

from citeslab.accounts.models import User
from citeslab.core.values import digest_of
from citeslab.duplicates.models import JoinRequest
from citeslab.network.models import Site
from citeslab.people.models import Person

# Columns that a person chooses between; the others follow the file that stays.
NOT_CHOSEN = frozenset(
    {
        "id", "site", "sort_key", "recorded_at", "recorded_by", "creation_key",
        "changed_at", "changed_by", "anonymised_at",
    }
)  # fmt: skip
SITE_OWN = frozenset({"reference"})  # a host's own name for a row of its workbook


def chosen_fields(kept: Person, gone: Person) -> list:
    """The fields of a person that a join chooses the value of; a later field is included."""
    fields = [field for field in Person._meta.local_concrete_fields if field.name not in NOT_CHOSEN]
    return [field for field in fields if kept.site_id == gone.site_id or field.name not in SITE_OWN]


def is_blank(field, person: Person) -> bool:
    value = getattr(person, field.attname)
    return value in field.empty_values or value == field.get_default()


def default_choice(field, kept: Person, gone: Person) -> bool:
    """Whether the value of the file that goes is proposed: when the other one has none."""
    return is_blank(field, kept) and not is_blank(field, gone)


def which_stays(one: Person, other: Person, last_contacts: dict[int, date]) -> tuple[Person, Person]:
    """(the file that stays, the one that goes): she stays where she was met last; else, the older file."""

    def rank(person):
        return (last_contacts.get(person.pk, date.min), -person.pk)

    return (one, other) if rank(one) >= rank(other) else (other, one)


def fingerprint(one: Person, other: Person) -> str:
    """Changes when either file does: what was previewed is what is joined."""
    values = [
        str(getattr(person, field.attname))
        for person in sorted((one, other), key=lambda person: person.pk)
        for field in Person._meta.local_concrete_fields
    ]
    return digest_of("\x1f".join(values))


def sides_of(request: JoinRequest, user: User, *, on: date) -> list[int]:
    """The sites of this request whose names this user sees: she holds the key of each."""
    seen = Site.objects.keys_with_names_for(user, on=on)
    return [site for site in (request.asking_site_id, request.asked_site_id) if site in seen]
