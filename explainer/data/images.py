"""Pictures that visitors upload: hostile until they are small arrays of 8-bit red, green and blue.

Nothing is decoded before the file's own header has said how many pixels it holds. What a visitor brings is read by
``explainer.data.uploads``, in a process of its own, which bounds the time and the memory too.
"""

from __future__ import annotations

import functools
import hashlib
import io
import struct
import threading
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from explainer.data.limits import MEGABYTE, PICTURE_MEGABYTES
from explainer.data.names import file_name
from explainer.data.png_chunks import without_metadata
from explainer.data.scans import MAX_SCANS, most_scans

MAX_BYTES = PICTURE_MEGABYTES * MEGABYTE
MAX_PIXELS = 2**24
MAX_SIDE = 512

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
_KINDS = "PNG, JPEG, GIF, WebP, BMP or TIFF"
_TOO_LARGE = f"choose one of at most {MAX_PIXELS // 10**6} megapixels"

_TURNS = {  # to upright, by EXIF's number of the orientation
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What reading damaged EXIF raises.
_DAMAGE = (ArithmeticError, AttributeError, EOFError, LookupError, OSError, SyntaxError, TypeError, ValueError)

_NEARLY_WHITE = 16  # mean of 255 less the grey of what is not transparent
_BLOCK = 2**20  # pixels looked up at once: each takes eight bytes meanwhile

# One at a time: Python's warning filters belong to the whole process.
_DECODING = threading.Lock()


class UnreadableImageError(ValueError):
    """This file is no picture for us; the message is one sentence for the visitor, with the file's name."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture: ``rgb`` (height, width, 3) and ``grey`` (height, width), both uint8 and read-only.

    ``grey`` is the luma 0.299 red + 0.587 green + 0.114 blue, rounded (Recommendation ITU-R BT.601), as Pillow and
    OpenCV have it; a grey picture's grey is its own value.
    """

    rgb: NDArray[np.uint8]
    grey: NDArray[np.uint8]

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.grey.shape[0], self.grey.shape[1]

    @functools.cached_property
    def key(self) -> str:
        """The same pixels, the same key; for caches, which would hash all of them at each look."""
        return hashlib.blake2b(self.rgb.tobytes(), digest_size=16, key=repr(self.size).encode()).hexdigest()


def read_image(data: bytes, name: str, side: int = MAX_SIDE) -> Picture:
    """The picture in an uploaded file, shrunk until its longer side is at most ``side`` pixels.

    Upright as its EXIF says, transparency laid on white (white ink on black), 16 bits scaled to 8, of an animation the
    first frame. Numbers without a known white (32-bit integers, floats) are stretched from their smallest to their
    largest.

    Args:
        data: what is in the file, at most 10 MB.
        name: of the file, for the message only.
        side: 1 or more.

    Raises:
        UnreadableImageError: too large, empty, not a PNG, JPEG, GIF, WebP, BMP or TIFF, cut off or damaged, or made to
            keep its decoder busy.
        MemoryError: there is less memory than it takes.
    """
    shown = file_name(name)
    check_bytes(data, shown)
    with _DECODING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about damaged metadata, and about sizes, which _open judges itself
        with _open(data, shown) as image:
            return _picture(_small(_decoded(image, shown, side), side))


def check_bytes(data: bytes, shown: str) -> None:
    """Raises UnreadableImageError for a file without a byte, or with more than 10 MB; ``shown`` is its name."""
    if not data:
        raise UnreadableImageError(f"{shown} is empty: choose a {_KINDS} file.")
    if len(data) > MAX_BYTES:
        raise UnreadableImageError(
            f"{shown} has {len(data) / MEGABYTE:.1f} MB: choose a picture of at most {PICTURE_MEGABYTES} MB."
        )


def fit(picture: Picture, side: int) -> Picture:
    """The picture shrunk until its longer side is at most ``side`` (1 or more), keeping its aspect; never enlarged.

    By Lanczos's filter, which takes the mean over all pixels that a new one covers.
    """
    if max(picture.size) <= side:
        return picture
    return _picture(_small(Image.fromarray(picture.rgb), side))


def to_png(picture: Picture) -> bytes:
    """The picture as a PNG file, every pixel as it is."""
    file = io.BytesIO()
    Image.fromarray(picture.rgb).save(file, "PNG")
    return file.getvalue()


def picture_from_rgb(rgb: NDArray[np.uint8]) -> Picture:
    """A picture of ``rgb`` (height, width, 3) uint8, copied. Raises ValueError for arrays of another kind."""
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise ValueError(f"A picture is a uint8 array (height, width, 3), not {rgb.dtype} of shape {rgb.shape}.")
    colour = rgb.copy()
    grey = np.rint(colour @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
    colour.flags.writeable = grey.flags.writeable = False
    return Picture(colour, grey)


def _open(data: bytes, shown: str) -> Image.Image:
    """The file's header, checked; no pixel is decoded yet."""
    try:
        image = Image.open(io.BytesIO(without_metadata(data)), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise UnreadableImageError(f"{shown} has too many pixels: {_TOO_LARGE}.") from error
    except MemoryError:
        raise
    except Exception as error:  # whatever a decoder raises over a header that somebody made up
        raise UnreadableImageError(f"{shown} is no picture that can be read: choose a {_KINDS} file.") from error
    if image.width * image.height > MAX_PIXELS:
        raise UnreadableImageError(f"{shown} has {image.width:,} × {image.height:,} pixels: {_TOO_LARGE}.")
    if most_scans(image, data) > MAX_SCANS:
        raise UnreadableImageError(f"{shown} is stored in more than {MAX_SCANS} scans: save it as a PNG and use that.")
    return image


def _decoded(image: Image.Image, shown: str, side: int) -> Image.Image:
    """All of the first frame, upright, in mode L, RGB or RGBA; already small where the numbers are wide."""
    try:
        image.load()
        upright = _upright(image)
        if upright.mode.startswith("I;16"):
            return Image.fromarray(_from_16_bits(upright))
        if upright.mode in ("F", "I"):
            return Image.fromarray(_stretched(_small(upright, side)))
        if upright.has_transparency_data:
            return upright.convert("RGBA")
        return upright if upright.mode == "L" else upright.convert("RGB")
    except MemoryError:
        raise
    except Exception as error:  # whatever a decoder raises over a file that somebody damaged
        if image.mode == "LAB":
            raise UnreadableImageError(f"{shown} has its colours in L*a*b*: save it in RGB.") from error
        raise UnreadableImageError(f"{shown} is cut off or damaged: save or download it again.") from error


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says; as it is stored where that is damaged."""
    try:
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except (*_DAMAGE, struct.error):
        return image
    return image if turn is None else image.transpose(turn)


def _from_16_bits(image: Image.Image) -> NDArray[np.uint8]:
    """Grey values of 16 bits, scaled to 0 to 255; the one that stands for transparency becomes white."""
    table = ((np.arange(2**16) + 128) // 257).astype(np.uint8)
    table[image.info.get("transparency", [])] = 255
    values = np.asarray(image).reshape(-1)
    grey = np.empty(values.shape, np.uint8)
    for start in range(0, values.size, _BLOCK):
        grey[start : start + _BLOCK] = table[values[start : start + _BLOCK]]
    return grey.reshape(image.height, image.width)


def _stretched(image: Image.Image) -> NDArray[np.uint8]:
    """Grey values without a known white: the smallest becomes 0, the largest 255; what is no number becomes 0."""
    values = np.asarray(image, np.float64)
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    bounded = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    return np.rint((bounded - low) / ((high - low) or 1) * 255).astype(np.uint8)


def _small(image: Image.Image, side: int) -> Image.Image:
    longest = max(image.size)
    if longest <= side:
        return image
    width, height = (max(1, round(pixels * side / longest)) for pixels in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _picture(image: Image.Image) -> Picture:
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, _ground(image)), image)
    return picture_from_rgb(np.asarray(image.convert("RGB")))


def _ground(image: Image.Image) -> str:
    """What a transparent picture is laid on: what is all but white itself would vanish on white."""
    alpha, grey = np.asarray(image.getchannel("A"), np.float64), np.asarray(image.convert("L"), np.float64)
    return "black" if (alpha * (255 - grey)).sum() < _NEARLY_WHITE * alpha.sum() else "white"
