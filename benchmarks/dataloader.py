"""The bare loop over a DataLoader loop at batch 64, on "Wider" with dropout: at least 2.5. A process each."""

import gzip
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.common import in_process, median, note, report
from explainer.data.assets import assets_path

SECONDS, TIMES = 6.0, 3


def with_dataloader(in_memory: bool) -> float:
    """Digits a second of the loop that most tutorials show: torchvision's MNIST, ToTensor, Normalize, batches of 64.

    ``in_memory`` leaves out the transforms: a DataLoader over tensors that are normalized already.
    """
    import torch
    from torch.utils.data import DataLoader

    from explainer.networks.build import build
    from explainer.networks.presets import PRESETS

    with tempfile.TemporaryDirectory() as folder:
        batches = DataLoader(_tensors() if in_memory else _with_transforms(Path(folder)), 64, shuffle=True)
        network = build(replace(PRESETS["wider"], dropout=0.25))
        optimizer = torch.optim.Adam(network.parameters(), 2e-3)
        seen, start = 0, 0.0
        for step, (pixels, labels) in enumerate(batches):
            if step == 10:
                start, seen = perf_counter(), 0
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(pixels), labels).backward()
            optimizer.step()
            seen += len(labels)
            if step > 10 and perf_counter() - start > SECONDS:
                break
        return seen / (perf_counter() - start)


def _tensors() -> Any:
    import torch
    from torch.utils.data import TensorDataset

    from explainer.data.digits import load
    from explainer.networks.build import normalize

    digits = load("mnist")
    return TensorDataset(
        normalize(torch.tensor(digits.train_images).unsqueeze(1)), torch.tensor(digits.train_labels).long()
    )


def _with_transforms(folder: Path) -> Any:
    """torchvision's own data set, on the files that the project ships."""
    from torchvision import datasets, transforms

    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for zipped in (assets_path() / "mnist").glob("*.gz"):
        (raw / zipped.stem).write_bytes(gzip.decompress(zipped.read_bytes()))
    steps = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    return datasets.MNIST(folder, transform=steps)


def ours(preset: str = "wider", dropout: float = 0.25, batch: int = 256) -> float:
    """Digits a second of the app's loop; like the others, it only trains, and measures nothing on the test set."""
    from explainer.data.digits import load
    from explainer.networks.presets import PRESETS
    from explainer.training.config import Recipe, RunConfig
    from explainer.training.loop import Cadence, train
    from explainer.training.snapshot import Step

    network = replace(PRESETS[preset], dropout=dropout)
    config = RunConfig(network, Recipe(batch_size=batch, epochs=50))
    seen, start, steps = 0, 0.0, 0
    rarely = Cadence(point=10**9, part=10**9, full=10**9)
    for item in train(config, load("mnist"), measured=rarely):
        if isinstance(item, Step) and item.digits:
            steps += 1
            if steps == 10:
                start, seen = perf_counter(), 0
            seen += item.digits
            if steps > 10 and perf_counter() - start > SECONDS:
                break
    return seen / (perf_counter() - start)


def main() -> None:
    ratios, in_memory = [], []
    for _ in range(TIMES):
        standard, tensors, mine = (
            float(in_process("benchmarks.dataloader", which)) for which in ("standard", "tensors", "ours")
        )
        note(
            f"Wider + dropout: DataLoader at 64 {standard:,.0f} digits/s, over tensors in memory {tensors:,.0f}, "
            f"ours at 256 {mine:,.0f}"
        )
        ratios.append(mine / standard)
        in_memory.append(mine / tensors)
    report("ours / DataLoader", median(ratios), 2.5)
    note(f"ours / DataLoader over tensors in memory: {median(in_memory):.2f}")
    speeds = [float(in_process("benchmarks.dataloader", "convnetjs")) for _ in range(TIMES)]
    report("ConvNetJS preset, digits trained a second at batch 128", median(speeds), 300)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["standard" | "tensors" as which]:
            print(with_dataloader(in_memory=which == "tensors"))
        case ["ours"]:
            print(ours())
        case ["convnetjs"]:
            print(ours("convnetjs", 0.0, 128))
        case _:
            main()
