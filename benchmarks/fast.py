"""The fast presets against the recipe of PyTorch's own MNIST example, on this machine, in this run.

Times are of training alone: measuring and loading are left out on both sides. The example (its network, batch 64,
Adadelta 1.0) gets its digits from a DataLoader over tensors in memory. A machine's speed changes from minute to minute:
steps of the example are timed right before and right after each of our runs, in the same process, and a run counts as
long as so many of these steps.

``python -m benchmarks.fast``
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from time import perf_counter

from benchmarks.common import in_process, median, note, report

EVERY, SEEDS = 50, (0, 1, 2)  # steps between two looks at the test set while the example is below 98 %
AN_EPOCH, BESIDE = 938, 40  # steps of the example: in an epoch, and timed on each side of a run
ROWS = (  # what, preset, epochs, digits, shift, rotation, accuracy, how many times sooner, than how many epochs
    ("98 %", "fast", 1, 0, 0, 0, 98.0, 40, 0),
    ("99 %", "fast-to-99", 1, 0, 0, 0, 99.0, 60, 4),
    ("99.3 %", "fast-to-99", 2, 0, 1, 0, 99.3, 25, 4),
    ("99.2 % of 10,000 digits", "fast-to-99", 20, 10_000, 1, 10, 99.2, 15, 4),
)


class Example:
    """The network and the recipe of PyTorch's example, one step after the other."""

    def __init__(self) -> None:
        import torch
        from torch import nn

        from explainer.data.digits import load
        from explainer.networks.build import normalize

        digits = load("mnist")
        self.images = normalize(torch.tensor(digits.train_images).unsqueeze(1))
        self.labels = torch.tensor(digits.train_labels).long()
        self.test_images = torch.tensor(digits.test_images).unsqueeze(1)
        self.test_labels = torch.tensor(digits.test_labels).long()
        torch.manual_seed(0)
        convolutions = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
        dense = [nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10)]
        self.network = nn.Sequential(*convolutions, nn.Dropout(0.25), nn.Flatten(), *dense)
        self.optimizer = torch.optim.Adadelta(self.network.parameters(), 1.0)

    def steps(self) -> Iterator[float]:
        """The seconds of each step of an epoch, its batch included."""
        from torch.nn import functional
        from torch.utils.data import DataLoader, TensorDataset

        start = perf_counter()
        for pixels, classes in DataLoader(TensorDataset(self.images, self.labels), 64, shuffle=True):
            self.optimizer.zero_grad()
            functional.cross_entropy(self.network(pixels), classes).backward()
            self.optimizer.step()
            yield perf_counter() - start
            start = perf_counter()

    def accuracy(self) -> float:
        """On all test digits."""
        from explainer.training import measure

        return [part for part in measure.test(self.network, self.test_images, self.test_labels) if part][-1].accuracy


def example() -> None:
    """Prints the steps to 98 %."""
    one = Example()
    for step, _ in enumerate(one.steps(), 1):
        if step % EVERY == 0 and one.accuracy() >= 0.98:
            break
    print(step)


def ours(preset: str, *, seed: int, epochs: int, subset: int, shift: int, rotate: int) -> None:
    """Prints the seconds of training, how many steps of the example these are, and the accuracy in %."""
    from explainer.data.digits import load
    from explainer.networks.presets import PRESETS
    from explainer.training.config import RunConfig
    from explainer.training.loop import Cadence, train
    from explainer.training.presets import recipe
    from explainer.training.snapshot import Snapshot

    how = replace(recipe(preset), epochs=epochs, shift=shift, rotate=float(rotate))
    config = RunConfig(PRESETS[preset], how, subset=subset, seed=seed)
    rarely = Cadence(point=10**9, part=10**9, full=10**9)
    beside = Example().steps()
    before = list(islice(beside, 5 + BESIDE))[5:]  # the first ones prepare what the others use
    last = [item for item in train(config, load("mnist"), measured=rarely) if isinstance(item, Snapshot)][-1].point
    after = list(islice(beside, BESIDE))
    assert last.test_accuracy is not None
    print(last.seconds, last.seconds / median([*before, *after]), 100 * last.test_accuracy)


def main() -> None:
    to_98 = int(in_process("benchmarks.fast", "example"))
    note(f"PyTorch's example: 98 % after {to_98} steps, four epochs are {4 * AN_EPOCH:,}")
    for what, preset, epochs, subset, shift, rotate, accuracy, sooner, example_epochs in ROWS:
        steps = example_epochs * AN_EPOCH or to_98
        arguments = [str(number) for number in (epochs, subset, shift, rotate)]
        runs = [
            tuple(map(float, in_process("benchmarks.fast", preset, str(seed), *arguments).split())) for seed in SEEDS
        ]
        note(f"{what}: {', '.join(f'{right:.2f} % in {seconds:.2f} s' for seconds, _, right in runs)}")
        of, judged = ("worst", min) if what == "98 %" else ("median", median)
        report(f"{what}: accuracy, {of} of three seeds", judged([right for _, _, right in runs]), accuracy)
        report(f"{what}: times sooner, median", median(steps / taken for _, taken, _ in runs), sooner)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["example"]:
            example()
        case [preset, seed, epochs, subset, shift, rotate]:
            numbers = {"epochs": int(epochs), "subset": int(subset), "shift": int(shift), "rotate": int(rotate)}
            ours(preset, seed=int(seed), **numbers)
        case _:
            main()
