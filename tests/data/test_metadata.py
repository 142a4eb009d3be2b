"""What stands beside the pixels never keeps a picture from being shown, as browsers show it."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from bombs import encoded, png
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from explainer.data.images import UnreadableImageError, read_image
from explainer.data.png_chunks import without_metadata
from explainer.data.uploads import OtherKindError, check_kind

RGB = np.random.default_rng(0).integers(0, 256, (6, 9, 3), dtype=np.uint8)
BODY = b"".join(b"\0" + row.tobytes() for row in RGB)
LARGE = zlib.compress(bytes(3_000_000))
CHUNKS = {
    "large profile": [(b"iCCP", b"x\0\0" + LARGE)],
    "large text": [(b"zTXt", b"k\0\0" + LARGE)],
    "large text in Unicode": [(b"iTXt", b"k\0\1\0\0\0" + LARGE)],
    "many texts": [(b"zTXt", b"k\0\0" + zlib.compress(bytes(900_000)))] * 90,
    "damaged EXIF": [(b"eXIf", b"garbage")],
}


def entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
    """A field of EXIF, whose value is 4 bytes."""
    return struct.pack("<HHI", tag, kind, count) + value


TURNED = entry(0x0112, 3, 1, struct.pack("<HH", 6, 0))
FIELDS = {
    "nothing else": b"",
    "an offset beyond the end": entry(0x8769, 4, 1, struct.pack("<I", 99_999)),
    "a negative number": entry(0x011A, 9, 1, struct.pack("<i", -1)),
    "a number that is none": entry(0x011A, 11, 1, struct.pack("<f", float("nan"))),
    "a text for a number": entry(0x0100, 2, 4, b"abc\0"),
}


def jpeg(*fields: bytes) -> bytes:
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(fields)) + b"".join(fields) + bytes(4)
    data = encoded(RGB, "JPEG")
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


@pytest.mark.parametrize("name", CHUNKS)
def test_a_png_is_shown_whatever_its_other_chunks_hold(name: str) -> None:
    assert (read_image(png(9, 6, 8, 2, BODY, *CHUNKS[name]), "cat.png").rgb == RGB).all()


@pytest.mark.parametrize("name", FIELDS)
def test_a_photograph_is_upright_whatever_else_its_exif_holds(name: str) -> None:
    fields = [TURNED, FIELDS[name]] if FIELDS[name] else [TURNED]
    picture = read_image(jpeg(*fields), "cat.jpg")
    assert picture.size == (9, 6)
    assert (picture.rgb == np.rot90(read_image(encoded(RGB, "JPEG"), "cat").rgb, -1)).all()


@given(st.binary(max_size=60))
def test_whatever_the_exif_holds_the_picture_is_shown(exif: bytes) -> None:
    data = encoded(RGB, "JPEG")
    data = data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif + data[2:]
    assert sorted(read_image(data, "cat.jpg").size) == [6, 9]


@given(st.binary(max_size=80))
def test_what_is_no_png_stays_as_it_is_and_a_damaged_one_keeps_its_end(data: bytes) -> None:
    assert without_metadata(data) == data
    signature = png(1, 1, 8, 0, b"")[:8]
    assert len(without_metadata(signature + data)) <= len(signature + data)
    assert without_metadata(signature + data).startswith(signature)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0", "IMG_1.heic is a HEIC picture"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0", "IMG_1.heic is a HEIC picture"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "IMG_1.heic is an AVIF picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "IMG_1.heic is an SVG drawing"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- a -->\n<!DOCTYPE svg>\n<SVG>", "IMG_1.heic is an SVG drawing"),
    ],
)
def test_what_browsers_show_and_we_do_not_is_named(data: bytes, said: str) -> None:
    with pytest.raises(OtherKindError) as problem:
        check_kind(data, "IMG_1.heic")
    assert isinstance(problem.value, UnreadableImageError)
    assert str(problem.value).startswith(said)
    assert " PNG" in str(problem.value) or " JPEG" in str(problem.value)


@pytest.mark.parametrize(
    "data", [encoded(RGB), encoded(RGB, "JPEG"), b"<html><svg></svg></html>", b"", b"ftyp", b"<!   " * 1_000]
)
def test_other_files_are_left_to_their_reader(data: bytes) -> None:
    check_kind(data, "cat.png")


BESIDE_THE_PIXELS = (274, 282, 283, 305, 306, 34675)  # orientation, resolutions, software, date, profile
DAMAGES = {
    "another kind": lambda field: field[:2] + struct.pack("<H", 12) + field[4:],
    "no kind": lambda field: field[:2] + struct.pack("<H", 99) + field[4:],
    "too many": lambda field: field[:4] + struct.pack("<I", 0x7FFFFFFF) + field[8:],
    "none": lambda field: field[:4] + bytes(4) + field[8:],
    "beyond the end": lambda field: field[:8] + struct.pack("<I", 0x7FFFFFFF),
}


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_tiff_is_shown_whatever_stands_beside_its_pixels(compression: str, damage: str) -> None:
    exif = Image.Exif()
    for tag, value in ((274, 1), (282, 300.0), (283, 300.0), (305, "software"), (306, "2020:01:01 00:00:00")):
        exif[tag] = value
    file = io.BytesIO()
    Image.fromarray(RGB).save(file, "TIFF", compression=compression, exif=exif, icc_profile=bytes(500))
    data = file.getvalue()
    (start,) = struct.unpack("<I", data[4:8])
    (count,) = struct.unpack("<H", data[start : start + 2])
    places = {struct.unpack("<H", data[at : at + 2])[0]: at for at in range(start + 2, start + 2 + 12 * count, 12)}
    for tag in BESIDE_THE_PIXELS:
        at = places[tag]
        shown = read_image(data[:at] + DAMAGES[damage](data[at : at + 12]) + data[at + 12 :], "a.tif")
        np.testing.assert_array_equal(shown.rgb, RGB)
