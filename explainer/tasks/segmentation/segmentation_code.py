"""A U-Net's run as a PyTorch script that needs nothing of this package: only what the run used is in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from explainer.networks.config import ImpossibleNetworkError
from explainer.tasks import brain, placing, resampling, scenes
from explainer.tasks.scene_run import BETAS, DECAY, LAST, WARM_UP, rate
from explainer.tasks.scenes import SceneSettings
from explainer.tasks.script_parts_code import changes_table, joined, sources
from explainer.tasks.segmentation import data, losses, network, questions
from explainer.tasks.segmentation import segmentation_text_code as text
from explainer.tasks.segmentation.config import UNetConfig, is_possible
from explainer.training.messages import Changed
from explainer.training.script_code import MNIST_SOURCE, READ_IDX
from explainer.words.book import Said

_KINDS = (scenes.SceneSettings, scenes.DigitSource, scenes.Scenes)
_PLACES = (placing.places, placing._tried, placing._is_free, placing._areas)
_DRAWING = (resampling.weights, resampling.drawn)
_SCENES = (scenes.digit_source, scenes.digit_scenes, scenes._parts, scenes.sizes)
_LIGHT = (scenes._strongest, scenes._backgrounds)
_QUESTIONS: dict[str, Callable[..., Any]] = {
    "denoise": questions.noisy,
    "inpaint": questions.holed,
    "super-resolve": questions.reduced,
    "colourize": questions.coloured,
}


def script(config: UNetConfig, changes: Sequence[Changed] = (), steps: int | None = None) -> str:
    """Python source that trains ``config`` as it was trained here, on the CPU, to the same numbers.

    ``changes`` are made at their steps, and the run ends after ``steps`` steps where that is given. Its functions are
    those of this package, word for word. Raises ImpossibleNetworkError for a configuration that is not possible,
    ValueError for cut-outs: a script cannot hold the photographs.
    """
    if config.data == "cutouts":
        raise ValueError(f"data={config.data}")
    if not is_possible(config):
        raise ImpossibleNetworkError(Said("segmentation.impossible"))
    is_brain = config.data == "brain"
    test = text.TEST_CLASSES.format(classes=config.outputs) if config.task == "segment" else text.TEST_PICTURES
    parts = [
        _head(config),
        _constants(config, steps),
        *(_brain(config) if is_brain else _digits(config)),
        *_network(config),
        text.OPTIMIZER.format(betas=BETAS, decay=DECAY),
        *_lessons(config),
        *sources(rate, *_losses(config)),
        changes_table(_numbers(config), changes),
        _loop(config),
        test,
        text.SAVE,
    ]
    return joined(part.strip("\n") for part in parts)


def _head(config: UNetConfig) -> str:
    is_brain = config.data == "brain"
    imports = text.BRAIN_IMPORTS if is_brain else text.DIGIT_IMPORTS
    source = text.BRAIN_SOURCE if is_brain else MNIST_SOURCE
    kind = "A U-Net" if config.network == "u-net" else "A fully convolutional network"
    title = f'{kind}, {config.scenes:,} pictures, task "{config.task}"'
    return text.HEAD.format(title=title, source=source, imports=imports.strip("\n"))


def _constants(config: UNetConfig, steps: int | None) -> str:
    """Numbers of the run, then those that the functions below read."""
    lines = [
        f"SEED, COUNT, BATCH = {config.seed}, {config.scenes}, {config.batch_size}",
        "STEPS = -(-COUNT // BATCH)",
        f"STOP = {config.steps if steps is None else min(steps, config.steps)}  # after so many steps",
        f"WARM_UP, LAST = {WARM_UP}, {LAST!r}",
        f"STAGES = {_quoted(network.STAGES)}",
        f"COARSEST = {network.COARSEST}",
        *_question_numbers(config),
        "torch.manual_seed(SEED)",
    ]
    return "\n".join(lines)


def _question_numbers(config: UNetConfig) -> list[str]:
    match config.task:
        case "denoise":
            return [f"SPREAD = {questions.SPREAD}"]
        case "inpaint":
            return [f"HOLES, HOLE = {questions.HOLES}, {questions.HOLE}"]
        case "super-resolve":
            return [f"REDUCED = {questions.REDUCED}"]
        case "colourize" if config.data == "digits":
            return ["PALETTE = (", *(f"    {colour}," for colour in questions.PALETTE), ")"]
    return []


def _quoted(names: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'"{name}"' for name in names) + ")"


def _digits(config: UNetConfig) -> list[str]:
    """Reading MNIST, drawing scenes, and asking something of them."""
    numbers = [
        f"NOTHING, TRIES, MOST_COVERED = {scenes.NOTHING}, {placing.TRIES}, {placing.MOST_COVERED}",
        f"INK, PIECE, PIECES = {scenes.INK}, {scenes.PIECE}, {scenes.PIECES}",
        f"LEVEL, SLOPE, NOISE, FAINTEST = {scenes.LEVEL}, {scenes.SLOPE}, {scenes.NOISE}, {scenes.FAINTEST}",
    ]
    asked = [_QUESTIONS[config.task]] if config.task in _QUESTIONS else []
    return [
        "\n".join(numbers),
        READ_IDX,
        *sources(*_KINDS, *_PLACES, *_DRAWING, *_SCENES, *_LIGHT, *asked),
        text.DIGIT_BATCH.format(pair=text.DIGIT_PAIRS[config.task]),
    ]


def _brain(config: UNetConfig) -> list[str]:
    """Reading the slices, making them poor where they are, and asking something of them."""
    is_poor = config.scanner == "poor"
    numbers = f"DIMMEST, BRIGHTEST, NOISE, _KNOTS = {brain.DIMMEST}, {brain.BRIGHTEST}, {brain.NOISE}, {brain._KNOTS}"
    asked = [_QUESTIONS[config.task]] if config.task in _QUESTIONS and config.task != "colourize" else []
    return [
        text.READ_BRAIN.format(split=text.SPLITS[config.split]),
        *([numbers, *sources(brain.poor)] if is_poor else []),
        *sources(*asked),
        text.BRAIN_BATCH.format(seen="poor(clean, chance)" if is_poor else "clean", pair=text.BRAIN_PAIRS[config.task]),
    ]


def _network(config: UNetConfig) -> list[str]:
    kinds: list[Callable[..., Any]] = [network.block, network.padded, network.enlarged, network.Encoder]
    arguments = f"{config.inputs}, {config.outputs}, width={config.width}"
    if config.network == "fcn":
        call = f'FCN({arguments}, decoder="{config.decoder}")'
        return [*sources(*kinds, network.FCN), f"network = {call}"]
    call = f'UNet({arguments}, skips={config.skips}, decoder="{config.decoder}", votes={config.votes})'
    return [*sources(*kinds, network.Up, network.UNet), f"network = {call}"]


def _lessons(config: UNetConfig) -> list[str]:
    if config.data == "brain":
        return [text.BRAIN_LESSONS.format(seed=data.TEST_SEED)]
    return [
        text.DIGIT_LESSONS.format(
            training=_settings(data.TRAINING_SCENES),
            testing=_settings(data.TEST_SCENES),
            seed=data.TEST_SEED,
            chunk=data.CHUNK,
            chunks=data.TESTED // data.CHUNK,
        )
    ]


def _settings(settings: SceneSettings) -> str:
    return ", ".join(map(str, vars(settings).values()))


def _losses(config: UNetConfig) -> list[Callable[..., Any]]:
    known: dict[str, Callable[..., Any]] = {"cross-entropy": losses.cross_entropy, "dice": losses.dice}
    return [known[part] for part in config.parts if part in known]


def _numbers(config: UNetConfig) -> dict[str, float]:
    """What the loop reads at every step, by the names that changes have."""
    numbers = {"learning_rate": config.learning_rate}
    if "cross-entropy" in config.parts:
        numbers["background_weight"] = config.background_weight
    return numbers


def _loop(config: UNetConfig) -> str:
    first = text.BACKGROUND.strip("\n") + "\n" if "cross-entropy" in config.parts else ""
    loss = " + ".join(text.LOSSES[part] for part in config.parts)
    return text.LOOP.format(loss=f"{first}    loss = {loss}")
