"""Digits written on paper and photographed, made of MNIST's: paper, pens, shadows, frames, noise and JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Ink = NDArray[np.float64]  # (height, width), 0 paper to 1 ink
Page = NDArray[np.float64]  # (height, width, 3), 0 black to 1 white

KINDS = (
    "plain", "shadow", "dim", "coloured paper", "small", "scanned frame", "drawn frame", "ruled", "tall", "desk",
    "chalk", "thin pen", "transparent",
)  # fmt: skip
PENS = ((0.1, 0.1, 0.12), (0.12, 0.15, 0.55), (0.6, 0.1, 0.12), (0.1, 0.4, 0.2), (0.3, 0.3, 0.3))
CHALK, BOARD = (0.9, 0.9, 0.85), (0.12, 0.2, 0.16)
DESK = (0.35, 0.22, 0.12)


@dataclass(frozen=True)
class Sheet:
    """Height and width in pixels, and the chance that all that is random comes from."""

    height: int
    width: int
    rng: np.random.Generator

    @property
    def short(self) -> int:
        return min(self.height, self.width)


def photographed(digit: NDArray[np.uint8], kind: str, seed: int) -> bytes:
    """A file, JPEG or PNG, of a digit (28, 28) as somebody would bring it, turned by up to 10 degrees."""
    rng = np.random.default_rng(seed)
    short = int(rng.integers(240, 700))
    long = round(short * (2.4 if kind == "tall" else rng.choice([1, 1.33, 1.5])))
    upright = kind == "tall" or rng.random() < 0.6
    sheet = Sheet(long if upright else short, short if upright else long, rng)
    ink = _placed(_written(digit, sheet, kind), sheet)
    if kind == "transparent":
        return _transparent(ink, white=rng.random() < 0.7)
    page = _page(ink, kind, sheet)
    return _camera(page * _light(page, kind, rng)[..., None], short, rng)


def _written(digit: NDArray[np.uint8], sheet: Sheet, kind: str) -> Ink:
    """As large as it is on the sheet, with sharp borders; a thin pen leaves the middle of the strokes only."""
    rng = sheet.rng
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    inner = np.pad(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 3)
    part = rng.uniform(0.1, 0.2) if kind == "small" else rng.uniform(0.25, 0.75)
    scale = max(24, part * sheet.short) / (max(inner.shape) - 6)
    large = Image.fromarray(inner).resize(
        (round(inner.shape[1] * scale), round(inner.shape[0] * scale)), Image.Resampling.BICUBIC
    )
    turned = large.rotate(rng.uniform(-10, 10), Image.Resampling.BICUBIC, expand=True)
    turned.thumbnail((sheet.width - 20, sheet.height - 20))
    middle = 0.65 if kind == "thin pen" else 0.5
    return np.clip((np.asarray(turned) / 255 - middle) / 0.4 + 0.5, 0, 1)


def _placed(ink: Ink, sheet: Sheet) -> Ink:
    """Anywhere on the sheet but at its very border."""
    margin = 0.07 * sheet.short
    whole = np.zeros((sheet.height, sheet.width))
    starts = []
    for side, taken in zip(whole.shape, ink.shape, strict=True):
        most = (side - taken) / 2
        starts.append(int(sheet.rng.uniform(min(margin, most), max(side - taken - margin, most))))
    top, left = starts
    whole[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return whole


def _page(ink: Ink, kind: str, sheet: Sheet) -> Page:
    rng = sheet.rng
    paper, pen = np.array((1, 0.99, 0.96)) * rng.uniform(0.75, 1), np.array(PENS[rng.integers(len(PENS))])
    if kind == "coloured paper":
        paper = rng.uniform(0.7, 1, 3) * rng.uniform(0.75, 1)
    if kind == "chalk":
        paper, pen = np.array(BOARD) * rng.uniform(0.7, 1.3), np.array(CHALK)
    page = np.broadcast_to(paper, (*ink.shape, 3)).copy()
    if kind == "ruled":
        page[np.arange(len(page)) % max(12, sheet.short // 18) < max(1, sheet.short // 300)] *= (0.8, 0.85, 0.97)
    page = page * (1 - ink[..., None]) + pen * ink[..., None]
    if kind == "scanned frame":
        _line(page, 0, round(rng.uniform(0.01, 0.05) * sheet.short) + 1, 0.09)
    if kind == "drawn frame":
        _line(page, round(0.035 * sheet.short), max(2, sheet.short // 150), 0.2)
    return _on_desk(page, sheet) if kind == "desk" else page


def _line(page: Page, start: int, width: int, grey: float) -> None:
    """A frame, ``start`` pixels from the border and ``width`` wide."""
    inner = page[start + width : len(page) - start - width, start + width : page.shape[1] - start - width].copy()
    page[start : len(page) - start, start : page.shape[1] - start] = grey
    page[start + width : len(page) - start - width, start + width : page.shape[1] - start - width] = inner


def _on_desk(page: Page, sheet: Sheet) -> Page:
    around = round(0.12 * sheet.short)
    desk = np.broadcast_to(DESK, (len(page) + 2 * around, page.shape[1] + 2 * around, 3)).copy()
    desk[around:-around, around:-around] = page
    angle = sheet.rng.uniform(-5, 5)
    fill: Any = tuple(round(255 * value) for value in DESK)
    turned = Image.fromarray((desk * 255).astype(np.uint8)).rotate(angle, Image.Resampling.BICUBIC, fillcolor=fill)
    return np.asarray(turned) / 255


def _light(page: Page, kind: str, rng: np.random.Generator) -> Ink:
    """(height, width): how bright it is; a slope everywhere, and the border of a shadow."""
    height, width = page.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width] / max(height, width)
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * columns + np.sin(angle) * rows
    slope = (slope - slope.min()) / np.ptp(slope)
    light = 1 - rng.uniform(0, 0.15 if kind in ("plain", "chalk", "desk") else 0.5) * slope
    if kind == "shadow":
        edge = (slope - rng.uniform(0.3, 0.7)) / rng.uniform(0.005, 0.08)
        light *= 1 - rng.uniform(0.2, 0.55) / (1 + np.exp(-np.clip(edge, -50, 50)))
    return light * (rng.uniform(0.3, 0.55) if kind == "dim" else 1)


def _camera(page: Page, short: int, rng: np.random.Generator) -> bytes:
    noisy = page + rng.normal(0, rng.uniform(0.005, 0.035), page.shape)
    blurred = Image.fromarray((np.clip(noisy, 0, 1) * 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(rng.uniform(0, short / 500))
    )
    file = io.BytesIO()
    blurred.save(file, "JPEG", quality=int(rng.integers(40, 92)))
    return file.getvalue()


def _transparent(ink: Ink, *, white: bool) -> bytes:
    values = np.zeros((*ink.shape, 4), np.uint8)
    values[..., :3] = 255 * white
    values[..., 3] = np.rint(255 * ink)
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG")
    return file.getvalue()
