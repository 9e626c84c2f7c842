"""Files of the network: the headings and words of the people who keep them, kept here only."""

from enum import StrEnum
from pathlib import Path

from citeslab.core.readers import process
from citeslab.core.readers.wanted import Sheet, Wanted
from citeslab.network.enums import Kind, LegalForm


class Column(StrEnum):
    """A heading, as the instructions write it; case and accents are forgiven."""

    ORGANIZATION = "Structure"
    SIRET = "SIRET"
    LEGAL_FORM = "Forme juridique"
    CONTACT = "Contact"
    SITE = "Antenne"
    CODE = "Code"
    COMMUNE = "Commune"
    OPENED_ON = "Ouverte le"
    PHONE = "Téléphone"
    EMAIL = "Courriel"
    ADDRESS = "Adresse"
    REFERENCE = "Référence"
    PERCENT = "Quotité (%)"
    BEGINS_ON = "Du"
    LAST_ON = "Au"
    HOLDER = "Titulaire"
    HELD_FROM = "Titulaire du"
    HELD_UNTIL = "Titulaire au"
    QPV = "QPV"
    EPCI = "EPCI"


C = Column
WANTED = {
    Kind.STRUCTURES: Wanted(
        {"Structures": (C.ORGANIZATION, C.SIRET, C.LEGAL_FORM, C.CONTACT, C.SITE, C.CODE, C.COMMUNE, C.OPENED_ON,
                        C.PHONE, C.EMAIL, C.ADDRESS)},
        optional=(C.SIRET, C.LEGAL_FORM, C.CONTACT, C.PHONE, C.EMAIL, C.ADDRESS),
    ),
    Kind.POSTS: Wanted(
        {"Postes": (C.CODE, C.REFERENCE, C.PERCENT, C.BEGINS_ON, C.LAST_ON, C.HOLDER, C.HELD_FROM, C.HELD_UNTIL)},
        optional=(C.PERCENT, C.LAST_ON, C.HOLDER, C.HELD_FROM, C.HELD_UNTIL),
    ),
    Kind.COVERAGE: Wanted(
        {"Couverture": (C.CODE, C.QPV, C.COMMUNE, C.EPCI, C.BEGINS_ON, C.LAST_ON)},
        optional=(C.QPV, C.COMMUNE, C.EPCI, C.LAST_ON),
    ),
}  # fmt: skip

LEGAL_FORMS = {
    LegalForm.ASSOCIATION: ("association", "association loi 1901"),
    LegalForm.LOCAL_AUTHORITY: ("collectivité", "collectivité territoriale", "commune", "agglomération", "métropole"),
    LegalForm.PUBLIC_GROUP: ("GIP", "groupement d'intérêt public"),
    LegalForm.COOPERATIVE: ("coopérative", "SCIC", "SCOP"),
    LegalForm.COMPANY: ("société", "SARL", "SAS", "SA"),
    LegalForm.OTHER: ("autre",),
}


def read(path: Path, kind: Kind) -> Sheet:
    """The rows of a `.csv` or `.xlsx`; raises `Refused` (of `core.readers`) with a code."""
    wanted = WANTED[kind]
    return process.read(path, wanted)[next(iter(wanted.sheets))]
