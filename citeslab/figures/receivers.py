"""Figures answer when intake asks what a dry run would change, and keep what they count by when files are forgotten."""

from django.dispatch import receiver

from citeslab.figures import queries
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.services import forgetting
from citeslab.intake.signals import figure_names_wanted, figures_wanted
from citeslab.people.signals import people_forgotten


@receiver(figures_wanted)
def figures_of_years(sender, *, site, years, **kwargs):
    """`{year: figures}` of the site, computed inside the transaction that asks."""
    return {year: queries.figures_of_year(year=year, site=site) for year in years}


@receiver(figure_names_wanted)
def figure_names(sender, **kwargs):
    """How each figure is called, by its id."""
    return {figure: str(indicator.wording) for figure, indicator in BY_ID.items()}


@receiver(people_forgotten)
def keep_classes(sender, *, people, **kwargs):
    forgetting.keep_classes(people=people)
