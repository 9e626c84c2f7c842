"""From what a figure is read: the live facts, or those of the last snapshot."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from citeslab.figures.definitions.facts import Scope
from citeslab.figures.gateways.snapshots import Damaged, Snapshot, snapshots, sound
from citeslab.figures.queries.computed import ENGINE
from citeslab.figures.queries.tabulated import Engine
from citeslab.ui.values import moment

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """An engine, the instant of its facts (`None`: now), and a sentence that says so."""

    engine: Engine
    as_of: datetime | None
    sentence: str


def live(sentence: str) -> Source:
    return Source(ENGINE, None, sentence)


def source_for(scope: Scope) -> Source:
    """The whole network is read from the last sound snapshot; a site is always of now."""
    if scope.site_id is not None:
        return live(_("The figures of a site are those of now."))
    for folder in snapshots(settings.SNAPSHOTS):
        try:
            snapshot = opened(folder)
        except Damaged:
            logger.exception("A snapshot is damaged: one before it is read.")
            continue
        return Source(
            snapshot, snapshot.as_of, _("As the facts stood on %(instant)s.") % {"instant": moment(snapshot.as_of)}
        )
    return live(_("There is no snapshot yet: these are the figures of now."))


@lru_cache(maxsize=2)  # the last one, and that which a request still reads
def opened(folder: Path) -> Snapshot:
    """Read whole once by each process: what was altered is noticed before a figure is made of it."""
    sound(folder, whole=True)
    return Snapshot(folder)
