"""Pictures that visitors bring, read in processes of their own: what a hostile one costs ends with its process."""

from __future__ import annotations

import atexit
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

import numpy as np

from explainer.data import upload_process
from explainer.data.images import MAX_SIDE, Picture, UnreadableImageError, check_bytes, picture_from_rgb
from explainer.data.names import file_name
from explainer.data.weight_files import is_weights
from explainer.words.book import Said, SaidError

AT_ONCE = 2  # processes; a third picture waits
KEPT = 1  # process waits for the next picture: a new one takes 0.2 s, each that waits 40 MB
PATIENCE = 30.0  # seconds that a picture waits for its turn
LONGEST = 20.0  # seconds for one picture, whatever else the computer does meanwhile

_BRAND = slice(4, 12)  # of a file in the format of MPEG-4, which HEIC and AVIF share
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_SVG = re.compile(rb"\s*(?:<[?!][^<]*)*<svg\b", re.IGNORECASE)
_MATROSKA = b"\x1aE\xdf\xa3"  # and WebM
_START = 4_096  # bytes in which a drawing says what it is

_COMMAND = (sys.executable, "-m", "explainer.data.upload_process")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # each takes addresses


class OtherKindError(SaidError, UnreadableImageError):
    """A picture of a kind that is known and not read; the message is a sentence that says how to export it."""


class Decoders:
    """At most ``at_once`` processes that read pictures, the last used kept for the next one."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE, longest: float = LONGEST) -> None:
        self._patience, self._longest = patience, longest
        self._places = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []
        self._closed = False

    def read(self, data: bytes, name: str, side: int = MAX_SIDE) -> Picture:
        """What ``explainer.data.images.read_image`` reads, or its UnreadableImageError.

        That too where the picture takes longer than 5 s of the processor or too much memory, and where others
        wait before it.
        """
        check_bytes(data, file_name(name))
        if not self._places.acquire(timeout=self._patience):
            raise UnreadableImageError(f"{file_name(name)} has to wait for other pictures: try again in a minute.")
        try:
            return self._read(data, name, side)
        finally:
            self._places.release()

    def close(self) -> None:
        """Ends the processes that wait for a picture; those that read one end with it."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for process in idle:
            _end(process)

    def _read(self, data: bytes, name: str, side: int) -> Picture:
        try:
            process, is_good = self._process(), False
        except OSError as error:  # the computer has no room for another process
            raise UnreadableImageError(f"{file_name(name)} cannot be read just now: try again in a minute.") from error
        last_moment = threading.Timer(self._longest, process.kill)
        last_moment.daemon = True
        last_moment.start()
        try:
            answer, pixels = _ask(process, data, name, side)
            if "problem" in answer:
                raise UnreadableImageError(str(answer["problem"]))
            height, width = int(str(answer["height"])), int(str(answer["width"]))
            picture = picture_from_rgb(np.frombuffer(pixels, np.uint8).reshape(height, width, 3))
            is_good = True
        except (OSError, EOFError) as error:
            raise UnreadableImageError(
                f"{file_name(name)} takes too long or too much memory to read: save it as a plain PNG or JPEG."
            ) from error
        finally:
            last_moment.cancel()
            self._put_back(process, is_good)
        return picture

    def _process(self) -> subprocess.Popen[bytes]:
        """One that waits and lives, else a new one."""
        while True:
            with self._lock:
                process = self._idle.pop() if self._idle else None
            if process is None:
                return _started()
            if process.poll() is None:
                return process
            _end(process)

    def _put_back(self, process: subprocess.Popen[bytes], is_good: bool) -> None:
        """Keeps it for the next picture; not one that met a file which may have harmed it."""
        with self._lock:
            is_kept = is_good and not self._closed and len(self._idle) < KEPT
            if is_kept:
                self._idle.append(process)
        if not is_kept:
            _end(process)


def read_upload(data: bytes, name: str, side: int = MAX_SIDE) -> Picture:
    """The picture in an uploaded file, as ``explainer.data.images.read_image`` has it, read by a process of its own.

    Raises UnreadableImageError, one sentence for the visitor, also where it takes too long or too much memory, and
    OtherKindError for HEIC, AVIF and SVG.
    """
    check_kind(data, name)
    return _decoders.read(data, name, side)


def check_kind(data: bytes, name: str) -> None:
    """Raises OtherKindError for a file of a kind that people take for a picture, or choose by mistake."""
    if kind := _kind(data):
        raise OtherKindError(Said(f"controls.other_kinds.{kind}", name=file_name(name)))


def _kind(data: bytes) -> str | None:
    """Its name in the book."""
    brand = data[_BRAND]
    is_of_mpeg = brand.startswith(b"ftyp")
    kinds = {
        "heic": is_of_mpeg and brand[4:] in _HEIC,
        "avif": brand in (b"ftypavif", b"ftypavis"),
        "video": is_of_mpeg or data.startswith(_MATROSKA) or (data.startswith(b"RIFF") and data[8:12] == b"AVI "),
        "svg": bool(_SVG.match(data[:_START].removeprefix(b"\xef\xbb\xbf"))),
        "pdf": data.startswith(b"%PDF"),
        "psd": data.startswith(b"8BPS"),
        "weights": is_weights(data),
    }
    return next((kind for kind, is_it in kinds.items() if is_it), None)


def _started() -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    environment = os.environ | _ONE_THREAD | {"PYTHONPATH": path}
    return subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def _ask(process: subprocess.Popen[bytes], data: bytes, name: str, side: int) -> tuple[dict[str, object], bytes]:
    """Its answer. Raises OSError or EOFError where it ends instead."""
    given, made = _pipes(process)
    upload_process.send(given, {"name": name, "side": side}, data)
    return upload_process.receive(made)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in _pipes(process):
        try:
            pipe.close()
        except BrokenPipeError:
            continue  # what it had not read is lost with it
    process.wait()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise ValueError("The process was started without pipes.")
    return process.stdin, process.stdout


_decoders = Decoders()
atexit.register(_decoders.close)

__all__ = ["Decoders", "OtherKindError", "check_kind", "read_upload"]
