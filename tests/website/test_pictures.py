"""Pictures: known by their content, refused before they are unpacked, made again without what a phone noted."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from citeslab.website import readers

pytestmark = pytest.mark.django_db  # what this room remembers between two tests is in the database


def jpeg(size=(1200, 900), **options) -> bytes:
    """Soft shapes, as a photograph has."""
    kept = BytesIO()
    Image.effect_noise((12, 9), 90).convert("RGB").resize(size, Image.BICUBIC).save(kept, "JPEG", **options)
    return kept.getvalue()


def saved(picture: Image.Image, format: str, **options) -> bytes:
    kept = BytesIO()
    picture.save(kept, format, **options)
    return kept.getvalue()


def head_of_png(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def test_a_picture_is_made_small_and_light():
    made = readers.redrawn(jpeg())

    with Image.open(BytesIO(made.content)) as opened:
        assert (opened.format, opened.size) == ("WEBP", (made.width, made.height))
    assert len(made.content) <= readers.WEIGHT
    assert (made.width, made.height) == (720, 540)


def test_the_worst_picture_is_light_all_the_same():
    """Noise is what weighs most."""
    made = readers.redrawn(saved(Image.effect_noise((1600, 1200), 120), "PNG"))
    assert len(made.content) <= readers.WEIGHT
    assert made.width >= readers.WIDTHS[-1]


def test_what_a_phone_noted_is_gone_and_the_picture_stands_upright():
    noted = Image.Exif()
    noted[0x010F] = "Zqmaker"
    noted[0x0112] = 6  # lying on its side
    noted.get_ifd(0x8825)[1] = "N"  # a position
    made = readers.redrawn(jpeg(exif=noted, comment=b"Zqcomment"))

    assert (made.width < made.height) is True
    assert b"Zq" not in made.content
    with Image.open(BytesIO(made.content)) as opened:
        assert dict(opened.getexif()) == {}
        assert set(opened.info) & {"exif", "xmp", "icc_profile"} == set()


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "I;16", "CMYK"])
def test_any_kind_of_picture_becomes_one_that_everyone_sees(mode):
    format = "JPEG" if mode == "CMYK" else "PNG"
    made = readers.redrawn(saved(Image.new(mode, (300, 200)), format))
    with Image.open(BytesIO(made.content)) as opened:
        assert opened.mode == "RGB"


def test_what_was_transparent_is_white():
    made = readers.redrawn(saved(Image.new("RGBA", (300, 200), (255, 0, 0, 0)), "PNG"))
    with Image.open(BytesIO(made.content)) as opened:
        assert opened.convert("RGB").getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(40),
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        jpeg()[:3000],
        saved(Image.new("RGB", (20, 20)), "GIF"),
        saved(Image.new("RGB", (20, 20)), "TIFF"),
    ],
    ids=["nothing", "svg", "gif-head", "pdf", "png-head", "cut", "gif", "tiff"],
)
def test_what_is_no_picture_is_refused(sent):
    with pytest.raises(readers.NotAPicture):
        readers.redrawn(sent)


@pytest.mark.parametrize("size", [(20_000, 20_000), (60_000, 60_000), (10_000, 10_000), (8_001, 5_000)])
def test_a_bomb_is_refused_by_its_head(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "draft", lambda *_: pytest.fail("it was about to be unpacked"))
    with pytest.raises(readers.NotAPicture, match="trop de points"):
        readers.redrawn(head_of_png(*size))


def test_too_long_and_too_heavy_are_refused():
    with pytest.raises(readers.NotAPicture, match="trop allongée"):
        readers.redrawn(saved(Image.new("RGB", (900, 200)), "PNG"))
    with pytest.raises(readers.NotAPicture, match="trop lourd"):
        readers.redrawn(b"\0" * (readers.MOST_BYTES + 1))
