"""Figures as files, as tables, as charts, as open data."""

from citeslab.figures.exports.corrections import moves
from citeslab.figures.exports.documents import document, title_of
from citeslab.figures.exports.drawings import rebuilt
from citeslab.figures.exports.files import dictionary_rows, explored_as_csv, flat, year_as_csv
from citeslab.figures.exports.marks import figure, marked
from citeslab.figures.exports.opened import (
    archive_name,
    cells_csv,
    files_of_publication,
    territories_csv,
    write_all,
)
from citeslab.figures.exports.pictures import neighborhood_map, picture
from citeslab.figures.exports.refused import given_away
from citeslab.figures.exports.remade import file_of, files_of, name_of_file, remade, tools
from citeslab.figures.exports.shown import by_department, year_in_a_sentence, year_page
from citeslab.figures.exports.tables import cell, table, written

__all__ = [
    "archive_name",
    "cell",
    "cells_csv",
    "dictionary_rows",
    "document",
    "explored_as_csv",
    "file_of",
    "figure",
    "files_of",
    "files_of_publication",
    "flat",
    "given_away",
    "marked",
    "moves",
    "name_of_file",
    "neighborhood_map",
    "picture",
    "rebuilt",
    "remade",
    "by_department",
    "table",
    "territories_csv",
    "title_of",
    "tools",
    "write_all",
    "written",
    "year_as_csv",
    "year_in_a_sentence",
    "year_page",
]
