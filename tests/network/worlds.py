"""A small country: two departments with outlines in both editions."""

import shapely

from citeslab.territories import queries as territories
from tests import factories

# Of each QPV: code, name, its square (west, south, east, north), residents.
OF_2015 = [
    ("QP025001", "Planoise", (5.95, 47.22, 5.96, 47.23), None),
    ("QP025002", "Clairs-Soleils", (6.05, 47.24, 6.06, 47.25), None),
]
OF_2024 = [
    ("QN02501M", "Planoise", (5.951, 47.221, 5.961, 47.231), 13_500),
    ("QN02502M", "Clairs-Soleils", (6.05, 47.24, 6.06, 47.25), None),
    ("QN02503I", "Montbéliard-Centre", (6.79, 47.50, 6.80, 47.51), 2_100),
]


def outlines():
    """Both editions, as their files would be loaded; the first two QPV are in Besançon, the third in Montbéliard."""
    department = factories.AnyDepartment()
    factories.AnyCommune(epci_code="242500361")
    factories.AnyCommune(
        code="25388",
        name="Montbéliard",
        sort_key="montbeliard",
        longitude=6.798,
        latitude=47.51,
        postal_codes=["25200"],
    )
    factories.AnyCommune(code="25462", name="Pontarlier", sort_key="pontarlier", postal_codes=["25300"])
    for edition, rows in ((2015, OF_2015), (2024, OF_2024)):
        release = factories.AnyRelease(edition=edition)
        for code, name, square, residents in rows:
            factories.AnyQPV(
                release=release, code=code, name=name, department_code=department.code, residents=residents,
                commune_codes=["25388" if "Montb" in name else "25056"], outline=shapely.to_wkb(shapely.box(*square)),
            )  # fmt: skip
    territories.forget()
