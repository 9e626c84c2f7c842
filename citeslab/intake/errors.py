"""Why a file is not read, in words: what happened, and what to do."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

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


class Unreadable(Exception):
    """The file is refused as a whole; nothing was changed."""

    def __init__(self, code: str, **details):
        super().__init__(code)
        self.code, self.details = code, details

    def __str__(self):
        return gettext(WORDS.get(self.code, WORDS["not_workbook"])) % self.details
