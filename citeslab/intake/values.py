"""What a caseload workbook is made of: its five sheets, their columns, and what a reading gives.

Sheet names and headings are the hosts' own words, kept here and in the readers only.
"""

from dataclasses import dataclass, field

PEOPLE, PROJECTS, MEETINGS, STAGES, ACTIONS = "Personnes", "Projets", "Entretiens", "Étapes", "Actions"

COLUMNS: dict[str, tuple[str, ...]] = {
    PEOPLE: (
        "Référence",
        "Prénom",
        "Nom",
        "Sexe",
        "Date de naissance",
        "Adresse",
        "Code postal",
        "Commune",
        "Longitude",
        "Latitude",
        "Téléphone",
        "Courriel",
        "Situation à l'entrée",
        "Niveau de diplôme",
        "Origine du contact",
    ),
    PROJECTS: ("Référence", "Personnes", "Intitulé", "Secteur", "Date de début"),
    MEETINGS: ("Personne", "Projet", "Date", "Durée (min)", "Nature"),
    STAGES: ("Personne", "Projet", "Date", "Étape", "Motif"),
    ACTIONS: (
        "Référence",
        "Date",
        "Type",
        "Intitulé",
        "Commune",
        "Participants",
        "Hommes",
        "Femmes",
        "Non précisé",
        "Statut",
    ),
}
# The last column of a workbook handed back to be corrected. Its presence says that these rows never got in.
REASON_COLUMN = "À corriger"

# A row of a sheet as text: its number in the spreadsheet, then one value per column of COLUMNS, "" when empty.
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    rows: list[tuple[int, Cells]]
    ignored: tuple[str, ...] = ()  # headings that are no column of ours
    is_correction: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that keeps its row out: where it is, what it says, why, and what would be right."""

    sheet: str
    row: int
    column: str
    value: str | None
    code: str
    details: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consequence:
    """A row that is right in itself and falls because another row fell."""

    sheet: str
    row: int
    column: str
    value: str
    cause: tuple[str, int]  # sheet and row of the fault


@dataclass(slots=True)
class Count:
    """What a sheet changes. `absent` rows are in the books and not in the sheet: they are left alone."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    absent: int = 0
    refused: int = 0
