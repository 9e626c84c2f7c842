"""Doors of the network, one module a subject."""

from citeslab.network.views.accounts import (
    accounts,
    closure,
    end_of_mandate,
    invitation,
    invitations,
    lost_factor,
    withdrawal,
)
from citeslab.network.views.coverage import (
    coverage,
    coverage_file,
    end_of_coverage,
    new_coverage,
    quarter,
    removal_of_coverage,
)
from citeslab.network.views.fse_plus import end_of_fse_plus, fse_plus, new_fse_plus, removal_of_fse_plus
from citeslab.network.views.imports import imports, network_import, taking_in
from citeslab.network.views.organizations import (
    correction_of_organization,
    merger,
    name_of_organization,
    new_organization,
    organization,
    undoing_of_merger,
)
from citeslab.network.views.places import network, network_file
from citeslab.network.views.posts import (
    correction_of_post,
    end_of_post,
    end_of_tenure,
    new_post,
    new_tenure,
    removal_of_post,
    removal_of_tenure,
)
from citeslab.network.views.sites import (
    closing_of_site,
    contact_of_site,
    name_of_site,
    new_site,
    reopening_of_site,
    site,
)

__all__ = [
    "accounts",
    "closing_of_site",
    "closure",
    "contact_of_site",
    "correction_of_organization",
    "correction_of_post",
    "coverage",
    "coverage_file",
    "end_of_coverage",
    "end_of_fse_plus",
    "end_of_mandate",
    "end_of_post",
    "end_of_tenure",
    "fse_plus",
    "imports",
    "invitation",
    "invitations",
    "lost_factor",
    "merger",
    "name_of_organization",
    "name_of_site",
    "network",
    "network_file",
    "network_import",
    "new_coverage",
    "new_fse_plus",
    "new_organization",
    "new_post",
    "new_site",
    "new_tenure",
    "organization",
    "quarter",
    "removal_of_coverage",
    "removal_of_fse_plus",
    "removal_of_post",
    "removal_of_tenure",
    "reopening_of_site",
    "site",
    "taking_in",
    "undoing_of_merger",
    "withdrawal",
]
