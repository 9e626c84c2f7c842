"""Doors of the desk, one module a subject."""

from citeslab.desk.views.bulk import bulk, bulk_act, bulk_undoing
from citeslab.desk.views.exporting import export, export_file, exports
from citeslab.desk.views.filters import saved_filter_name, saved_filter_removal, saved_filters
from citeslab.desk.views.handovers import handover, handover_return, handovers
from citeslab.desk.views.lists import people
from citeslab.desk.views.network_life import method
from citeslab.desk.views.pages import elsewhere, home, person, write
from citeslab.desk.views.partners import office, partner_network

__all__ = [
    "bulk",
    "bulk_act",
    "bulk_undoing",
    "elsewhere",
    "export",
    "export_file",
    "exports",
    "handover",
    "handover_return",
    "handovers",
    "home",
    "method",
    "office",
    "partner_network",
    "people",
    "person",
    "saved_filter_name",
    "saved_filter_removal",
    "saved_filters",
    "write",
]
