"""A phone number as one says it, a home as it was said, and what two people wrote in one file."""

from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext_lazy as _

FRANCE = 33
MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


def national(number: str) -> str:
    """A metropolitan number as one says it; another one, or what is no number, as it is written.

    Overseas numbers keep their country code: said the national way they would be read as metropolitan ones.
    """
    if not number.startswith("+33"):
        return number
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)


def is_mobile(phone: str) -> bool:
    """Whether a text message can reach this number; what is no number cannot."""
    try:
        number = phonenumbers.parse(phone, "FR")
    except phonenumbers.NumberParseException:
        return False
    if number.country_code == FRANCE:  # numbers kept for fiction are in no table of operators
        return phonenumbers.is_possible_number(number) and str(number.national_number)[0] in "67"
    return phonenumbers.number_type(number) in MOBILE


# Levels of the national framework of qualifications (decree 2019-14 of 8 January 2019).
DIPLOMA_LEVELS = {
    "3": _("vocational certificate (level 3)"),
    "4": _("end of secondary school (level 4)"),
    "5": _("two years after secondary school (level 5)"),
    "6": _("three or four years after secondary school (level 6)"),
    "7": _("five years after secondary school (level 7)"),
    "8": _("doctorate (level 8)"),
}


def diploma_in_words(said: str) -> str:
    """A level as one understands it; anything else as it was written."""
    return str(DIPLOMA_LEVELS.get(said.strip(), said))


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person says she lives, and the place that was found for it, if any."""

    address: str = ""
    postal_code: str = ""
    commune_name: str = ""
    longitude: float | None = None
    latitude: float | None = None
    precision: str = "GIVEN"  # of `enums.Precision`; without a place it says nothing

    def __bool__(self) -> bool:
        return bool(self.address or self.commune_name or self.longitude is not None)
