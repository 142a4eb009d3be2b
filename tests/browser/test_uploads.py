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

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

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
