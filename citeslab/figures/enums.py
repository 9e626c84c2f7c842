"""Words of the figures room: the classes that free words of files are counted in, the ages, the breakdowns."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

UNKNOWN = "UNKNOWN"  # the class of what nobody wrote, in every breakdown


class SituationAtEntry(models.TextChoices):
    JOB_SEEKER = "JOB_SEEKER", _("looking for work")
    EMPLOYED = "EMPLOYED", _("employed")
    SELF_EMPLOYED = "SELF_EMPLOYED", _("self-employed")
    STUDENT = "STUDENT", _("studying")
    RSA = "RSA", _("on minimum income (RSA)")
    INACTIVE = "INACTIVE", _("without activity")
    OTHER = "OTHER", _("another situation")
    UNKNOWN = UNKNOWN, _("not known")


class Diploma(models.TextChoices):
    """Levels of the national framework of qualifications (decree 2019-14 of 8 January 2019)."""

    NONE = "NONE", _("no diploma")
    L3 = "L3", _("vocational certificate (level 3)")
    L4 = "L4", _("end of secondary school (level 4)")
    L5 = "L5", _("two years after secondary school (level 5)")
    L6 = "L6", _("three or four years after secondary school (level 6)")
    L7 = "L7", _("five years after secondary school (level 7)")
    L8 = "L8", _("doctorate (level 8)")
    OTHER = "OTHER", _("another diploma")
    UNKNOWN = UNKNOWN, _("not known")


class ContactSource(models.TextChoices):
    """How someone came to the network."""

    WORD_OF_MOUTH = "WORD_OF_MOUTH", _("word of mouth")
    SURGERY = "SURGERY", _("a drop-in session")
    ACTION = "ACTION", _("a collective action")
    EMPLOYMENT = "EMPLOYMENT", _("the employment service")
    YOUTH = "YOUTH", _("the youth employment service")
    TOWN = "TOWN", _("the town hall")
    OUTREACH = "OUTREACH", _("an outreach vehicle")
    OTHER = "OTHER", _("another way")
    UNKNOWN = UNKNOWN, _("not known")


class Age(models.TextChoices):
    """Ages reached in the year, by the bands of the ESF+ common indicators, the young apart."""

    UNDER_18 = "UNDER_18", _("under 18")
    FROM_18 = "FROM_18", _("18 to 25")
    FROM_26 = "FROM_26", _("26 to 29")
    FROM_30 = "FROM_30", _("30 to 44")
    FROM_45 = "FROM_45", _("45 to 54")
    FROM_55 = "FROM_55", _("55 and over")
    UNKNOWN = UNKNOWN, _("not known")


class Breakdown(models.TextChoices):
    """What a figure may be broken down by."""

    SEX = "sex", _("sex")
    AGE = "age", _("age")
    SITUATION_AT_ENTRY = "situation_at_entry", _("situation at entry")
    DIPLOMA = "diploma", _("diploma level")
    CONTACT_SOURCE = "contact_source", _("how we met")
    SECTOR = "sector", _("sector of the project")
    BEGUN = "begun", _("year in which the project began")
    STAGE = "stage", _("stage reached")
    EXIT = "exit", _("how she left")
    SITUATION = "situation", _("situation on the reference day")
    RESIDENCE = "residence", _("residence")
    QPV = "qpv", _("priority neighborhood of residence")
    KIND = "kind", _("kind of action")
    AGREEMENT = "agreement", _("agreement")
    SITE = "site", _("site")
    COMMUNE = "commune", _("commune of the site")
    EPCI = "epci", _("intercommunality of the site")
    DEPARTMENT = "department", _("department of the site")
    REGION = "region", _("region of the site")


class ReportKind(models.TextChoices):
    """Whom a report is for (FR: bilan)."""

    NETWORK = "NETWORK", _("yearly report of the network")
    FUNDER = "FUNDER", _("report to a funder")
    SITE = "SITE", _("report of a site")


class Secrecy(models.TextChoices):
    """How a report keeps small numbers to itself."""

    USUAL = "USUAL", _("numbers under 5 are hidden")
    STRICT = "STRICT", _("numbers under 11 are hidden, as tax secrecy asks")
    ROUNDED = "ROUNDED", _("numbers are rounded to the nearest multiple of 5")


class BlockKind(models.TextChoices):
    """What an outline is made of, from top to bottom."""

    HEADING = "HEADING", _("a heading")
    SENTENCE = "SENTENCE", _("your own sentences")
    FIGURE = "FIGURE", _("a figure")
    TABLE = "TABLE", _("a table")
    CHART = "CHART", _("a chart")
    METHOD = "METHOD", _("the note on method")
    STATEMENTS = "STATEMENTS", _("the statements of the release")


OF_WORDS = frozenset({BlockKind.HEADING, BlockKind.SENTENCE})
OF_NUMBERS = frozenset({BlockKind.FIGURE, BlockKind.TABLE, BlockKind.CHART})


class Format(models.TextChoices):
    """A report as a file."""

    PDF = "pdf", _("PDF")
    XLSX = "xlsx", _("workbook")


class Rule(StrEnum):
    """How the end of a year is projected: as earlier years went on, at the pace of the days gone by, as entered."""

    EARLIER = "EARLIER"
    PACE = "PACE"
    ENTERED = "ENTERED"


class Standing(models.TextChoices):
    """Where a target stands."""

    REACHED = "REACHED", _("reached")
    MISSED = "MISSED", _("not reached")
    ON_COURSE = "ON_COURSE", _("on course")
    UNSURE = "UNSURE", _("may be missed")
    SHORT = "SHORT", _("falling short")
    EARLY = "EARLY", _("too early to say")
    TO_COME = "TO_COME", _("not begun")
    HIDDEN = "HIDDEN", _("hidden")
    GONE = "GONE", _("no longer counted")
