"""A year as open data: one long file of counts, the territories they add up by, and what tells a machine what it is.

Frictionless Data Package (`datapackage.json`), DCAT-AP 3 (`dcat.jsonld`), a dictionary and a note of method.
"""

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import duckdb
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from citeslab.core.values import harmless, last_day
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.publications import DIMENSIONS, TERRITORY
from citeslab.figures.disclosure import TOTAL, Cell
from citeslab.figures.enums import Breakdown
from citeslab.figures.models import Publication
from citeslab.figures.queries import Territory, Year, labels

LICENCE = "etalab-2.0"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
SHOWN, HIDDEN = "shown", "hidden"


def cells_csv(cells: Iterable[Cell], hidden: Iterable[bool]) -> str:
    """One line a count: `*` where it is a total over that dimension, no value where it is hidden."""
    rows = (
        [
            cell.table,
            cell.indicator,
            *[cell.by.get(name, TOTAL) for name in DIMENSIONS],
            "" if is_hidden else cell.count,
            HIDDEN if is_hidden else SHOWN,
        ]
        for cell, is_hidden in zip(cells, hidden, strict=True)
    )
    return written(["table", "indicator", *DIMENSIONS, "value", "status"], rows)


def territories_csv(territories: Iterable[Territory]) -> str:
    """Each code, what it is and what it is a part of; `*` is the whole."""
    rows = ([one.code, one.level, one.parent, harmless(one.name)] for one in territories)
    return written(["code", "level", "parent", "name"], rows)


def dictionary_csv(year: Year) -> str:
    """Each column and each class in words, in both languages."""
    used: dict[str, set[str]] = {name: set() for name in DIMENSIONS}
    for cell in year.cells:
        for name, value in cell.by.items():
            if value != TOTAL:
                used[name].add(value)
    rows = []
    for id in dict.fromkeys(cell.indicator for cell in year.cells):
        rows.append(["indicator", id, *in_both(lambda id=id: f"{BY_ID[id].wording}. {BY_ID[id].definition}")])
    for name in DIMENSIONS:
        if name == TERRITORY:
            continue
        breakdown = Breakdown(name)
        rows.append(["dimension", name, *in_both(lambda one=breakdown: str(one.label))])
        french, english = ({}, {})
        with override("fr"):
            french = labels(breakdown, used[name])
        with override("en"):
            english = labels(breakdown, used[name])
        rows += [[name, value, french[value], english[value]] for value in french]
    return written(["column", "value", "fr", "en"], ([*row[:2], *map(harmless, row[2:])] for row in rows))


def in_both(words) -> list[str]:
    told = []
    for language in ("fr", "en"):
        with override(language):
            told.append(str(words()))
    return told


def written(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return out.getvalue()


def parquet(folder: Path) -> None:
    """The counts again, typed, for who reads them by program."""
    texts = dict.fromkeys(("table", "indicator", *DIMENSIONS), "VARCHAR")
    columns = ", ".join(
        f"'{name}': '{kind}'" for name, kind in {**texts, "value": "BIGINT", "status": "VARCHAR"}.items()
    )
    with duckdb.connect() as engine:
        source, target = (str(folder / name).replace("'", "''") for name in ("cells.csv", "cells.parquet"))
        engine.execute(
            f"COPY (SELECT * FROM read_csv('{source}', header=true, columns={{{columns}}}))"
            f" TO '{target}' (FORMAT parquet)"
        )


def method(year: Year, summary: dict, *, reference: str, at: datetime) -> str:
    """What was counted and how, what was hidden and why, how the sums can be checked."""
    paragraphs = [
        "# " + _("CitésLab, figures of %(year)s") % {"year": year.year},
        _("Publication %(reference)s, made on %(day)s, under the Open Licence 2.0.")
        % {"reference": reference, "day": at.date().isoformat()},
        _(
            "`cells.csv` holds every count, one a line. A column is a dimension; `*` means that the count is a total "
            "over it, `UNKNOWN` that the class is not known. In each table the values of a dimension, the unknown "
            "included, add up to its total; `territories.csv` says which territory is part of which, and the counts of "
            "the parts add up to that of the whole."
        ),
        _(
            "A person is counted once in a year. Territories are those where people live: the priority neighborhoods "
            "in force on 31 December, in their department and region; everyone who lives elsewhere, or whose address "
            "is not known or not sure, is `UNKNOWN`. Departments of the site are those of the site that met the person "
            "last."
        ),
        _(
            "Counts of people under %(threshold)s are hidden (`status` is `hidden`, `value` is empty), and enough "
            "others with them that no hidden count can be worked out from those shown, in all tables and in what was "
            "published before. This was tried by linear programming before publication: %(leaks)s counts could be "
            "recovered. Hidden: %(hidden)s of %(cells)s counts (%(small)s small, %(protecting)s to protect them)."
        )
        % summary,
        _("The words of each indicator and each class are in `dictionary.csv`, in French and in English."),
    ]
    if withheld := summary.get("withheld"):
        paragraphs.append(
            _(
                "This year was published before, and corrected since. Tables that would give hidden counts away beside "
                "what was published are not in this publication: %(tables)s."
            )
            % {"tables": ", ".join(f"`{table}`" for table in withheld)}
        )
    return "\n\n".join(paragraphs) + "\n"


def datapackage(folder: Path, year: Year, *, reference: str, at: datetime) -> str:
    """The package as Frictionless Data reads it, with the size and the digest of each file."""
    text, count = {"type": "string"}, {"type": "integer"}
    schemas: dict[str, dict] = {
        "cells": {
            "fields": [
                {"name": "table", **text},
                {"name": "indicator", **text},
                *[{"name": name, **text} for name in DIMENSIONS],
                {"name": "value", **count, "constraints": {"minimum": 0}},
                {"name": "status", **text, "constraints": {"enum": [SHOWN, HIDDEN], "required": True}},
            ],
            "missingValues": [""],
            "primaryKey": ["table", "indicator", *DIMENSIONS],
        },
        "territories": {
            "fields": [{"name": name, **text} for name in ("code", "level", "parent", "name")],
            "primaryKey": ["code"],
        },
        "dictionary": {
            "fields": [{"name": name, **text} for name in ("column", "value", "fr", "en")],
            "primaryKey": ["column", "value"],
        },
    }
    return as_json(
        {
            "name": f"citeslab-{year.year}",
            "id": f"citeslab-{reference}",
            "title": _("CitésLab, figures of %(year)s") % {"year": year.year},
            "description": _("People supported in priority neighborhoods, collective actions, projects."),
            "created": at.isoformat(timespec="seconds"),
            "version": reference,
            "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": "Licence Ouverte 2.0"}],
            "resources": [
                {
                    "name": name,
                    "path": f"{name}.csv",
                    "format": "csv",
                    "mediatype": "text/csv",
                    "encoding": "utf-8",
                    "profile": "tabular-data-resource",
                    **weighed(folder / f"{name}.csv"),
                    "schema": schema,
                }
                for name, schema in schemas.items()
            ],
        }
    )


def weighed(path: Path) -> dict:
    data = path.read_bytes()
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def dcat(folder: Path, year: Year, *, reference: str, at: datetime) -> str:
    """The record that a portal of open data harvests (DCAT-AP 3)."""
    page = settings.PUBLIC_URL + reverse("figures:published", args=[year.year])
    number = int(reference.partition("-")[2])
    types = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "json": "application/json"}
    return as_json(
        {
            "@context": {
                "dcat": "http://www.w3.org/ns/dcat#",
                "dct": "http://purl.org/dc/terms/",
                "foaf": "http://xmlns.com/foaf/0.1/",
                "xsd": "http://www.w3.org/2001/XMLSchema#",
                "spdx": "http://spdx.org/rdf/terms#",
            },
            "@id": page,
            "@type": "dcat:Dataset",
            "dct:identifier": f"citeslab-{year.year}",
            "dcat:version": reference,
            "dct:title": [
                {"@language": language, "@value": title}
                for language, title in zip(
                    ("fr", "en"),
                    in_both(lambda: _("CitésLab, figures of %(year)s") % {"year": year.year}),
                    strict=True,
                )
            ],
            "dct:description": [
                {"@language": language, "@value": words}
                for language, words in zip(
                    ("fr", "en"),
                    in_both(lambda: _("People supported in priority neighborhoods, collective actions, projects.")),
                    strict=True,
                )
            ],
            "dct:issued": {"@type": "xsd:dateTime", "@value": at.isoformat(timespec="seconds")},
            "dct:temporal": {
                "@type": "dct:PeriodOfTime",
                "dcat:startDate": {"@type": "xsd:date", "@value": f"{year.year}-01-01"},
                "dcat:endDate": {"@type": "xsd:date", "@value": last_day(year.year).isoformat()},
            },
            "dct:spatial": {"@id": "http://publications.europa.eu/resource/authority/country/FRA"},
            "dcat:theme": {"@id": "http://publications.europa.eu/resource/authority/data-theme/SOCI"},
            "dct:accessRights": {"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"},
            "dct:publisher": {"@type": "foaf:Organization", "foaf:name": "CitésLab"},
            "dct:language": [
                {"@id": f"http://publications.europa.eu/resource/authority/language/{code}"} for code in ("FRA", "ENG")
            ],
            "dcat:distribution": [
                {
                    "@type": "dcat:Distribution",
                    "dcat:accessURL": {"@id": page},
                    "dcat:downloadURL": {
                        "@id": settings.PUBLIC_URL + reverse("figures:published_file", args=[year.year, number, name])
                    },
                    "dct:title": name,
                    "dcat:mediaType": {
                        "@id": f"https://www.iana.org/assignments/media-types/{types[name.rsplit('.')[-1]]}"
                    },
                    "dcat:byteSize": weighed(folder / name)["bytes"],
                    "spdx:checksum": {
                        "spdx:algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
                        "spdx:checksumValue": weighed(folder / name)["hash"].removeprefix("sha256:"),
                    },
                    "dct:license": {"@id": "http://publications.europa.eu/resource/authority/licence/LO_2_0"},
                }
                for name in ("cells.csv", "cells.parquet", "territories.csv", "dictionary.csv")
            ],
        }
    )


def as_json(data: dict) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def write_all(folder: Path, year: Year, hidden: Sequence[bool], summary: dict, *, reference: str, at: datetime) -> None:
    """Every file of the publication, into a folder that is there."""

    def put(name: str, text: str) -> None:
        (folder / name).write_text(text, encoding="utf-8", newline="")

    put("cells.csv", cells_csv(year.cells, hidden))
    put("territories.csv", territories_csv(year.territories))
    put("dictionary.csv", dictionary_csv(year))
    parquet(folder)
    for language, name in (("fr", "methode.md"), ("en", "method.md")):
        with override(language):
            put(name, method(year, summary, reference=reference, at=at))
    put("datapackage.json", datapackage(folder, year, reference=reference, at=at))
    put("dcat.jsonld", dcat(folder, year, reference=reference, at=at))


@lru_cache(maxsize=4)  # a publication never changes
def files_of_publication(key: int, digest: str) -> Mapping[str, bytes]:
    """The files of a publication made again from the register, and all of them in one archive.

    Its counts are those that were written, byte for byte; its words are today's.

    `digest` is that of the row: what is kept here is of no other one.
    """
    row = Publication.objects.get(pk=key, digest=digest)
    year = Year(
        year=row.year,
        cells=tuple(
            Cell(table=table, indicator=indicator, by=by, count=count)
            for table, indicator, by, count, _gone in row.cells
        ),
        territories=tuple(Territory(*one) for one in row.summary["territories"]),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with override(settings.LANGUAGE_CODE):  # of the files, whoever asks
            hidden = [one[4] for one in row.cells]
            write_all(folder, year, hidden, row.summary, reference=row.reference, at=row.made_at)
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return {**files, archive_name(row.reference): archived(files, row.made_at)}


def archive_name(reference: str) -> str:
    return f"citeslab-{reference}.zip"


def archived(files: Mapping[str, bytes], at: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
