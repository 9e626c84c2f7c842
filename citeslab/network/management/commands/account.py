"""`citeslab account invite`: the first account of an installation, or a funder's."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from citeslab.accounts import services as accounts
from citeslab.network import services
from citeslab.network.enums import Role
from citeslab.network.models import HostOrganization, Site


class Command(BaseCommand):
    help = "Accounts: `citeslab account invite EMAIL --role PILOT` sends an invitation, and prints its link."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        invite = verbs.add_parser("invite", help="invite someone; her link is printed too, good once, for seven days")
        invite.add_argument("email")
        invite.add_argument("--role", required=True, choices=Role.values)
        invite.add_argument("--site", help="the code of an advisor's site")
        invite.add_argument("--organization", help="the name of a coordinator's organization")

    def handle(self, *args, email, role, site, organization, **options):
        try:
            validate_email(email)
        except ValidationError as refusal:
            raise CommandError(f"{email} is not an e-mail address.", returncode=2) from refusal
        perimeter = {
            "site": self.found(Site, code=site) if role == Role.ADVISOR else None,
            "organization": self.found(HostOrganization, name=organization) if role == Role.COORDINATOR else None,
        }
        at = timezone.now()
        by = accounts.command_line_user(at=at)
        _invitation, secret = services.invite(
            email=email, role=Role(role), begins_on=timezone.localdate(), by=by, at=at, **perimeter
        )
        self.stdout.write(services.link_of(secret))

    def found(self, model, **wanted):
        [(field, value)] = wanted.items()
        option = "--site" if model is Site else "--organization"
        if not value:
            raise CommandError(f"This role needs its perimeter: {option}.", returncode=2)
        rows = list(model.objects.filter(**wanted)[:2])
        if len(rows) != 1:
            raise CommandError(
                f"{option}: {len(rows) or 'no'} {model._meta.verbose_name} has the {field} {value}.", returncode=2
            )
        return rows[0]
