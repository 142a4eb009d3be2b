"""What the chosen architecture takes in memory: training and inference, and what helps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import streamlit as st

from explainer.networks.failing import Failure
from explainer.networks.folding import Architecture
from explainer.networks.memory import Memory, Optimizer, Saved, inference, training
from explainer.ui.controls.choice import choice, stepped
from explainer.ui.frame import page
from explainer.ui.language import say
from explainer.words.book import Said
from pages.networks.architectures.choice import Chosen, Doubled, doubled, keeps
from pages.networks.architectures.memory_bars import memory_bars

BATCHES = [2**power for power in range(11)]
DEVICES = [2**power for power in range(5)]
FIRST_BATCH = "64"


@dataclass(frozen=True)
class Settings:
    """What the controls hold. ``is_doubled``: twice the stride in the first convolution."""

    batch: int
    optimizer: Optimizer
    devices: int
    half: bool
    is_doubled: bool

    def of(self, found: Architecture, saved: Saved) -> Memory:
        """What training takes on each device."""
        return training(found, saved, self.batch, self.optimizer, half=self.half, devices=self.devices)


def draw(chosen: Chosen) -> None:
    """The controls, the bars, and what each remedy alone would make of the memory of training."""
    st.subheader(say("architectures.memory.title"), anchor=False)
    left, right = st.columns([1, 4.2], gap="medium")
    with left:
        settings = _choose()
    other = doubled(chosen)
    found, saved = chosen.architecture, keeps(chosen)
    if isinstance(saved, Failure):
        with right:
            st.markdown(say(Said("architectures.memory.fails", layer=saved.path or saved.type, side=chosen.side)))
        return
    if settings.is_doubled and other and isinstance(other.keeps, Saved):
        found, saved = other.architecture, other.keeps
    learning, devices = settings.of(found, saved), settings.devices
    reading = inference(found, settings.batch, half=settings.half, devices=devices)
    names = {"training": say("architectures.memory.training"), "inference": say("architectures.memory.inference")}
    with right:
        memory_bars({"training": learning, "inference": reading}, names, _parts(), "ar_memory")
        page.notice(notice(learning, settings.batch, devices))
        size = full_size(saved, -(-settings.batch // devices))
        for said in (*about_stride(settings, other), *_helps(found, saved, settings, other), *size):
            st.markdown(say(said))


def notice(memory: Memory, batch: int, devices: int) -> Said:
    """How much training takes, and what most of it is for."""
    sizes = {"total": gigabytes(memory.total), "activations": gigabytes(memory.activations)}
    fixed = gigabytes(memory.total - memory.activations)
    if devices > 1:
        return Said("architectures.memory.notice_shared", count=batch, devices=devices, fixed=fixed, **sizes)
    return Said("architectures.memory.notice", count=batch, fixed=fixed, **sizes)


def full_size(saved: Saved, batch: int) -> Iterator[Said]:
    """What 16 bits do not make smaller of the activations of a batch, where there is something."""
    size = gigabytes(saved.full_size(batch))
    if saved.positions and saved.fixed:
        yield Said("architectures.memory.full_size", size=size)
    elif saved.positions:
        yield Said("architectures.memory.full_size_positions", size=size)
    elif saved.fixed:
        yield Said("architectures.memory.full_size_fixed", size=size)


def gigabytes(size: int) -> Said:
    """Bytes as people say them, a thousand of a unit in the next one."""
    if size >= 1e9:
        return Said("architectures.memory.gigabytes", value=size / 1e9)
    return Said("architectures.memory.megabytes", value=size / 1e6)


def _choose() -> Settings:
    batches = {str(each): str(each) for each in BATCHES}
    batch = stepped(say("architectures.memory.batch"), batches, "batch", first=FIRST_BATCH)
    names: dict[Optimizer, str] = {
        "momentum": say("architectures.memory.momentum"),
        "sgd": say("architectures.memory.sgd"),
        "adam": say("architectures.memory.adam"),
    }
    optimizer = choice(say("architectures.memory.optimizer"), names, "optimizer")
    devices = stepped(say("architectures.memory.devices"), {str(each): str(each) for each in DEVICES}, "devices")
    half, is_doubled = (
        st.toggle(
            say(f"architectures.memory.{name}"),
            key=key,
            bind="query-params",
            help=say(f"architectures.memory.{name}_help"),
        )
        for name, key in (("half", "half"), ("stride", "ar_stride"))
    )
    return Settings(int(batch), optimizer, int(devices), half, is_doubled)


def _parts() -> dict[str, str]:
    return {
        "weights": say("architectures.memory.weights"),
        "gradients": say("architectures.memory.gradients"),
        "optimizer": say("architectures.memory.remembered"),
        "activations": say("architectures.memory.activations"),
    }


def about_stride(settings: Settings, other: Doubled | None) -> Iterator[Said]:
    """Which stride the first convolution has where that is doubled, or why it cannot be."""
    if not settings.is_doubled:
        return
    if other is None:
        yield Said("architectures.memory.no_convolution")
    elif isinstance(other.keeps, Failure):
        layer = other.keeps.path or other.keeps.type
        yield Said("architectures.memory.stride_fails", stride=strides(other), layer=layer)
    else:
        yield Said("architectures.memory.strided", stride=strides(other))


def _helps(found: Architecture, saved: Saved, settings: Settings, other: Doubled | None) -> Iterator[Said]:
    """What each remedy alone makes of the memory of training, where there is one that changes something."""
    remedies = tuple(_remedies(found, saved, settings, other))
    if remedies:
        yield Said("architectures.memory.helps", remedies=remedies)


def _remedies(found: Architecture, saved: Saved, settings: Settings, other: Doubled | None) -> Iterator[Said]:
    batch, devices = settings.batch, settings.devices
    if batch > devices:
        yield _remedy("batch", replace(settings, batch=batch // 2).of(found, saved))
    if other and isinstance(other.keeps, Saved) and not settings.is_doubled:
        size = gigabytes(settings.of(other.architecture, other.keeps).total)
        yield Said("architectures.memory.remedies.stride", stride=strides(other), size=size)
    if not settings.half:
        yield _remedy("bits", replace(settings, half=True).of(found, saved))
    if batch > devices:
        yield _remedy("devices", replace(settings, devices=2 * devices).of(found, saved))


def _remedy(name: str, memory: Memory) -> Said:
    return Said(f"architectures.memory.remedies.{name}", size=gigabytes(memory.total))


def strides(other: Doubled) -> str:
    """The doubled stride, as one number where rows and columns have the same."""
    down, across = other.stride
    return str(down) if down == across else f"{down}\u00a0×\u00a0{across}"
