"""Measurements: each module gives `measures()`; `make bench` prints them in one table with the machine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One line of the table: what was done, what was reached, what was to reach."""

    work: str
    reached: str
    target: str
    met: bool
