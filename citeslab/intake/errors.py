"""Why a file, or a row, is not taken in, in words: what happened, and what to do."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from citeslab.core import errors
from citeslab.core.readers.wanted import Fault
from citeslab.intake.values import RIGHT_WORDS
from citeslab.ui import values

WORDS = {
    **errors.WORDS,
    "empty": _("%(name)s is empty. Choose the caseload workbook again, and check that it was saved."),
    "not_workbook": _(
        "%(name)s is not a workbook that can be read. Save it from your spreadsheet as .xlsx, then send it again."
    ),
    "single_text": _(
        "%(name)s is one text file. Give the folder of the five .csv files, or a .zip of them, or an .xlsx workbook."
    ),
    "too_large": _(
        "%(name)s becomes too large once opened. Keep the five sheets only, in a new workbook, and send that one."
    ),
    "too_heavy": _(
        "%(name)s takes too much time or memory to read. Keep the five sheets only, in a new workbook, and send it."
    ),
    "too_many_bytes": _("%(name)s weighs more than %(limit)s MB. Keep the five sheets only, or split it by year."),
}


# A fault's code: why the cell is not right, and what would be right.
REASONS = {
    **errors.REASONS,
    "not_a_number": (_("This is not a number."), _("A number in degrees, such as 48.8534.")),
    "not_a_duration": (_("This is not a duration."), _("A number of minutes, such as 45.")),
    "half_position": (
        _("A position has a longitude and a latitude; one is missing."),
        _("Both, or neither."),
    ),
    "position_zero": (
        _("This position is in the ocean: 0, 0 is what some tools write for an unknown place."),
        _("The position of the house number, or two empty cells."),
    ),
    "reference_twice": (
        _("This reference is already that of row %(row)s."),
        _("A reference of its own."),
    ),
    "reference_twice_presumed": (
        _("This reference is already that of row %(row)s."),
        _("A reference of its own: %(presumed)s, by the rows around it?"),
    ),
    "no_such_person": (
        _("Nobody has the reference %(reference)s, in this workbook or here."),
        _("The reference of a row of the sheet %(sheet)s."),
    ),
    "no_such_project": (
        _("No project has the reference %(reference)s, in this workbook or here."),
        _("The reference of a row of the sheet %(sheet)s."),
    ),
    "reason_required": (_("Leaving needs a reason."), _("One of: %(right)s.")),
    "reason_without_exit": (
        _("Only the stage SORT has a reason."),
        _("The stage SORT, or an empty cell here."),
    ),
}
DAYS = frozenset({"today", "earliest"})  # details that are days, kept as ISO 8601
# What is taken in as it is written, and said so.
REMARKS = {
    "phone_as_written": _("This phone number was not understood; it is kept as written."),
    "email_as_written": _("This does not look like an e-mail address; it is kept as written."),
    "elsewhere": _("This position is outside France: the person counts as not located."),
}


def reason(fault: Fault) -> str:
    """Why the cell keeps its row out, in a sentence."""
    return gettext(REASONS[fault.code][0]) % fault.details


def remedy(fault: Fault) -> str:
    """What would be right, in a sentence."""
    words = {"right": RIGHT_WORDS.get(fault.column, ""), **fault.details}
    for name in DAYS & words.keys():
        words[name] = values.day(date.fromisoformat(words[name]))
    return gettext(REASONS[fault.code][1]) % words


def remark(code: str) -> str:
    return gettext(REMARKS[code])


class Unreadable(Exception):
    """The file is refused as a whole; nothing was changed."""

    def __init__(self, code: str, **details):
        super().__init__(code)
        self.code, self.details = code, details

    def __str__(self):
        return gettext(WORDS.get(self.code, WORDS["not_workbook"])) % self.details
