"""What a version corrects: each number that moved since the one before, in words, with what weighs on it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.enums import Breakdown
from citeslab.figures.exports.tables import rests_on, written
from citeslab.figures.queries.explored import Number
from citeslab.figures.queries.labelled import labels
from citeslab.ui import values


def corrections(moved: Sequence[Mapping[str, Any]], *, number: int) -> dict[str, Any]:
    """Each number that is not the same as in the version before."""
    pieces: list[dict[str, Any]] = [{"kind": "text", "paragraphs": [_("No number moved.")]}]
    if moved:
        pieces = [moves(moved, before=_("Version %(number)s") % {"number": number - 1}, after=_("This version"))]
    return {"title": _("What this version corrects"), "pieces": pieces}


def moves(moved: Sequence[Mapping[str, Any]], *, before: str, after: str) -> dict[str, Any]:
    classes = class_words(moved)
    return {
        "kind": "moves",
        "title": _("What moved, and why"),
        "columns": [_("Figure"), before, after, _("What was written since and weighs on it")],
        "rows": [
            {
                "wording": name_of_number(row, classes),
                "before": of_row(row, row["before"]),
                "after": of_row(row, row["after"]),
                "why": why(row),
            }
            for row in moved
        ],
    }


def class_words(moved: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """The words of each breakdown's classes that these rows name, asked once a breakdown."""
    named: dict[str, set[str]] = {}
    for row in moved:
        for name, value in row["by"].items():
            named.setdefault(name, set()).add(value)
    return {
        (name, value): words
        for name, wanted in named.items()
        for value, words in labels(Breakdown(name), wanted).items()
    }


def name_of_number(row: Mapping[str, Any], classes: Mapping[tuple[str, str], str]) -> str:
    wording = str(BY_ID[row["indicator"]].wording) if row["indicator"] in BY_ID else row["indicator"]
    return ", ".join([wording, *[classes[one] for one in sorted(row["by"].items())], str(row["year"])])


def of_row(row: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    is_share = row["indicator"] in BY_ID and bool(BY_ID[row["indicator"]].numerator)
    number = Number(told["count"], told["of"], is_share)
    more = rests_on(number)
    return f"{written(number)} ({more})" if more else written(number)


def why(row: Mapping[str, Any]) -> str:
    told = [caused(cause) for cause in row["causes"]]
    if row["redefined"]:
        told.insert(0, _("the definition changed"))
    if not told:
        return _("What files say of people or places was corrected: no date is kept of it.")
    return " · ".join(filter(None, told))


def caused(cause: Mapping[str, Any]) -> str:
    """A kind of fact, with how many were recorded and taken back, where that is said."""
    recorded, withdrawn = cause["recorded"] or 0, cause["withdrawn"] or 0
    some = "", ""  # in words, where it is not said how many
    match cause["kind"]:
        case "meeting":
            written_down = ngettext("%(count)s meeting recorded", "%(count)s meetings recorded", recorded)
            taken_back = ngettext("%(count)s meeting withdrawn", "%(count)s meetings withdrawn", withdrawn)
            some = _("meetings recorded"), _("meetings withdrawn")
        case "transition":
            written_down = ngettext("%(count)s step recorded", "%(count)s steps recorded", recorded)
            taken_back = ngettext("%(count)s step withdrawn", "%(count)s steps withdrawn", withdrawn)
            some = _("steps recorded"), _("steps withdrawn")
        case "residence":
            written_down = ngettext("%(count)s residence answered", "%(count)s residences answered", recorded)
            taken_back = ngettext("%(count)s answer withdrawn", "%(count)s answers withdrawn", withdrawn)
            some = _("residences answered"), _("answers withdrawn")
        case "project":
            written_down = ngettext("%(count)s project recorded", "%(count)s projects recorded", recorded)
            taken_back = ""
            some = _("projects recorded"), ""
        case "workshop":
            written_down = ngettext("%(count)s action recorded", "%(count)s actions recorded", recorded)
            taken_back = ngettext("%(count)s action cancelled", "%(count)s actions cancelled", withdrawn)
        case "attendance":
            written_down = ngettext("%(count)s attendance recorded", "%(count)s attendances recorded", recorded)
            taken_back = ngettext("%(count)s attendance withdrawn", "%(count)s attendances withdrawn", withdrawn)
            some = _("attendances recorded"), _("attendances withdrawn")
        case "head_count":
            written_down = ngettext("%(count)s head-count recorded", "%(count)s head-counts recorded", recorded)
            taken_back = ngettext("%(count)s head-count withdrawn", "%(count)s head-counts withdrawn", withdrawn)
            some = _("head-counts recorded"), _("head-counts withdrawn")
        case "payment":
            written_down = ngettext("%(count)s payment recorded", "%(count)s payments recorded", recorded)
            taken_back = ngettext("%(count)s payment withdrawn", "%(count)s payments withdrawn", withdrawn)
        case "join":
            written_down = ngettext("%(count)s file joined", "%(count)s files joined", recorded)
            taken_back = ngettext("%(count)s join undone", "%(count)s joins undone", withdrawn)
            some = _("files joined"), _("joins undone")
        case _:
            written_down = ngettext(
                "%(count)s release of borders loaded", "%(count)s releases of borders loaded", recorded
            )
            taken_back = ""
    parts = [(written_down, some[0], cause["recorded"]), (taken_back, some[1], cause["withdrawn"])]
    return ", ".join(
        unsaid if count is None else words % {"count": values.number(count)}
        for words, unsaid, count in parts
        if words and count != 0
    )
