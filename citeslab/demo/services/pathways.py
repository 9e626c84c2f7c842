"""Who was met each year, and how far each went: drawn from exact quotas, so that a year's shares are known.

A year is drawn alone, from its own seed: what is told up to a day never depends on the last day told.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# People supported each year at full scale, until 2016; the release averages the last three whole years.
SUPPORTED = {
    2002: 430, 2003: 1_090, 2004: 1_860, 2005: 2_640, 2006: 3_270, 2007: 3_820, 2008: 4_360, 2009: 4_810,
    2010: 5_230, 2011: 5_540, 2012: 5_860, 2013: 6_240, 2014: 6_552, 2015: 6_598, 2016: 6_592, 2017: 6_615,
}  # fmt: skip
AFTERWARDS = 6_640  # about as many in each later year
CARRIED = 0.11  # of a year's people, those who were already supported the year before
ONLY_MET = 0.17  # beside the supported: met, without a supporting step
WOMEN = {2014: 0.4625, 2015: 0.4640, 2016: 0.4660}  # of the sex-known; 0.455 to 0.475 in other years
SEX_UNKNOWN = 0.012
# Shares of the situations at the end of the year: creation path, emergence, employment; the rest is other.
SHARES = {2016: (0.4100, 0.2800, 0.0600)}

CREATION, EMERGENCE, EMPLOYMENT, OTHER, MET = range(5)
STEPS = ("ACCU", "AMOR", "EMER", "FORM", "PARC", "SORT")
ACCU, AMOR, EMER, FORM, PARC, SORT = range(6)
EXITS = {
    CREATION: (("CREATION", "TAKEOVER", "INCUBATOR", "PARTNER"), (0.62, 0.06, 0.12, 0.20)),
    EMPLOYMENT: (("EMPLOYMENT",), (1.0,)),
    OTHER: (("ABANDONED", "POSTPONED", "TRAINING", "MOVED", "NO_NEWS"), (0.30, 0.26, 0.16, 0.06, 0.22)),
}
MOST_MEETINGS = 7


@dataclass
class Year:
    """What one year adds: the new people, and the rows of facts about them and about those carried over.

    `new` are the people first met (their places run from `first`); each fact names a person by her place.
    """

    year: int
    first: int
    situation: NDArray[np.int8]  # of the new people, at the end of their first year; MET where not supported
    first_day: NDArray[np.int32]  # day of the year
    sex: NDArray[np.int8]  # 0 woman, 1 man, 2 unknown
    meetings: NDArray  # rows (person, day of the year, nature)
    steps: NDArray  # rows (person, day of the year, stage, exit code or -1)
    stage: NDArray[np.int8]  # of the new people, the last stage of the year

    def __len__(self) -> int:
        return len(self.situation)


def quota(rng: np.random.Generator, year: int, scale: float) -> tuple[int, NDArray[np.int64]]:
    """How many are supported, and how many in each situation: exact numbers, larger remainders first."""
    total = SUPPORTED.get(year) or AFTERWARDS + int(rng.integers(-40, 60))
    total = max(round(total * scale), 4)
    if year in SHARES:
        shares = np.array(SHARES[year])
    else:
        shares = np.array([0.395, 0.285, 0.058]) + rng.uniform(-0.012, 0.012, 3)
    wanted = np.append(shares, 1 - shares.sum()) * total
    counts = np.floor(wanted).astype(np.int64)
    for place in np.argsort(counts - wanted)[: total - counts.sum()]:
        counts[place] += 1
    return total, counts


def tell(seed: int, year: int, first: int, before: Year | None, scale: float) -> Year:
    """Draw a year. `before` is the year before: some of its people go on."""
    rng = np.random.default_rng([seed, 3, year])
    total, counts = quota(rng, year, scale)
    carried = carry(rng, before, round(total * CARRIED)) if before else np.empty(0, np.int64)
    situations = np.repeat(np.arange(4, dtype=np.int8), counts)
    rng.shuffle(situations)
    of_carried, of_new = situations[: len(carried)], situations[len(carried) :]
    only_met = round(total * ONLY_MET)
    situation = np.concatenate([of_new, np.full(only_met, MET, dtype=np.int8)])
    first_day = days(rng, len(situation))
    meetings, steps, stage = new_people(rng, first, situation, first_day)
    more_meetings, more_steps = people_carried(rng, before, carried, of_carried)
    # Dealt apart, so that the supported have the year's share of women.
    sex = np.concatenate([sexes(rng, year, len(of_new)), sexes(rng, year, only_met)])
    return Year(
        year, first, situation, first_day, sex,
        np.concatenate([meetings, more_meetings]), np.concatenate([steps, more_steps]), stage,
    )  # fmt: skip


def carry(rng: np.random.Generator, before: Year, count: int) -> NDArray[np.int64]:
    """People of the year before whose pathway is open, and who come again."""
    still_open = np.flatnonzero((before.situation <= OTHER) & (before.stage >= AMOR) & (before.stage <= FORM))
    return before.first + rng.choice(still_open, min(count, len(still_open)), replace=False)


def days(rng: np.random.Generator, count: int) -> NDArray[np.int32]:
    """First meetings, fewer in August and at Christmas."""
    weights = np.ones(358)
    weights[212:243] = 0.35
    weights[350:] = 0.3
    return rng.choice(np.arange(1, 359), count, p=weights / weights.sum()).astype(np.int32)


def sexes(rng: np.random.Generator, year: int, count: int) -> NDArray[np.int8]:
    unknown = round(count * SEX_UNKNOWN)
    women = round((count - unknown) * WOMEN.get(year, 0.465 + rng.uniform(-0.010, 0.010)))
    drawn = np.full(count, 1, dtype=np.int8)
    drawn[:women], drawn[count - unknown :] = 0, 2
    return drawn[rng.permutation(count)]


def new_people(rng, first: int, situation: NDArray, first_day: NDArray):
    """Meetings and steps of people first met this year, spread between their first day and the end of the year."""
    count = len(situation)
    is_met_only = situation == MET
    more = np.where(is_met_only, 0, np.minimum(1 + rng.poisson(1.6, count), MOST_MEETINGS))
    people = np.repeat(np.arange(count), 1 + more)
    rank = np.arange(len(people)) - np.repeat(np.cumsum(1 + more) - (1 + more), 1 + more)
    room = 362 - first_day
    when = first_day[people] + np.where(rank == 0, 0, np.floor(rng.uniform(0.02, 1, len(people)) * room[people]))
    nature = np.where(rank == 0, 0, np.where(rank == 1, 1, np.where(rng.uniform(size=len(people)) < 0.24, 3, 2)))
    meetings = np.column_stack([first + people, when.astype(np.int64), nature])

    last = np.full(count, AMOR, dtype=np.int8)
    last[situation == CREATION] = PARC
    emerging = situation == EMERGENCE
    last[emerging] = np.where(rng.uniform(size=emerging.sum()) < 0.42, FORM, EMER)
    looking = situation == EMPLOYMENT
    last[looking] = np.where(rng.uniform(size=looking.sum()) < 0.35, EMER, AMOR)
    last[is_met_only] = ACCU
    leaves = looking.copy()
    leaves |= (situation == CREATION) & (rng.uniform(size=count) < 0.34)
    leaves |= (situation == OTHER) & (rng.uniform(size=count) < 0.48)
    number = last + 1 + leaves
    who = np.repeat(np.arange(count), number)
    order = np.arange(len(who)) - np.repeat(np.cumsum(number) - number, number)
    is_exit = leaves[who] & (order == number[who] - 1)
    stage = np.where(is_exit, SORT, order)
    # The k-th step falls in the k-th part of what is left of the year.
    part = (order + rng.uniform(0, 0.9, len(who))) / number[who]
    day = first_day[who] + np.where(order == 0, 0, np.ceil(part * room[who]))
    code = np.full(len(who), -1)
    for kind, (names, chances) in EXITS.items():
        theirs = is_exit & (situation[who] == kind)
        code[theirs] = exit_codes(rng, kind, names, chances, theirs.sum())
    steps = np.column_stack([first + who, day.astype(np.int64), stage, code])
    return meetings, steps, np.where(leaves, SORT, last).astype(np.int8)


def exit_codes(rng, kind: int, names, chances, count: int) -> NDArray[np.int64]:
    return kind * 10 + rng.choice(len(names), count, p=chances)


def exit_name(code: int) -> str:
    return EXITS[code // 10][0][code % 10] if code >= 0 else ""


def people_carried(rng, before: Year | None, carried: NDArray, situation: NDArray):
    """Those who go on: one to three meetings, and the steps from where they were to where they end the year."""
    meetings, steps = [], []
    for person, ends in zip(carried.tolist(), situation.tolist(), strict=True):
        assert before is not None  # who is carried over was there
        stage = int(before.stage[person - before.first])
        when = np.sort(rng.integers(5, 355, 1 + rng.integers(0, 3)))
        meetings += [(person, int(day), 2) for day in when]
        day = int(when[0])
        for reached, code in path(rng, stage, ends):
            day = min(day + int(rng.integers(0, 30)), 363)
            steps.append((person, day, reached, code))
    return (
        np.array(meetings, dtype=np.int64).reshape(-1, 3),
        np.array(steps, dtype=np.int64).reshape(-1, 4),
    )


def path(rng, stage: int, ends: int) -> list[tuple[int, int]]:
    """The steps from `stage` that make the year end in the situation `ends`."""
    if ends == CREATION:
        return [(step, -1) for step in range(stage + 1, PARC + 1)]
    if ends == EMERGENCE:
        return [] if stage >= EMER else [(EMER, -1)]
    if ends == OTHER and stage == AMOR and rng.uniform() < 0.5:
        return []
    names, chances = EXITS[ends]
    return [(SORT, int(exit_codes(rng, ends, names, chances, 1)[0]))]
