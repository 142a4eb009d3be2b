"""What a visitor takes home of a page, under the app's own Content-Security-Policy."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
import pytest
import zxingcpp
from opening import NAMES, path_of
from PIL import Image
from proxies import serving
from settled import eventually, settle
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

HOME = Path(__file__).parents[2] / "Home.py"
LIGHT = HOME.parent / "explainer/ui/components/take_home/light.js"
SLOW = 240_000  # milliseconds, on a busy machine
CODE = ".st-key-code summary, .st-key-i_code summary"
WELCOME = NAMES[0]  # has no code
SVG = "{http://www.w3.org/2000/svg}"
TYPED = "/convolution?grid=1+2+3%0A4+5+6%0A7+8+9&padding=same"  # an address that XML has to escape


def home_of(page: Page) -> Locator:
    """What is folded away at the end of a page that has been drawn, opened."""
    page.locator("h1").first.wait_for(timeout=SLOW)
    settle(page)
    home = page.locator(".take-home")
    home.locator("summary").click(timeout=SLOW)
    return home


def saved(home: Locator, number: int, kind: str, folder: Path) -> Path:
    row = home.locator(".pictures li").nth(number)
    with home.page.expect_download(timeout=SLOW) as download:
        row.get_by_role("button", name=f"as {kind}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def texts(root: ET.Element) -> str:
    return "".join(element.text or "" for element in root.iter(f"{SVG}text"))


def assert_stands_alone(root: ET.Element, link: str) -> None:
    """The picture needs nothing but itself, and says where it comes from."""
    assert root.tag == f"{SVG}svg"
    assert "Inside a CNN" in texts(root)
    assert link in texts(root)
    assert link in [anchor.get("href") for anchor in root.iter(f"{SVG}a")]
    assert not list(root.iter(f"{SVG}foreignObject"))
    ids = {element.get("id") for element in root.iter()}
    for element in root.iter(f"{SVG}image"):
        href = element.get("href") or element.get("{http://www.w3.org/1999/xlink}href")
        assert (href or "").startswith("data:image/")
    for element in root.iter():
        clip = (element.get("clip-path") or "").removeprefix("url(").strip("\"')#")
        assert clip in ("", "none") or clip in ids, f"nothing is called {clip}"


def assert_shows_something(png: Path, root: ET.Element) -> None:
    """Twice as many pixels as the drawing has, of several colours above the lines of the source."""
    with Image.open(png) as picture:
        picture.load()
        size = [round(2 * float(root.get(name, "0"))) for name in ("width", "height")]
        assert np.abs(np.subtract(picture.size, size)).max() <= 1  # halves are rounded either way
        above = picture.convert("RGB").crop((0, 0, picture.width, picture.height - 2 * 60))
        assert len(set(above.get_flattened_data())) > 10


def sheets(page: Page) -> int:
    """How many pages of A4 the printed page takes."""
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = [tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox ?\[([^]]*)\]", pdf)]
    assert np.allclose(boxes, (0, 0, 595, 842), atol=1)  # points
    return len(re.findall(rb"/Type ?/Page\b", pdf))


def whole(page: Page, rows: Locator) -> int:
    """How many pictures are listed once no more come: the box looks for late ones every second."""
    before, count = -1, rows.count()
    while before != count:
        page.wait_for_timeout(2000)
        before, count = count, rows.count()
    return count


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_of_a_page_its_code_and_the_page_on_paper(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path, name: str
) -> None:
    page = visit("about:blank", bypass_csp=False, color_scheme=("light", "dark")[NAMES.index(name) % 2])
    forbidden: list[str] = []
    page.on("console", lambda message: "Content Security" in message.text and forbidden.append(message.text))
    address = f"{serve(HOME).url}/{path_of(name)}"
    page.goto(address)
    settle(page)
    home = home_of(page)
    rows = home.locator(".pictures li")
    eventually(rows.first).to_be_visible()
    count = whole(page, rows)
    for number in range(count):
        root = ET.parse(saved(home, number, "SVG", tmp_path)).getroot()
        assert_stands_alone(root, address)
        assert_shows_something(saved(home, number, "PNG", tmp_path), root)
    assert len(list(tmp_path.iterdir())) == 2 * count
    assert sheets(page) == 1
    if name != WELCOME:
        page.locator(CODE).click()
        eventually(page.get_by_test_id("stCode").first).to_be_visible()
    settle(page)
    assert not forbidden


def test_images_that_streamlit_shows_are_saved_with_their_captions(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(f"{serve(HOME).url}/transfer")
    shown = page.get_by_test_id("stImage").locator("img")
    shown.first.wait_for(timeout=SLOW)
    settle(page)
    captions = page.get_by_test_id("stImageCaption").all_inner_texts()
    home = home_of(page)
    eventually(home.locator(".pictures li")).to_have_count(3)
    root = ET.parse(saved(home, 2, "SVG", tmp_path)).getroot()
    assert_stands_alone(root, page.url)
    assert len(list(root.iter(f"{SVG}image"))) == shown.count() == len(captions)
    plain = re.sub(r"\s", "", texts(root))
    assert all(re.sub(r"\s", "", caption) in plain for caption in captions)
    with Image.open(saved(home, 2, "PNG", tmp_path)) as image:
        assert len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)) > 1_000  # photographs


def test_the_link_reopens_exactly_what_is_shown(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    url = serve(HOME).url
    page = visit(f"{url}/pooling?embed=true&p_sy=1")
    home = home_of(page)
    page.locator(".st-key-p_sx input[type=range]").press("ArrowRight")
    page.wait_for_function("location.search.includes('p_sx=3')")
    settle(page)
    root = ET.parse(saved(home, 0, "SVG", tmp_path)).getroot()
    assert_stands_alone(root, f"{url}/pooling?p_sx=3&p_sy=1")
    assert "Output" in texts(root)
    (link,) = (anchor.get("href") for anchor in root.iter(f"{SVG}a"))
    page.goto(str(link))
    settle(page)
    again = ET.parse(saved(home_of(page), 0, "SVG", tmp_path)).getroot()
    assert texts(again) == texts(root)


def test_an_address_that_holds_signs_of_xml(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    address = serve(HOME).url + TYPED
    page = visit(address)
    root = ET.parse(saved(home_of(page), 0, "SVG", tmp_path)).getroot()
    assert_stands_alone(root, address)


def test_a_notebook_of_the_page_as_it_stands(
    serve: Callable[..., Any], visit: Callable[..., Page], tmp_path: Path
) -> None:
    url = serve(HOME).url
    page = visit(f"{url}/pooling?p_sy=1")
    home = home_of(page)
    for strides in (3, 4):  # each click gives the page of its moment
        page.locator(".st-key-p_sx input[type=range]").press("ArrowRight")
        page.wait_for_function(f"location.search.includes('p_sx={strides}')")
        eventually(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
        with page.expect_download(timeout=SLOW) as download:
            home.get_by_role("button", name="Save as .ipynb").click()
        assert download.value.suggested_filename == "pooling.ipynb"
        made = nbformat.read(download.value.path(), as_version=4)
        words = "\n".join(cell.source for cell in made.cells)
        assert words.startswith("# Pooling\n\n")
        assert f"({url}/pooling?p_sx={strides}&p_sy=1)" in words
        assert "| Vertical stride | 1 |\n" in words
        assert f"| Horizontal stride | {strides} |\n" in words
        assert "| Input | A small grid |\n" in words
        assert f"stride=(1, {strides})" in words


def test_a_sheet_of_paper_says_what_the_page_does(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    url = serve(HOME).url
    page = visit(f"{url}/convolution?sy=2&sx=2", color_scheme="dark")
    home_of(page)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    sheet = page.locator("body > .paper")
    eventually(sheet).to_be_visible()
    for everything_else in page.locator("body > :not(.paper)").all():
        assert not everything_else.is_visible()
    eventually(sheet.locator("h1")).to_have_text("Convolution")
    eventually(sheet.locator(".row svg")).to_have_count(1)
    eventually(sheet.locator(".notice")).to_have_text(re.compile(r"^7\s×\s7 becomes 3\s×\s3"))
    eventually(sheet.locator(".katex-display")).to_have_count(2)
    link = f"{url}/convolution?sy=2&sx=2"
    eventually(sheet.get_by_role("link")).to_have_text(link)
    with Image.open(io.BytesIO(sheet.locator("footer svg").screenshot())) as code:
        assert [found.text for found in zxingcpp.read_barcodes(code)] == [link]
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    eventually(sheet).to_have_count(0)


DARK = np.array([(14, 22, 33), (26, 38, 53)])  # the grounds of a dark page
# What a component may read of a page's colours, and what a light page says of each.
SAID = """names => {
    const mount = document.querySelector("[data-testid=stBidiComponentIsolated]").parentElement;
    return Object.fromEntries(names.map(name => [name, getComputedStyle(mount).getPropertyValue(name)]));
}"""


def share_of_dark(page: Page) -> list[float]:
    """Of every picture on the sheet, which part of its pixels is a dark page's ground."""
    shares = []
    for picture in page.locator("body > .paper .row > svg").all():
        with Image.open(io.BytesIO(picture.screenshot())) as seen:
            pixels = np.asarray(seen.convert("RGB")).astype(int)
        assert pixels[3, 3].tolist() == [255, 255, 255]
        shares.append(float((np.abs(pixels[:, :, None] - DARK).max(axis=3) <= 2).any(axis=2).mean()))
    return shares


@pytest.mark.parametrize("name", ["convolution", "feature_maps", "optimizers", "initialization", "regularization"])
def test_what_a_dark_page_prints_is_light_and_the_page_stays_dark(
    serve: Callable[..., Any], visit: Callable[..., Page], name: str
) -> None:
    """Canvases, SVG, a player, charts that Streamlit and that a component draws, and heat maps."""
    page = visit(f"{serve(HOME).url}/{name}", bypass_csp=False, color_scheme="dark")
    page.locator(".take-home summary").wait_for(timeout=SLOW)
    settle(page)
    before = page.screenshot()
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    eventually(page.locator("body > .paper .row > svg").first).to_be_visible()
    assert max(share_of_dark(page)) < 0.01
    page.emulate_media(media="screen", color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    settle(page)
    pairs = [
        np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int) for shot in (before, page.screenshot())
    ]
    assert (np.abs(pairs[0] - pairs[1]).max(axis=2) > 8).mean() < 0.01


def test_paper_has_the_colours_of_a_light_page(serve: Callable[..., Any], visit: Callable[..., Page]) -> None:
    stated = dict(re.findall(r'"(--st-[a-z-]+)": "([^"]+)"', LIGHT.read_text(encoding="utf-8")))
    page = visit(f"{serve(HOME).url}/convolution", color_scheme="light")
    home_of(page)
    assert page.evaluate(SAID, [*stated]) == stated
    used = {
        name
        for folder in ("explainer", "pages")
        for file in (HOME.parent / folder).rglob("*")
        if file.suffix in (".js", ".css")
        for name in re.findall(r"--st-[a-z-]*(?:color|colors)\b", file.read_text(encoding="utf-8"))
    }
    assert used <= set(stated)


def test_a_link_that_is_too_long_for_a_code_stands_on_paper_alone(
    serve: Callable[..., Any], visit: Callable[..., Page]
) -> None:
    page = visit(f"{serve(HOME).url}/pooling?about={'x' * 1200}")
    home_of(page)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    eventually(page.locator("body > .paper footer a")).to_have_text(re.compile("x{1200}"))
    eventually(page.locator("body > .paper footer svg")).to_have_count(0)
    assert sheets(page) == 1


# What a browser does that keeps nothing of a site within another one's page.
NOTHING_IS_KEPT = """
if (window.self !== window.top) {
  const refuse = { get() { throw new DOMException("Access is denied for this document.", "SecurityError") } };
  const names = ["localStorage", "sessionStorage", "indexedDB", "caches"];
  for (const name of names) Object.defineProperty(window, name, refuse);
  Object.defineProperty(Document.prototype, "cookie", { get: () => "", set() {} });
}
"""


@pytest.mark.parametrize("storage", ["kept", "blocked"])
def test_the_snippet_shows_the_view_within_a_page_of_another_site(
    serve: Callable[..., Any], visit: Callable[..., Page], storage: str
) -> None:
    url = serve(HOME).url
    page = visit(f"{url}/convolution?sy=2", bypass_csp=False, fresh=True)
    home = home_of(page)
    eventually(home.locator(".snippet")).to_have_value(re.compile("sy=2&amp;embed=true"))
    home.get_by_role("button", name="Copy").click()
    eventually(home.get_by_text("Copied.")).to_be_visible()
    snippet = home.locator(".snippet").input_value()
    frame_of_course = Route("/", lambda request: HTMLResponse(f"<title>A course</title><p>Text</p>{snippet}"))
    with serving(Starlette(routes=[frame_of_course]), "localhost") as course:
        page = visit("about:blank", bypass_csp=False, fresh=True)
        forbidden: list[str] = []
        page.on("console", lambda message: "Content Security" in message.text and forbidden.append(message.text))
        if storage == "blocked":
            page.add_init_script(NOTHING_IS_KEPT)
            page.context.new_cdp_session(page).send(
                "Network.setCookieControls",
                {
                    "enableThirdPartyCookieRestriction": True,
                    "disableThirdPartyCookieMetadata": True,
                    "disableThirdPartyCookieHeuristics": True,
                },
            )
        page.goto(course)
        frame = page.frame_locator("iframe")
        eventually(frame.locator("h1")).to_have_text("Convolution")
        eventually(frame.get_by_text("7 × 7 becomes 3 × 5")).to_be_visible()
        frame.locator(".st-key-sx input[type=range]").press("ArrowRight")
        eventually(frame.get_by_text("7 × 7 becomes 3 × 3")).to_be_visible()
        frame.locator(".take-home summary").click()
        eventually(frame.locator(".take-home .pictures li")).to_have_count(1)
        eventually(frame.locator(".snippet")).to_have_value(re.compile("convolution.sx=2&amp;sy=2&amp;embed=true"))
        assert not forbidden
