"""Uploads are read in processes of their own: the same picture as here, and what a bomb costs ends with its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from bombs import encoded, huge, many_frames, many_scans, png, tiff, with_thumbnail, zeros
from PIL import Image

from explainer.data import uploads
from explainer.data.images import MAX_BYTES, Picture, UnreadableImageError, read_image
from explainer.data.scans import MAX_SCANS, scans
from explainer.data.uploads import Decoders, read_upload

RANDOM = np.random.default_rng(0)
RGB = RANDOM.integers(0, 256, (6, 9, 3), dtype=np.uint8)
TOO_LONG = "cat.png takes too long or too much memory to read: save it as a plain PNG or JPEG."
TOO_MANY_SCANS = "cat.png is stored in more than 100 scans: save it as a PNG and use that."

pytestmark = pytest.mark.timeout(120)  # a bomb that is not bounded works for many minutes


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    own = Decoders()
    yield own
    own.close()


def sentence(data: bytes) -> str:
    with pytest.raises(UnreadableImageError) as caught:
        read_upload(data, "cat.png")
    return str(caught.value)


def program(monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    """The processes run ``before`` first."""
    text = f"from explainer.data import images, upload_process; {before}; upload_process.main()"
    monkeypatch.setattr(uploads, "_COMMAND", (sys.executable, "-c", text))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_the_picture_is_the_same_as_read_here(kind: str) -> None:
    data = encoded(RANDOM.integers(0, 256, (60, 90, 3), dtype=np.uint8), kind)
    for side in (512, 40):
        there, here = read_upload(data, "cat", side), read_image(data, "cat", side)
        np.testing.assert_array_equal(there.rgb, here.rgb)
        np.testing.assert_array_equal(there.grey, here.grey)


def test_the_photograph_of_a_phone_is_taken() -> None:
    """12 megapixels with the camera's noise, of almost 10 MB, and turned."""
    noise = Image.fromarray(np.repeat(RANDOM.normal(128, 22, (3024, 4032, 1)).clip(0, 255).astype(np.uint8), 3, 2))
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(noise, "JPEG", quality=92, exif=exif, progressive=True)
    assert 0.5 * MAX_BYTES < len(data) <= MAX_BYTES
    assert read_upload(data, "phone.jpg").size == (512, 384)


LARGEST = Image.linear_gradient("L").resize((4096, 4096))


@pytest.mark.parametrize(
    "data",
    {
        "RGBA": encoded(LARGEST.convert("RGBA"), compress_level=1),
        "16 bits": encoded(np.full((4096, 4096), 257, np.uint16), compress_level=1),
        "palette": encoded(LARGEST.convert("P"), "GIF"),
        "floats": encoded(np.zeros((4096, 4096), np.float32), "TIFF", compression="tiff_lzw"),
        "CMYK": encoded(LARGEST.convert("CMYK"), "JPEG"),
        "WebP": encoded(LARGEST.convert("RGBA"), "WEBP", method=0),
    }.items(),
    ids=lambda item: item[0],
)
def test_the_largest_pictures_allowed_fit_into_the_time_and_the_memory(data: tuple[str, bytes]) -> None:
    assert read_upload(data[1], "large").size == (512, 512)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_huge_dimensions_are_refused(kind: str) -> None:
    assert sentence(huge(kind)).endswith(" pixels: choose one of at most 16 megapixels.")


# --- scans ---


def test_scans_are_bounded() -> None:
    assert read_upload(many_scans(MAX_SCANS), "cat.jpg").size == (64, 64)
    assert sentence(many_scans(MAX_SCANS + 1)) == TOO_MANY_SCANS
    assert sentence(many_scans(40_000, side=4000)) == TOO_MANY_SCANS


def test_scans_are_counted_as_the_decoder_meets_them() -> None:
    data = many_scans(12)
    assert scans(data) == 12
    assert scans(with_thumbnail(data, many_scans(500)[:60_000])) == 12  # metadata, which nobody decodes
    assert scans(data + many_scans(500)) == 12  # what follows the end
    assert scans(data.replace(b"\xff\xda", b"\xff\xff\xff\xda")) == 12  # filled up before a marker
    assert scans(data.replace(b"\xff\xda", b"junk\xff\xda")) == 12
    assert scans(encoded(RGB, "JPEG")) == 1
    assert scans(b"") == scans(b"\xff") == scans(b"\xff\xda") - 1 == 0


def test_a_thumbnail_of_many_scans_is_no_fault() -> None:
    assert read_upload(with_thumbnail(many_scans(20), many_scans(500)), "cat.jpg").size == (64, 64)


def test_scans_in_a_tiff_and_in_an_mpo_are_bounded() -> None:
    assert read_upload(tiff((64, 64), 64, 7, many_scans(50), 1), "cat.tif").size == (64, 64)
    assert sentence(tiff((64, 64), 64, 7, many_scans(101), 1)) == TOO_MANY_SCANS
    assert sentence(tiff((64, 128), 64, 7, many_scans(101), 2)) == TOO_MANY_SCANS
    two = encoded(Image.new("L", (64, 64)), "MPO", save_all=True, append_images=[Image.new("L", (64, 64))])
    assert read_upload(two, "stereo.jpg").size == (64, 64)
    more = bytes.fromhex("ffda0008010100003f00") * 101
    assert sentence(two.replace(b"\xff\xd9", more + b"\xff\xd9", 1)) == TOO_MANY_SCANS


# --- other bombs: a picture or a sentence ---


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_many_frames_the_first_is_read(kind: str) -> None:
    assert (read_upload(many_frames(kind, 300, 200), "moving").rgb == [255, 0, 0]).all()


PIXEL = b"\0\xff"  # one white pixel after its row's filter
BOMBS = {
    "a comment that unfolds": png(1, 1, 8, 0, PIXEL, (b"zTXt", b"c\0\0" + zeros(300))),
    "many comments that unfold": png(1, 1, 8, 0, PIXEL, *[(b"zTXt", b"c\0\0" + zeros(1))] * 3000),
    "a colour profile that unfolds": png(1, 1, 8, 0, PIXEL, (b"iCCP", b"c\0\0" + zeros(300))),
    "pixels that unfold": png(1, 1, 8, 0, bytes(50_000_000)),
    "two hundred thousand strips": tiff((8, 200_000), 1, 1, b"\0" * 8, 200_000),
    "a strip for every picture": tiff((1000, 1000), 1, 5, b"\x80\x00" * 500, 1000),
    "a strip of two billion rows": tiff((1, 10), 2**31 - 1, 8, zeros(100), 1),
    "JPEG strips that share their scans": tiff((64, 64 * 2000), 64, 7, many_scans(100), 2000),
    "a ring of directories": tiff((1, 1), 1, 1, b"\0", 1)[:-4] + b"\x0a\0\0\0",
}


@pytest.mark.parametrize("data", BOMBS.items(), ids=lambda item: item[0])
def test_bombs_are_a_picture_or_a_sentence(data: tuple[str, bytes]) -> None:
    try:
        picture = read_upload(data[1], "cat.png")
    except UnreadableImageError as error:
        assert str(error).startswith("cat.png ")
    else:
        assert isinstance(picture, Picture)


# --- the limits end the process ---


def test_the_time_of_the_processor_is_bounded(monkeypatch: pytest.MonkeyPatch, decoders: Decoders) -> None:
    """40,000 scans of 16 megapixels, which take minutes, in a process that does not count them."""
    program(monkeypatch, "images.MAX_SCANS = 10**9; upload_process.SECONDS = 1")
    with pytest.raises(UnreadableImageError) as caught:
        decoders.read(many_scans(40_000, side=4000), "cat.png")
    assert str(caught.value) == TOO_LONG
    assert read_upload(encoded(RGB), "next").size == (6, 9)


def test_the_time_on_the_clock_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, "import time; images.read_image = upload_process.read_image = lambda *_: time.sleep(600)")
    impatient = Decoders(longest=1.0)
    with pytest.raises(UnreadableImageError) as caught:
        impatient.read(encoded(RGB), "cat.png")
    assert str(caught.value) == TOO_LONG
    impatient.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process's addresses")
def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch, decoders: Decoders) -> None:
    program(monkeypatch, "upload_process.MEMORY = 180 * 2**20")
    with pytest.raises(UnreadableImageError) as caught:
        decoders.read(encoded(LARGEST.convert("RGBA"), compress_level=1), "cat.png")
    assert str(caught.value) == "cat.png takes too much memory to read: make it smaller and try again."


# --- the processes ---


def waiting(decoders: Decoders) -> list[int]:
    return [process.pid for process in decoders._idle]


def test_a_process_is_kept_for_the_next_picture_unless_it_met_a_bad_one(decoders: Decoders) -> None:
    decoders.read(encoded(RGB), "cat")
    first = waiting(decoders)
    decoders.read(encoded(RGB), "cat")
    assert waiting(decoders) == first and len(first) == uploads.KEPT
    with pytest.raises(UnreadableImageError):
        decoders.read(b"no picture", "cat")
    assert waiting(decoders) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_process_that_was_killed_meanwhile_is_replaced(decoders: Decoders) -> None:
    decoders.read(encoded(RGB), "cat")
    os.kill(waiting(decoders)[0], signal.SIGKILL)
    decoders._idle[0].wait()
    assert decoders.read(encoded(RGB), "cat").size == (6, 9)


def test_a_slow_picture_holds_nobody_else_up(monkeypatch: pytest.MonkeyPatch, decoders: Decoders) -> None:
    """A process that stands still has the first picture; others are read meanwhile, and it ends after them."""
    program(monkeypatch, "import time; upload_process.read_image = lambda *_: time.sleep(600)")
    stuck, taken = decoders._process(), threading.Event()
    monkeypatch.undo()
    others = iter([uploads._started() for _ in range(3)])

    def process() -> subprocess.Popen[bytes]:
        if taken.is_set():
            return next(others)
        taken.set()
        return stuck

    monkeypatch.setattr(decoders, "_process", process)
    refused: list[str] = []

    def slow() -> None:
        try:
            decoders.read(encoded(RGB), "slow.png")
        except UnreadableImageError as error:
            refused.append(str(error))

    first = threading.Thread(target=slow)
    first.start()
    assert taken.wait(60)
    for _ in range(3):
        assert decoders.read(encoded(RGB), "cat.png").size == (6, 9)
    assert first.is_alive()
    stuck.kill()
    first.join()
    assert refused == [TOO_LONG.replace("cat", "slow")]


def test_who_waits_too_long_for_a_place_is_told() -> None:
    full = Decoders(at_once=1, patience=0.01)
    with full._places, pytest.raises(UnreadableImageError) as caught:
        full.read(encoded(RGB), "cat.png")
    assert str(caught.value) == "cat.png has to wait for other pictures: try again in a minute."
    full.close()


def test_nothing_is_started_for_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch, decoders: Decoders) -> None:
    monkeypatch.setattr(uploads, "_COMMAND", ("no such program",))
    with pytest.raises(UnreadableImageError, match="choose a picture of at most 10 MB"):
        decoders.read(bytes(MAX_BYTES + 60_000), "cat.png")
    with pytest.raises(UnreadableImageError, match="cannot be read just now: try again in a minute"):
        decoders.read(encoded(RGB), "cat.png")


def test_no_process_outlives_the_server() -> None:
    """Not even one that was killed and could close nothing."""
    text = (
        "import os, io; from PIL import Image; from explainer.data import uploads; file = io.BytesIO(); "
        "Image.new('L', (2, 2)).save(file, 'PNG'); uploads.read_upload(file.getvalue(), 'a'); "
        "print(uploads._decoders._idle[0].pid, flush=True); os._exit(1)"
    )
    done = subprocess.run([sys.executable, "-c", text], check=False, capture_output=True, timeout=300)
    pid = int(done.stdout)  # its end of the pipe was closed before this program's output was read to the end
    for _ in range(500):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        threading.Event().wait(0.02)
    pytest.fail("The process is still there.")
