"""A data folder for the measurements: the demonstration at its true size, made once and kept apart."""

import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
HOME = CHECKOUT / ".citeslab-bench"
SHARED = CHECKOUT.parent / "shared" / "data"
MADE = HOME / "made"


def environment(home: Path = HOME) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"CITESLAB_HOME": str(home)}


def citeslab(*arguments: str, home: Path = HOME, **more) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "config.cli", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=environment(home), check=True, capture_output=True, **more)


def make_demonstration() -> tuple[float, float]:
    """Made in a fresh folder by the command, with the durability of production: seconds, and peak GB of its process."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    start = time.perf_counter()
    citeslab("demo", "--no-serve")
    seconds = time.perf_counter() - start
    MADE.touch()
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def in_process() -> None:
    """Django in this process, on the demonstration."""
    if not MADE.exists():
        print("Making the demonstration network first.", file=sys.stderr)
        make_demonstration()
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"CITESLAB_HOME": str(HOME), "CITESLAB_MODE": "demo", "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)  # a network made before the latest tables keeps its people


def signed_in(user):
    """A client that `user` has signed in with, as by the one-click accounts: taken at her word, for a demonstration."""
    from django.test import Client

    from citeslab.accounts import rules

    client = Client(headers={"host": "127.0.0.1"})  # no test environment here: the name is checked
    client.force_login(user)
    session = client.session
    session[rules.OWNER] = str(user.pk)
    session[rules.RECORDS] = [{"method": rules.DEMONSTRATION, "at": time.time()}]
    session.save()
    return client
