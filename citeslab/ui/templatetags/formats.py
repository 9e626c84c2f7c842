"""Numbers and days in a template, in the language of the page: `{{ total|number }}`, `{{ part|share:1 }}`."""

from django import template

from citeslab.ui import values

register = template.Library()

register.filter("number", values.number)
register.filter("share", values.share)
register.filter("money", values.money)
register.filter("day", values.day)
register.filter("near_day", values.near_day)
register.filter("clock", values.clock)
register.filter("moment", values.moment)
register.filter("phone", values.phone)
register.filter("siret", values.siret)
register.filter("initials", values.initials)


@register.filter
def item(mapping: dict, key: str):
    """`mapping[key]`, or nothing."""
    return mapping.get(key)
