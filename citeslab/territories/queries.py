"""Is this place in a QPV, on that day? One place, or many."""

import threading
import time
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from citeslab.territories.enums import Edition
from citeslab.territories.index import Places, ReleaseIndex
from citeslab.territories.models import Release
from citeslab.territories.values import NOT_LOCATED, Located, edition_in_force, territory_of

# A release loaded by another process is seen after this many seconds at most.
LONGEST_STALE_SECONDS = 1.0

_lock = threading.Lock()
_built: dict[int, ReleaseIndex] = {}  # by release
_latest: dict[int, tuple[float, int | None]] = {}  # by edition: when asked, which release


def forget() -> None:
    """Drop what is held in memory: a release was loaded, or a test begins."""
    with _lock:
        _built.clear()
        _latest.clear()


def latest_release_id(edition: Edition) -> int | None:
    """The release that answers are made from: the last one published of that edition."""
    now = time.monotonic()
    known = _latest.get(edition)
    if known and now - known[0] < LONGEST_STALE_SECONDS:
        return known[1]
    found = Release.objects.filter(edition=edition).order_by("-released_on").values_list("pk", flat=True).first()
    _latest[edition] = (now, found)
    return found


def index_of(edition: Edition) -> ReleaseIndex | None:
    """The index of the edition's latest release, built once per process; nothing when none is loaded."""
    release_id = latest_release_id(edition)
    if release_id is None:
        return None
    if release_id not in _built:
        with _lock:
            if release_id not in _built:
                _built[release_id] = ReleaseIndex(Release.objects.get(pk=release_id))
    return _built[release_id]


def locate(*, longitude: float, latitude: float, on: date | None = None, edition: Edition | None = None) -> Located:
    """The answer for one place (degrees, WGS 84), in `edition`, or in the one in force there `on` that day.

    Not located when it is outside France, or when no release of the edition is loaded.
    """
    if edition is None:
        if on is None:
            raise ValueError("Say the edition, or the day.")
        edition = edition_in_force(territory_of(longitude, latitude), on)
    index = index_of(edition)
    return index.locate(longitude, latitude) if index else NOT_LOCATED


def locate_many(
    *, longitudes: ArrayLike, latitudes: ArrayLike, edition: Edition, with_borders: bool = True
) -> Places | None:
    """The answers for many places in the edition's latest release; nothing when none is loaded.

    Without `with_borders`, borders farther than 20 m are not measured: six times faster.
    """
    index = index_of(edition)
    if index is None:
        return None
    return index.locate_many(
        np.asarray(longitudes, dtype=float), np.asarray(latitudes, dtype=float), with_borders=with_borders
    )
