"""Versions sealed: computed as the books are known at that instant, frozen with their words, and never changed."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import last_day
from citeslab.figures import exports, queries
from citeslab.figures.enums import Breakdown, Secrecy
from citeslab.figures.models import Report, SealedVersion
from citeslab.figures.services.publishing import Leaks, RegisterMoved, hold_register
from citeslab.figures.values import canonical, digest


class ReasonMissing(Exception):
    def __str__(self):
        return _("This report is sealed already: a correction is a new version, and says what it corrects.")


@transaction.atomic
def seal(*, report: Report, reason: str = "", by: User, at: datetime) -> SealedVersion:
    """Freeze the report as the books are known now: its numbers, definitions, words and files.

    The first version needs no reason; each later one does, and tells what moved since the one before. Raises
    `ReasonMissing`, `Leaks` where what is out already and this version together would give a hidden count away, and
    `RegisterMoved` where something left since `at`. A site's own report is held against nothing, and waits for nobody.
    """
    at = at.astimezone(UTC)
    if report.level != Breakdown.SITE:
        hold_register()
        if queries.is_out_since(report.perimeter, at):
            raise RegisterMoved
    report = Report.objects.select_for_update().get(pk=report.pk)  # one number a version
    before = report.versions.last()
    reason = reason.strip() if before else ""
    if before and not reason:
        raise ReasonMissing
    number = before.number + 1 if before else 1
    shelter = queries.Shelter()
    content = frozen(report, before, shelter, number=number, reason=reason, by=by, at=at)
    if shelter.leaks:
        raise Leaks(shelter.leaks)
    text = canonical(content)
    sha256 = digest(text)
    files = exports.files_of(content["documents"], sha256=sha256, at=at)
    version = SealedVersion.objects.create(
        report=report,
        number=number,
        reason=reason,
        content=text,
        counts={"cells": shelter.cells},
        sha256=sha256,
        is_protected=report.level != Breakdown.SITE,
        known_by=at,
        files={name: {"sha256": digest(made), "size": len(made)} for name, made in files.items()},
        tools=exports.tools(),
        sealed_at=at,
        sealed_by=by,
    )
    audit.record("figures.version.sealed", version, by=by, at=at, reference=version.reference, sha256=sha256)
    return version


def frozen(
    report: Report,
    before: SealedVersion | None,
    shelter: queries.Shelter,
    *,
    number: int,
    reason: str,
    by: User,
    at: datetime,
) -> dict[str, Any]:
    """All that a version holds, as plain data."""
    blocks = queries.blocks_for(report)
    answered = queries.answers(
        blocks,
        perimeter=report.perimeter,
        year=report.year,
        known_by=at,
        shelter=shelter,
        secrecy=Secrecy(report.secrecy),
    )
    numbers = queries.numbers_of(answered)
    definitions = queries.definitions_of(numbers)
    moved: list[dict[str, Any]] = []
    if before:
        moved = queries.moved(
            before.frozen["numbers"],
            numbers,
            perimeter=report.perimeter,
            since=before.known_by,
            until=at,
            secrecy=Secrecy(report.secrecy),
            redefined=queries.redefined(before.frozen["definitions"]),
        )
    documents = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            documents[language] = exports.document(
                report,
                queries.reworded(answered),
                definitions=definitions,
                known_by=at,
                year_runs=timezone.localdate(at) <= last_day(report.year),
                number=number,
                reason=reason,
                moved=moved,
            )
    return {
        "reference": f"{report.reference}-v{number}",
        "kind": report.kind,
        "perimeter": report.perimeter.said,
        "year": report.year,
        "secrecy": report.secrecy,
        "number": number,
        "reason": reason,
        "known_by": at.isoformat(),
        "sealed_by": by.pk,
        "code": queries.code_version(),
        "blocks": [block.as_json() for block in blocks],
        "numbers": numbers,
        "statements": [
            {"id": check.statement.id, "expected": check.statement.expected, "value": check.value, "holds": check.holds}
            for one in answered
            for check in one.checks
        ],
        "definitions": definitions,
        "moved": moved,
        "documents": documents,
    }
