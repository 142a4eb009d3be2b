"""What the notices of the pages on layers must be true of: their numbers, computed anew by torch and NumPy.

Each check is given what a visitor reads, and holds it against what the code "In PyTorch" on the page computes, the
formula beside it, or a computation from the settings. truths.py has the sentences.
"""

from __future__ import annotations

import re

import numpy as np
import torch
from seen import Seen, assert_reads, value_of
from torch.nn import functional as F  # noqa: N812


def ints(*texts: str) -> list[int]:
    return [int(value_of(text)) for text in texts]


def output(seen: Seen) -> np.ndarray:
    """The one map that the snippet computes."""
    return seen.made["output"].numpy()[0, 0]


# Convolution


def strongest(seen: Seen, *read: str) -> None:
    *sizes, row, column = ints(*read[:-1])
    made = output(seen)
    assert sizes[2:4] == list(made.shape) and sizes[4] == seen.made["weights"].numel()
    largest = np.abs(made).max()
    first = int(np.flatnonzero(np.isclose(np.abs(made), largest, rtol=1e-5)).min())
    assert divmod(first, made.shape[1]) == (row, column)
    assert_reads(read[-1], made[row, column])


def unread(seen: Seen, count: str, total: str) -> None:
    inputs = seen.made["inputs"].clone().requires_grad_()
    strides = (int(seen.setting("sy")), int(seen.setting("sx")))
    F.conv2d(inputs, torch.ones_like(seen.made["weights"]), stride=strides).sum().backward()
    assert ints(count, total) == [int((inputs.grad == 0).sum()), inputs.numel()]


# Channels

COLOURS = ("Red", "Green", "Blue")


def most(seen: Seen, kernels: str, name: str, share: str) -> None:
    inputs, weights = seen.made["inputs"], seen.made["weights"]
    sums = [np.abs(F.conv2d(inputs[:, [i]], weights[:, [i]]).numpy()).sum((0, 2, 3)) for i in range(len(weights[0]))]
    shares = np.array(sums) / np.sum(sums, axis=0)  # (planes, filters)
    plane = COLOURS.index(name) if name in COLOURS else int(name.split()[1]) - 1
    assert int(kernels) == len(shares)
    assert any(each.argmax() == plane and round(100 * each.max()) == int(share) for each in shares.T)


def mixtures(seen: Seen, *read: str) -> None:
    maps, planes, first, second, both, again, standard = ints(*read)
    weights, mixing = seen.made["weights"], seen.made["mixing"]
    assert (maps, planes) == mixing.shape[:2] and again == maps
    assert [first, second, both] == [weights.numel(), mixing.numel(), weights.numel() + mixing.numel()]
    assert standard == torch.nn.Conv2d(planes, maps, weights.shape[-2:], bias=False).weight.numel()


def costs(seen: Seen) -> tuple[int, int, float]:
    """Parameters of a standard convolution, of a depthwise separable one, and the share of the weights."""
    channels, maps, side = (int(seen.setting(key)) for key in ("cin", "cout", "k"))
    with torch.device("meta"):
        whole = torch.nn.Conv2d(channels, maps, side)
        parts = [torch.nn.Conv2d(channels, channels, side, groups=channels), torch.nn.Conv2d(channels, maps, 1)]
    standard, separable = (sum(p.numel() for each in layers for p in each.parameters()) for layers in ([whole], parts))
    return standard, separable, sum(each.weight.numel() for each in parts) / whole.weight.numel()


def fewer(seen: Seen, times: str, maps: str, area: str, share: str) -> None:
    whole, separable, weights = costs(seen)
    assert_reads(times, whole / separable)
    assert_reads(share, 100 * weights)
    assert ints(maps, area) == [int(seen.setting("cout")), int(seen.setting("k")) ** 2]


def dearer(seen: Seen, separable: str, whole: str) -> None:
    assert ints(whole, separable) == list(costs(seen)[:2]) and value_of(separable) > value_of(whole)


# Transposed convolution


def stamps(seen: Seen, *read: str) -> None:
    size, made, rest = ints(*read[:2]), ints(*read[2:4]), read[4]
    inputs, weights = seen.made["inputs"], seen.made["weights"]
    assert size == list(inputs.shape[2:]) and made == list(seen.made["output"].shape[2:])
    strides = tuple(int(seen.setting(key)) for key in ("t_sy", "t_sx"))
    wide = torch.ones(1, 1, *(40 if side > 1 else 1 for side in inputs.shape[2:]))
    reach = F.conv_transpose2d(wide, torch.ones_like(weights).float(), stride=strides)[0, 0]
    middle = reach[tuple(slice(20, -20) if side > 60 else slice(None) for side in reach.shape)]
    counts = [f"{count:.0f}" for count in np.unique(middle.numpy())]
    if "no stamp" in rest:
        assert "0" in counts
    elif "by turns" in rest:
        found = re.match(r"Away from the border ([\d, or]+) stamps reach a cell by turns", rest)
        assert found and re.findall(r"\d+", found[1]) == counts
        ones = F.conv_transpose2d(wide, weights.float(), stride=strides)[0, 0]
        inside = ones[tuple(slice(20, -20) if side > 60 else slice(None) for side in ones.shape)]
        is_even = bool((inside.max() - inside.min()).abs() < 1e-5)
        assert is_even == ("everywhere" in rest) == ("checkerboard" not in rest)
    else:
        assert rest.startswith(f"Away from the border {counts[0]} stamp") and len(counts) == 1


# Pooling


def largest(seen: Seen, value: str, row: str, column: str) -> None:
    made = output(seen)
    assert_reads(value, made.max())
    assert made[int(row), int(column)] == made.max() == seen.made["inputs"].max()


def never_pooled(seen: Seen, count: str, more: str) -> None:
    inputs = seen.made["inputs"]
    window, strides = ([int(seen.setting(key)) for key in keys] for keys in (("p_wh", "p_ww"), ("p_sy", "p_sx")))
    asked = inputs.clone().requires_grad_()
    F.avg_pool2d(asked, window, strides).sum().backward()
    assert ints(count) == [int((asked.grad == 0).sum())]
    ceil = F.avg_pool2d(inputs, window, strides, ceil_mode=True).numel()
    assert value_of(more) == ceil - output(seen).size


def bins(seen: Seen, *read: str) -> None:
    rows, columns, height, width = ints(*read)
    assert output(seen).shape == (rows, columns)
    assert list(seen.made["inputs"].shape[2:]) == [rows * height, columns * width]


def pooled_to_one(seen: Seen, count: str, value: str) -> None:
    assert int(value_of(count)) == seen.made["inputs"].numel()
    assert_reads(value, float(seen.made["inputs"].mean()))


# Activation functions

FUNCTIONS = {
    "Sigmoid (logistic)": torch.sigmoid,
    "SELU": F.selu,
    "Maxout": lambda x: torch.stack([-2 * x - 4, -x - 1, 0 * x, x - 1, 2 * x - 4]).amax(0),
}


def slopes(name: str, limit: float) -> np.ndarray:
    x = torch.linspace(-limit, limit, 20_000, dtype=torch.float64, requires_grad=True)  # an even number: never 0 itself
    FUNCTIONS[name](x).sum().backward()
    assert x.grad is not None
    return x.grad.numpy()


def limit_of(seen: Seen) -> float:
    return max(float(seen.setting("a_reach")), abs(float(seen.setting("a_x"))))


def saturated(seen: Seen, share: str, name: str, flat: str, steepest: str) -> None:
    found = slopes(name, limit_of(seen))
    assert abs(100 * (np.abs(found) < float(flat)).mean() - float(share)) <= 0.6
    assert abs(value_of(steepest) - found[np.abs(found).argmax()]) <= 0.006


def steep(seen: Seen, name: str, flat: str, steepest: str) -> None:
    found = slopes(name, limit_of(seen))
    assert min(abs(found[0]), abs(found[-1])) > float(flat)
    assert abs(abs(value_of(steepest)) - np.abs(found).max()) <= 0.006


def through_layers(seen: Seen, name: str, factor: str, word: str) -> None:
    each = abs(float(seen.made["gradient"])) ** (1 / int(seen.setting("a_n")))
    assert_reads(factor, each)
    assert word == ("vanishes" if each < 0.9 else "explodes" if each > 1.1 else "keeps its size")


def flat_neuron(seen: Seen, total: str, made: str) -> None:
    assert_reads(total, seen.made["x"].item())
    assert_reads(made, seen.made["output"].item())
    assert not seen.made["gradients"].any()


def zeros(seen: Seen, *read: str) -> None:
    share, count, low, high, flat = read[0], int(read[1]), read[2], read[3], read[4]
    made, x = seen.made["output"].numpy(), seen.made["x"].numpy()
    assert_reads(share, 100 * float((made == 0).mean()))
    assert count == made.size
    assert_reads(low, made.min())
    assert_reads(high, made.max())
    assert_reads(flat, 100 * float((x <= 0).mean()))  # of ReLU: the slope is 0 or 1
