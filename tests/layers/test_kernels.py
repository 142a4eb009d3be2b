"""The named kernels against the textbook's literals and against what each is for; the cross and its features."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.layers import convolution, kernels, window
from explainer.layers.convolution import Convolution
from explainer.layers.geometry import GeometryError

sides = st.integers(1, 11)
wide = st.integers(3, 11)


def respond(kernel: np.ndarray, picture: np.ndarray, padding: str = "valid") -> np.ndarray:
    return convolution.output(picture[None], kernel[None, None], Convolution(padding=padding))[0]


def ramp(down: float, across: float, side: int = 13) -> np.ndarray:
    return down * np.arange(side)[:, None] + across * np.arange(side)[None, :]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("sobel-x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel-y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        ("diagonal", [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]),
    ],
)
def test_the_textbooks_3x3_kernels(name: str, expected: list[list[float]]) -> None:
    assert kernels.kernel(name).tolist() == expected


def test_larger_and_smaller_kernels_in_literals() -> None:
    # OpenCV's getDerivKernels for 5: (-1, -2, 0, 2, 1) across, (1, 4, 6, 4, 1) down.
    assert kernels.kernel("sobel-x", 5, 5)[2].tolist() == [-6, -12, 0, 12, 6]
    assert kernels.kernel("sobel-x", 1, 2).tolist() == [[-1, 1]]
    assert kernels.kernel("laplacian", 1, 3).tolist() == [[1, -2, 1]]
    assert kernels.kernel("box", 2, 4).tolist() == [[0.125] * 4] * 2
    # OpenCV's getGaussianKernel for 3, sigma 0.8: exp(-1 / 1.28) = 0.4578 of the middle.
    np.testing.assert_allclose(kernels.kernel("gaussian", 1, 3)[0], [0.23899427, 0.52201147, 0.23899427], atol=1e-8)
    assert kernels.kernel("diagonal", 2, 4).tolist() == [[1, 1, -1, -1], [-1, -1, 1, 1]]


@pytest.mark.parametrize(
    ("name", "size", "nearest"),
    [
        ("sharpen", (3, 4), (3, 5)),
        ("sharpen", (2, 2), (3, 3)),
        ("sharpen", (11, 10), (11, 11)),
        ("sharpen", (1, 1), (1, 3)),
        ("laplacian", (2, 1), (3, 1)),
        ("sobel-x", (3, 1), (3, 2)),
        ("sobel-y", (1, 11), (2, 11)),
        ("diagonal", (1, 1), (2, 2)),
        ("box", (4, 7), (4, 7)),
    ],
)
def test_the_nearest_size_that_a_kernel_can_have(
    name: kernels.KernelName, size: tuple[int, int], nearest: tuple[int, int]
) -> None:
    assert kernels.nearest_size(name, *size) == nearest


@settings(max_examples=40, deadline=None)
@given(height=sides, width=sides, seed=st.integers(0, 9))
def test_identity_with_same_padding_changes_nothing(height: int, width: int, seed: int) -> None:
    picture = np.random.default_rng(seed).normal(size=(7, 9))
    assert (respond(kernels.kernel("identity", height, width), picture, "same") == picture).all()


@given(height=sides, width=sides)
def test_blurs_keep_the_mean_and_are_positive_and_symmetric(height: int, width: int) -> None:
    for name in ("box", "gaussian"):
        blur = kernels.kernel(name, height, width)
        assert blur.shape == (height, width)
        assert blur.sum() == pytest.approx(1, abs=1e-12)
        assert (blur > 0).all()
        np.testing.assert_allclose(blur, blur[::-1, ::-1], atol=1e-15)


@settings(max_examples=30, deadline=None)
@given(height=wide, width=wide)
def test_each_answers_to_what_it_is_for_and_to_nothing_else(height: int, width: int) -> None:
    def answer(name: str, picture: np.ndarray) -> np.ndarray:
        return respond(kernels.kernel(name, height, width), picture)

    flat, square = np.full((13, 13), 3.0), ramp(1, 0) ** 2
    assert answer("sobel-x", ramp(0, 1)).min() > 0 > answer("sobel-x", ramp(0, -1)).max()
    assert answer("sobel-y", ramp(1, 0)).min() > 0
    for name, picture in (
        *(("sobel-x", ramp(1, 0)), ("sobel-y", ramp(0, 1)), ("sobel-x", flat), ("laplacian", flat)),
        *(("laplacian", ramp(2, -3)), ("diagonal", flat)),
    ):
        np.testing.assert_allclose(answer(name, picture), 0, atol=1e-7)
    # The second difference of i² is 2 whatever the blur; brightness is kept by sharpening and embossing.
    np.testing.assert_allclose(answer("laplacian", square), 2, atol=1e-9)
    np.testing.assert_allclose(answer("emboss", flat), 3, atol=1e-9)
    identity = kernels.kernel("identity", height, width)
    assert answer("emboss", ramp(1, 1)).mean() > respond(identity, ramp(1, 1)).mean()


@settings(max_examples=30, deadline=None)
@given(height=st.sampled_from([1, 3, 5, 7, 9, 11]), width=st.sampled_from([3, 5, 7, 9, 11]))
def test_sharpening_leaves_slopes_alone_and_steepens_a_blurred_edge(height: int, width: int) -> None:
    sharpen, identity = kernels.kernel("sharpen", height, width), kernels.kernel("identity", height, width)
    assert (sharpen == sharpen[::-1, ::-1]).all()
    slope, edge = ramp(2, -3), np.tanh(ramp(0, 0.5) - 3)
    np.testing.assert_allclose(respond(sharpen, slope), respond(identity, slope), atol=1e-9)
    steepest = [np.abs(np.diff(respond(kernel, edge), axis=1)).max() for kernel in (sharpen, identity)]
    assert steepest[0] > steepest[1]


@given(height=st.integers(2, 11), width=st.integers(2, 11))
def test_diagonal_joins_opposite_corners_and_sums_to_0(height: int, width: int) -> None:
    diagonal = kernels.kernel("diagonal", height, width)
    assert diagonal.sum() == pytest.approx(0, abs=1e-9)
    line = diagonal >= 0
    assert line[0, 0]
    assert line[-1, -1]
    assert line.sum() == max(height, width)
    if height == width:
        assert (line == np.eye(height, dtype=bool)).all()


def test_random_is_in_tenths_and_repeats_with_its_seed() -> None:
    first = kernels.kernel("random", 11, 11, seed=3)
    assert (first == kernels.kernel("random", 11, 11, seed=3)).all()
    assert (first != kernels.kernel("random", 11, 11, seed=4)).any()
    assert np.abs(first).max() <= 1
    np.testing.assert_allclose(first * 10, np.rint(first * 10), atol=1e-12)
    assert not np.signbit(first[first == 0]).any()
    assert abs(first.mean()) < 0.2  # 121 values of standard deviation 0.61: 3.6 standard errors


@pytest.mark.parametrize("name", kernels.NAMES)
@pytest.mark.parametrize("size", [(1, 1), (1, 3), (3, 1), (2, 2), (1, 2), (4, 4), (2, 5), (11, 11)])
def test_every_size_is_a_kernel_or_a_sentence(name: str, size: tuple[int, int]) -> None:
    try:
        made = kernels.kernel(name, *size)
    except GeometryError as error:
        assert str(error).endswith(".")
        assert "choose a kernel of" in str(error) or "needs a kernel of at least" in str(error)
        assert min(size) < 3 or (name == "sharpen" and size == (4, 4))
    else:
        assert made.shape == size
        assert made.dtype == np.float64
        assert np.isfinite(made).all()


@pytest.mark.parametrize("size", [(0, 3), (3, 12), (-1, 1)])
def test_sizes_out_of_range_are_a_sentence(size: tuple[int, int]) -> None:
    with pytest.raises(GeometryError, match=r"^Choose a kernel of 1 to 11 rows and columns, not "):
        kernels.kernel("box", *size)
    with pytest.raises(ValueError, match="There is no kernel 'blurry': choose one of identity, box, "):
        kernels.kernel("blurry")


def test_the_cross_and_its_features_as_in_the_lesson() -> None:
    picture, features = kernels.cross_picture(), np.stack(kernels.cross_features())
    assert picture.shape == (9, 9)
    assert (picture == 1).sum() == 13
    assert (picture == picture[::-1]).all()
    assert (picture[0] == -1).all()
    mean = Convolution(mean=True)
    maps = convolution.output(picture[None], features[:, None], mean)
    # Brandon Rohrer's numbers for the falling diagonal: 0.77 at the upper left, 1.00 where it lies, 0.33, 0.55 ...
    assert maps[0, 0, 0] == pytest.approx(7 / 9, abs=1e-12)
    assert (maps[0] * 9).round(9)[0].tolist() == [7, -1, 1, 3, 5, -1, 3]
    assert maps[0, 1, 1] == maps[1, 3, 3] == maps[2, 1, 5] == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(maps[2], maps[0][:, ::-1], atol=1e-12)
    described = convolution.window(picture[None], features[:, None], mean)
    assert window.value(described, 0, 0) == pytest.approx(7 / 9, abs=1e-12)
    assert sum(tap.product for tap in window.taps(described, 0, 0)[0]) == 7


def test_kernels_need_no_torch() -> None:
    program = "import sys, explainer.layers.kernels as k; k.kernel('box'); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=300).returncode == 0
