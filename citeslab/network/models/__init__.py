"""Who works where, from when to when, and what follows for who sees what."""

from citeslab.network.models.dated import PERIOD, Dated, DatedQuerySet
from citeslab.network.models.fse_plus import FSEPlus, FSEPlusQuerySet
from citeslab.network.models.history import FormerName, Merger
from citeslab.network.models.imports import Import
from citeslab.network.models.invitations import Handover, Invitation, InvitationQuerySet
from citeslab.network.models.posts import Coverage, Post, PostQuerySet, Tenure
from citeslab.network.models.sites import (
    HostOrganization,
    ManagedQuerySet,
    Mandate,
    Site,
    SiteQuerySet,
    held_by,
    keys_with_names_for,
    sites_with_names_for,
    zone_for,
)

__all__ = [
    "PERIOD",
    "Coverage",
    "Dated",
    "DatedQuerySet",
    "FSEPlus",
    "FSEPlusQuerySet",
    "FormerName",
    "Handover",
    "HostOrganization",
    "Import",
    "Invitation",
    "InvitationQuerySet",
    "ManagedQuerySet",
    "Mandate",
    "Merger",
    "Post",
    "PostQuerySet",
    "Site",
    "SiteQuerySet",
    "Tenure",
    "held_by",
    "keys_with_names_for",
    "sites_with_names_for",
    "zone_for",
]
