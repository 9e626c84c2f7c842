"""The front-end build: only when needed, and a failure that says the way out."""

import json
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

import hatch_build  # noqa: E402 - it stands at the root of the checkout, beside the package


@pytest.fixture
def checkout(tmp_path):
    """A built checkout, in a folder with a space and an accent."""
    root = tmp_path / "chez É"
    for path in (*hatch_build.MADE, "frontend/package.json", "citeslab/ui/static/ui/css/tokens.css"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("{}")
    (root / "frontend/.built.json").write_text(json.dumps({"sources": hatch_build.fingerprint(root)}))
    return root


def test_nothing_is_built_while_the_sources_are_the_same(checkout):
    assert hatch_build.is_needed(checkout) is False
    assert hatch_build.build(checkout) is False


@pytest.mark.parametrize("source", ["frontend/ui/new.ts", "citeslab/ui/static/ui/css/tokens.css"])
def test_a_changed_source_asks_for_a_build(checkout, source):
    (checkout / source).parent.mkdir(parents=True, exist_ok=True)
    (checkout / source).write_text("changed")
    assert hatch_build.is_needed(checkout)


@pytest.mark.parametrize("made", hatch_build.MADE)
def test_a_vanished_result_asks_for_a_build(checkout, made):
    (checkout / made).unlink()
    assert hatch_build.is_needed(checkout)


def test_what_npm_leaves_is_not_a_source(checkout):
    for left in ("node_modules/vite/index.js", ".npm/_cacache/index"):
        (checkout / "frontend" / left).parent.mkdir(parents=True)
        (checkout / "frontend" / left).write_text("left")
    assert hatch_build.is_needed(checkout) is False


def test_a_failed_build_says_what_why_and_the_way_out(checkout):
    script = {"scripts": {"build": "node -e \"console.error('no such file'); process.exit(3)\""}}
    (checkout / "frontend/package.json").write_text(json.dumps(script))

    with pytest.raises(hatch_build.FrontendNotBuilt) as failure:
        hatch_build.run_npm(checkout / "frontend", "run", "build")

    said = str(failure.value)
    assert said.startswith(f"`npm run build` failed in {checkout}/frontend (exit code 3):")
    assert "no such file" in said
    assert "Then run the same command again" in said


def test_the_lock_names_no_registry():
    lock = json.loads((CHECKOUT / "frontend/package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert [name for name, package in lock["packages"].items() if name and "integrity" not in package] == []
