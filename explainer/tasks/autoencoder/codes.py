"""The codes of test digits as a map, and the digits that a decoder makes of any place on it.

A code of two numbers is the plane itself. Of longer codes it is the plane through their mean along the two directions
in which they vary most (PCA); every place on it is a code, too, and has a digit.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from explainer.tasks.autoencoder.build import untrained
from explainer.tasks.autoencoder.config import SIDE, AutoencoderConfig
from explainer.tasks.autoencoder.data import unseen_digits
from explainer.tasks.autoencoder.network import Autoencoder
from explainer.tasks.autoencoder.reports import AutoencoderViews
from explainer.tasks.autoencoder.testing import as_bytes, outputs_of, views
from explainer.tasks.autoencoder.weights import from_bytes

Floats = NDArray[np.float64]
MAPPED = 1_500  # test digits on the map
FINE, COARSE = 33, 13  # digits along a side of the grid: of a run that is over, and of one that goes on
TAIL, MARGIN = 0.5, 0.04  # percent of the codes at either end that may lie beyond the map; its margin, as a share
STEPS = 9  # of a way between two digits, with its ends


@dataclass(frozen=True, eq=False)
class CodePlane:
    """Where codes lie: ``origin`` (code,) and ``axes`` (2, code) make a place (2,) the code origin + place @ axes.

    ``places`` (n, 2) are those of the first test digits, and ``labels`` (n,) their classes. ``share`` of the variance
    of the codes, 0..1, lies in the plane. ``low`` and ``high`` (2,) are the corners of the map, which nearly all of
    them lie in.
    """

    origin: Floats
    axes: Floats
    places: Floats
    labels: NDArray[np.uint8]
    share: float
    low: Floats
    high: Floats

    def code(self, places: Floats) -> Floats:
        """The codes (n, code) of places (n, 2)."""
        made: Floats = self.origin + places @ self.axes
        return made


def plane_of(codes: Floats, labels: NDArray[np.uint8]) -> CodePlane:
    """Of codes (n, code), at least two of them different."""
    origin, axes, share = np.zeros(codes.shape[1]), np.eye(2, codes.shape[1]), 1.0
    if codes.shape[1] > 2:
        origin = codes.mean(axis=0)
        _, lengths, directions = np.linalg.svd(codes - origin, full_matrices=False)
        turned = np.sign(directions[:2, np.abs(directions[:2]).argmax(axis=1)].diagonal())
        axes = directions[:2] * turned[:, None]  # the same way round in every plane
        share = float(np.square(lengths[:2]).sum() / max(np.square(lengths).sum(), 1e-30))
    places = (codes - origin) @ axes.T
    low, high = np.percentile(places, (TAIL, 100 - TAIL), axis=0)
    margin = np.maximum(MARGIN * (high - low), 1e-6)
    return CodePlane(origin, axes, places, labels, share, low - margin, high + margin)


def codes_of(network: Autoencoder, noise: float, count: int | None = None) -> Floats:
    """The codes (n, code) of the first ``count`` test digits as a run with this noise is given them."""
    made: Floats = outputs_of(network.encoder, unseen_digits(noise).inputs[:count]).double().numpy()
    return made


def decoded(network: Autoencoder, codes: Floats) -> NDArray[np.float32]:
    """The digits (n, 28, 28), 0..1 but for a linear network, that codes (n, code) stand for."""
    made: NDArray[np.float32] = outputs_of(network.decoder, torch.from_numpy(codes).float())[:, 0].numpy()
    return made


def grid_of(network: Autoencoder, plane: CodePlane, side: int) -> NDArray[np.uint8]:
    """Digits (side, side, 28, 28), 0..255, of places from the lower left corner: rows go up, columns to the right."""
    across, up = (np.linspace(plane.low[axis], plane.high[axis], side) for axis in (0, 1))
    places = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    made = outputs_of(network.decoder, torch.from_numpy(plane.code(places)).float())
    return as_bytes(made).reshape(side, side, SIDE, SIDE)


def steps_between(network: Autoencoder, noise: float, first: int, last: int) -> NDArray[np.float32]:
    """Digits (9, 28, 28) of codes in even steps between those of two test digits: the ends are what comes back."""
    codes = outputs_of(network.encoder, unseen_digits(noise).inputs[[first, last]]).double().numpy()
    share = np.linspace(0, 1, STEPS)[:, None]
    return decoded(network, (1 - share) * codes[0] + share * codes[1])


def mixed(first: int, last: int) -> NDArray[np.float32]:
    """The same two digits, clean, mixed pixel by pixel in as many steps (9, 28, 28)."""
    ends, share = unseen_digits().targets[[first, last], 0].numpy(), np.linspace(0, 1, STEPS)[:, None, None]
    made: NDArray[np.float32] = ((1 - share) * ends[0] + share * ends[1]).astype(np.float32)
    return made


@functools.lru_cache(maxsize=4)
def network_of(config: AutoencoderConfig, weights: bytes | None) -> Autoencoder:
    """The network of a weights file, or the untrained one, in evaluation mode; shared, and not to be changed.

    Raises WeightsError.
    """
    return untrained(config) if weights is None else from_bytes(weights)[1]


@functools.lru_cache(maxsize=4)
def code_plane(config: AutoencoderConfig, weights: bytes | None) -> CodePlane:
    """Of the first 1,500 test digits. Raises DatasetError, WeightsError."""
    codes = codes_of(network_of(config, weights), config.noise, MAPPED)
    return plane_of(codes, unseen_digits(config.noise).labels[:MAPPED])


@functools.lru_cache(maxsize=4)
def code_grid(config: AutoencoderConfig, weights: bytes | None, side: int) -> NDArray[np.uint8]:
    """Of the same plane: see ``grid_of``. Not to be changed."""
    return grid_of(network_of(config, weights), code_plane(config, weights), side)


def first_views(config: AutoencoderConfig) -> AutoencoderViews:
    """What comes back before anything was learned. Raises DatasetError."""
    return views(untrained(config), unseen_digits(config.noise))


@functools.lru_cache(maxsize=32)
def untrained_error(config: AutoencoderConfig) -> float:
    """The mean squared error of a pixel on the test digits before anything was learned. Raises DatasetError."""
    digits = unseen_digits(config.noise)
    made = outputs_of(untrained(config), digits.inputs)
    return float((made - digits.targets).square().mean())
