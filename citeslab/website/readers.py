"""Pictures that people send, read by their content alone and made again: small, without anything that a phone noted."""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000  # more than a phone takes; known from the head, before anything is unpacked
FORMATS = ("JPEG", "PNG", "WEBP")
WIDTHS = (720, 560, 420, 320, 240)
QUALITIES = (72, 55, 40)
WEIGHT = 11_000  # bytes: a whole page with its picture stays under 60 kB
LONGEST = 3  # times as high as wide, or as wide as high: beyond, nothing can be seen


class NotAPicture(Exception):
    """What was sent cannot be shown; the message says why and what to do."""


@dataclass(frozen=True)
class Redrawn:
    content: bytes
    width: int
    height: int


def redrawn(sent: bytes) -> Redrawn:
    """The picture in a file, as WebP of 11 kB at most; raises `NotAPicture`."""
    if len(sent) > MOST_BYTES:
        raise NotAPicture(_("This file is too heavy: 10 MB at most. Send a smaller copy."))
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as opened:
            refuse_by_head(opened)
            opened.draft("RGB", (2 * WIDTHS[0], 2 * WIDTHS[0]))  # a JPEG is unpacked at the size that is needed
            upright = ImageOps.exif_transpose(opened)
            picture = on_white(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise NotAPicture(too_many_points()) from problem
    # Decoders of foreign files fail in many ways; none of them may take the page down.
    except (OSError, ValueError, SyntaxError, EOFError, IndexError) as problem:
        raise NotAPicture(_("This file is not a picture that we can read. Send a JPEG, a PNG or a WebP.")) from problem
    return lightest(picture)


def too_many_points() -> str:
    return _("This picture has too many points: 40 million at most. Send a smaller copy.")


def refuse_by_head(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise NotAPicture(too_many_points())
    if max(opened.size) > LONGEST * min(opened.size):
        raise NotAPicture(_("This picture is too long to be seen on a phone. Cut it nearer to a square."))


def on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, nor a palette, nor a second image behind the first."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return picture.convert("RGB")


def lightest(picture: Image.Image) -> Redrawn:
    """The largest and best that weighs no more than it may; the smallest one at worst."""
    smaller = picture
    for width in WIDTHS:
        smaller = smaller.copy()
        smaller.thumbnail((width, width))
        for quality in QUALITIES:
            kept = BytesIO()
            # Neither EXIF, nor a position, nor a color profile is handed on.
            smaller.save(kept, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
            if kept.tell() <= WEIGHT:
                return Redrawn(kept.getvalue(), *smaller.size)
    return Redrawn(kept.getvalue(), *smaller.size)
