"""Figures answer when intake asks what a dry run would change."""

from django.dispatch import receiver

from citeslab.figures import queries
from citeslab.intake.signals import figures_wanted


@receiver(figures_wanted)
def figures_of_years(sender, *, site, years, **kwargs):
    """`{year: figures}` of the site, computed inside the transaction that asks."""
    return {year: queries.figures_of_year(year=year, site=site) for year in years}
