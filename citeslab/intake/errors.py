"""Why a file, or a row, is not taken in, in words: what happened, and what to do."""

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from citeslab.intake.values import RIGHT_WORDS, Fault
from citeslab.ui import values

WORDS = {
    "unopened": _("%(name)s cannot be opened (%(why)s). Check the path and the rights of the file."),
    "empty": _("%(name)s is empty. Choose the caseload workbook again, and check that it was saved."),
    "not_workbook": _(
        "%(name)s is not a workbook that can be read. Save it from your spreadsheet as .xlsx, then send it again."
    ),
    "truncated": _(
        "%(name)s is cut short or damaged. Copy it again from where it is kept, check that it opens, and send it again."
    ),
    "locked": _("%(name)s is protected by a password. Save a copy without the password, and send the copy."),
    "old_format": _("%(name)s is in an older format of Excel. Open it and save it as .xlsx."),
    "open_document": _("%(name)s is an OpenDocument spreadsheet. Save it as .xlsx."),
    "single_text": _(
        "%(name)s is one text file. Give the folder of the five .csv files, or a .zip of them, or an .xlsx workbook."
    ),
    "macros": _("%(name)s contains macros. Save it as .xlsx, a workbook without macros."),
    "entities": _(
        "%(name)s contains declarations that no spreadsheet writes. Open it in your spreadsheet and save it as .xlsx."
    ),
    "too_large": _(
        "%(name)s becomes too large once opened. Keep the five sheets only, in a new workbook, and send that one."
    ),
    "too_heavy": _(
        "%(name)s takes too much time or memory to read. Keep the five sheets only, in a new workbook, and send it."
    ),
    "too_long": _(
        "The sheet %(sheet)s goes down to row %(rows)s; the most is %(limit)s. Delete the empty rows at its end."
    ),
    "too_wide": _(
        "The sheet %(sheet)s goes as far as column %(columns)s; the most is %(limit)s. Delete the columns on its right."
    ),
    "sheet_missing": _("%(name)s lacks a sheet: %(missing)s. Sheets found: %(found)s."),
    "sheet_twice": _("%(name)s has the sheet %(sheet)s twice. Keep one."),
    "column_missing": _("The sheet %(sheet)s lacks a column: %(missing)s. Headings found: %(found)s."),
    "heading_twice": _("The sheet %(sheet)s has the heading %(column)s twice. Keep one."),
    "formulas": _(
        "The sheet %(sheet)s contains formulas (%(cells)s), whose results cannot be trusted. Copy them and paste the "
        "values only."
    ),
    "merged": _("The sheet %(sheet)s has merged cells (%(ranges)s). Unmerge them: each row holds its own values."),
    "not_utf8": _("The file of the sheet %(sheet)s is not in UTF-8. Save it as “CSV UTF-8”, or send an .xlsx."),
    "not_text": _("The file of the sheet %(sheet)s cannot be read at row %(row)s: a quotation mark may be left open."),
    "too_many_bytes": _("%(name)s weighs more than %(limit)s MB. Keep the five sheets only, or split it by year."),
}


# A fault's code: why the cell is not right, and what would be right.
REASONS = {
    "required": (_("This cell is empty."), _("A value is required.")),
    "too_long": (_("This is too long."), _("At most %(most)s characters.")),
    "unreadable_character": (
        _("This holds a character that cannot be read."),
        _("Type the value again instead of pasting it."),
    ),
    "unknown_word": (_("This value is not known."), _("One of: %(right)s.")),
    "not_a_day": (_("This is not a date."), _("A day such as 31/12/2024.")),
    "short_year": (_("The year has two digits only."), _("A day with the whole year, such as 31/12/2024.")),
    "no_such_day": (_("This day does not exist."), _("A day of the calendar, such as 31/12/2024.")),
    "future": (_("This day has not come yet."), _("A day up to %(today)s.")),
    "too_early": (_("This day is too long ago."), _("A day from %(earliest)s on.")),
    "not_a_number": (_("This is not a number."), _("A number in degrees, such as 48.8534.")),
    "not_a_whole_number": (_("This is not a whole number."), _("A number such as 12, or nothing.")),
    "not_a_duration": (_("This is not a duration."), _("A number of minutes, such as 45.")),
    "negative": (_("This number is negative."), _("Zero or more.")),
    "out_of_range": (_("This number is out of range."), _("Between %(least)s and %(most)s.")),
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
