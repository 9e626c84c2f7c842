"""What a caseload workbook is made of: its five sheets, their columns, and what a reading gives.

Sheet names and headings are the hosts' own words, kept here and in the readers only.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum

from citeslab.core.readers.wanted import Fault

PEOPLE, PROJECTS, MEETINGS, STAGES, ACTIONS = "Personnes", "Projets", "Entretiens", "Étapes", "Actions"


class Column(StrEnum):
    """A heading, as the workbook's instructions write it."""

    REFERENCE = "Référence"
    FIRST_NAME = "Prénom"
    NAME = "Nom"
    SEX = "Sexe"
    BORN_ON = "Date de naissance"
    ADDRESS = "Adresse"
    POSTAL_CODE = "Code postal"
    COMMUNE = "Commune"
    LONGITUDE = "Longitude"
    LATITUDE = "Latitude"
    PHONE = "Téléphone"
    EMAIL = "Courriel"
    SITUATION = "Situation à l'entrée"
    DIPLOMA = "Niveau de diplôme"
    CONTACT_SOURCE = "Origine du contact"
    HOLDERS = "Personnes"
    TITLE = "Intitulé"
    SECTOR = "Secteur"
    STARTED_ON = "Date de début"
    PERSON = "Personne"
    PROJECT = "Projet"
    DAY = "Date"
    MINUTES = "Durée (min)"
    NATURE = "Nature"
    STAGE = "Étape"
    REASON = "Motif"
    KIND = "Type"
    PARTICIPANTS = "Participants"
    MEN = "Hommes"
    WOMEN = "Femmes"
    UNKNOWN = "Non précisé"
    STATUS = "Statut"


COLUMNS: dict[str, tuple[Column, ...]] = {
    PEOPLE: (
        Column.REFERENCE,
        Column.FIRST_NAME,
        Column.NAME,
        Column.SEX,
        Column.BORN_ON,
        Column.ADDRESS,
        Column.POSTAL_CODE,
        Column.COMMUNE,
        Column.LONGITUDE,
        Column.LATITUDE,
        Column.PHONE,
        Column.EMAIL,
        Column.SITUATION,
        Column.DIPLOMA,
        Column.CONTACT_SOURCE,
    ),
    PROJECTS: (Column.REFERENCE, Column.HOLDERS, Column.TITLE, Column.SECTOR, Column.STARTED_ON),
    MEETINGS: (Column.PERSON, Column.PROJECT, Column.DAY, Column.MINUTES, Column.NATURE),
    STAGES: (Column.PERSON, Column.PROJECT, Column.DAY, Column.STAGE, Column.REASON),
    ACTIONS: (
        Column.REFERENCE,
        Column.DAY,
        Column.KIND,
        Column.TITLE,
        Column.COMMUNE,
        Column.PARTICIPANTS,
        Column.MEN,
        Column.WOMEN,
        Column.UNKNOWN,
        Column.STATUS,
    ),
}
# The last column of a workbook handed back to be corrected. Its presence says that these rows never got in.
REASON_COLUMN = "À corriger"


@dataclass(frozen=True, slots=True)
class Consequence:
    """A row that is right in itself and falls because another row fell."""

    sheet: str
    row: int
    column: str
    value: str
    cause: tuple[str, int]  # sheet and row of the fault


@dataclass(frozen=True, slots=True)
class Remark:
    """A cell that is taken in as it is written, though it was not understood."""

    sheet: str
    row: int
    column: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    row: int
    reference: str
    first_name: str
    preferred_name: str
    sex: str
    born_on: date | None
    address: str
    postal_code: str
    commune_name: str
    longitude: float | None
    latitude: float | None
    phone: str
    email: str
    situation_at_entry: str
    diploma: str
    contact_source: str


@dataclass(frozen=True, slots=True)
class ProjectRow:
    row: int
    reference: str
    people: tuple[str, ...]
    title: str
    sector: str
    started_on: date


@dataclass(frozen=True, slots=True)
class MeetingRow:
    row: int
    person: str
    project: str
    held_on: date
    minutes: int | None
    nature: str


@dataclass(frozen=True, slots=True)
class TransitionRow:
    row: int
    person: str
    project: str
    occurred_on: date
    stage: str
    exit_reason: str


@dataclass(frozen=True, slots=True)
class WorkshopRow:
    row: int
    reference: str
    held_on: date
    kind: str
    title: str
    commune_name: str
    people: tuple[str, ...]
    heads: tuple[tuple[str, int], ...]  # sex, heads
    is_cancelled: bool


@dataclass(slots=True)
class Examined:
    """A workbook once read: the rows that may go in, by sheet, and what keeps the others out."""

    rows: dict[str, list] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    corrections: frozenset[str] = frozenset()  # sheets that came back from being corrected

    @property
    def refused(self) -> dict[str, set[int]]:
        """The row numbers that stay out, by sheet."""
        out: dict[str, set[int]] = {sheet: set() for sheet in COLUMNS}
        for one in (*self.faults, *self.consequences):
            out[one.sheet].add(one.row)
        return out


@dataclass(slots=True)
class Count:
    """What a sheet changes. `absent` rows are in the books and not in the sheet: they are left alone."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    absent: int = 0
    refused: int = 0


# The words of the field, folded (see `core.values.folded`), and what each means here.
SEXES = {
    "WOMAN": ("f", "femme", "mme", "mme.", "madame", "mlle", "mademoiselle", "feminin", "fille"),
    "MAN": ("h", "homme", "m", "m.", "mr", "mr.", "monsieur", "masculin", "garcon"),
    "UNKNOWN": ("", "nc", "n.c.", "n/c", "non communique", "non precise", "non renseigne", "inconnu", "-"),
}
NATURES = {
    "RECEPTION": ("accueil",),
    "DIAGNOSIS": ("diagnostic",),
    "FOLLOW_UP": ("", "suivi"),
    "PHONE": ("telephone", "tel", "tel."),
}
STAGE_WORDS = {
    "SENS": ("sens", "sensibilise", "sensibilisation"),
    "ACCU": ("accu", "accueilli", "accueil"),
    "AMOR": ("amor", "amorcage"),
    "EMER": ("emer", "emergence"),
    "FORM": ("form", "formalisation"),
    "PARC": ("parc", "parcours de creation", "parcours de creation entame"),
    "SORT": ("sort", "sorti", "sortie"),
}
EXIT_REASONS = {
    "CREATION": ("creation immatriculee", "creation", "immatriculation"),
    "TAKEOVER": ("reprise",),
    "INCUBATOR": ("test en couveuse", "couveuse"),
    "PARTNER": ("relais partenaire confirme", "relais partenaire"),
    "EMPLOYMENT": ("retour a l'emploi", "emploi"),
    "TRAINING": ("formation",),
    "ABANDONED": ("abandon",),
    "POSTPONED": ("report",),
    "MOVED": ("demenagement",),
    "NO_NEWS": ("sans nouvelles", "sans nouvelle"),
    "DECEASED": ("deces",),
    "DUPLICATE": ("doublon",),
}
KINDS = {
    "GENERAL": ("generaliste",),
    "THEMATIC": ("thematique",),
    "SCHOOL": ("milieu scolaire", "scolaire"),
}
STATUSES = {"HELD": ("", "tenue", "tenu"), "CANCELLED": ("annulee", "annule")}

# What is offered to who wrote something else: the words as the workbook's own instructions write them.
RIGHT_WORDS = {
    Column.SEX: "F, Femme, Mme, H, Homme, M., NC",
    Column.NATURE: "Accueil, Diagnostic, Suivi, Téléphone",
    Column.STAGE: "SENS, ACCU, AMOR, EMER, FORM, PARC, SORT",
    Column.REASON: (
        "création immatriculée, reprise, test en couveuse, relais partenaire confirmé, retour à l'emploi, formation, "
        "abandon, report, déménagement, sans nouvelles, décès, doublon"
    ),
    Column.KIND: "Généraliste, Thématique, Milieu scolaire",
    Column.STATUS: "Tenue, Annulée",
    Column.SECTOR: "A … V",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A figure of a year that the workbook moves."""

    year: int
    figure: tuple[str, ...]
    before: int | float | None
    after: int | float | None

    def as_json(self) -> list:
        return [self.year, list(self.figure), self.before, self.after]

    @classmethod
    def from_json(cls, said: list) -> "Move":
        year, figure, before, after = said
        return cls(year, tuple(figure), before, after)


@dataclass(slots=True)
class Outcome:
    """What taking a workbook in did, or would do: counts by sheet, and figures before and after by year."""

    examined: Examined
    counts: dict[str, Count]
    is_written: bool = True
    figures: list[Move] = field(default_factory=list)

    def as_json(self) -> dict:
        """What a page needs to tell it again, in any language."""
        return {
            "counts": {sheet: asdict(count) for sheet, count in self.counts.items()},
            "faults": [asdict(fault) for fault in self.examined.faults],
            "consequences": [asdict(fallen) for fallen in self.examined.consequences],
            "remarks": [asdict(remark) for remark in self.examined.remarks],
            "figures": [move.as_json() for move in self.figures],
        }


def moves(before: dict[int, dict], after: dict[int, dict]) -> list[Move]:
    """The figures that differ, year by year, in their own order. What a new site had not counts as nothing."""
    found = []
    for year in sorted(after):
        was = dict(flat(before.get(year, {})))
        for path, value in flat(after[year]):
            if path != ("year",) and (was.get(path) or 0) != (value or 0):
                found.append(Move(year, path, was.get(path), value))
    return found


def flat(figures: dict, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int | float | None]]:
    """The leaves of nested figures, each with its path."""
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from flat(value, (*path, name))
        else:
            yield (*path, name), value
