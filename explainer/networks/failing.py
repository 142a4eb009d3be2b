"""Why a layer cannot compute what it is given: a window larger than its map, or another number of features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from torch import Tensor, nn

from explainer.networks.windows import Pair, padding, pair

Reason = Literal["window", "features", "size"]
T = TypeVar("T")


@dataclass(frozen=True)
class Failure:
    """The first layer that does not compute, by its ``path`` and class, and the shape that it was ``given``.

    ``reason`` is "window" where its ``window``, with the gaps of a dilation, is larger than ``padded``, the map with
    its padding (rows, columns); "features" where it reads ``wanted`` numbers and gets others; "size" for anything else.
    """

    path: str
    type: str
    reason: Reason
    given: tuple[int, ...]
    window: Pair = (0, 0)
    padded: Pair = (0, 0)
    wanted: int = 0


def attempt(network: nn.Module, run: Callable[[], T]) -> T | Failure:
    """What ``run`` gives, which runs ``network``; or the layer that does not compute what it is given there."""
    entered: list[tuple[str, nn.Module, tuple[int, ...]]] = []  # and have not returned

    def enter(path: str, part: nn.Module) -> Callable[[nn.Module, Any], None]:
        def note(_: nn.Module, given: Any) -> None:
            shape = next((tuple(each.shape[1:]) for each in given if isinstance(each, Tensor)), ())
            entered.append((path, part, shape))

        return note

    def leave(*_: object) -> None:
        entered.pop()

    named = list(network.named_modules())
    handles = [part.register_forward_pre_hook(enter(path, part)) for path, part in named]
    handles += [part.register_forward_hook(leave) for _, part in named]
    try:
        return run()
    except (RuntimeError, AssertionError):  # as PyTorch's layers and torchvision's own checks refuse a size
        if not entered:
            raise
        return failure(*entered[-1])
    finally:
        for handle in handles:
            handle.remove()


def failure(path: str, part: nn.Module, given: tuple[int, ...]) -> Failure:
    """Why ``part``, at ``path`` in its network, failed with an input of the shape ``given``, without the batch."""
    name = type(part).__name__
    if isinstance(part, nn.Linear) and given[-1] != part.in_features:
        return Failure(path, name, "features", given, wanted=part.in_features)
    if isinstance(part, (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)) and len(given) == 3:
        window, padded = _window(part), _padded(part, given)
        if window[0] > padded[0] or window[1] > padded[1]:
            return Failure(path, name, "window", given, window, padded)
    return Failure(path, name, "size", given)


def _window(part: nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d) -> Pair:
    kernel, gaps = pair(part.kernel_size), pair(getattr(part, "dilation", 1))
    return gaps[0] * (kernel[0] - 1) + 1, gaps[1] * (kernel[1] - 1) + 1


def _padded(part: nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d, given: tuple[int, ...]) -> Pair:
    if isinstance(part, nn.Conv2d):
        above, below, left, right = padding(part)
    else:
        (above, left) = (below, right) = pair(part.padding)
    return given[1] + above + below, given[2] + left + right
