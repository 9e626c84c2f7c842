"""What is asked, one module a subject."""

from citeslab.network.forms.accounts import Accept, EndOfMandate, Invite
from citeslab.network.forms.coverage import ClosedZone, CoverageFilter, EndOfCoverage, NewCoverage
from citeslab.network.forms.fse_plus import EndOfFSEPlus, FSEPlus
from citeslab.network.forms.imports import Upload
from citeslab.network.forms.places import (
    Closing,
    ContactOfSite,
    Correction,
    EndOfPost,
    EndOfTenure,
    Merger,
    NetworkFilter,
    NewOrganization,
    NewPost,
    NewSite,
    NewTenure,
    Renaming,
    Share,
    day_asked,
)

__all__ = [
    "Accept",
    "ClosedZone",
    "Closing",
    "ContactOfSite",
    "Correction",
    "CoverageFilter",
    "EndOfCoverage",
    "EndOfFSEPlus",
    "EndOfMandate",
    "EndOfPost",
    "EndOfTenure",
    "FSEPlus",
    "Invite",
    "Merger",
    "NetworkFilter",
    "NewCoverage",
    "NewOrganization",
    "NewPost",
    "NewSite",
    "NewTenure",
    "Renaming",
    "Share",
    "Upload",
    "day_asked",
]
