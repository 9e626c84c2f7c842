"""A file that is anonymised: what figures go on counting it by."""

import random

from citeslab.figures.definitions.dimensions import AGES
from citeslab.figures.services.forgetting import birth_year_kept


def band(birth_year, year):
    return next((name for below, name in AGES if year - birth_year < below), "oldest")


def test_the_year_of_birth_that_is_kept_gives_the_same_ages_in_the_years_in_which_she_was_met():
    drawn, moved = random.Random(4), 0
    for _ in range(2000):
        born = drawn.randint(1930, 2012)
        years = {drawn.randint(max(born, 2002), 2030) for _ in range(drawn.randint(1, 4))}
        kept = birth_year_kept(born, years)
        assert [band(kept, year) for year in years] == [band(born, year) for year in years]
        moved += kept != born
    assert moved > 1500


def test_of_someone_met_once_nothing_is_kept_but_the_band():
    assert {birth_year_kept(born, {2020}) for born in range(1976, 1991)} == {1983}
    assert birth_year_kept(1980, set()) is None
