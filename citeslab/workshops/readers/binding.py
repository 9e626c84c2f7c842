"""The file of an attendance sheet (FR: feuille d'émargement): what it is made of, and how it is bound.

It is a PDF that any reader opens, and that holds beside its pages, as an attached text, what they say:

    CitesLab-sheet 1
    <digest> {"line":0, …}      the action
    <digest> {"line":1, …}      a person; then heads without a name
    <digest> {"drawing": …}     which stretch of the file draws which line

A digest is the SHA-256 of the digest before it (64 zeros first) and of its line, so that no line changes, goes, comes
or moves without breaking the chain. The last comment of the file is the SHA-256 of all the rest of the file: no byte
changes without being seen. Whoever makes the whole anew makes it whole: only the register of who made it says that.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from citeslab.workshops.readers.pdf import SHORT, File, Object, Ref, pieces

MARK = b"CitesLab-sheet 1"
START = "0" * 64
NAMES = (b"CitesLab-sheet 1 records", b"sheet.txt")

HEADING, LETTERS, FRAME = "heading", "letters", "frame"
Label = int | str  # a line's number, "heading", "page 2", "letters" or "frame"

LABEL = re.compile(r"heading|letters|frame|page \d{1,4}")


class NotPlain(Exception):
    """The PDF to bind is not as the renderer writes it: it was upgraded, and this module must follow."""


def link(previous: str, said: bytes) -> str:
    return sha256(previous.encode() + said).hexdigest()


def short(said: bytes) -> str:
    return sha256(said).hexdigest()[:SHORT]


def canonical(fact: object) -> bytes:
    """One way of writing it, on one line."""
    return json.dumps(fact, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def chained(facts: Iterable[object], previous: str = START) -> list[tuple[str, bytes]]:
    chain = []
    for fact in facts:
        said = canonical(fact)
        previous = link(previous, said)
        chain.append((previous, said))
    return chain


@dataclass
class Part:
    """A stretch of the file as it was made; of what a page draws, also what it means however it is written."""

    length: int
    digest: str
    label: Label
    page: int = 0
    meaning: str = ""

    @property
    def is_sound(self) -> bool:
        return (
            type(self.length) is int
            and type(self.page) is int
            and self.length >= 0
            and (type(self.label) is int or (isinstance(self.label, str) and LABEL.fullmatch(self.label) is not None))
            and isinstance(self.meaning, str)
        )

    def told(self) -> list:
        return [self.length, self.digest, self.label, *([self.page, self.meaning] if self.page else [])]


def bound(plain: bytes, facts: Sequence[dict], *, rows: Sequence[int]) -> bytes:
    """The file: the pages of `plain`, the chained facts, and the seal.

    `rows` says which line each row of the tables of `plain` shows (0: none), in the order in which they are read.
    """
    file = File(plain)
    labels = labelled(file, rows)
    order = sorted(file.objects.values(), key=lambda one: one.begins)
    records, attached = max(file.objects) + 1, max(file.objects) + 2
    catalog = next(one for one in order if one.said.get(b"/Type") == b"/Catalog")
    out = bytearray(plain[: order[0].begins] + b"%" + MARK + b"\n\n")
    parts = [Part(len(out), short(bytes(out)), FRAME)]
    offsets = {}
    for rank, one in enumerate(order):
        ends = order[rank + 1].begins if rank + 1 < len(order) else plain.index(b"xref", one.ends)
        said = plain[one.begins : ends]
        if one.said.get(b"/Type") == b"/Page":
            said = said.replace(
                b"<<",
                b"<<\n  /PieceInfo << /CitesLab << /LastModified (D:20000101000000Z) /Private %d 0 R >> >>" % records,
                1,
            )
        elif one is catalog:
            if b"/AF" in said or b"/Names" in said:
                raise NotPlain
            entry = b"<<\n  /AF [%d 0 R]\n  /Names << /EmbeddedFiles << /Names [(%s) %d 0 R] >> >>"
            said = said.replace(b"<<", entry % (attached, NAMES[1], attached), 1)
        offsets[one.number] = len(out)
        out += said
        label = labels[one.number]
        if isinstance(label, list):
            add_drawing(parts, one, said, label, file)
        else:
            add(parts, Part(len(said), short(said), label), out)
    offsets[attached] = len(out)
    said = (
        b"%d 0 obj\n<< /Type /Filespec /F (%s) /UF (%s) /Desc (%s) /AFRelationship /Data"
        b" /EF << /F %d 0 R /UF %d 0 R >> >>\nendobj\n\n" % (attached, NAMES[1], NAMES[1], NAMES[0], records, records)
    )
    out += said
    add(parts, Part(len(said), short(said), FRAME), out)

    chain = chained(facts)
    drawing = {
        "drawing": [part.told() for part in parts],
        "letters": sorted(short(file.content(one)) for one in order if labels[one.number] == LETTERS and one.stream),
        "said": [short(said) for _digest, said in chain],
    }
    chain += chained([drawing], chain[-1][0])
    text = MARK + b"\n" + b"".join(b"%s %s\n" % (digest.encode(), said) for digest, said in chain)
    offsets[records] = len(out)
    out += b"%d 0 obj\n<< /Type /EmbeddedFile /Subtype /text#2Fplain /Length %d >>\nstream\n" % (records, len(text))
    out += text + b"endstream\nendobj\n\n"
    return sealed(bytes(out), offsets, plain)


def add(parts: list[Part], part: Part, out: bytes | bytearray) -> None:
    """Beside a stretch of the same label, it is one with it."""
    last = parts[-1]
    if last.label == part.label and not last.page:
        length = last.length + part.length
        parts[-1] = Part(length, short(bytes(out[len(out) - length :])), part.label)
    else:
        parts.append(part)


def add_drawing(parts: list[Part], one: Object, said: bytes, label: list, file: File) -> None:
    """What a page draws, stretch by stretch, with the words of the object around it."""
    page, by_mcid = label
    opens = one.stream[0] - one.begins if one.stream else 0
    drawing = file.content(one)
    before, after = said[:opens], said[opens + len(drawing) :]
    parts.append(Part(len(before), short(before), f"page {page}"))
    for piece in pieces(drawing):
        stretch = drawing[piece.begins : piece.ends]
        shows = by_mcid[piece.mcid] if piece.mcid is not None else f"page {page}"
        parts.append(Part(len(stretch), short(stretch), shows, page, piece.meaning))
    parts.append(Part(len(after), short(after), f"page {page}"))


def labelled(file: File, rows: Sequence[int]) -> dict[int, Label | list]:
    """What each object is for; of what a page draws, the page and the label of each marked content."""
    labels: dict[int, Label | list] = {}
    parents = {}
    rows_left = list(rows)
    line_of_row: dict[int, Label] = {}
    for number, one in sorted(file.objects.items()):
        kind = one.said.get(b"/Type")
        labels[number] = FRAME
        if kind == b"/StructElem":
            parents[number] = one.said.get(b"/P")
            above = one.said.get(b"/P")
            if one.said.get(b"/S") == b"/TR" and file.value(above).get(b"/S") != b"/THead":  # type: ignore[union-attr]
                if not rows_left:
                    raise NotPlain
                line_of_row[number] = rows_left.pop(0) or HEADING
        elif kind in {b"/Font", b"/FontDescriptor", b"/CMap"}:
            labels[number] = LETTERS
        for name, value in one.said.items():
            if kind == b"/FontDescriptor" and name.startswith(b"/FontFile") and isinstance(value, Ref):
                labels[value.number] = LETTERS
    if rows_left:
        raise NotPlain

    def line_of(number: int) -> Label:
        while number in parents:
            if number in line_of_row:
                return line_of_row[number]
            above = parents[number]
            number = above.number if isinstance(above, Ref) else 0
        return HEADING

    for number in parents:
        labels[number] = line_of(number)
    for place, page in enumerate(file.pages(), 1):
        drawn, owners = page.get(b"/Contents"), owners_of(file, page)
        number = next(one.number for one in file.objects.values() if one.value is page)
        if not isinstance(drawn, Ref) or file.objects[drawn.number].said.get(b"/Filter"):
            raise NotPlain
        labels[number] = f"page {place}"
        labels[drawn.number] = [place, [line_of(owner) for owner in owners]]
    return labels


def owners_of(file: File, page: dict) -> list[int]:
    """The number of the tag that holds each marked content of a page."""
    root = next(one.said for one in file.objects.values() if one.said.get(b"/Type") == b"/StructTreeRoot")
    tree = root[b"/ParentTree"][b"/Nums"]
    by_key = dict(zip(tree[::2], tree[1::2], strict=True))
    owners = file.value(by_key[page[b"/StructParents"]])
    if not isinstance(owners, list):
        raise NotPlain
    return [owner.number for owner in owners]


def sealed(body: bytes, offsets: dict[int, int], plain: bytes) -> bytes:
    size = max(offsets) + 1
    index = b"xref\n0 %d\n0000000000 65535 f \n" % size
    index += b"".join(b"%010d 00000 n \n" % offsets[number] for number in range(1, size))
    trailer = plain[plain.rindex(b"trailer") : plain.rindex(b"startxref")]
    trailer = re.sub(rb"/Size \d+", b"/Size %d" % size, trailer)
    before = body + index + trailer.rstrip() + b"\n%" + MARK + b" sha256 "
    after = b"\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return before + sha256(before + after).hexdigest().encode() + after
