"""Who may do what on the network."""

from datetime import date

from citeslab.accounts.models import User
from citeslab.network.enums import Role
from citeslab.network.models import Site, held_by


def roles(user: User, *, on: date) -> frozenset[Role]:
    """The roles that `user` holds that day."""
    return frozenset(Role(mandate.role) for mandate in held_by(user, on=on))


def may_see_names(user: User, site: Site, *, on: date) -> bool:
    return Site.objects.with_names_for(user, on=on).filter(pk=site.pk).exists()


def may_see_some_names(user: User, *, on: date) -> bool:
    return bool(roles(user, on=on) & {Role.ADVISOR, Role.COORDINATOR})


def may_see_fse_plus(user: User, *, on: date) -> bool:
    """The days that FSE+ agreements pay for: all of them for the pilot, a coordinator's sites for her."""
    return bool(roles(user, on=on) & {Role.PILOT, Role.COORDINATOR})


def may_set_fse_plus(user: User, *, on: date) -> bool:
    return Role.PILOT in roles(user, on=on)


def may_see_network(user: User, *, on: date) -> bool:
    """The figures of the whole network, without names: for the pilot and the funders."""
    return bool(roles(user, on=on) & {Role.PILOT, Role.FUNDER})


def may_read_posts(user: User, *, on: date) -> bool:
    """Organizations, sites, posts and coverage: all of them for the pilot, a coordinator's own for her."""
    return bool(roles(user, on=on) & {Role.PILOT, Role.COORDINATOR})


def may_set_network(user: User, *, on: date) -> bool:
    """Organizations, sites, posts, coverage: the pilot's alone. Who holds a post is the coordinator's to say too."""
    return Role.PILOT in roles(user, on=on)
