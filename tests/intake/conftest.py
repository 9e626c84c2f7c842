"""Workbooks to read: the reference ones, and small ones written by the test."""

from pathlib import Path

import pytest
import xlsxwriter

from citeslab.intake.values import ACTIONS, COLUMNS, MEETINGS, PEOPLE, PROJECTS, STAGES
from citeslab.territories import queries as territories

# One right row for each sheet; a test changes what it is about.
RIGHT = {
    PEOPLE: ["P1", "Élodie", "N'Diaye", "F", "31/12/1990", "1 rue du Bac", "25000", "Besançon", "6.02", "47.25"]
    + ["06 12 34 56 78", "elodie@exemple.fr", "RSA", "4", "Bus"],
    PROJECTS: ["J1", "P1", "Couture", "C", "2024-01-15"],
    MEETINGS: ["P1", "J1", "2024-02-01", "45", "Suivi"],
    STAGES: ["P1", "J1", "2024-02-01", "AMOR", ""],
    ACTIONS: ["A1", "2024-03-01", "Thématique", "Fixer son prix", "Besançon", "P1", "2", "3", "0", "Tenue"],
}


@pytest.fixture(autouse=True)
def _no_release_of_another_test():
    territories.forget()
    yield
    territories.forget()


@pytest.fixture
def rows():
    """The rows of a workbook of one right row a sheet, to be changed by the test."""
    return {sheet: [list(row)] for sheet, row in RIGHT.items()}


@pytest.fixture
def write(tmp_path):
    """Write rows as an `.xlsx`: `write(rows, name=..., headings=..., finish=...)`."""

    def written(rows, *, name="classeur.xlsx", headings=None, sheets=None, finish=None) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as workbook:
            for sheet in sheets or COLUMNS:
                page = workbook.add_worksheet(sheet)
                page.write_row(0, 0, (headings or {}).get(sheet, COLUMNS.get(sheet, ())))
                for number, row in enumerate(rows.get(sheet, ()), start=1):
                    for place, value in enumerate(row):
                        if isinstance(value, str):
                            page.write_string(number, place, value)
                        else:
                            page.write(number, place, value)
                if finish:
                    finish(workbook, page)
        return path

    return written


@pytest.fixture
def reference(shared_data):
    return shared_data / "caseload" / "reference.xlsx"


@pytest.fixture
def with_errors(shared_data):
    return shared_data / "caseload" / "with_errors.xlsx"
