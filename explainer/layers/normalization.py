"""Normalization: which numbers of an activation tensor share a mean and a variance, and what becomes of them.

A tensor has the axes (N, C, H, W): N pictures in the batch, C channels, H rows, W columns. Every number x of a set that
shares its statistics becomes ``gamma * (x - mean) / sqrt(variance + eps) + beta``, with a gamma and a beta a channel.

Sources: Ioffe and Szegedy 2015 (batch normalization, arXiv:1502.03167, with section 3.1 on inference), Ba et al. 2016
(layer, arXiv:1607.06450), Ulyanov et al. 2016 (instance, arXiv:1607.08022), Wu and He 2018 (group, arXiv:1803.08494,
whose section 3 compares the sets); for running statistics, PyTorch's documentation of BatchNorm2d.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from explainer.layers.geometry import GeometryError

Kind = Literal["none", "batch", "layer", "instance", "group"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Affine:
    """What each channel is scaled by and shifted by after it was normalized: ``gamma`` and ``beta`` (channels,)."""

    gamma: Floats
    beta: Floats


@dataclass(frozen=True, eq=False)
class Normalized:
    """A tensor before and after.

    ``sets`` (N, C, H, W) numbers the sets that share statistics from 0, in the order of their first members;
    ``mean`` and ``variance`` (sets,) divide by the number of members, ``count``. ``normalized`` and ``output``
    (N, C, H, W) are the values before and after gamma and beta; NaN where variance + eps is 0. Without normalization
    there are no sets: all of ``sets`` is -1 and both are the inputs.
    """

    sets: NDArray[np.int64]
    mean: Floats
    variance: Floats
    count: int
    normalized: Floats
    output: Floats


@dataclass(frozen=True, eq=False)
class Running:
    """Statistics over batches, one step each.

    ``batch_mean`` and ``batch_variance`` (steps, channels) are those of the batches, the variance divided by the number
    of members less 1; ``mean`` and ``variance`` (steps + 1, channels) the running averages, from 0 and 1.
    """

    batch_mean: Floats
    batch_variance: Floats
    mean: Floats
    variance: Floats


@dataclass(frozen=True, eq=False)
class Histograms:
    """How the values of each channel are spread.

    ``edges`` (bins + 1,), and ``shares`` (channels, bins) of all values of the channel, some of which may be beyond the
    edges. ``mean`` and ``deviation`` (channels,) are those of all values.
    """

    edges: Floats
    shares: Floats
    mean: Floats
    deviation: Floats


def membership(shape: tuple[int, int, int, int], kind: Kind, groups: int = 1) -> NDArray[np.int64]:
    """The set of each number of a tensor of ``shape`` (N, C, H, W), counted from 0; -1 for kind "none".

    Raises GeometryError where ``groups`` do not divide the channels, for kind "group".
    """
    pictures, channels = shape[:2]
    if kind == "group":
        check_groups(channels, groups)
    picture, channel = np.indices((pictures, channels))
    share = channel * groups // channels
    by_kind = {
        "none": np.full((pictures, channels), -1),
        "batch": channel,
        "layer": picture,
        "instance": picture * channels + channel,
        "group": picture * groups + share,
    }
    return np.broadcast_to(by_kind[kind][:, :, None, None], shape).astype(np.int64)


def leaving(shape: tuple[int, int, int, int], groups: int) -> NDArray[np.int64]:
    """The group of each number of a tensor of ``shape`` (N, C, H, W), counted from 0, where ``groups`` do not divide C.

    Each group takes as many channels as every one could have; what is left over is in none, -1.
    """
    pictures, channels = shape[:2]
    each = channels // groups
    picture, channel = np.indices((pictures, channels))
    sets = np.where(channel < each * groups, picture * groups + channel // max(each, 1), -1)
    return np.broadcast_to(sets[:, :, None, None], shape).astype(np.int64)


def check_groups(channels: int, groups: int) -> None:
    """Raises GeometryError, a sentence, where ``channels`` cannot be shared out among ``groups``."""
    if groups < 1 or channels % groups:
        fitting = [str(count) for count in range(1, channels + 1) if channels % count == 0]
        choice = " or ".join([", ".join(fitting[:-1]), fitting[-1]] if len(fitting) > 1 else fitting)
        raise GeometryError(f"{channels} channels cannot be shared out among {groups} groups: choose {choice} groups.")


def normalize(
    inputs: NDArray[Any], kind: Kind, affine: Affine | None = None, *, groups: int = 1, eps: float = 1e-5
) -> Normalized:
    """``inputs`` (N, C, H, W) normalized with the statistics of its own numbers, as in training.

    Raises GeometryError as ``membership`` does.
    """
    values = np.asarray(inputs, np.float64)
    sets = membership(values.shape, kind, groups)
    if kind == "none":
        nothing = np.zeros(0)
        return Normalized(sets, nothing, nothing, 0, values, values)
    members = np.bincount(sets.ravel())
    mean = np.bincount(sets.ravel(), values.ravel()) / members
    distance = values - mean[sets]
    variance = np.bincount(sets.ravel(), (distance**2).ravel()) / members
    with np.errstate(invalid="ignore", divide="ignore"):
        normalized = distance / np.sqrt(variance + eps)[sets]
    return Normalized(sets, mean, variance, int(members[0]), normalized, scaled(normalized, affine))


def is_refused(shape: tuple[int, ...], kind: Kind, groups: int = 1) -> bool:
    """Whether PyTorch's function refuses numbers of ``shape`` (N, C, H, W) in training, since each would be alone.

    It does so for batch and instance normalization, and for a group normalization of one picture; a layer
    normalization accepts them (torch.nn.functional, the checks of sizes).
    """
    pictures, channels, *place = shape
    alone = {"batch": pictures, "instance": 1, "group": pictures * (channels // groups)}
    return kind in alone and alone[kind] * prod(place) == 1


def evaluate(inputs: NDArray[Any], mean: Floats, variance: Floats, affine: Affine, eps: float = 1e-5) -> Floats:
    """Batch normalization of ``inputs`` (N, C, ...) in evaluation: with kept statistics (C,) of each channel."""
    values = np.asarray(inputs, np.float64)
    return scaled((values - along(mean, values)) / np.sqrt(along(variance, values) + eps), affine)


def scaled(values: Floats, affine: Affine | None) -> Floats:
    """``values`` (N, C, ...) times gamma plus beta of their channel; None leaves them."""
    return values if affine is None else along(affine.gamma, values) * values + along(affine.beta, values)


def along(channels: Floats, values: Floats) -> Floats:
    """``channels`` (C,) in a shape that meets ``values`` (N, C, ...) channel by channel."""
    return channels.reshape(-1, *[1] * (values.ndim - 2))


def running(batch_mean: Floats, batch_variance: Floats, momentum: float) -> Running:
    """Running averages over batches: each step keeps 1 - ``momentum`` of the average and adds ``momentum`` (0..1) of
    the batch's statistics (steps, channels), the variance divided by the number of members less 1."""
    means, variances = [np.zeros(batch_mean.shape[1])], [np.ones(batch_mean.shape[1])]
    for mean, variance in zip(batch_mean, batch_variance, strict=True):
        means.append((1 - momentum) * means[-1] + momentum * mean)
        variances.append((1 - momentum) * variances[-1] + momentum * variance)
    return Running(batch_mean, batch_variance, np.array(means), np.array(variances))


def fold(
    weights: NDArray[Any], bias: Floats, mean: Floats, variance: Floats, affine: Affine, *, eps: float = 1e-5
) -> tuple[Floats, Floats]:
    """The weights (filters, ...) and bias (filters,) of a convolution that does what it and batch normalization did.

    ``mean`` and ``variance`` (filters,) are the kept statistics.
    """
    factor = fold_factor(variance, affine, eps)
    folded: Floats = np.asarray(weights, np.float64) * factor.reshape(-1, *[1] * (weights.ndim - 1))
    return folded, (bias - mean) * factor + affine.beta


def fold_factor(variance: Floats, affine: Affine, eps: float = 1e-5) -> Floats:
    """What the fold multiplies the weights of each filter by: gamma / sqrt(variance + eps), (filters,)."""
    factor: Floats = affine.gamma / np.sqrt(variance + eps)
    return factor


def histograms(values: NDArray[Any], bins: int = 80, outside: float = 0.002) -> Histograms:
    """The histograms of the channels of ``values`` (N, C, H, W) over one range, beyond which lies at most the share
    ``outside`` of all values on either side."""
    channels = np.moveaxis(np.asarray(values, np.float64), 1, 0).reshape(values.shape[1], -1)
    low, high = np.quantile(channels, [outside, 1 - outside])
    low, high = (low, high) if high > low else (low - 1, high + 1)
    edges = np.linspace(low, high, bins + 1)
    counts = np.array([np.histogram(channel, edges)[0] for channel in channels])
    return Histograms(edges, counts / channels.shape[1], channels.mean(1), channels.std(1))
