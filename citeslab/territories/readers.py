"""The official QPV file, as published in each edition, turned into plain values; and the communes' files."""

import csv
import gzip
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import shapely

from citeslab.core.values import whole_number
from citeslab.territories.enums import Territory
from citeslab.territories.values import territory_of

LARGEST_INFLATED = 400 * 1024 * 1024  # bytes; the official file inflates to about 11 MB
CODE = {2015: re.compile(r"QP[0-9AB]{6}"), 2024: re.compile(r"QN[0-9AB]{5}[A-Z]")}

# The names that publishers give to each field, folded to lower case.
NAMES = {
    "code": ("code_qp", "codeqp", "code_qpv", "code"),
    "name": ("lib_qp", "nom_qp", "libelle_qp", "nom", "name"),
    "department": ("insee_dep", "code_departement", "code_dep", "departement", "dep"),
    "communes": ("insee_com", "code_commune", "code_com", "com_insee", "depcom"),
    "residents": ("pop_mun", "pmun", "population", "pop_municipale", "residents"),
}


class QPVFileRefused(Exception):
    """The file cannot be the official one; the message says why."""


@dataclass(frozen=True)
class Outline:
    """A QPV of the file: its outline in WGS 84, repaired if it had to be."""

    code: str
    name: str
    department_code: str
    commune_codes: list[str]
    polygon: shapely.Geometry
    was_repaired: bool
    residents: int | None = None


def read_outlines(path: Path, *, edition: int) -> list[Outline]:
    """Every QPV of a `.geojson`, `.geojson.gz` or official `.zip`. Raises `QPVFileRefused`."""
    try:
        content = inflated(path)
    except (zlib.error, lzma.LZMAError, gzip.BadGzipFile, EOFError, zipfile.BadZipFile) as error:
        raise QPVFileRefused(f"{path.name} is cut or damaged: {error}. Download it again.") from error
    except (RuntimeError, NotImplementedError) as error:  # what zipfile says of a password, or of a rare method
        raise QPVFileRefused(f"{path.name} cannot be opened: it is locked by a password, or packed oddly.") from error
    except OSError as error:
        raise QPVFileRefused(f"{path.name} cannot be read: {error.strerror}.") from error
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise QPVFileRefused(f"{path.name} is not whole JSON ({error}). Download it again.") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        raise QPVFileRefused(f"{path.name} is not a GeoJSON FeatureCollection.")
    if not features:
        raise QPVFileRefused(f"{path.name} holds no QPV.")
    outlines = [read_feature(feature, number, edition) for number, feature in enumerate(features, start=1)]
    codes: set[str] = set()
    for outline in outlines:
        if outline.code in codes:
            raise QPVFileRefused(f"The code {outline.code} stands twice in {path.name}.")
        codes.add(outline.code)
    return outlines


def inflated(path: Path) -> bytes:
    """The bytes of the GeoJSON, whatever holds them; a bomb is refused while it inflates."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if info.filename.lower().endswith((".geojson", ".json"))]
            members.sort(key=lambda info: ("wgs84" not in info.filename.lower(), info.filename))
            if not members:
                raise QPVFileRefused(f"{path.name} holds no .geojson file.")
            with archive.open(members[0]) as file:
                return bounded(file, path)
    if head.startswith(b"\x1f\x8b"):
        with gzip.open(path) as file:
            return bounded(file, path)
    with path.open("rb") as file:
        return bounded(file, path)


def bounded(file, path: Path) -> bytes:
    content = file.read(LARGEST_INFLATED + 1)
    if len(content) > LARGEST_INFLATED:
        raise QPVFileRefused(f"{path.name} inflates to more than {LARGEST_INFLATED >> 20} MB: it is not the QPV file.")
    return content


def read_feature(feature, number: int, edition: int) -> Outline:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise QPVFileRefused(f"Feature {number} has no properties.")
    fields = {str(name).lower(): value for name, value in properties.items()}
    code = str(first_of(fields, "code") or "").strip()
    if not CODE[edition].fullmatch(code):
        other = next((year for year, form in CODE.items() if form.fullmatch(code)), None)
        why = f"is of the {other} edition" if other else f"is not a code of the {edition} edition"
        raise QPVFileRefused(f"Feature {number}: the code {code or 'nothing'} {why}.")
    polygon, was_repaired = repaired(feature.get("geometry"), code)
    communes = re.findall(r"[0-9AB]{5}", str(first_of(fields, "communes") or ""))
    return Outline(
        code=code,
        name=printable(first_of(fields, "name") or code),
        department_code=str(first_of(fields, "department") or department_in(code)).strip().zfill(2),
        commune_codes=communes,
        polygon=polygon,
        was_repaired=was_repaired,
        residents=counted(first_of(fields, "residents")),
    )


def first_of(fields: dict, what: str):
    return next((fields[name] for name in NAMES[what] if fields.get(name) not in (None, "")), None)


def counted(value) -> int | None:
    """A number of residents; nothing when the file says none, or says it in another way than a whole number."""
    said = str(value).removesuffix(".0") if value is not None else ""
    return whole_number(said, digits=7)


def printable(text) -> str:
    """`text` on one line, without what a database or a screen cannot hold (a null byte, half a pair)."""
    return "".join(letter for letter in " ".join(str(text).split()) if letter.isprintable())


def department_in(code: str) -> str:
    """`QP075019` is in 75, `QN97404M` in 974, `QN02B01M` in 2B."""
    middle = code[2:5]
    return middle if middle.startswith(("97", "98")) else middle[1:]


def repaired(geometry, code: str) -> tuple[shapely.Geometry, bool]:
    try:
        polygon = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.GEOSException, TypeError) as error:
        raise QPVFileRefused(f"{code} has no readable outline ({error}).") from error
    if polygon is None or polygon.is_empty or polygon.geom_type not in {"Polygon", "MultiPolygon"}:
        raise QPVFileRefused(f"{code} has no polygon.")
    west, south, east, north = polygon.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise QPVFileRefused(
            f"{code} is not in degrees (longitude, latitude): it reaches {east:.0f}, {north:.0f}. "
            "Take the WGS 84 file, not a projected one."
        )
    if Territory.ELSEWHERE in (territory_of(west, south), territory_of(east, north)):
        raise QPVFileRefused(
            f"{code} is outside France: it reaches longitude {east:.4f}, latitude {north:.4f}. "
            "Are longitude and latitude swapped?"
        )
    if polygon.is_valid:
        return polygon, False
    mended = shapely.make_valid(polygon)
    parts = [part for part in shapely.get_parts(mended) if part.geom_type in {"Polygon", "MultiPolygon"}]
    polygons = [piece for part in parts for piece in shapely.get_parts(part)]
    if not polygons:
        raise QPVFileRefused(f"The outline of {code} cannot be repaired: it has no surface.")
    return shapely.MultiPolygon(polygons) if len(polygons) > 1 else polygons[0], True


# -- communes -------------------------------------------------------------------------------------------------------

KINDS = {
    "commune-actuelle": "COMMUNE",
    "commune-deleguee": "DELEGATED",
    "commune-associee": "ASSOCIATED",
    "arrondissement-municipal": "DISTRICT",
}


class CommunesFileRefused(Exception):
    """The file does not list communes; the message says why."""


@dataclass(frozen=True)
class CommuneRow:
    code: str
    name: str
    kind: str
    department_code: str
    region_code: str
    epci_code: str
    epci_name: str
    population: int | None
    postal_codes: list[str]
    former_codes: list[str]
    longitude: float | None
    latitude: float | None


def read_communes(path: Path) -> Iterator[CommuneRow]:
    """The rows of a CSV of communes, or of the `communes.json` of the administrative divisions.

    Raises `CommunesFileRefused`.
    """
    last = None
    try:
        for last in communes_of_json(path) if path.suffix == ".json" else communes_of_csv(path):
            yield last
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error, OSError) as error:
        where = f"after {last.code} {last.name}" if last else "from its beginning"
        raise CommunesFileRefused(f"{path.name} does not list communes {where}: {error!r}.") from error


def communes_of_csv(path: Path) -> Iterator[CommuneRow]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = {"code", "nom", "type", "departement"} - set(rows.fieldnames or ())
        if missing:
            raise CommunesFileRefused(f"{path.name} lacks the columns {', '.join(sorted(missing))}.")
        for row in rows:
            yield CommuneRow(
                code=row["code"],
                name=row["nom"],
                kind=KINDS[row["type"]],
                department_code=row["departement"],
                region_code=row.get("region") or "",
                epci_code=row.get("epci") or "",
                epci_name=row.get("epci_nom") or "",
                population=int(row["population"]) if row.get("population") else None,
                postal_codes=re.findall(r"\d{5}", row.get("codes_postaux") or ""),
                former_codes=re.findall(r"[0-9AB]{5}", row.get("anciens_codes") or ""),
                longitude=float(row["lon"]) if row.get("lon") else None,
                latitude=float(row["lat"]) if row.get("lat") else None,
            )


def communes_of_json(path: Path) -> Iterator[CommuneRow]:
    listed = json.loads(path.read_text())
    of_code = {item["code"]: item for item in listed if item["type"] == "commune-actuelle"}
    for item in listed:
        if item["type"] == "commune-deleguee" and item["code"] in of_code:
            continue  # the chief town of a merged commune keeps its code: the whole commune is listed once
        whole = item if "departement" in item else of_code.get(item.get("commune") or item.get("chefLieu"), {})
        if not whole.get("departement"):
            continue
        yield CommuneRow(
            code=item["code"],
            name=item["nom"],
            kind=KINDS[item["type"]],
            department_code=whole["departement"],
            region_code=whole.get("region") or "",
            epci_code=str(whole.get("epci") or ""),
            epci_name="",
            population=item.get("population"),
            postal_codes=item.get("codesPostaux") or [],
            former_codes=[code for code in item.get("anciensCodes") or [] if len(code) == 5],
            longitude=None,
            latitude=None,
        )


def read_names(path: Path) -> dict[str, tuple[str, str]]:
    """Code to (name, region) of a `departements.json`, or to (name, "") of a `regions.json`."""
    return {item["code"]: (item["nom"], item.get("region") or "") for item in json.loads(path.read_text())}
