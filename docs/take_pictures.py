"""Takes the pictures of the README anew, one a page, as a projector shows it.

``python -m docs.take_pictures [NAME ...]``. Needs Chromium (CHROMIUM is its path where it is not found). Train,
Autoencoder, Detection and Segmentation are taken in the middle of a run, Hyperparameter search after its runs.
"""

import sys
from urllib.parse import urlencode

from playwright.sync_api import Page

from benchmarks.common import ROOT, browser, open_page, server

SLOW = 120_000  # milliseconds
# What each page shows, as in its address; some go on moving for a while: milliseconds until the picture is taken.
VIEWS: dict[str, dict[str, str]] = {
    "welcome": {},
    "cortex": {},
    "convolution": {},
    "channels": {},
    "transposed": {},
    "pooling": {},
    "activation": {},
    "softmax": {},
    "normalization": {},
    "dropout": {},
    "x_or_o": {},
    "receptive_field": {},
    "architectures": {"network": "googlenet"},
    "residual": {"res_layers": "8"},
    "train": {"preset": "wider", "epochs": "20"},
    "initialization": {},
    "optimizers": {},
    "regularization": {},
    "hyperparameters": {},
    "transfer": {},
    "autoencoder": {},
    "feature_maps": {},
    "filters": {},
    "maximization": {},
    "exemplars": {},
    "attribution": {},
    "boxes": {"bx_view": "ap"},
    "detection": {},
    "segmentation": {"sg_twin": "no-skips"},
}
MOVING = {
    "train": 12_000,
    "detection": 10_000,
    "segmentation": 40_000,
    "optimizers": 4_000,
    "regularization": 3_000,
    "hyperparameters": 40_000,
    "transfer": 25_000,
    "autoencoder": 30_000,
    "maximization": 12_000,
    "attribution": 6_000,
}
TRAINED = ("train", "autoencoder", "detection", "segmentation")  # in the middle of a run
BEGINS = {**dict.fromkeys(TRAINED, "Train"), "hyperparameters": "Search"}  # the buttons to press


def settled(page: Page, wait: int) -> None:
    """Waits until the page is drawn, and for what goes on after that."""
    page.locator("h1").first.wait_for(timeout=SLOW)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=SLOW)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(1500 + wait)


def take(page: Page, url: str, name: str) -> None:
    """Opens a page and takes its picture."""
    path = "" if name == "welcome" else name
    page.goto(f"{url}/{path}?{urlencode(VIEWS[name])}")
    settled(page, 0)
    if begins := BEGINS.get(name):
        page.get_by_role("button", name=begins, exact=True).click()
    page.wait_for_timeout(MOVING.get(name, 0))
    page.screenshot(path=ROOT / "docs" / f"{name}.png")


def main(names: list[str]) -> None:
    """Takes the pictures of these pages, or of all."""
    with server(warm=20) as url, browser() as chromium:
        page = open_page(chromium, url)
        page.set_default_timeout(SLOW)
        for name in names or VIEWS:
            take(page, url, name)


if __name__ == "__main__":
    main(sys.argv[1:])
