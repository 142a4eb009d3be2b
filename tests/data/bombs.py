"""Small files that cost whoever decodes them much: each made as its format allows it."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

# A scan of the first component that holds nothing: the decoder goes over every block of the picture for it.
EMPTY_SCAN = bytes.fromhex("ffda0008010100013f00")
END = b"\xff\xd9"


def encoded(image: Image.Image | np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(file, kind, **options)
    return file.getvalue()


def png(width: int, height: int, depth: int, colour: int, body: bytes, *extra: tuple[bytes, bytes]) -> bytes:
    """A PNG chunk by chunk, for what Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), *extra, (b"IDAT", zlib.compress(body)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def many_scans(count: int, side: int = 64) -> bytes:
    """A grey progressive JPEG (side, side) of exactly ``count`` scans, 10 or more."""
    data = encoded(Image.new("L", (side, side), 128), "JPEG", progressive=True)
    return data.removesuffix(END) + EMPTY_SCAN * (count - data.count(b"\xff\xda")) + END


def with_thumbnail(data: bytes, thumbnail: bytes) -> bytes:
    """The JPEG ``data`` with ``thumbnail`` in a segment of its metadata."""
    content = b"Exif\x00\x00" + thumbnail
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + data[2:]


def tiff(size: tuple[int, int], rows: int, compression: int, part: bytes, count: int) -> bytes:
    """A grey TIFF (width, height) of ``count`` strips of ``rows`` rows, all of them the same ``part`` of the file."""
    start = 8 + len(part) + len(part) % 2
    lists = struct.pack(f"<{count}I", *[8] * count), struct.pack(f"<{count}I", *[len(part)] * count)
    offsets, lengths = (start, start + 4 * count) if count > 1 else (8, len(part))
    tags = [
        *((256, 4, 1, size[0]), (257, 4, 1, size[1]), (258, 3, 1, 8), (259, 3, 1, compression), (262, 3, 1, 1)),
        *((273, 4, count, offsets), (277, 3, 1, 1), (278, 4, 1, rows), (279, 4, count, lengths)),
    ]
    body = part + b"\0" * (len(part) % 2) + (b"".join(lists) if count > 1 else b"")
    table = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(body)) + body + table


def huge(kind: str, side: int = 16_000) -> bytes:
    """A small file of the format ``kind`` whose header says (side, side)."""
    data = bytearray(encoded(Image.new("RGB", (4, 4)), kind, **({"lossless": True} if kind == "WEBP" else {})))
    match kind:
        case "JPEG":
            frame = data.index(b"\xff\xc0")
            data[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
        case "GIF":
            data[6:10] = struct.pack("<HH", side, side)
            block = data.index(b"\x2c", 13)
            data[block + 5 : block + 9] = struct.pack("<HH", side, side)
        case "BMP":
            data[18:26] = struct.pack("<ii", side, side)
        case "WEBP":  # VP8L: 14 bits of width - 1, 14 of height - 1
            bits = int.from_bytes(data[21:25], "little")
            data[21:25] = (bits & ~(2**28 - 1) | (side - 1) | (side - 1) << 14).to_bytes(4, "little")
        case "TIFF":
            return tiff((side, side), side, 1, b"\0" * 16, 1)
        case "PNG":
            return png(side, side, 8, 0, b"\0" * 1000)
    return bytes(data)


def zeros(megabytes: int) -> bytes:
    """So many megabytes of zeros, compressed a thousandfold."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(megabytes)) + packer.flush()


def many_frames(kind: str, count: int, side: int) -> bytes:
    """An animation that begins red and is then of other colours."""
    colours = [Image.new("P" if kind == "GIF" else "RGB", (side, side)) for _ in range(2)]
    if kind == "GIF":
        for image, colour in zip(colours, ([0, 255, 0], [0, 0, 255]), strict=True):
            image.putpalette(colour)
    first = Image.new("RGB", (side, side), "red")
    return encoded(first, kind, save_all=True, append_images=colours * (count // 2), duration=20, lossless=True)
