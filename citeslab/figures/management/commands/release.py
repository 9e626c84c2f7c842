"""`citeslab release check`: the statements of the press release, against the records."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override
from rich.console import Console
from rich.table import Table

from citeslab.figures import queries
from citeslab.figures.definitions.indicators import BY_ID
from citeslab.figures.definitions.statements import QUALIFIERS, SAID_ON
from citeslab.ui import values

VERDICTS = {True: "holds", False: "does not hold", None: "not computed"}


class Command(BaseCommand):
    help = "Each figure of the press release of 22 December 2017, the value computed as of that day, and the verdict."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="exit 1 when a statement does not hold")
        check.add_argument("--format", choices=["json", "table"], default="table")
        check.add_argument("--language", choices=["fr", "en"], default="fr")

    def handle(self, *args, format, language, **options):
        with override(language):
            checks = queries.statements()
            if format == "json":
                self.stdout.write(json.dumps([as_object(check) for check in checks], indent=1, ensure_ascii=False))
            else:
                self.print(checks)
        if any(check.holds is False for check in checks):
            failed = ", ".join(check.statement.id for check in checks if check.holds is False)
            raise CommandError(f"These statements do not hold on the records: {failed}.")

    def print(self, checks):
        table = Table("", "", "", "", title=str(SAID_ON), box=None)
        for check in checks:
            said = check.statement
            table.add_row(
                str(said.wording),
                f"{QUALIFIERS[said.qualifier]} {written(said, said.expected)}",
                written(said, check.value, exact=True),
                VERDICTS[check.holds],
            )
        Console(file=sys.stdout, width=140).print(table)


def written(statement, value, exact=False) -> str:
    if value is None:
        return values.UNKNOWN
    if statement.is_share:
        return values.share(value, 2 if exact else 0)
    if statement.indicator == "began_in":
        return str(value)
    return values.number(value, 1 if isinstance(value, float) and not value.is_integer() else 0)


def as_object(check) -> dict:
    said = check.statement
    return {
        "id": said.id,
        "statement": str(said.wording),
        "qualifier": said.qualifier.value,
        "expected": said.expected,
        "years": list(said.years) or [SAID_ON.year],
        "as_of": SAID_ON.isoformat(),
        "indicator": said.indicator or None,
        "version": BY_ID[said.indicator].version if said.indicator else None,
        "value": check.value,
        "holds": check.holds,
        "status": VERDICTS[check.holds].replace(" ", "_"),
    }
