"""The places of the network as the sites that they hold: two names of the same sites are one place."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from itertools import combinations

from citeslab.figures.definitions import facts
from citeslab.figures.disclosure import TOTAL, Branch
from citeslab.figures.enums import UNKNOWN, Breakdown
from citeslab.figures.queries.computed import ENGINE, sql

# From the widest to the narrowest.
LEVELS = (Breakdown.REGION, Breakdown.DEPARTMENT, Breakdown.EPCI, Breakdown.COMMUNE, Breakdown.SITE)
Where = tuple[str, ...]  # a site's place of each level
Sites = frozenset[str]


@cache
def where_they_are() -> str:
    return sql(facts.site.order_by("site_id"))


def where_sites_are() -> dict[str, Where]:
    rows = ENGINE.rows(where_they_are(), {})
    return {str(row["site_id"]): (*[row[level.value] for level in LEVELS[:-1]], str(row["site_id"])) for row in rows}


def places_of(sites: Collection[str], where: Mapping[str, Where]) -> "Places":
    nowhere = (UNKNOWN,) * (len(LEVELS) - 1)
    return Places.made(tuple(where.get(site, (*nowhere, site)) for site in sorted(sites)))


class Places:
    """Those of some sites. Each is called by the first name that it has, `department:59`; all of them are `TOTAL`."""

    def __init__(self, sites: Collection[Where]):
        self.of_site = {where[-1]: where for where in sites}
        self.code_of: dict[Sites, str] = {frozenset(self.of_site): TOTAL}
        wider = range(len(LEVELS) - 1)
        for levels in [*(some for count in wider for some in combinations(wider, count + 1)), (len(LEVELS) - 1,)]:
            for name, inside in self._groups(self.of_site, levels):
                self.code_of.setdefault(inside, name)
        self.sites_of = {code: inside for inside, code in self.code_of.items()}

    @classmethod
    @lru_cache(maxsize=64)  # years have nearly the same sites
    def made(cls, sites: tuple[Where, ...]) -> "Places":
        return cls(sites)

    def _groups(self, within: Collection[str], levels: Collection[int]) -> Iterator[tuple[str, Sites]]:
        groups = defaultdict(set)
        for site in within:
            groups[",".join(f"{LEVELS[level]}:{self.of_site[site][level]}" for level in levels)].add(site)
        for name, inside in sorted(groups.items()):
            yield name, frozenset(inside)

    def at(self, levels: Mapping[str, str]) -> str | None:
        """The place that lies in all of these; nothing where no site does."""
        asked = [(place, levels[level]) for place, level in enumerate(LEVELS) if level in levels]
        inside = [site for site, where in self.of_site.items() if all(where[place] == code for place, code in asked)]
        return self.code_of[frozenset(inside)] if inside else None

    @cached_property
    def holding(self) -> Mapping[str, list[str]]:
        """By site, every place that it lies in."""
        found: dict[str, list[str]] = {site: [] for site in self.of_site}
        for code, inside in self.sites_of.items():
            for site in inside:
                found[site].append(code)
        return found

    @cached_property
    def parts(self) -> Mapping[str, list[str]]:
        """The places that a place is the sum of: those of the widest level that cuts it. A site has none."""
        found = {}
        for code, inside in self.sites_of.items():
            for level in range(len(LEVELS)):
                parts = [self.code_of[part] for _name, part in self._groups(inside, (level,))]
                if len(parts) > 1:
                    found[code] = parts
                    break
        return found

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """From place to place, up to the whole; what lies across others, an intercommunality, has none."""
        found: dict[str, str] = {}
        edge = [TOTAL]
        while edge:
            code = edge.pop()
            parts = self.parts.get(code, [])
            found |= dict.fromkeys(parts, code)
            edge += parts
        return found

    def branches(self, codes: Collection[str]) -> list[Branch]:
        """Of these places, each in those that it is a part of; what is a part of none is one of the whole."""
        inside = [
            Branch(code=part, level="part", parent=code)
            for code in codes
            for part in self.parts.get(code, [])
            if part in codes
        ]
        parts = {branch.code for branch in inside}
        across = [Branch(code=code, level=f"across {code}", parent=TOTAL) for code in codes if code not in parts]
        return [*inside, *[branch for branch in across if branch.code != TOTAL]]
