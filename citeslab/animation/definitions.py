"""The craft, as a list that changes with the years."""

from datetime import date

from citeslab.animation.enums import Competence

# Since when each is on the list; the others have been there since the beginning. What leaves gets its last day.
SINCE = {
    Competence.DIGITAL: date(2014, 1, 1),
    Competence.CREATIVE: date(2016, 1, 1),
    Competence.DATA: date(2018, 5, 25),
    Competence.EUROPE: date(2014, 1, 1),
}
UNTIL: dict[Competence, date] = {}


def competences(on: date) -> list[Competence]:
    """The list, as it is that day.

    >>> len(competences(date(2010, 1, 1))), len(competences(date(2020, 1, 1)))
    (8, 12)
    """
    return [one for one in Competence if SINCE.get(one, on) <= on < UNTIL.get(one, date.max)]
