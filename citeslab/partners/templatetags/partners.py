"""How a partner is called, and how one dials her."""

import phonenumbers
from django import template

register = template.Library()


@register.filter
def dialed(number: str) -> str:
    """A number as one dials it from France; what is no number is shown as it was typed."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number, "FR"), phonenumbers.PhoneNumberFormat.NATIONAL)
    except phonenumbers.NumberParseException:
        return number
