"""What the reports of a kind on a perimeter hold, changed block by block; the first change copies the code's own."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.figures.definitions.outlines import blocks_of
from citeslab.figures.models import Outline, OutlineBlock, Report
from citeslab.figures.queries import outline_of
from citeslab.figures.values import Block, canonical, digest


class ChangedMeanwhile(Exception):
    def __str__(self):
        return _("Someone changed this outline since you opened it: nothing was done. Look at it and do it again.")


def outline_digest(report: Report) -> str:
    """What a page saw of an outline, to know later whether it is still so."""
    outline = outline_of(report)
    blocks = [block.said for block in outline.blocks.all()] if outline else blocks_of(report.kind)
    return digest(canonical([block.as_json() for block in blocks]))


def held(report: Report, *, seen: str, by: User, at: datetime) -> Outline:
    """The outline of this report, its own from now on, held until the end of the act. Raises `ChangedMeanwhile`."""
    Report.objects.select_for_update().get(pk=report.pk)  # two people may copy it at once
    named = {"kind": report.kind, "level": report.level, "code": report.code}
    if seen != outline_digest(report):
        raise ChangedMeanwhile
    outline, is_new = Outline.objects.select_for_update().get_or_create(
        **named, defaults={"changed_at": at, "changed_by": by}
    )
    if is_new:
        OutlineBlock.objects.bulk_create(
            row_of(outline, place, block) for place, block in enumerate(blocks_of(report.kind))
        )
    outline.changed_at, outline.changed_by = at, by
    outline.save(update_fields=["changed_at", "changed_by"])
    return outline


def row_of(outline: Outline, place: int, block: Block) -> OutlineBlock:
    by, and_by = (*block.by, "", "")[:2]
    return OutlineBlock(
        outline=outline,
        place=place,
        kind=block.kind,
        indicator=block.indicator,
        by=by,
        and_by=and_by,
        years=block.years,
        words_fr=block.words.get("fr", ""),
        words_en=block.words.get("en", ""),
    )


@transaction.atomic
def add_block(*, report: Report, block: Block, place: int, seen: str, by: User, at: datetime) -> None:
    """Put a block at this place; those that stood there and below go down."""
    outline = held(report, seen=seen, by=by, at=at)
    place = min(place, outline.blocks.count())
    outline.blocks.filter(place__gte=place).update(place=F("place") + 1)
    row_of(outline, place, block).save(force_insert=True)
    audit.record("figures.outline.block_added", outline, by=by, at=at, place=place, kind=str(block.kind))


@transaction.atomic
def move_block(*, report: Report, place: int, to: int, seen: str, by: User, at: datetime) -> None:
    """Two blocks change places; at either end nothing moves."""
    outline = held(report, seen=seen, by=by, at=at)
    places = {block.place: block for block in outline.blocks.filter(place__in=[place, to])}
    if place != to and len(places) == 2:
        outline.blocks.filter(pk=places[place].pk).update(place=to)
        outline.blocks.filter(pk=places[to].pk).update(place=place)
        audit.record("figures.outline.block_moved", outline, by=by, at=at, place=place, to=to)


@transaction.atomic
def remove_block(*, report: Report, place: int, seen: str, by: User, at: datetime) -> None:
    """Take a block away; those below come up."""
    outline = held(report, seen=seen, by=by, at=at)
    if outline.blocks.filter(place=place).delete()[0]:
        outline.blocks.filter(place__gt=place).update(place=F("place") - 1)
        audit.record("figures.outline.block_removed", outline, by=by, at=at, place=place)


@transaction.atomic
def change_words(*, report: Report, place: int, words: Mapping[str, str], seen: str, by: User, at: datetime) -> None:
    """Say a heading or a sentence otherwise, in both languages."""
    outline = held(report, seen=seen, by=by, at=at)
    outline.blocks.filter(place=place).update(words_fr=words["fr"], words_en=words["en"])
    audit.record("figures.outline.words_changed", outline, by=by, at=at, place=place)


@transaction.atomic
def restore_outline(*, report: Report, by: User, at: datetime) -> None:
    """Back to what the code says."""
    outline = outline_of(report)
    if outline:
        audit.record("figures.outline.restored", outline, by=by, at=at)
        outline.delete()
