"""Why a file of the network, or a row of it, is not taken in, in words."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from citeslab.core import errors
from citeslab.core.readers.cells import Bad

WORDS = {
    **errors.WORDS,
    "empty": _("%(name)s is empty. Choose the file again, and check that it was saved."),
    "not_workbook": _("%(name)s is not a table that can be read. Save it as .csv (UTF-8) or as .xlsx."),
    "too_large": _("%(name)s becomes too large once opened. Keep the one sheet only, in a new file."),
    "too_heavy": _("%(name)s takes too much time or memory to read. Keep the one sheet only, in a new file."),
    "too_many_bytes": _("%(name)s weighs more than %(limit)s MB. Split it."),
}
REASONS = {
    **errors.REASONS,
    "not_a_phone": (_("This is not a phone number."), _("A number such as 03 81 61 50 50.")),
    "not_an_email": (_("This is not an e-mail address."), _("An address such as contact@exemple.fr.")),
    "no_such_site": (_("No site has this code."), _("The code of a site, such as %(right)s.")),
    "no_such_commune": (_("No commune has this code."), _("An INSEE code such as 59350, not the postal code.")),
    "no_such_epci": (_("No commune is of this EPCI."), _("The nine digits of its SIREN, such as 242500361.")),
    "no_such_account": (
        _("No account has this address."),
        _("The address of an advisor's account. Invite her first, from the page of accounts."),
    ),
    "no_qpv_there": (
        _("No QPV of the edition in force on that day is there."),
        _("Another place, or the code of a QPV."),
    ),
    "one_place": (
        _("A row names one QPV, one commune or one EPCI."),
        _("One of the three cells filled in, the others empty."),
    ),
    "other_name": (
        _("It is called %(name)s here."),
        _("The same name. A new name is given on its page, from a day on."),
    ),
    "other_organization": (
        _("This site is run by %(name)s."),
        _("The same organization. A site changes hands by the merger of two organizations."),
    ),
    "merged": (
        _("%(name)s has merged into %(into)s."),
        _("The organization that runs its sites now: %(into)s."),
    ),
    "other_siret": (_("%(name)s has another SIRET here."), _("The same SIRET, or an empty cell.")),
    "other_beginning": (_("This post begins on %(day)s here."), _("The same day, or a reference of its own.")),
    "ends_first": (_("It ends before it begins."), _("A last day from the first day on, or nothing.")),
}


class Unreadable(Exception):
    """The file is refused as a whole; nothing was changed."""

    def __init__(self, code: str, **details):
        super().__init__(code)
        self.code, self.details = code, details

    def __str__(self):
        return gettext(WORDS.get(self.code, WORDS["not_workbook"])) % self.details


def in_words(bad: Bad) -> tuple[str, str]:
    """Why the cell is not right, and what would be."""
    reason, right = REASONS[bad.code]
    return gettext(reason) % bad.details, gettext(right) % {"right": "", **bad.details}
