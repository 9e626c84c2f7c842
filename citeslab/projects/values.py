"""Sections of the French nomenclature of activities (NAF rev. 2, decree 2007-1888), in short."""

from django.utils.translation import gettext_lazy as _

SECTORS = {
    "A": _("farming, forestry, fishing"),
    "B": _("mining"),
    "C": _("making and crafts"),
    "D": _("energy"),
    "E": _("water and waste"),
    "F": _("building"),
    "G": _("trade and repair"),
    "H": _("transport and delivery"),
    "I": _("food and lodging"),
    "J": _("information and communication"),
    "K": _("finance and insurance"),
    "L": _("real estate"),
    "M": _("advice, sciences, design"),
    "N": _("services to companies, cleaning"),
    "O": _("public administration"),
    "P": _("teaching"),
    "Q": _("health and social work"),
    "R": _("arts, shows, leisure"),
    "S": _("other services, beauty, repair"),
    "T": _("domestic services"),
    "U": _("international bodies"),
}
