"""The bare loop over a DataLoader loop at batch 64, on "Wider" with dropout: at least 2.5. A process each."""

import sys
from dataclasses import replace
from time import perf_counter

from benchmarks.common import in_process, median, note, report

SECONDS, TIMES = 6.0, 3


def with_dataloader() -> float:
    """Digits a second of the loop that most tutorials show."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    from explainer.data.digits import load
    from explainer.networks.build import build, normalize
    from explainer.networks.presets import PRESETS

    digits = load("mnist")
    images = normalize(torch.tensor(digits.train_images).unsqueeze(1))
    batches = DataLoader(TensorDataset(images, torch.tensor(digits.train_labels).long()), 64, shuffle=True)
    network = build(replace(PRESETS["Wider"], dropout=0.25))
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


def ours(preset: str = "Wider", dropout: float = 0.25, batch: int = 256) -> float:
    """Digits a second of the app's loop, measuring included, at the batch size that the app recommends."""
    from explainer.data.digits import load
    from explainer.networks.presets import PRESETS
    from explainer.training.config import Recipe, RunConfig
    from explainer.training.loop import train
    from explainer.training.snapshot import Step

    network = replace(PRESETS[preset], dropout=dropout)
    config = RunConfig(network, Recipe(batch_size=batch, epochs=50))
    seen, start, steps = 0, 0.0, 0
    for item in train(config, load("mnist")):
        if isinstance(item, Step) and item.digits:
            steps += 1
            if steps == 10:
                start, seen = perf_counter(), 0
            seen += item.digits
            if steps > 10 and perf_counter() - start > SECONDS:
                break
    return seen / (perf_counter() - start)


def main() -> None:
    ratios = []
    for _ in range(TIMES):
        theirs, mine = (float(in_process("benchmarks.dataloader", which)) for which in ("dataloader", "ours"))
        note(f"Wider + dropout: DataLoader at 64 {theirs:,.0f} digits/s, ours at 256 {mine:,.0f} digits/s")
        ratios.append(mine / theirs)
    report("ours / DataLoader", median(ratios), 2.5)
    speeds = [float(in_process("benchmarks.dataloader", "convnetjs")) for _ in range(TIMES)]
    report("ConvNetJS preset, digits trained a second at batch 128", median(speeds), 300)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["dataloader"]:
            print(with_dataloader())
        case ["ours"]:
            print(ours())
        case ["convnetjs"]:
            print(ours("ConvNetJS", 0.0, 128))
        case _:
            main()
