"""A process that reads the pictures that visitors upload: ``python -m explainer.data.upload_process``.

One picture after another comes on its standard input, and goes out small on its standard output. It may take so much
memory, and so much time of the processor for each, and ends itself in the middle of a decoder's work where that is
exceeded. It imports nothing but NumPy and Pillow, and ends when its input does.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from typing import IO

from explainer.data.images import UnreadableImageError, read_image
from explainer.data.names import file_name

SECONDS = 5  # of the processor, for one picture: those that people have take a tenth of it
MEMORY = 640 * 2**20  # bytes of addresses: the largest WebP allowed takes 440 MB, a JPEG or a PNG 330
_LENGTHS = struct.Struct(">II")  # of a message's two parts: a description in JSON, and what it describes


def send(file: IO[bytes], description: dict[str, object], data: bytes = b"") -> None:
    """Writes a message. Raises OSError where nobody reads it."""
    text = json.dumps(description).encode()
    file.write(_LENGTHS.pack(len(text), len(data)) + text)
    file.write(data)
    file.flush()


def receive(file: IO[bytes]) -> tuple[dict[str, object], bytes]:
    """Reads a message. Raises EOFError where there is none, or only a part of one."""
    text, data = (_exactly(file, length) for length in _LENGTHS.unpack(_exactly(file, _LENGTHS.size)))
    return dict(json.loads(text)), data


def _exactly(file: IO[bytes], length: int) -> bytes:
    data = file.read(length)
    if len(data) < length:
        raise EOFError
    return data


def main() -> None:
    """Reads pictures until the input ends."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a decoder prints is no message
    _limit_memory()
    while True:
        try:
            asked, data = receive(sys.stdin.buffer)
        except EOFError:
            return
        _limit_time()
        send(output, *_read(data, str(asked["name"]), int(str(asked["side"]))))


def _read(data: bytes, name: str, side: int) -> tuple[dict[str, object], bytes]:
    try:
        picture = read_image(data, name, side)
    except UnreadableImageError as error:
        return {"problem": str(error)}, b""
    except MemoryError:
        return {"problem": f"{file_name(name)} takes too much memory to read: make it smaller and try again."}, b""
    return {"height": picture.size[0], "width": picture.size[1]}, picture.rgb.tobytes()


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a decoder that is stopped leaves no file behind


def _limit_time() -> None:
    """The system ends this process when it has worked for ``SECONDS`` more."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + SECONDS, most))


if __name__ == "__main__":
    main()
