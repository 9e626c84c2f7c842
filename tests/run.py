"""`make test`: every test, on a private PostgreSQL and in a real browser, with nothing left to set up.

A Chromium of the machine is used; as root on a Debian-like system it is installed when it is missing; otherwise
browser tests say plainly that they were skipped. With CI=true a skip is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def chromium() -> str | None:
    """The path of a browser of this machine, installed on the way if that is possible."""
    found = find_chromium()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("No Chromium here: installing the system's.", file=sys.stderr)
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], **quiet)
        found = find_chromium()
    if found is None:
        print("No Chromium on this machine: browser tests will be skipped.", file=sys.stderr)
    return found


def find_chromium() -> str | None:
    named = os.environ.get("CITESLAB_CHROMIUM")
    candidates = [named] if named else [*map(shutil.which, CHROMIUM_NAMES), MACOS_CHROME]
    return next((path for path in candidates if path and Path(path).exists()), None)


def main() -> int:
    environment = os.environ | {
        "CITESLAB_HOME": str(CHECKOUT / ".citeslab-test"),
        "CITESLAB_PG_SETTINGS": "fsync=off,synchronous_commit=off,full_page_writes=off",
        "CITESLAB_CHROMIUM": chromium() or "",
    }
    # Another server's tests (DATABASE_URL set) run there; without it they get their own.
    arguments = sys.argv[1:] or ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    return subprocess.run([sys.executable, "-m", "pytest", "-q", *arguments], cwd=CHECKOUT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
