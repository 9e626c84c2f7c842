"""As much of PDF as an attendance sheet needs: its objects, what is packed in them, what a page draws.

The file may be damaged, written anew by another program, or made to harm: objects are found by walking the bytes and
not by the file's own index, what is unpacked and the time spent are bounded, nothing is followed twice, and whatever
cannot be read is left out.
"""

import re
import zlib
from dataclasses import dataclass, replace
from hashlib import sha256
from time import monotonic

SECONDS = 5  # a sheet of hundreds takes one
LONGEST_VALUE = 64 * 1024
MOST_UNPACKED = 32 * 1024 * 1024  # bytes, of a whole file
DEEPEST = 40
ZERO = ord("0")
SHORT = 16  # hexadecimal digits of a digest that finds a place; what proves is the whole file's

Dictionary = dict  # of names (`b"/Type"`) to values


class Unreadable(Exception):
    """These bytes are no value of a PDF."""


class TooMuch(Exception):
    """More is in this file than in any sheet."""


@dataclass(frozen=True)
class Ref:
    number: int


# A string holds parentheses that close one another; a sheet has none deeper than these.
TOKEN = re.compile(
    rb"""(?P<space>[\0\t\n\f\r\x20]+|%[^\r\n]*)
    |(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?=[\0\t\n\f\r\x20()<>\[\]{}/%]|\Z))
    |(?P<name>/[^\0\t\n\f\r\x20()<>\[\]{}/%]*)
    |(?P<hex><[0-9A-Fa-f\0\t\n\f\r\x20]*>)
    |(?P<mark><<|>>|[\[\]{}])
    |(?P<text>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\))*+\))
    |(?P<word>[^\0\t\n\f\r\x20()<>\[\]{}/%]+)
    |(?P<other>.)""",
    re.X | re.S,
)
ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.S)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
OBJECT = re.compile(rb"(?<!\d)(\d{1,8})[\r\n\t\x20]+(\d{1,5})[\r\n\t\x20]+obj\b")
STREAM = re.compile(rb"[\r\n\t\x20]*stream(?:\r\n|\n|\r)")
STREAM_ENDS = re.compile(rb"[\r\n\t\x20]*endstream")


def unescaped(said: bytes) -> bytes:
    def sign(found: re.Match) -> bytes:
        octal, other = found.groups()
        return bytes([int(octal, 8) & 255]) if octal else ESCAPED.get(other, other)

    return ESCAPE.sub(sign, said) if b"\\" in said else said


def bytes_of(kind: str, said: bytes) -> bytes:
    """What a string says, in parentheses or in hexadecimal digits."""
    if kind == "text":
        return unescaped(said[1:-1])
    digits = b"".join(said[1:-1].split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def value_of(data: bytes) -> tuple[object, int]:
    """The value that these bytes begin with, and where it ends; dictionaries and lists are whole."""
    stack: list[list] = [[]]
    for found in TOKEN.finditer(data):
        kind, said = str(found.lastgroup), found[0]
        if kind == "space":
            continue
        if kind == "number":
            stack[-1].append(float(said))
        elif kind in {"text", "hex"}:
            stack[-1].append(bytes_of(kind, said))
        elif said in {b"<<", b"["} and len(stack) < DEEPEST:
            stack.append([])
        elif said in {b">>", b"]"} and len(stack) > 1:
            values = stack.pop()
            stack[-1].append(values if said == b"]" else dictionary(values))
        elif said == b"R" and len(stack) > 1 and len(stack[-1]) > 1 and isinstance(stack[-1][-2], float):
            stack[-1][-2:] = [Ref(int(stack[-1][-2]))]
        elif kind in {"name", "word"}:
            stack[-1].append(said)
        else:
            break
        if len(stack) == 1:
            return stack[0][0], found.end()
    raise Unreadable


def dictionary(values: list) -> Dictionary:
    keys = [key if isinstance(key, bytes) else b"" for key in values[::2]]
    return dict(zip(keys, values[1::2], strict=False))


@dataclass(frozen=True)
class Object:
    number: int
    value: object
    begins: int  # of `12 0 obj`
    ends: int
    stream: tuple[int, int] | None = None  # where what is packed in it stands

    @property
    def said(self) -> Dictionary:
        return self.value if isinstance(self.value, dict) else {}


class File:
    """The objects of a file; of two with one number the later counts, as in a file that was added to."""

    def __init__(self, data: bytes):
        self.data = data
        self.left = MOST_UNPACKED
        self.until = monotonic() + SECONDS
        self.objects: dict[int, Object] = {}
        self.inner: dict[int, object] = {}  # values packed with others in a stream
        at = 0
        while found := OBJECT.search(data, at):
            self.tick()
            at = found.end()
            try:
                one = self.object_at(found)
            except (Unreadable, ValueError, OverflowError):
                continue
            self.objects[one.number] = one
            at = max(at, one.ends)
        for one in list(self.objects.values()):
            if one.said.get(b"/Type") == b"/ObjStm":
                self.unpack(one)

    def tick(self) -> None:
        if monotonic() > self.until:
            raise TooMuch

    def object_at(self, found: re.Match) -> Object:
        number = int(found[1])
        value, end = value_of(self.data[found.end() : found.end() + LONGEST_VALUE])
        end += found.end()
        opens = STREAM.match(self.data, end)
        if not (opens and isinstance(value, dict)):
            return Object(number, value, found.start(), end)
        length = value.get(b"/Length")
        if isinstance(length, float):
            closes = STREAM_ENDS.match(self.data, opens.end() + int(length))
            if closes:
                return Object(number, value, found.start(), closes.end(), (opens.end(), opens.end() + int(length)))
        closes = STREAM_ENDS.search(self.data, opens.end())
        if closes is None:
            raise Unreadable
        return Object(number, value, found.start(), closes.end(), (opens.end(), closes.start()))

    def unpack(self, one: Object) -> None:
        content = self.content(one)
        try:
            count, first = int(one.said[b"/N"]), int(one.said[b"/First"])
            numbers = [int(said) for said in content[:first].split()][: 2 * count]
            for number, offset in zip(numbers[::2], numbers[1::2], strict=False):
                self.tick()
                self.inner[number] = value_of(content[first + offset : first + offset + LONGEST_VALUE])[0]
        except (KeyError, TypeError, ValueError, OverflowError, Unreadable):
            return

    def value(self, said: object) -> object:
        """What stands behind a reference, once."""
        if not isinstance(said, Ref):
            return said
        one = self.objects.get(said.number)
        return one.value if one else self.inner.get(said.number)

    def content(self, one: Object) -> bytes:
        """What is packed in it; nothing when it is not packed as we know."""
        if one.stream is None:
            return b""
        content = self.data[slice(*one.stream)]
        filters = self.value(one.said.get(b"/Filter", []))
        for name in filters if isinstance(filters, list) else [filters]:
            if name == b"/FlateDecode":
                content = self.inflated(content)
            elif name == b"/ASCIIHexDecode":
                try:
                    content = bytes.fromhex(content.split(b">")[0].decode("ascii"))
                except ValueError:
                    return b""
            else:
                return b""
        return content

    def inflated(self, content: bytes) -> bytes:
        try:
            whole = zlib.decompressobj().decompress(content, self.left + 1)
        except zlib.error:
            return b""
        self.left -= len(whole)
        if self.left < 0:
            raise TooMuch
        return whole

    def pages(self) -> list[Dictionary]:
        """In the order of the file's own tree; when there is none, in the order of their numbers."""
        roots = [one.said.get(b"/Pages") for one in self.objects.values() if one.said.get(b"/Type") == b"/Catalog"]
        roots += [
            said.get(b"/Pages")
            for said in self.inner.values()
            if isinstance(said, dict) and said.get(b"/Type") == b"/Catalog"
        ]
        found: list[Dictionary] = []
        seen: set[int] = set()
        waiting = list(roots[-1:])
        while waiting:
            self.tick()
            one = waiting.pop(0)
            if isinstance(one, Ref):
                if one.number in seen:
                    continue
                seen.add(one.number)
            said = self.value(one)
            if not isinstance(said, dict):
                continue
            kids = self.value(said.get(b"/Kids"))
            if isinstance(kids, list):
                waiting = kids + waiting
            elif said.get(b"/Type") == b"/Page":
                found.append(said)
        if found or roots:
            return found
        return [one.said for _n, one in sorted(self.objects.items()) if one.said.get(b"/Type") == b"/Page"]

    def drawing(self, page: Dictionary) -> bytes:
        """What a page draws, unpacked."""
        named = page.get(b"/Contents")
        parts = self.value(named)
        refs = parts if isinstance(parts, list) else [named]
        ones = [self.objects[ref.number] for ref in refs if isinstance(ref, Ref) and ref.number in self.objects]
        return b"\n".join(self.content(one) for one in ones)


@dataclass(frozen=True)
class Piece:
    """A stretch of what a page draws: up to the end of one marked content (`mcid`: the number that tags give it)."""

    begins: int
    ends: int
    mcid: int | None
    meaning: str  # a digest of its tokens, the same however they are written


def meaning_of(words: list[bytes]) -> str:
    return sha256(b" ".join(words)).hexdigest()[:SHORT]


def pieces(drawing: bytes) -> list[Piece]:
    """The stretches of a page, that follow one another without a hole."""
    found: list[Piece] = []
    words: list[bytes] = []
    depth, begins, mcid = 0, 0, None
    for token in TOKEN.finditer(drawing):
        kind, said = token.lastgroup, token[0]
        if kind == "space":
            continue
        if kind == "number":
            if words and words[-1] == b"/MCID" and depth == 0 and len(said) < 8:
                mcid = int(float(said))
            words.append(said + b".000" if said.isdigit() and said[0] != ZERO else b"%.3f" % float(said))
        elif kind in {"text", "hex"}:
            words.append(b"(" + bytes_of(kind, said).hex().encode())
        elif said == b">>" and b"<<" in words:
            opens = len(words) - 1 - words[::-1].index(b"<<")
            words[opens:] = [b" ".join(sorted(words[opens:]))]  # the order of its entries means nothing
        else:
            words.append(said)
            if said in {b"BDC", b"BMC"}:
                depth += 1
            elif said == b"EMC":
                depth -= 1
                if depth == 0:
                    found.append(Piece(begins, token.end(), mcid, meaning_of(words)))
                    begins, mcid, words = token.end(), None, []
    if words or not found:
        found.append(Piece(begins, len(drawing), None, meaning_of(words)))
    elif begins < len(drawing):
        found.append(replace(found.pop(), ends=len(drawing)))
    return found
