"""A detector's run as a PyTorch script that needs nothing of this package: only what the run used is in it."""

from __future__ import annotations

from collections.abc import Sequence

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks import placing, resampling, scenes
from explainer.tasks.detection import cells, losses, measuring
from explainer.tasks.detection import detection_text_code as text
from explainer.tasks.detection.config import CELL, GRID, NUMBERS, PARTS, SIDE, DetectionConfig, is_possible
from explainer.tasks.detection.examples import TEST_SEED, training_settings, unseen_settings
from explainer.tasks.detection.network import LAYERS, first_biases
from explainer.tasks.scene_run import BETAS, DECAY, LAST, WARM_UP, rate
from explainer.tasks.scenes import SceneSettings
from explainer.tasks.script_parts_code import changes_table, joined, sources
from explainer.training.messages import Changed
from explainer.training.script_code import MNIST_SOURCE, READ_IDX
from explainer.words.book import Said

_PLACES = (placing.places, placing._tried, placing._is_free, placing._areas)
_DRAWING = (resampling.weights, resampling.drawn)
_SCENES = (scenes.digit_source, scenes.digit_scenes, scenes._parts, scenes.sizes)
_LIGHT = (scenes._strongest, scenes._backgrounds)
_CELLS = (cells.encode, cells.placed, cells.split)
_OVERLAP = (losses._areas_of_two, losses._product)
_MODERN = (cells.modern_offsets, losses.generalized_iou, losses.modern_parts)
_V1 = (cells.v1_offsets, losses.responsibility, losses.v1_parts)


def script(config: DetectionConfig, changes: Sequence[Changed] = (), steps: int | None = None) -> str:
    """Python source that trains ``config`` as it was trained here, on the CPU, to the same numbers.

    ``changes`` are made at their steps, and the run ends after ``steps`` steps where that is given. Its functions are
    those of this package, word for word. Raises ImpossibleNetworkError for a configuration that is not possible,
    ValueError for scenes of cut-outs, whose pictures no script can hold.
    """
    if config.kind != "digits":
        raise ValueError(f"kind={config.kind}")
    if not is_possible(config):
        raise ImpossibleNetworkError(Said("detector.impossible"))
    is_modern = config.loss == "modern"
    parts = [
        text.HEAD.format(title=_title(config), source=MNIST_SOURCE),
        _constants(config, steps),
        READ_IDX,
        text.KINDS,
        *sources(*_PLACES, *_DRAWING, *_SCENES, *_LIGHT, *_CELLS, *_OVERLAP, losses.iou),
        *sources(*(_MODERN if is_modern else _V1), measuring.kept, rate),
        text.DETECT.format(decode=(text.MODERN if is_modern else text.V1).strip("\n").format(**vars(config))),
        _network(config),
        text.OPTIMIZER.format(betas=BETAS, decay=DECAY),
        text.DRAWN_FROM.format(training=_settings(training_settings(config.clutter))),
        changes_table({name: getattr(config, name) for name in _names(config)}, changes),
        _loop(config),
        text.FINISH.format(unseen=_settings(unseen_settings(config.clutter)), seed=TEST_SEED),
    ]
    return joined(part.strip("\n") for part in parts)


def _title(config: DetectionConfig) -> str:
    loss = "a modern loss" if config.loss == "modern" else "the loss of YOLO v1"
    return f"A detector of digits, {config.scenes:,} scenes, {loss}"


def _constants(config: DetectionConfig, steps: int | None) -> str:
    """Numbers of the run, then those that the functions below read."""
    lines = [
        f"SEED, COUNT, BATCH = {config.seed}, {config.scenes}, {config.batch_size}",
        "STEPS = -(-COUNT // BATCH)",
        f"STOP = {config.steps if steps is None else min(steps, config.steps)}  # after so many steps",
        f"SIDE, CELL, GRID, NUMBERS = {SIDE}, {CELL}, {GRID}, {NUMBERS}",
        f"TYPICAL, SMALLEST, LARGEST, NOTHING = {cells.TYPICAL}, {cells.SMALLEST}, {cells.LARGEST}, {cells.NOTHING}",
        f"TRIES, MOST_COVERED = {placing.TRIES}, {placing.MOST_COVERED}",
        f"INK, PIECE, PIECES = {scenes.INK}, {scenes.PIECE}, {scenes.PIECES}",
        f"LEVEL, SLOPE, NOISE, FAINTEST = {scenes.LEVEL}, {scenes.SLOPE}, {scenes.NOISE}, {scenes.FAINTEST}",
        f"WARM_UP, LAST = {WARM_UP}, {LAST!r}",
        "torch.manual_seed(SEED)",
    ]
    return "\n".join(lines)


def _network(config: DetectionConfig) -> str:
    lines, inputs = [], 1
    for kernel, stride, multiple in LAYERS:
        maps = multiple * config.width
        lines.append(f"nn.Conv2d({inputs}, {maps}, {kernel}, {stride}, padding={kernel // 2}, bias=False)")
        lines += [f"nn.BatchNorm2d({maps})", "nn.ReLU()"]
        inputs = maps
    lines.append(f"nn.Conv2d({inputs}, {config.channels}, 1)")
    start = [f"    network[-1].bias[{place}] = {value!r}" for place, value in first_biases(config).items()]
    return "\n".join(
        [
            "network = nn.Sequential(",
            *(f"    {line}," for line in lines),
            ")",
            "with torch.no_grad():",
            "    network[-1].bias.zero_()",
            *start,
            "network = network.to(memory_format=torch.channels_last)",
        ]
    )


def _settings(settings: SceneSettings) -> str:
    return ", ".join(map(str, vars(settings).values()))


def _names(config: DetectionConfig) -> list[str]:
    """What the loop reads at every step, by the names that changes have."""
    weights = ["lambda_coord", "lambda_noobj"] if config.loss == "yolo-v1" else ["box_weight", "digit_weight"]
    return ["learning_rate", *weights]


def _loop(config: DetectionConfig) -> str:
    if config.loss == "modern":
        loss, weights = text.MODERN_LOSS, '1.0, now["box_weight"], now["digit_weight"]'
    else:
        coord, noobj = 'now["lambda_coord"]', 'now["lambda_noobj"]'
        loss, weights = text.V1_LOSS.format(**vars(config)), f"{coord}, {coord}, 1.0, {noobj}, 1.0"
    return text.LOOP.format(loss=loss.strip("\n"), weights=weights, parts=", ".join(PARTS[config.loss]))
