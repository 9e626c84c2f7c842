"""Why a file, or a cell, is not taken in, in words: what happened, and what to do.

A room adds the words of its own tables to these.
"""

from django.utils.translation import gettext_noop as _

WORDS = {
    "unopened": _("%(name)s cannot be opened (%(why)s). Check the path and the rights of the file."),
    "truncated": _(
        "%(name)s is cut short or damaged. Copy it again from where it is kept, check that it opens, and send it again."
    ),
    "locked": _("%(name)s is protected by a password. Save a copy without the password, and send the copy."),
    "old_format": _("%(name)s is in an older format of Excel. Open it and save it as .xlsx."),
    "open_document": _("%(name)s is an OpenDocument spreadsheet. Save it as .xlsx."),
    "macros": _("%(name)s contains macros. Save it as .xlsx, a workbook without macros."),
    "entities": _(
        "%(name)s contains declarations that no spreadsheet writes. Open it in your spreadsheet and save it as .xlsx."
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
    "not_a_whole_number": (_("This is not a whole number."), _("A number such as 12, or nothing.")),
    "negative": (_("This number is negative."), _("Zero or more.")),
    "out_of_range": (_("This number is out of range."), _("Between %(least)s and %(most)s.")),
}
