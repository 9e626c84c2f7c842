"""Who writes, publishes and withdraws what the public site tells."""

from datetime import date

from citeslab.accounts.models import User
from citeslab.network.enums import Role
from citeslab.network.models import Site, held_by
from citeslab.network.rules import roles
from citeslab.website.models import Story


def may_read_stories(user: User, *, on: date) -> bool:
    return bool(roles(user, on=on) & {Role.ADVISOR, Role.COORDINATOR, Role.PILOT})


def may_write(user: User, story: Story, *, on: date) -> bool:
    """Those who see names at its site: they were there when she told it."""
    return story.site_id in Site.objects.keys_with_names_for(user, on=on)


def may_publish(user: User, story: Story, *, on: date) -> bool:
    """The coordinator of its site's organization, or the pilot: never who wrote it by herself."""
    return any(
        mandate.role == Role.PILOT
        or (mandate.role == Role.COORDINATOR and mandate.organization_id == story.site.organization_id)
        for mandate in held_by(user, on=on)
    )


def may_announce(user: User, *, on: date) -> bool:
    return Role.PILOT in roles(user, on=on)
