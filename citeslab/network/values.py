"""The network's own names, and small pure values of who works where."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citeslab.territories.enums import Edition


@dataclass(frozen=True)
class Label:
    """What the network was called from a day on."""

    since: date
    name: str | Promise


# As the network tells its own history; sources do not all agree on the years.
LABELS = (
    Label(date(2002, 1, 1), _("an experiment in eleven sites")),
    Label(date(2005, 1, 1), _("the project start-up service (SAP)")),
    Label(date(2009, 1, 1), "CitésLab"),
    Label(date(2019, 1, 1), _("CitésLab, carried by Bpifrance")),
)
EVERY_YEARS = 5  # an anniversary worth telling


def label_on(day: date) -> Label | None:
    """What the network was called that day; nothing before it began."""
    return next((label for label in reversed(LABELS) if label.since <= day), None)


EDITION_OF_PREFIX = {"QP": Edition.E2015, "QN": Edition.E2024}


def edition_of(code: str) -> Edition | None:
    """The edition that a QPV code is written in; nothing when it is no such code.

    >>> edition_of("QN02501M").value
    2024
    """
    return EDITION_OF_PREFIX.get(code[:2]) if len(code) == 8 else None


@dataclass(frozen=True)
class Contact:
    """Where one calls, writes or comes."""

    phone: str = ""
    email: str = ""
    address: str = ""


NO_CONTACT = Contact()
