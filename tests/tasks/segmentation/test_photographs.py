"""A photograph as torchvision's segmenters see it, against the plain network and torch's own softmax."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from made_weights import SEGMENTER, make_segmenter
from PIL import Image
from torchvision.transforms.v2.functional import resize

from explainer.data.samples import original
from explainer.networks.fetched import fetched
from explainer.networks.pretrained import weights
from explainer.tasks.segmentation.photographs import (
    LONGEST,
    READ,
    SHOWN,
    Segmented,
    place_of,
    read_side,
    read_size,
    segmented,
    shown_size,
    thinned,
)
from explainer.tasks.segmentation.photographs_code import photographs_code
from explainer.tasks.segmentation.segmentation_formula import pixel_formula

SIDES = st.integers(1, 700)
CAT = original("cat").rgb


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The network whose weights lie in PyTorch's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCH_HOME", str(tmp_path_factory.mktemp("torch")))
        fetched.cache.clear()
        yield make_segmenter()
        fetched.cache.clear()


@pytest.fixture(scope="module")
def scores(plain: Any) -> torch.Tensor:
    """What the plain network says of the cat, (21, h, w)."""
    inputs = weights(SEGMENTER).transforms()(Image.fromarray(CAT))
    with torch.inference_mode():
        found: torch.Tensor = plain(inputs[None])["out"][0]
    return found


@pytest.fixture(scope="module")
def found(plain: Any) -> Segmented:
    return segmented(SEGMENTER, CAT)


@given(SIDES, SIDES)
def test_sizes_are_torchvisions_and_bounded(height: int, width: int) -> None:
    size = read_size(height, width)
    shrunk = resize(torch.empty(1, height, width, device="meta"), [read_side(height, width)])
    assert size == tuple(shrunk.shape[1:])
    assert max(size) <= max(LONGEST, height, width)
    assert 1 <= min(shown_size(height, width)) <= max(shown_size(height, width)) == SHOWN


def test_an_ordinary_photograph_is_read_as_the_network_was_tested() -> None:
    assert read_size(300, 451) == (READ, 781)
    assert read_size(512, 512) == (520, 520)
    assert shown_size(300, 451) == (212, 320)
    assert thinned(CAT).shape == (212, 320, 3)


def test_classes_and_shares_are_those_of_the_plain_network(found: Segmented, scores: torch.Tensor) -> None:
    classes = scores.argmax(dim=0).numpy()
    assert [round(share * classes.size) for share in found.shares] == np.bincount(
        classes.ravel(), minlength=21
    ).tolist()
    assert len(found.found) > 1
    assert list(found.shares[found.found]) == sorted(found.shares[1:][found.shares[1:] > 0], reverse=True)
    assert found.names[8] == "cat" and found.names[0] == "__background__"


@pytest.mark.parametrize("pixel", [(0, 0), (211, 319), (90, 150)])
def test_a_pixel_that_is_shown_is_one_that_the_network_read(
    found: Segmented, scores: torch.Tensor, pixel: tuple[int, int]
) -> None:
    row, column = place_of(*pixel, *CAT.shape[:2])
    torch.testing.assert_close(torch.from_numpy(found.logits[:, *pixel]), scores[:, row, column], rtol=0, atol=0)
    order, shares = found.likeliest(3)
    expected = scores[:, row, column].softmax(dim=0).topk(3)
    assert order[pixel].tolist() == expected.indices.tolist()
    assert found.classes[pixel] == order[pixel][0]
    np.testing.assert_allclose(shares[pixel], expected.values.numpy(), rtol=1e-5)


def test_the_middles_of_a_small_picture_by_hand() -> None:
    # 2 x 4 pixels are read as 520 x 1040 and shown as 160 x 320: 3.25 apart, from the middle of the first.
    assert read_size(2, 4) == (520, 1040)
    assert shown_size(2, 4) == (160, 320)
    assert place_of(0, 1, 2, 4) == (1, 4)
    assert place_of(159, 319, 2, 4) == (518, 1038)


@pytest.mark.parametrize("size", [(1, 1), (1, 512), (512, 1)])
def test_narrow_pictures_have_classes_too(plain: Any, size: tuple[int, int]) -> None:
    made = segmented(SEGMENTER, np.zeros((*size, 3), np.uint8))
    assert made.logits.shape[1:] == shown_size(*size)
    assert made.shares.sum() == pytest.approx(1, abs=1e-12)


def test_the_code_finds_what_is_shown(plain: Any, found: Segmented) -> None:
    row, column = place_of(90, 150, *CAT.shape[:2])
    code = photographs_code(SEGMENTER, "assets/images/chelsea.png", side=520, row=row, column=column)
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as told, contextlib.chdir(Path(__file__).parents[3]):
        exec(code, names)
    np.testing.assert_allclose(names["shares"], found.shares, atol=1e-7)
    shown = torch.from_numpy(found.logits[:, 90, 150])
    torch.testing.assert_close(names["logits"][:, row, column], shown, rtol=1e-4, atol=1e-4)
    first = found.names[found.found[0]]
    assert told.getvalue().startswith(f"{100 * found.shares[found.found[0]]:.1f} % {first}\n")


def test_the_formula_of_a_pixel_by_hand() -> None:
    # e^2 / (e^2 + e^1 + e^0 + e^-1) = 7.389 / 11.475
    logits = np.array([0, 2, -1, 1], np.float32)
    assert pixel_formula("cat", logits) == r"p_\text{cat} = \frac{e^{2}}{e^{2} + e^{1} + e^{0} + \dots} \approx 0.644"
