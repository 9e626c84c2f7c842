"""Official files taken in: releases of QPV, communes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

import shapely
from django.db import transaction

from citeslab.accounts.models import User
from citeslab.audit import services as audit
from citeslab.core.values import sort_key
from citeslab.territories import queries, signals
from citeslab.territories.enums import Edition
from citeslab.territories.models import QPV, Commune, Department, Region, Release
from citeslab.territories.readers import CommunesFileRefused, read_communes, read_names, read_outlines

FEWEST_PERCENT = 90  # of the QPV of the edition's last release: below, the file is taken for a cut one
PACKAGED = Path(__file__).parent / "data" / "decoupage"


class ReleaseDiffers(Exception):
    """Another file was already loaded as the release of that day."""


class TooFewQPV(Exception):
    """Far fewer QPV than the edition's last release: probably a cut file."""


@dataclass(frozen=True)
class Loaded:
    release: Release
    is_new: bool


@transaction.atomic
def load_release(
    *,
    path: Path,
    edition: Edition,
    released_on: date,
    by: User,
    at: datetime,
    is_drawn: bool = False,
    fewer_ok: bool = False,
) -> Loaded:
    """Take in one release; the same file again changes nothing.

    Raises `QPVFileRefused`, `ReleaseDiffers` or `TooFewQPV`, and then nothing is changed.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    known = Release.objects.filter(edition=edition, released_on=released_on).first()
    if known and known.sha256 == digest:
        return Loaded(known, is_new=False)
    if known:
        raise ReleaseDiffers(
            f"Another file ({known.source}, {known.qpv_count} QPV) is already loaded as the release of {released_on}. "
            "If this one corrects it, load it under the day it was published."
        )
    outlines = read_outlines(path, edition=edition)
    last = Release.objects.filter(edition=edition).order_by("-released_on").first()
    if last and not fewer_ok and len(outlines) * 100 < last.qpv_count * FEWEST_PERCENT:
        raise TooFewQPV(
            f"{path.name} holds {len(outlines)} QPV, the release of {last.released_on} holds {last.qpv_count}. "
            "If so many really went, say --fewer."
        )
    release = Release.objects.create(
        edition=edition,
        released_on=released_on,
        source=path.name[:200],
        sha256=digest,
        qpv_count=len(outlines),
        repaired_count=sum(outline.was_repaired for outline in outlines),
        is_drawn=is_drawn,
        loaded_at=at,
        loaded_by=by,
    )
    QPV.objects.bulk_create(
        [
            QPV(
                release=release,
                code=outline.code,
                name=outline.name[:120],
                department_code=outline.department_code[:3],
                commune_codes=outline.commune_codes,
                outline=shapely.to_wkb(outline.polygon),
                was_repaired=outline.was_repaired,
                residents=outline.residents,
            )
            for outline in outlines
        ],
        batch_size=500,
    )
    audit.record(
        "territories.release.loaded", release, by=by, at=at, edition=int(edition), qpv=len(outlines), sha256=digest
    )
    queries.forget()
    signals.release_loaded.send(Release, release=release, by=by, at=at)
    transaction.on_commit(queries.forget)
    return Loaded(release, is_new=True)


@transaction.atomic
def load_communes(
    *, path: Path | None = None, by: User, at: datetime, progress: Callable[[int], None] | None = None
) -> int:
    """Take in communes, their departments and regions, from `path` or from the package; gives how many there are.

    Codes that the file no longer lists stay: people may still live there. Raises `CommunesFileRefused`.
    """
    source = path or PACKAGED / "communes.json"
    if not source.is_file():
        raise CommunesFileRefused(f"There is no {source}. Run `make setup`, or name a CSV of communes.")
    rows = list(read_communes(source))
    if len(rows) < 1_000:
        raise CommunesFileRefused(f"{source.name} lists {len(rows)} communes: it is cut, or another file.")
    regions = read_names(PACKAGED / "regions.json") if (PACKAGED / "regions.json").exists() else {}
    departments = read_names(PACKAGED / "departements.json") if (PACKAGED / "departements.json").exists() else {}
    region_codes = {row.region_code for row in rows if row.region_code} | set(regions)
    upsert = partial(dict, update_conflicts=True, batch_size=2_000)
    Region.objects.bulk_create(
        [Region(code=code, name=regions.get(code, (code, ""))[0]) for code in sorted(region_codes)],
        **upsert(unique_fields=["code"], update_fields=["name"]),
    )
    region_of = {row.department_code: row.region_code for row in rows} | {
        code: region for code, (_name, region) in departments.items()
    }
    Department.objects.bulk_create(
        [
            Department(code=code, name=departments.get(code, (code, ""))[0], region_id=region or None)
            for code, region in sorted(region_of.items())
        ],
        **upsert(unique_fields=["code"], update_fields=["name", "region"]),
    )
    communes = [
        Commune(
            code=row.code,
            name=row.name,
            sort_key=sort_key(row.name),
            kind=row.kind,
            department_id=row.department_code,
            epci_code=row.epci_code,
            epci_name=row.epci_name,
            population=row.population,
            postal_codes=row.postal_codes,
            former_codes=row.former_codes,
            longitude=row.longitude,
            latitude=row.latitude,
        )
        for row in {row.code: row for row in rows}.values()
    ]
    fields = [field.name for field in Commune._meta.fields if not field.primary_key]
    for start in range(0, len(communes), 2_000):
        Commune.objects.bulk_create(
            communes[start : start + 2_000], **upsert(unique_fields=["code"], update_fields=fields)
        )
        if progress:
            progress(min(start + 2_000, len(communes)))
    audit.record("territories.communes.loaded", by=by, at=at, communes=len(communes))
    return len(communes)
