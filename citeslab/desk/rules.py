"""How a caseload is shared out."""

from collections.abc import Sequence

from citeslab.network.enums import HandoverRule


def shares(people: Sequence[tuple[int, str]], colleagues: Sequence[int], rule: HandoverRule) -> dict[int, int]:
    """Each person's key to the colleague who takes her; `people` are keys and communes, in the order of names.

    In turn, the counts differ by one at most. By commune, the people of a place stay together, the largest place
    first to who has the fewest.

    >>> shares([(1, "Lens"), (2, "Lens"), (3, "Arras")], [7, 8], HandoverRule.TURN)
    {1: 7, 2: 8, 3: 7}
    >>> shares([(1, "Lens"), (3, "Arras"), (2, "Lens")], [7, 8], HandoverRule.COMMUNE)
    {1: 7, 3: 8, 2: 7}
    """
    if rule == HandoverRule.TURN:
        return {person: colleagues[place % len(colleagues)] for place, (person, _commune) in enumerate(people)}
    sizes: dict[str, int] = {}
    for _person, commune in people:
        sizes[commune] = sizes.get(commune, 0) + 1
    load = dict.fromkeys(colleagues, 0)
    taker: dict[str, int] = {}
    for commune in sorted(sizes, key=lambda one: (-sizes[one], one)):
        taker[commune] = min(colleagues, key=lambda one: (load[one], colleagues.index(one)))
        load[taker[commune]] += sizes[commune]
    return {person: taker[commune] for person, commune in people}
