"""Ways out for text messages: `SMS_GATEWAY` names one, or another class of the same shape."""

import json
import os
import urllib.request
from pathlib import Path
from typing import Protocol

from django.conf import settings

TIMEOUT = 20  # seconds


class TextMessages(Protocol):
    def send(self, *, to: str, text: str, id: str) -> None:
        """Hand one text over, or raise `OSError`. `id` is the same when a text is handed over again."""


class TextFiles:
    """Each text is a file of the data folder: for a machine without a provider."""

    def send(self, *, to: str, text: str, id: str) -> None:
        folder = Path(settings.HOME) / "sms"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{id}.txt").write_text(f"{to}\n\n{text}\n", encoding="utf-8")


class JSONProvider:
    """A provider that takes `{"to", "text", "id"}` as JSON at `CITESLAB_SMS_URL`, with `CITESLAB_SMS_TOKEN`."""

    def send(self, *, to: str, text: str, id: str) -> None:
        request = urllib.request.Request(
            os.environ["CITESLAB_SMS_URL"],
            data=json.dumps({"to": to, "text": text, "id": id}).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {os.environ.get('CITESLAB_SMS_TOKEN', '')}",
            },
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT):
            pass
