"""Uploads: every kind of file gives the right picture or one sentence; whatever the bytes, nothing else happens."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from bombs import encoded, png
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from explainer.data import images
from explainer.data.images import MAX_BYTES, Picture, UnreadableImageError, picture_from_rgb, read_image, to_png

RANDOM = np.random.default_rng(0)
RGB = RANDOM.integers(0, 256, (6, 9, 3), dtype=np.uint8)
GREY = RANDOM.integers(0, 256, (6, 9), dtype=np.uint8)
RAMP = np.linspace(0, 255, 64, dtype=np.uint8)
SMOOTH = np.stack([np.tile(RAMP, (48, 1)), np.tile(RAMP[:48, None], (1, 64)), np.full((48, 64), 90, np.uint8)], 2)


def sentence(data: bytes, name: str = "cat.png") -> str:
    with pytest.raises(UnreadableImageError) as caught:
        read_image(data, name)
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("BMP", {}), ("TIFF", {}), ("TIFF", {"compression": "tiff_lzw"}), ("WEBP", {"lossless": True})],
)
def test_lossless_files_come_back_pixel_by_pixel(kind: str, options: dict[str, object]) -> None:
    assert (read_image(encoded(RGB, kind, **options), "cat").rgb == RGB).all()


def test_a_jpeg_comes_back_within_its_compression() -> None:
    picture = read_image(encoded(SMOOTH, "JPEG", quality=95), "cat.jpg")
    assert np.abs(picture.rgb.astype(int) - SMOOTH).mean() < 2


def test_grey_is_the_stated_luma_and_a_grey_picture_is_its_own() -> None:
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 20, 30], [255, 255, 255]]], np.uint8)
    # 0.299, 0.587 and 0.114 of 255; 2.99 + 11.74 + 3.42 = 18.15
    assert read_image(encoded(colours), "c").grey.tolist() == [[76, 150, 29, 18, 255]]
    picture = read_image(encoded(GREY), "grey.png")
    assert (picture.grey == GREY).all()
    assert (picture.rgb == GREY[:, :, None]).all()
    assert picture.size == (6, 9)


def test_transparency_is_laid_on_white() -> None:
    pixels = np.array([[[200, 0, 0, 0], [200, 0, 0, 255], [200, 0, 100, 51]]], np.uint8)
    # A fifth of (200, 0, 100) on white: 255 - 0.2 * (255 - x)
    assert read_image(encoded(pixels), "c").rgb.tolist() == [[[255, 255, 255], [200, 0, 0], [244, 204, 224]]]
    half = Image.merge("LA", [Image.new("L", (2, 1), 0), Image.new("L", (2, 1), 51)])
    assert read_image(encoded(half), "c").grey.tolist() == [[204, 204]]


@pytest.mark.parametrize(("ink", "ground"), [(255, 0), (245, 0), (225, 255), (0, 255)])
def test_what_would_vanish_on_white_is_laid_on_black(ink: int, ground: int) -> None:
    values = np.full((20, 20, 4), (ink, ink, ink, 0), np.uint8)
    values[5:15, 9:12, 3] = 255
    picture = read_image(encoded(Image.fromarray(values)), "chalk.png")
    assert (picture.grey[10, 10], picture.grey[0, 0]) == (ink, ground)


def test_a_transparent_colour_of_a_palette_is_white() -> None:
    palette = Image.new("P", (3, 1))
    palette.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    palette.putdata([0, 1, 2])
    expected = [[[255, 0, 0], [255, 255, 255], [0, 0, 255]]]
    assert read_image(encoded(palette, transparency=1), "c").rgb.tolist() == expected
    assert read_image(encoded(palette, transparency=bytes([255, 0, 255])), "c").rgb.tolist() == expected
    assert read_image(encoded(palette, "GIF", transparency=1), "c").rgb.tolist() == expected
    assert read_image(encoded(palette), "c").rgb[0, 1].tolist() == [0, 255, 0]


def test_transparent_edges_do_not_darken_when_shrunk() -> None:
    pixels = np.zeros((1024, 1024, 4), np.uint8)  # black, but not to be seen
    pixels[:, :512] = (200, 200, 200, 255)
    rgb = read_image(encoded(pixels), "c", 100).rgb
    assert (np.abs(rgb[:, :48] - 200.0) <= 1).all()
    assert rgb[:, 48:].min() > 200
    assert (rgb[:, 52:] == 255).all()


WIDE = np.array([[0, 257, 32896, 65535, 65406, 65407]], np.uint16)
NARROW = [[0, 1, 128, 255, 254, 255]]  # value / 257, rounded: 65406 / 257 = 254.498, 65407 / 257 = 254.502


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bits_are_scaled_to_8(kind: str) -> None:
    assert read_image(encoded(WIDE, kind), "x").grey.tolist() == NARROW


def test_16_bit_files_of_either_byte_order_and_of_three_colours() -> None:
    big = io.BytesIO()
    Image.frombytes("I;16B", (6, 1), WIDE.astype(">u2").tobytes()).save(big, "TIFF")
    assert read_image(big.getvalue(), "x.tif").grey.tolist() == NARROW
    colours = png(2, 1, 16, 2, b"\0" + struct.pack(">6H", 65535, 0, 32896, 257, 65535, 0))
    assert read_image(colours, "x.png").rgb.tolist() == [[[255, 0, 128], [1, 255, 0]]]


def test_16_bits_of_more_than_one_block_and_of_a_single_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_BLOCK", 4)
    assert read_image(encoded(WIDE, "TIFF"), "x").grey.tolist() == NARROW
    assert read_image(encoded(WIDE.T.copy(), "TIFF"), "x").grey.T.tolist() == NARROW


def test_a_transparent_grey_of_16_bits_is_white() -> None:
    data = png(2, 1, 16, 0, b"\0" + struct.pack(">2H", 300, 257), (b"tRNS", struct.pack(">H", 300)))
    assert read_image(data, "x.png").grey.tolist() == [[255, 1]]


def test_numbers_without_a_white_are_stretched() -> None:
    floats = np.array([[-1.0, 0.0, 3.0, np.nan, np.inf]], np.float32)
    assert read_image(encoded(floats, "TIFF"), "x.tif").grey.tolist() == [[0, 64, 255, 0, 255]]
    whole = np.array([[-100_000, 0, 300_000]], np.int32)
    assert read_image(encoded(whole, "TIFF"), "x.tif").grey.tolist() == [[0, 64, 255]]
    assert read_image(encoded(np.full((2, 2), np.nan, np.float32), "TIFF"), "x").grey.tolist() == [[0, 0], [0, 0]]


def test_the_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (4, 3), colour) for colour in ("red", "lime", "blue")]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)
        assert (read_image(data, "moving").rgb == [255, 0, 0]).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied_once(kind: str, orientation: int) -> None:
    stored = np.zeros((16, 32, 3), np.uint8)
    stored[:8, :16] = 255  # white at the upper left, as stored
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = read_image(encoded(stored, kind, exif=exif), "phone").grey
    # EXIF 2.3, tag Orientation: where the stored first row and first column belong.
    row, column = [("top", "left"), ("top", "right"), ("bottom", "right"), ("bottom", "left")][(orientation - 1) % 4]
    assert upright.shape == ((16, 32) if orientation < 5 else (32, 16))
    height, width = upright.shape
    rows = slice(None, height // 2) if row == "top" else slice(height // 2, None)
    columns = slice(None, width // 2) if column == "left" else slice(width // 2, None)
    assert upright[rows, columns].min() > 200
    assert upright.sum() < 255 * (height * width // 4 + 40)


def test_cmyk_and_1_bit() -> None:
    ink = Image.new("CMYK", (8, 8), (0, 255, 255, 0))  # no cyan: red
    for kind in ("JPEG", "TIFF"):
        red, green, blue = read_image(encoded(ink, kind), "print").rgb[4, 4].tolist()
        assert red > 245
        assert max(green, blue) < 10
    bits = np.array([[True, False, True]])
    assert read_image(encoded(bits), "fax.png").grey.tolist() == [[255, 0, 255]]
    assert read_image(encoded(bits, "TIFF", compression="group4"), "fax.tif").grey.tolist() == [[255, 0, 255]]


def test_lab_is_a_picture_or_a_sentence() -> None:
    data = encoded(Image.new("LAB", (4, 4), (128, 128, 128)), "TIFF")
    try:
        picture = read_image(data, "a.tif")
    except UnreadableImageError as error:  # Pillow before it could convert these colours
        assert str(error) == "a.tif has its colours in L*a*b*: save it in RGB."
    else:  # L* = 128 / 255 * 100 = 50.2 is a luminance of 0.186, which sRGB writes as 119
        assert np.abs(picture.rgb.astype(int) - 119).max() <= 1


@pytest.mark.parametrize("height", [20_000, 12_000, 5_000])
def test_too_many_pixels_are_refused_before_decoding(height: int) -> None:
    # 20,000 rows are beyond what Pillow refuses, 12,000 beyond what it warns of, 5,000 below both.
    data = png(height, height, 8, 0, b"\0" * 1000)
    tracemalloc.start()
    found = sentence(data)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert found.startswith("cat.png has ")
    assert found.endswith(" pixels: choose one of at most 16 megapixels.")


def test_the_20_000_by_20_000_png_of_a_real_encoder_is_refused() -> None:
    data = encoded(Image.new("1", (20_000, 20_000)), compress_level=1)
    assert len(data) < 1_000_000
    assert sentence(data) == "cat.png has too many pixels: choose one of at most 16 megapixels."


def test_16_megapixels_are_taken() -> None:
    assert read_image(encoded(Image.new("1", (5184, 3236), 1)), "large.png").size == (320, 512)


KINDS = "choose a PNG, JPEG, GIF, WebP, BMP or TIFF file."
NOISE = RANDOM.integers(0, 256, (64, 64, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", f"cat.png is empty: {KINDS}"),
        (b"%PDF-1.7\n1 0 obj", f"cat.png is no picture that can be read: {KINDS}"),
        (b"<svg/>", f"cat.png is no picture that can be read: {KINDS}"),
        (encoded(RGB, "PPM"), f"cat.png is no picture that can be read: {KINDS}"),
        (bytes(MAX_BYTES + 60_000), "cat.png has 10.1 MB: choose a picture of at most 10 MB."),
    ],
    ids=["empty", "pdf", "svg", "other format", "heavy"],
)
def test_what_is_no_picture_is_a_sentence(data: bytes, expected: str) -> None:
    assert sentence(data) == expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_file_that_is_cut_in_half_is_a_sentence(kind: str) -> None:
    data = encoded(NOISE, kind, **({"compression": "tiff_lzw"} if kind == "TIFF" else {}))
    assert read_image(data, "cat.png").size == (64, 64)
    assert sentence(data[: len(data) // 2]) in (
        "cat.png is cut off or damaged: save or download it again.",
        f"cat.png is no picture that can be read: {KINDS}",  # where what says the size comes at the end, as in TIFF
    )
    if kind == "JPEG":
        assert sentence(data[: len(data) // 2]) == "cat.png is cut off or damaged: save or download it again."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/pass wd.png", "pass wd.png"),
        ("C:\\Users\\me\\cat (1).jpg", "cat (1).jpg"),
        ("my *net* $x_1$ [a](b).png", "my *net* $x_1$ [a](b).png"),
        ("photo\u202egpj.exe\n\x1b[31m.png", "photogpj.exe [31m.png"),
        ("Füchse.png", "Füchse.png"),
        ("x" * 300 + ".png", "x" * 24 + "..." + "x" * 9 + ".png"),
        ("\x00\x07", "This file"),
    ],
)
def test_a_name_stands_in_a_sentence_as_it_is_but_for_what_nobody_sees(name: str, shown: str) -> None:
    assert sentence(b"", name).removesuffix(f" is empty: {KINDS}") == shown


SEEDS = [
    encoded(SMOOTH, kind)
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
] + [encoded(WIDE, "TIFF"), encoded(SMOOTH, "TIFF", compression="tiff_lzw")]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(0, 4000),
)
def test_damaged_bytes_give_a_picture_or_a_sentence(seed: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(seed)
    for at, byte in changes:
        data[at % len(data)] = byte
    try:
        picture = read_image(bytes(data[: max(1, len(data) - cut)]), "cat.png")
    except UnreadableImageError as error:
        assert str(error).startswith("cat.png ")
        assert str(error).endswith(".")
    else:
        assert picture.rgb.shape == (*picture.size, 3)
        assert 1 <= max(picture.size) <= images.MAX_SIDE


def test_uploads_are_bounded_to_the_side_that_is_asked_for() -> None:
    data = encoded(np.zeros((700, 900, 3), np.uint8))
    assert read_image(data, "x").size == (398, 512)
    assert read_image(data, "x", 90).size == (70, 90)


def test_reading_needs_no_torch_and_no_streamlit() -> None:
    program = (
        "import sys; from explainer.data import images, samples; "
        "sys.exit('torch' in sys.modules or 'streamlit' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=300).returncode == 0
    assert Picture.__dataclass_params__.frozen


def test_a_picture_is_written_without_loss() -> None:
    picture = picture_from_rgb(np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8))
    again = read_image(to_png(picture), "again.png")
    np.testing.assert_array_equal(again.rgb, picture.rgb)
