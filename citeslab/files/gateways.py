"""A scanner of viruses: a command of the machine that reads the document, none unless `CITESLAB_SCAN_COMMAND` says."""

import shlex
import subprocess

from django.conf import settings

from citeslab.files.enums import Verdict

CLEAN, INFECTED = 0, 1  # how clamscan, clamdscan and those that follow them end


def has_scanner() -> bool:
    return bool(settings.SCAN_COMMAND)


def scan(content: bytes) -> Verdict:
    """What the scanner says; whatever else happens to it, the document is not known to be clean."""
    if not has_scanner():
        return Verdict.NOT_SCANNED
    try:
        ended = subprocess.run(
            shlex.split(settings.SCAN_COMMAND),
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=settings.SCAN_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return Verdict.UNSCANNABLE
    return {CLEAN: Verdict.CLEAN, INFECTED: Verdict.INFECTED}.get(ended.returncode, Verdict.UNSCANNABLE)
