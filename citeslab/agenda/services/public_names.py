"""An advisor says whether the public pages may show her."""

from datetime import datetime

from django.db import transaction

from citeslab.accounts.models import User
from citeslab.agenda.models import PublicName
from citeslab.audit import services as audit


@transaction.atomic
def show_name(*, advisor: User, first_name: str, speaks: str = "", by: User, at: datetime) -> PublicName:
    """Let the public pages say this of her from now on; the same words twice change nothing."""
    list(User.objects.select_for_update(no_key=True).filter(pk=advisor.pk).values_list("pk"))
    standing = PublicName.objects.standing().filter(advisor=advisor).first()
    if standing and (standing.first_name, standing.speaks) == (first_name, speaks):
        return standing
    if standing:
        withdraw(standing, by=by, at=at)
    made = PublicName.objects.create(
        advisor=advisor, first_name=first_name, speaks=speaks, recorded_at=at, recorded_by=by
    )
    audit.record("agenda.public_name.shown", advisor, by=by, at=at)
    return made


@transaction.atomic
def hide_name(*, advisor: User, by: User, at: datetime) -> None:
    """Her consent is taken back: the public pages name the site alone."""
    for standing in PublicName.objects.standing().select_for_update(of=["self"]).filter(advisor=advisor):
        withdraw(standing, by=by, at=at)
        audit.record("agenda.public_name.hidden", advisor, by=by, at=at)


def withdraw(standing: PublicName, *, by: User, at: datetime) -> None:
    standing.withdrawn_at, standing.withdrawn_by = at, by
    standing.save(update_fields=["withdrawn_at", "withdrawn_by"])
