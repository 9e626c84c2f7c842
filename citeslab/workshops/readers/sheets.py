"""An attendance sheet that comes back: is it as it was made, and where is it not? `binding` says what it is made of.

Three things are compared, each with what the file says of itself: the records with their chain and their digests, each
stretch of bytes with what it shows, and, when another program wrote the file anew, what each page draws.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from hashlib import sha256

from citeslab.workshops.enums import Damage
from citeslab.workshops.readers.binding import HEADING, LETTERS, MARK, START, Label, Part, link, short
from citeslab.workshops.readers.pdf import OBJECT, File, TooMuch, pieces

MOST_BYTES = 16 * 1024 * 1024
MOST_LINES = 100_000
MOST_PAGES = 200
MOST_PIECES = 2_000  # of a page
MOST_DRAWN = 4 * 1024 * 1024  # bytes of what a page draws that are compared stretch by stretch
RECORD = re.compile(rb"^([0-9a-f]{64}) (\{.*\})$", re.M)
SEAL = re.compile(rb"%" + MARK + rb" sha256 ([0-9a-f]{64})\nstartxref\n\d{1,10}\n%%EOF\n")
TAIL = 400  # bytes in which the seal stands


@dataclass(frozen=True)
class Record:
    digest: str
    said: bytes
    at: int  # where it stands in the file; -1 when it was packed


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was made: what, and which line or page."""

    what: Damage
    line: int = 0
    page: int = 0

    @property
    def rank(self) -> tuple:
        return (self.line == 0, self.line, self.page, self.what)


@dataclass
class Sheet:
    """A file as it was read. `facts`: its lines, whole or not; `trusted`: those that say what they said."""

    is_one: bool = False
    findings: list[Finding] = field(default_factory=list)
    facts: dict[int, dict] = field(default_factory=dict)
    trusted: set[int] = field(default_factory=set)
    head: str = ""
    digest: str = ""

    @property
    def is_intact(self) -> bool:
        return self.is_one and not self.findings

    @property
    def lines(self) -> list[int]:
        return sorted({finding.line for finding in self.findings if finding.line})


def read(data: bytes) -> Sheet:
    """What a file is: no sheet, a sheet as it was made, or one that was changed, and where."""
    sheet = Sheet(digest=sha256(data).hexdigest())
    records = [Record(found[1].decode(), found[2], found.start()) for found in RECORD.finditer(data)]
    file = None
    if not records and b"/EmbeddedFile" in data:
        try:
            file = File(data)
            records = packed(file)
        except TooMuch:
            file = None
    if not records and MARK not in data[:TAIL] and MARK not in data[-TAIL:]:
        return sheet
    sheet.is_one = True
    drawing = read_chain(sheet, records)
    seals = list(SEAL.finditer(data))
    is_sealed = bool(seals) and seals[-1].end() == len(data) and is_whole(data, seals[-1])
    read_parts(sheet, data, drawing, records, file)
    if not is_sealed:
        if seals and seals[-1].end() < len(data):
            sheet.findings = [one for one in sheet.findings if one.what != Damage.REWRITTEN] + [Finding(Damage.ADDED)]
        elif not seals and b"%%EOF" not in data[-20:]:
            sheet.findings.append(Finding(Damage.CUT))
        elif not sheet.findings:
            sheet.findings.append(Finding(Damage.FRAME))
    sheet.findings = sorted(set(sheet.findings), key=lambda finding: finding.rank)
    return sheet


def is_whole(data: bytes, seal: re.Match) -> bool:
    return sha256(data[: seal.start(1)] + data[seal.end(1) :]).hexdigest().encode() == seal[1]


def packed(file: File) -> list[Record]:
    """The records of a file that another program wrote anew."""
    for one in file.objects.values():
        if one.said.get(b"/Type") == b"/EmbeddedFile":
            found = RECORD.finditer(file.content(one))
            if records := [Record(one[1].decode(), one[2], -1) for one in found]:
                return records
    return []


def read_chain(sheet: Sheet, records: list[Record]) -> dict:
    """Check the records; what the last one says of the drawing, when it can be believed."""
    if not records:
        sheet.findings.append(Finding(Damage.SILENT))
        return {}
    broken = broken_links(records)
    said = [parsed(record.said) for record in records]
    has_drawing = "drawing" in said[-1] and len(records) - 1 not in broken
    drawing = said[-1] if has_drawing else {}
    contents = drawing.get("said", [])
    contents = contents if isinstance(contents, list) else []
    known = {one: number for number, one in enumerate(contents) if isinstance(one, str)}
    numbers = []
    for fact, record in zip(said, records, strict=True):
        if record is records[-1] and "line" not in fact and (has_drawing or len(numbers) == count_of(said[0])):
            break
        number = known.get(short(record.said))
        if number is not None:
            sheet.trusted.add(number)
        else:
            number = number_of(fact, len(numbers))
        numbers.append(number)
        sheet.facts.setdefault(number, fact)
    sheet.head = records[len(numbers) - 1].digest if numbers else ""
    times = Counter(numbers)
    count = len(contents) or count_of(sheet.facts.get(0, {}))
    found = [Finding(Damage.MISSING, number) for number in range(count) if number not in times]
    found += [Finding(Damage.TWICE, number) for number, time in times.items() if time > 1]
    found += [Finding(Damage.ALIEN, number) for number in times if number >= count]
    if not found:
        found += [Finding(Damage.MOVED, number) for place, number in enumerate(numbers) if number != place]
    if contents:
        found += [Finding(Damage.RECORD, number) for number in times if number not in sheet.trusted]
    if not found:
        found += [Finding(Damage.RECORD, numbers[place]) for place in broken if place < len(numbers)]
    if not has_drawing:
        found.append(Finding(Damage.DRAWN))
    sheet.findings += found
    return drawing


def count_of(heading: dict) -> int:
    """How many records the first one announces, itself too."""
    lines = heading.get("lines")
    return lines + 1 if isinstance(lines, int) and 0 <= lines < MOST_LINES else 0


def parsed(text: bytes) -> dict:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def number_of(fact: dict, place: int) -> int:
    """Which line it says it is; where it stands, when it does not say."""
    number = fact.get("line")
    return number if type(number) is int and 0 <= number < MOST_LINES else place


def broken_links(records: list[Record]) -> list[int]:
    """The places whose digest does not follow; a digest that was changed breaks its own place alone."""
    broken, stored, made = [], START, START
    for place, record in enumerate(records):
        follows = [link(before, record.said) for before in (stored, made)]
        if record.digest not in follows:
            broken.append(place)
        stored, made = record.digest, follows[0] if follows[0] == record.digest else follows[1]
    return broken


def read_parts(sheet: Sheet, data: bytes, drawing: dict, records: list[Record], file: File | None) -> None:
    """Name the stretches of the file that are not as they were."""
    parts = parts_of(drawing)
    if not parts:
        return
    damaged = damaged_parts(data, parts, records[0].at)
    if damaged and len(damaged) <= max(3, len(parts) // 3):
        sheet.findings += [finding_of(part.label, part.page) for part in damaged]
    elif damaged or was_added_to(data, records[-1].at):
        read_again(sheet, data, parts, drawing, file)


def was_added_to(data: bytes, records_end: int) -> bool:
    """Objects after the records: another program said something more of the same pages."""
    ends = data.find(b"endobj", max(0, records_end))
    return ends >= 0 and OBJECT.search(data, ends) is not None


def parts_of(drawing: dict) -> list[Part]:
    try:
        parts = [Part(*told) for told in drawing.get("drawing", [])]
    except TypeError:
        return []
    return parts if all(part.is_sound for part in parts) else []


def damaged_parts(data: bytes, parts: list[Part], records_at: int) -> list[Part]:
    """In place when nothing came or went before the records; otherwise from both ends towards what changed."""
    at, right = 0, []
    for part in parts:
        right.append(short(data[at : at + part.length]) == part.digest)
        at += part.length
    begins = data.rfind(b"\n", 0, max(0, data.rfind(b" 0 obj", 0, max(0, records_at)))) + 1
    if begins == at or all(right):
        return [part for part, is_right in zip(parts, right, strict=True) if not is_right]
    first, last, end = right.index(False), len(parts) - 1, begins
    while last > first and short(data[max(0, end - parts[last].length) : end]) == parts[last].digest:
        end -= parts[last].length
        last -= 1
    return parts[first : last + 1]


def finding_of(label: Label, page: int = 0) -> Finding:
    if isinstance(label, int):
        return Finding(Damage.LINE, line=label, page=page)
    if label.startswith("page "):
        return Finding(Damage.PAGE, page=int(label[5:]))
    return Finding({HEADING: Damage.HEADING, LETTERS: Damage.LETTERS}.get(label, Damage.FRAME), page=page)


def read_again(sheet: Sheet, data: bytes, parts: list[Part], drawing: dict, file: File | None) -> None:
    """Compare what the pages draw, whatever wrote them: the file was written anew, or added to."""
    wanted: dict[int, list[Part]] = {}
    for part in parts:
        if part.page:
            wanted.setdefault(part.page, []).append(part)
    found = []
    try:
        file = file or File(data)
        pages = file.pages()[:MOST_PAGES]
        drawn = [drawn_pieces(file, page) for page in pages]
        places = same_pages(wanted, drawn)
        for number, expected in sorted(wanted.items()):
            file.tick()
            place = places.get(number)
            if place is None:
                found.append(Finding(Damage.NO_PAGE, page=number))
                continue
            found += differences(expected, drawn[place], number)
            if pages[place].get(b"/Annots"):
                found.append(Finding(Damage.OVERLAID, page=number))
        found += [Finding(Damage.NEW_PAGE, page=at + 1) for at in range(len(pages)) if at not in places.values()]
        letters = {short(file.content(one)) for one in file.objects.values() if one.stream}
    except TooMuch:
        sheet.findings.append(Finding(Damage.FRAME))
        return
    if any(one not in letters for one in map(str, drawing.get("letters", ()))):
        found.append(Finding(Damage.LETTERS))
    sheet.findings += found or [Finding(Damage.REWRITTEN)]


def drawn_pieces(file: File, page: dict) -> list[str]:
    """What the stretches of a page mean; nothing when it draws more than a sheet's."""
    file.tick()
    drawing = file.drawing(page)
    found = pieces(drawing) if len(drawing) <= MOST_DRAWN else []
    return [piece.meaning for piece in found] if len(found) <= MOST_PIECES else []


def same_pages(wanted: dict[int, list[Part]], drawn: list[list[str]]) -> dict[int, int]:
    """Where each page stands now: in its place, unless another draws more of it."""
    places: dict[int, int] = {}
    sets = [set(one) for one in drawn]
    for number, expected in sorted(wanted.items()):
        meanings = {part.meaning for part in expected}
        free = [place for place in range(len(drawn)) if place not in places.values()]
        best = max(free, key=lambda place: (len(meanings & sets[place]), place == number - 1), default=None)
        if best is not None and (len(meanings & sets[best]) * 3 > len(meanings) or len(drawn) >= len(wanted)):
            places[number] = best
    return places


def differences(wanted: list[Part], drawn: list[str], page: int) -> list[Finding]:
    if not drawn or len(wanted) > MOST_PIECES:
        return [Finding(Damage.PAGE, page=page)]
    matcher = SequenceMatcher(None, [part.meaning for part in wanted], drawn, autojunk=False)
    found = []
    for tag, begins, ends, first, last in matcher.get_opcodes():
        if tag != "equal":
            found += [finding_of(part.label, page) for part in wanted[begins:ends]]
            if last - first > ends - begins:
                found.append(Finding(Damage.OVERLAID, page=page))
    return found
