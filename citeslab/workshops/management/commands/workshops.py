"""`citeslab workshops sheet` makes an attendance sheet; `citeslab workshops verify` says whether one was changed."""

import os
import stat
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, transaction
from django.utils import timezone, translation

from citeslab.accounts.services import command_line_user
from citeslab.core.values import whole_number
from citeslab.network.models import Site
from citeslab.workshops import exports, queries, services
from citeslab.workshops.models import Workshop
from citeslab.workshops.readers import sheets

CHANGED, NOT_A_SHEET = 1, 2
MOST_TOLD = 5  # actions named when a reference fits several


class Command(BaseCommand):
    help = "Collective actions: their attendance sheets, made and checked."
    requires_system_checks: list = []  # a sheet is checked where there is no database

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        verb = verbs.add_parser("sheet", help="make the attendance sheet of an action, as an accessible PDF")
        verb.add_argument(
            "action", metavar="REF", help="the action's reference, or its number (#57 is never a reference)"
        )
        verb.add_argument("--output", required=True, metavar="FILE.pdf", help="where to write it")
        verb.add_argument("--site", metavar="CODE", help="of this site, when several use the reference")
        verb.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="of the sheet (default: %(default)s)",
        )
        verb = verbs.add_parser(
            "verify", help="is this sheet as it was made? exit 0 intact, 1 changed (and where), 2 not a sheet"
        )
        verb.add_argument("file", metavar="FILE.pdf")
        verb.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default="en",
            help="of what is said (default: %(default)s)",
        )

    def handle(self, *args, verb, language, **options):
        with translation.override(language):
            if verb == "sheet":
                self.make(options["action"], options["site"], Path(options["output"]))
            else:
                self.verify(Path(options["file"]))

    def make(self, reference, site, output):
        refuse_output(output)
        workshop = found(reference, site)
        at = timezone.now()
        try:
            with transaction.atomic():  # a file that cannot be written leaves no sheet in the register
                sheet, file = services.make_sheet(workshop=workshop, visible=None, by=command_line_user(at=at), at=at)
                write(output, file)
        except (services.NothingToSign, services.NotHeld, services.NothingToAttest) as refusal:
            raise CommandError(f"No sheet for {called(workshop)}: {refusal}") from refusal
        except OSError as error:
            raise CommandError(
                f"{output} could not be written ({error.strerror}), and no sheet was made: name another with --output."
            ) from error
        self.stdout.write(
            f"{output}: sheet {sheet.reference} of {called(workshop)}, {sheet.lines} lines.\n"
            f"End of its chain: {sheet.head}"
        )

    def verify(self, path):
        data = content(path)
        read = sheets.read(data)
        if not read.is_one:
            raise CommandError(
                f"{path} is not an attendance sheet of this software: it has none of the marks that they carry. "
                "A scan or a print made into a PDF cannot be checked: ask for the file itself.",
                returncode=NOT_A_SHEET,
            )
        made, is_that_file, asked = self.register(read)
        if not read.is_intact:
            told = exports.findings_told(read, with_names=True)
            told += [exports.record_told(read, line) for line in read.lines[:1] if len(read.lines) == 1]
            if made:
                on = made.made_at.date().isoformat()
                told.append(f"The register knows it: sheet {made.reference}, made on {on}. Ask the site for it.")
            said = filter(None, [f"{path} was changed since it was made.", *told, asked])
            raise CommandError("\n".join(said), returncode=CHANGED)
        if not asked and not is_that_file:
            raise CommandError(
                f"{path}: its chain is whole, but this network never made it. It was made elsewhere, or made anew with "
                "other lines: ask the site for the sheet.",
                returncode=CHANGED,
            )
        name = exports.shown(read.facts.get(0, {}).get("sheet"))
        self.stdout.write(f"{path} is intact: sheet {name}, {len(read.facts) - 1} lines.\n{asked}".strip())

    def register(self, read):
        """What the database says of it, or why it could not be asked."""
        try:
            with transaction.atomic():
                return *queries.made_here(digest=read.digest, head=read.head), ""
        except (Error, OSError) as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            asked = f"The register of the network could not be asked ({reason}): only the file itself was checked."
            return None, False, asked


def found(reference, site):
    """The action that this says; raises a sentence when there is none, or several."""
    named = Workshop.objects.select_related("site").order_by("pk")
    if site:
        if not Site.objects.filter(code=site).exists():
            raise CommandError(f"No site has the code {site!r}: it stands beside the site's name in the list of sites.")
        named = named.filter(site__code=site)
    by_number = named.filter(pk=whole_number(reference.removeprefix("#")))
    by_reference = named.none() if reference.startswith("#") or not reference else named.filter(reference=reference)
    several = list((by_reference | by_number).distinct()[: MOST_TOLD + 1])
    where = f" at the site {site}" if site else ""
    if not several:
        raise CommandError(
            f"No action has the reference or the number {reference!r}{where}. "
            "The number stands in the address of its page, its reference in the workbook it came from."
        )
    if len(several) > 1:
        told = "; ".join(f"{called(one)}, site {one.site.code}" for one in several[:MOST_TOLD])
        raise CommandError(
            f"{reference!r} fits several actions{where}: {told}. Say which one: by its site with --site CODE, "
            f"or by its number, as in '#{several[0].pk}'."
        )
    return several[0]


def called(workshop):
    return f"“{workshop.title}” of {workshop.held_on.isoformat()} (#{workshop.pk})"


def refuse_output(output):
    if output.is_dir():
        raise CommandError(f"{output} is a folder: name a file in it, as in --output {output / 'sheet.pdf'}.")
    if not output.parent.is_dir():
        raise CommandError(f"The folder {output.parent} does not exist: create it, or name another with --output.")
    if not os.access(output.parent, os.W_OK):
        raise CommandError(f"The folder {output.parent} may not be written in: name another with --output.")


def write(output, file):
    """Whole or not at all, readable by its owner: it holds names."""
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as lines:
            lines.write(file)
        part.replace(output)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def content(path):
    """The bytes of a file that may be a sheet; raises a sentence for what cannot be one."""
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            what = "a folder" if path.is_dir() else "no ordinary file"
            raise CommandError(f"{path} is {what}, not a sheet: name the PDF itself.", returncode=NOT_A_SHEET)
        is_too_large = known.st_size > sheets.MOST_BYTES
        with path.open("rb") as file:
            data = file.read(sheets.TAIL if is_too_large else sheets.MOST_BYTES)
    except OSError as error:
        raise CommandError(f"{path} could not be read ({error.strerror}).", returncode=NOT_A_SHEET) from error
    if is_too_large and sheets.MARK in data:
        raise CommandError(f"{path} was changed since it was made: it is longer than any sheet.", returncode=CHANGED)
    if is_too_large:
        raise CommandError(
            f"{path} is not a sheet: it is larger than any ({sheets.MOST_BYTES // 1024**2} MB at most).",
            returncode=NOT_A_SHEET,
        )
    if not data:
        raise CommandError(f"{path} is empty: it is not a sheet.", returncode=NOT_A_SHEET)
    return data
