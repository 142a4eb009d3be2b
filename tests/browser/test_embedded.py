"""Within a page of another site: over https all is kept as in a tab of its own, else the page says what is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from proxies import proxy, serving
from settled import eventually
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
SLOW = 240_000  # milliseconds, on a busy machine, where the trainers come last
LOST = "a reload loses your runs"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder, made = tmp_path_factory.mktemp("tls"), trustme.CA().issue_cert("localhost", "127.0.0.1")
    files = folder / "certificate.pem", folder / "key.pem"
    made.cert_chain_pems[0].write_to_path(str(files[0]))
    made.private_key_pem.write_to_path(str(files[1]))
    return files


@pytest.fixture(scope="module")
def course(certificate: tuple[Path, Path]) -> Iterator[str]:
    """The address of a page of another site that shows the address after its question mark."""

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(f'<iframe src="{request.url.query}" width="1200" height="700" allow="camera"></iframe>')

    with serving(Starlette(routes=[Route("/", page)]), "localhost", certificate) as address:
        yield address


def frame_of(page: Page) -> FrameLocator:
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Train", exact=True).wait_for(timeout=SLOW)
    return frame


def test_no_other_site_is_told_to_the_page_as_one_that_may_steer_it(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    address = serve(HOME).url
    told = visit(address).request.get(f"{address}/_stcore/host-config").json()
    assert told["allowedOrigins"] == []


def test_over_https_a_reload_finds_the_run_and_files_go_up(
    serve: Callable[..., Any],
    visit: Callable[..., Page],
    course: str,
    certificate: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    wrong = tmp_path / "wrong.safetensors"
    wrong.write_bytes(b"\0" * 500)
    with proxy(serve(HOME).url, tls=certificate) as app:
        address = f"{course}/?{app.url}/train?view=take-home"
        page = visit(address, ignore_https_errors=True, fresh=True)
        frame = frame_of(page)
        frame.locator("input[type=file]").set_input_files(wrong)
        frame.get_by_text("is no file of weights").wait_for(timeout=SLOW)
        frame.get_by_role("button", name="Train", exact=True).click()
        eventually(frame.locator(".st-key-stop button")).to_be_enabled()
        page.goto(address)
        frame = frame_of(page)
        eventually(frame.locator(".st-key-stop button")).to_be_enabled()
        assert frame.get_by_text(LOST).count() == 0
        kept = {cookie["name"]: cookie for cookie in page.context.cookies(app.url)}
        for name in ("inside_a_cnn_visitor", "_streamlit_xsrf"):
            assert (kept[name]["sameSite"], kept[name]["secure"]) == ("None", True)
        frame.locator(".st-key-stop button").click()


def test_over_http_a_sentence_says_what_is_lost_and_leads_to_a_tab(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    app = serve(HOME).url
    route = Route("/", lambda request: HTMLResponse(f'<iframe src="{app}/train" width="1200" height="700"></iframe>'))
    with serving(Starlette(routes=[route]), "localhost") as course:
        page = visit(course, fresh=True)
        frame = frame_of(page)
        frame.get_by_text(LOST).wait_for(timeout=SLOW)
        with page.context.expect_page() as opened:
            frame.get_by_role("link", name="Open it in its own tab").click()
        tab = opened.value
        tab.get_by_role("button", name="Train", exact=True).wait_for(timeout=SLOW)
        assert re.match(rf"{re.escape(app)}/train", tab.url)
        assert tab.get_by_text(LOST).count() == 0
