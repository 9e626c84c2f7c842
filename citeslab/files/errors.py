"""Why a document is not taken."""

from django.utils.translation import gettext as _


class NotTaken(Exception):
    """`why` is "empty", "large", "unknown", "other" (its name says another type) or "macros"."""

    def __init__(self, why: str, **said):
        super().__init__()
        self.why, self.said = why, said

    def __str__(self):
        match self.why:
            case "empty":
                return _("This file is empty. Choose the document again.")
            case "large":
                return _("This file is larger than %(limit)s MB. Make it smaller, or send it in parts.") % self.said
            case "other":
                return _(
                    "This file is named .%(named)s, and is none: its content says something else. "
                    "Save it again as a PDF, then send that."
                ) % {"named": self.said["named"]}
            case "macros":
                return _("This document holds macros, programs that could do harm. Save it without them.")
        return _("This type of file is not kept here. Take a PDF, an image, or a Word, Excel or OpenDocument file.")
