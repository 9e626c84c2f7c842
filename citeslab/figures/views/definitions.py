"""Doors of the dictionary: every indicator, what one means, and two of its meanings side by side."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from citeslab.core.values import last_day
from citeslab.figures import forms, queries
from citeslab.figures.definitions.indicators import BY_ID, INDICATORS, variants_of


@require_safe
def dictionary(request):
    """Every indicator: what it counts, and how."""
    return TemplateResponse(request, "figures/dictionary.html", {"indicators": INDICATORS})


@require_safe
def definition(request, id):
    """One indicator: its words, its versions, what funders mean by the same word; two of these compared."""
    if id not in BY_ID:
        raise Http404
    indicator, on = BY_ID[id], timezone.localdate()
    others = queries.comparable_with(indicator)
    perimeters = queries.perimeters_for(request.user, on=on) if others else []
    return TemplateResponse(
        request,
        "figures/definition.html",
        {
            "indicator": indicator,
            "versions": list(indicator.history),
            "terms": [BY_ID[one] for one in (indicator.numerator, indicator.denominator, indicator.unknowns) if one],
            "variants": [(one.funder, BY_ID[one.id]) for one in variants_of(indicator)],
            **(comparison(request, indicator, others, perimeters, on) if perimeters else {}),
        },
    )


def comparison(request, indicator, others, perimeters, on):
    """Both meanings of a perimeter and a year; small numbers hidden for who knows nobody there by name."""
    form = forms.Comparison(request.GET, others=others, perimeters=perimeters, on=on)
    other, perimeter, year = form.asked()
    exact = perimeter in queries.exact_for(request.user, on=on)
    found = None
    if queries.may_be_compared_in(indicator, perimeter):
        found = queries.compared(other, indicator, perimeter=perimeter, year=year)
        if not exact:
            found = queries.protected_comparison(found, perimeter=perimeter, year=year)
    return {
        "form": form.again(),
        "compared": found,
        "whose": queries.name_of(perimeter),
        "year": year,
        "is_exact": exact,
        "is_running": on < last_day(year),
    }
