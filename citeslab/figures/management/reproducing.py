"""A sealed version checked from its own content: its digest, its files, and, if asked, its numbers."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from citeslab.core.values import whole_number
from citeslab.figures import exports, queries
from citeslab.figures.models import SealedVersion
from citeslab.figures.values import canonical, digest

DIFFERS, NO_SUCH_REPORT = 1, 2


def reproduce(*, out, indicator: str | None, output: Path | None, from_facts: bool, **options) -> None:
    """Exit 0 when all is the same, 1 when something differs, 2 when there is no such version.

    The version's reference stands where another verb names an indicator.
    """
    version = version_called(indicator)
    faults = wrong_digest(version) + wrong_files(version, output=output, out=out)
    if from_facts:
        faults += moved_numbers(version)
    if faults:
        raise CommandError("\n".join(faults), returncode=DIFFERS)
    out.write(f"{version.reference}: the same, SHA-256 {version.sha256}")


def version_called(reference: str | None) -> SealedVersion:
    name, _dash, number = (reference or "").rpartition("-v")
    found = SealedVersion.objects.filter(report__reference=name, number=whole_number(number, digits=9) or 0)
    version = found.select_related("report").first()
    if version is None:
        latest = SealedVersion.objects.select_related("report").order_by("-sealed_at", "pk")[:20]
        known = ", ".join(one.reference for one in latest)
        raise CommandError(
            f"There is no sealed version {reference or 'without a name'}. Those that are: {known or 'none yet'}.",
            returncode=NO_SUCH_REPORT,
        )
    return version


def wrong_digest(version: SealedVersion) -> list[str]:
    """What is frozen no longer has its digest, or is no longer written the one way."""
    if digest(version.content) == version.sha256 and canonical(version.frozen) == version.content:
        return []
    return [f"What is frozen is not what was sealed: SHA-256 {digest(version.content)}, not {version.sha256}."]


def wrong_files(version: SealedVersion, *, output: Path | None, out) -> list[str]:
    faults = []
    if output:
        output.mkdir(parents=True, exist_ok=True)
    for name, made in exports.remade(version).items():
        language, format = name.split(".")
        if output:
            path = output / exports.name_of_file(version.reference, language, format)
            path.write_bytes(made)
        sealed = version.files[name]["sha256"]
        if digest(made) == sealed:
            out.write(f"{name}: the same, SHA-256 {sealed}")
        else:
            faults.append(f"{name}: SHA-256 {digest(made)}, sealed as {sealed}.")
    if faults:
        faults.append(reason_for(version.tools, exports.tools()))
    return faults


def reason_for(then: dict[str, str], now: dict[str, str]) -> str:
    """Which tool is not the one that made the files."""
    others = [
        f"{name} {then.get(name, 'absent')[:12]} then, {now[name][:12]} now"
        for name in now
        if then.get(name) != now[name]
    ]
    if not others:
        return "The same tools made them: what is frozen, or the digests kept beside it, were changed."
    return f"They were made with other tools: {'; '.join(others)}. What is frozen can still be read, digest and all."


def moved_numbers(version: SealedVersion) -> list[str]:
    moved = queries.moved_since_the_seal(version, at=timezone.now())
    if not moved:
        return []
    table = exports.moves(moved, before="", after="")
    return [
        f"{len(moved)} of {len(version.frozen['numbers'])} numbers come out otherwise from the books as known then:",
        *lines(table["rows"]),
    ]


def lines(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    return (f"  {row['wording']}: {row['before']} -> {row['after']} ({row['why']})" for row in rows)
