"""Any number of large files leaves the server's memory as it is, and others upload meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from PIL import Image
from settled import settle

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Request

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PAGE = "convolution?input=upload"
FILES, FILE_BYTES = 60, 10_000_000
MOST_GROWTH = 80_000_000  # bytes: what one tab may have in transit, and what the allocator keeps of it


def resident(process: int) -> int:
    """Bytes of the process that are in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def settled(process: int) -> int:
    """What is resident once the server has imported all that it needs, and no longer grows."""
    last = 0
    for _ in range(30):
        if (now := resident(process)) < last + 1_000_000:
            return now
        last = now
        time.sleep(3)
    raise TimeoutError("The server grows without end.")


def upload(page: Page, file: Path) -> Request:
    """Chooses the file, waits until the page shows it, and returns the request that brought it to the server."""
    with page.expect_request(lambda request: "/upload_file/" in request.url and request.method == "PUT") as found:
        page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="The picture as the code below reads it").wait_for()
    request: Request = found.value
    return request


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_sixty_large_files_stay_bounded_and_others_upload_meanwhile(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    picture = tmp_path / "picture.bmp"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (1700, 1700, 3), np.uint8)).save(picture)
    server = serve(ROOT / "Home.py")
    page = visit(f"{server.url}/{PAGE}")
    first = upload(page, picture)
    session = first.url.rsplit("/", 2)[-2]
    headers = {name: first.all_headers()[name] for name in ("x-xsrftoken", "cookie")}

    before = settled(server.process)
    with httpx.Client(base_url=server.url, headers=headers, timeout=300) as client:
        for _ in range(FILES):
            answer = client.put(
                f"/_stcore/upload_file/{session}/{uuid4()}", files={"file": ("large.png", bytes(FILE_BYTES))}
            )
            assert answer.status_code == 204
    assert resident(server.process) - before < MOST_GROWTH

    upload(visit(f"{server.url}/{PAGE}"), picture)
    page.get_by_role("button", name="The picture as the code below reads it").wait_for()  # and the first page lives


PLACES = {  # each has a file uploader: what may be chosen there, and a file that is too large, in megabytes
    PAGE: ("choose a picture of at most 10 MB", 11),
    "transfer?tl_source=own&tl_by=files": ("choose a picture of at most 10 MB", 11),
    "feature_maps?i_net=upload": ("which has at most 13 MB", 14),
    "train?view=take-home": ("which has at most 13 MB", 14),
}


def pointed_at(page: Page) -> Locator:
    """The place for files, whose dialog offers what is wanted first as soon as somebody points at it."""
    place = page.get_by_test_id("stFileUploaderDropzone").first
    place.wait_for(timeout=60_000)
    settle(page)
    place.hover()
    chooser = place.locator("input[type=file]")
    assert (chooser.get_attribute("accept", timeout=10_000) or "").startswith(".")
    return chooser


@pytest.mark.parametrize("path", PLACES)
def test_a_file_that_is_too_large_is_said_with_what_to_do_and_not_sent(
    serve: Callable[..., Any], visit: Callable[..., Page], path: str, tmp_path: Path
) -> None:
    limit, megabytes = PLACES[path]
    large = tmp_path / "large.png"
    large.write_bytes(bytes(megabytes * 2**20))
    page = visit(f"{serve(ROOT / 'Home.py').url}/{path}")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/upload_file/" in request.url else None)
    chooser = pointed_at(page)
    chooser.set_input_files(large)
    page.get_by_text(f"large.png has {megabytes}.0 MB").filter(has_text=limit).wait_for()
    assert sent == []
    assert page.get_by_text("File must be").count() == 0


def test_of_several_files_those_that_are_small_enough_arrive_and_the_others_are_said(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    Image.new("RGB", (40, 40), "red").save(small)
    large.write_bytes(bytes(11 * 2**20))
    page = visit(f"{serve(ROOT / 'Home.py').url}/transfer?tl_source=own&tl_by=files")
    chooser = pointed_at(page)
    with page.expect_request(lambda request: "/upload_file/" in request.url and request.method == "PUT"):
        chooser.set_input_files([large, small])
    settle(page)
    page.get_by_text("large.png has 11.0 MB").wait_for()
    page.get_by_role("button", name="Remove this picture").first.wait_for(state="attached")


def test_a_document_that_is_dropped_is_said_to_be_one(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7\n1 0 obj")
    page = visit(f"{serve(ROOT / 'Home.py').url}/{PAGE}")
    page.locator("input[type=file]").first.set_input_files(paper)
    page.get_by_text("paper.pdf is a PDF document, not a picture").wait_for()
