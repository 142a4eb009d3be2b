"""What the notices of the pages on networks, and of the first ones, must be true of; see truths_of_layers.py."""

from __future__ import annotations

import contextlib
import io
import re

import numpy as np
import torch
from seen import Seen, assert_reads, value_of
from torch.nn import functional as F  # noqa: N812
from truths_of_layers import ints

from explainer.words.numbers import readable

LARGE = {"million": 1e6, "billion": 1e9, "MB": 1e6, "GB": 1e9}

# From cortex to CNN


def cells(seen: Seen, angle: str, shift: str, *answers: str) -> None:
    assert ints(angle, shift) == [seen.setting("co_angle"), seen.setting("co_shift")]
    made = seen.made["simple"], seen.made["complex_cell"]
    if not answers:
        assert max(made) < 0.05
    elif len(answers) == 1:
        assert made[0] < 0.05
        assert_reads(answers[0], made[1])
    else:
        assert_reads(answers[0], made[0])
        assert abs(made[0] - made[1]) < 0.05 and made[1] <= value_of(answers[1])
    for formula, value in zip(seen.formulas, made, strict=True):
        assert formula.split("= ")[-1].startswith(f"{value:.4g}" if value > 1e-9 else "0")


def neocognitron(seen: Seen, planes: str, units: str) -> None:
    assert int(planes) == seen.made["planes"] and value_of(units) == seen.made["units"] == 11_320


def lenet(seen: Seen, connections: str, parameters: str, fold: str, units: str) -> None:
    """As the paper of 1989 has them: 1,256 units, 64,660 connections, 9,760 parameters."""
    made = [seen.made[name] for name in ("connections", "weights", "units")]
    assert ints(connections, parameters, units) == made == [64_660, 9_760, 1_256]
    assert_reads(fold, made[0] / made[1])
    assert sum(ints(*re.findall(r"underbrace\{(\d+)\}", seen.formulas[0]))) == made[1]


# X or O


def votes(seen: Seen, *read: str) -> None:
    first, one, second, other, answer, *exact = read
    made = dict(zip("XO", seen.made["result"].tolist(), strict=True))
    for name, text in ((first, one), (second, other)):  # the article cuts its numbers: 5/9 is 0.55
        assert value_of(text) <= made[name] + 1e-9 < value_of(text) + 0.01
    assert first == answer == max(made, key=lambda name: made[name])
    listed = seen.made["listed"].detach().numpy()
    assert int((listed > 0.995).sum()) == (int(exact[0]) if exact else 0)
    assert listed.size == 12


def two_steps(seen: Seen, before: str, after: str, places: str, total: str) -> None:
    picture, features, votes = seen.made["picture"], seen.made["features"], seen.made["votes"]
    error = F.cross_entropy(seen.made["network"](picture[None, None], features, votes), seen.made["label"])
    assert_reads(before, seen.made["errors"][0])
    assert_reads(after, float(error))
    assert float(error) < seen.made["errors"][0]
    assert int(total) == 3 * 7 * 7 and 0 < int(places) <= 12  # at most one place for each of the 12 pooled maxima


def searches(seen: Seen, wanted: str, *read: str) -> None:
    descent, climbing, kept, tried = ints(*read)
    reached = int(np.flatnonzero(np.array(seen.made["errors"]) <= float(wanted))[0])
    assert descent == 1 + 3 * reached  # a step costs an error and twice as much on the way back
    assert descent < climbing and kept <= tried


# Receptive field


def field(seen: Seen, said: str, *read: str) -> None:
    sides, (held, area, share, part) = ints(*said.split(" × ")), map(value_of, read)
    along = int(re.findall(r"= (\d+)", seen.formulas[0])[-1])
    assert set(sides) == {along} and area == along ** len(sides)
    assert held <= area and part == 95
    assert abs(share - 100 * held / area) <= (0.5 if share >= 10 else 0.05)
    if "seen" in seen.made:
        low, high = seen.made["field"]
        assert high - low + 1 == along
    else:
        squares = np.sort(seen.made["squares"].ravel())[::-1]
        assert held == int(np.searchsorted(np.cumsum(squares), 0.95 * squares.sum()) + 1)


# Architectures


def amount(text: str) -> tuple[float, float]:
    """A number in words, and by how much it may be off."""
    number, _, unit = text.partition(" ")
    factor = LARGE.get(unit, 1.0)
    return value_of(number) * factor, 0.5000001 * factor * 10.0 ** -len(number.partition(".")[2])


def network_of(seen: Seen) -> tuple[torch.nn.Module, int]:
    """The network, and its MACs, as the snippet has them."""
    with contextlib.redirect_stdout(io.StringIO()):
        return seen.made["network"], seen.made["macs"]


def shares(seen: Seen, *read: str) -> None:
    parameters, share, holders, macs, macs_share, _workers, widest, numbers = read
    network, counted = network_of(seen)
    assert value_of(parameters) == sum(each.numel() for each in network.parameters())
    count, kind = holders.split(" ", 1)
    layers = {"convolution": torch.nn.Conv2d, "fully connected layer": torch.nn.Linear}[kind.removesuffix("s")]
    found = [each for each in network.modules() if isinstance(each, layers)]
    assert int(count) == len(found)
    own = sum(each.numel() for layer in found for each in layer.parameters())
    norms = [each for each in network.modules() if isinstance(each, torch.nn.BatchNorm2d)]
    if norms and kind.startswith("convolution"):  # on this page one layer with the convolution before it
        own += sum(each.numel() for layer in norms for each in layer.parameters())
    assert_share(share, own / value_of(parameters))
    exactly, off = amount(macs)
    assert abs(exactly - counted) <= off
    assert 0 < share_of(macs_share) <= 100
    assert value_of(numbers) > 0 and widest


def share_of(text: str) -> float:
    """In %."""
    return 100.0 if text == "all" else value_of(text.removeprefix("more than ").split()[0])


def assert_share(text: str, share: float) -> None:
    if text == "all":
        assert share == 1
    elif text.startswith("more than"):
        assert value_of(text.split()[2]) / 100 < share < 1
    else:
        assert_reads(text.split(maxsplit=1)[0], 100 * share)


def shares_of_one(seen: Seen, *read: str) -> None:
    holders, share, parameters, macs_share, macs, widest, numbers = read
    shares(seen, parameters, share, holders, macs, macs_share, holders, widest, numbers)


def memory(_: Seen, batch: str, *read: str) -> None:
    (total, off), (activations, less), (fixed, least) = map(amount, read)
    assert int(batch) and abs(total - activations - fixed) <= off + less + least


def refused(_: Seen, *read: str) -> None:
    side, again, _layer, maps, height, width, given, wanted = (*read[:2], read[2], *read[3:])
    assert side == again
    rows = int(side) // 32  # VGG16 halves the sides five times
    assert ints(maps, height, width) == [512, rows, rows]
    assert ints(given, wanted) == [512 * rows * rows, 512 * 7 * 7]


def score_map(seen: Seen, *read: str) -> None:
    assert seen.made["map"].shape == tuple(ints(*read[4:6]))
    assert_reads(read[6], float(seen.made["map"].mean()))


# Residual connections


def gradients(seen: Seen, plain: str, other: str) -> None:
    """Beside the formula, which has the gradient before and behind all blocks, to three digits."""
    for text, formula in zip((plain, other), seen.formulas, strict=True):
        last, first = re.findall(r"([\d.]+(?: \\cdot 10\^\{-?\d+\})?)(?: \\xrightarrow|\s*\$)", formula)
        ratio = plain_number(first) / plain_number(last)
        assert text.replace(" ", "\u00a0") in {readable(ratio * factor) for factor in np.linspace(0.99, 1.01, 81)}


def plain_number(text: str) -> float:
    digits, _, power = text.partition(r" \cdot 10^{")
    return float(digits) * 10.0 ** int(power.rstrip("}") or 0)


def adds(seen: Seen, number: str, share: str) -> None:
    y, branch = (float(each) for each in re.findall(r"rVert = ([\d.]+)", seen.formulas[0])[:2])
    assert int(number) == 1 and abs(100 * branch / y - float(share)) < 1


def all_add(seen: Seen, count: str, least: str, most: str) -> None:
    said = [100 * float(re.findall(r"= ([\d.]+)", each)[-1]) for each in seen.formulas]
    assert int(count) == 9 and float(least) - 1 < min(said) and max(said) < float(most) + 1
