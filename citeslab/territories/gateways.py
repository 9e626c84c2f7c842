"""Services outside that know addresses. Only the address leaves, never who lives there.

The national one (Géoplateforme, the shape of the national address base) and an Addok of one's own speak the same words.
"""

import http.client
import json
import math
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Protocol

from django.conf import settings

from citeslab.territories.values import Suggestion

MOST_BYTES = 512 * 1024
LONGEST_QUERY = 200  # the national service refuses more
REST_SECONDS = 30  # after a failure the service is left alone: a form does not wait for it at each letter


class AddressesUnavailable(Exception):
    """The address service is not set, does not answer, or answers something else. The form goes on without it."""


class AddressService(Protocol):
    def search(self, text: str, *, limit: int = 5, complete: bool = False) -> list[Suggestion]: ...


class NoService:
    """What is there when none is set."""

    def search(self, text: str, *, limit: int = 5, complete: bool = False) -> list[Suggestion]:
        raise AddressesUnavailable


class SearchService:
    """An HTTP service of the national shape. It answers in `seconds`, or it is unavailable, and rests for a while."""

    def __init__(self, url: str, *, seconds: float):
        base = url.rstrip("/")
        self.url = base if base.endswith("/search") else f"{base}/search/"
        self.seconds = seconds
        self.rests_until = 0.0

    def search(self, text: str, *, limit: int = 5, complete: bool = False) -> list[Suggestion]:
        """What is proposed for `text`, the best first; `complete` when the text is whole and no longer being typed."""
        if time.monotonic() < self.rests_until:
            raise AddressesUnavailable
        asked = {"q": text[:LONGEST_QUERY], "limit": limit, "autocomplete": int(not complete)}
        try:
            return read(self.answer(f"{self.url}?{urllib.parse.urlencode(asked)}"))
        except AddressesUnavailable:
            raise
        except (OSError, ValueError, RecursionError, http.client.HTTPException) as fault:
            self.rests_until = time.monotonic() + REST_SECONDS
            raise AddressesUnavailable from fault

    def answer(self, url: str) -> Any:
        """The JSON at `url`. The whole answer has `seconds` to come, however slowly it drips."""
        until = time.monotonic() + self.seconds
        request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "citeslab"})
        try:
            with urllib.request.urlopen(request, timeout=self.seconds) as response:
                body = b""
                while part := response.read1(64 * 1024):
                    body += part
                    if len(body) > MOST_BYTES or time.monotonic() > until:
                        raise TimeoutError("too long")
        except urllib.error.HTTPError as refusal:
            refusal.close()
            if refusal.code in {400, 404, 422}:  # this text alone is refused: the service is well
                raise AddressesUnavailable from refusal
            raise
        return json.loads(body)


def read(answer: Any) -> list[Suggestion]:
    """The suggestions of a feature collection; a feature that is not whole is left out."""
    features = answer.get("features") if isinstance(answer, dict) else None
    if not isinstance(features, list):
        raise ValueError("no features")
    return [found for feature in features if (found := suggestion(feature))]


def suggestion(feature: Any) -> Suggestion | None:
    try:
        said = feature["properties"]
        longitude, latitude = (float(degrees) for degrees in feature["geometry"]["coordinates"][:2])
        score = float(said["score"])
        if not (all(map(math.isfinite, (longitude, latitude, score))) and -180 <= longitude <= 180):
            return None
        if not -90 <= latitude <= 90:
            return None
        kind = said.get("type")
        is_street = kind in {"housenumber", "street", "locality"}
        return Suggestion(
            label=str(said["label"])[:300],
            is_house=kind == "housenumber",
            score=score,
            house_number=str(said.get("housenumber") or "")[:20],
            street=str(said.get("street") or said.get("name") or "")[:200] if is_street else "",
            postal_code=str(said.get("postcode") or "")[:10],
            city=str(said.get("city") or "")[:120],
            longitude=longitude,
            latitude=latitude,
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return None


_lock = threading.Lock()
_service: dict[tuple[str, float], AddressService] = {}


def address_service() -> AddressService:
    """The service that the settings name, the same object for the life of the process."""
    named = (settings.ADDRESS_URL, settings.ADDRESS_SECONDS)
    if not named[0]:
        return NoService()
    with _lock:
        return _service.setdefault(named, SearchService(named[0], seconds=named[1]))


def forget() -> None:
    """Take a failed service for a new one: a test begins."""
    with _lock:
        _service.clear()
