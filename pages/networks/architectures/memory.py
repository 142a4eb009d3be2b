"""What the chosen architecture takes in memory: training and inference, and what helps."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from explainer.networks.memory import Memory, Optimizer, Saved, inference, training
from explainer.ui.controls.choice import choice, stepped
from explainer.ui.frame import page
from explainer.ui.language import say
from explainer.words.book import Said
from pages.networks.architectures.choice import Chosen, keeps
from pages.networks.architectures.memory_bars import memory_bars

BATCHES = [2**power for power in range(11)]
DEVICES = [2**power for power in range(5)]
FIRST_BATCH = "64"


def draw(chosen: Chosen) -> None:
    """The controls, the bars, and what each remedy alone would make of the memory of training."""
    st.subheader(say("architectures.memory.title"), anchor=False)
    left, right = st.columns([1, 4.2], gap="medium")
    with left:
        batch, optimizer, devices, half = _choose()
    found, saved = chosen.architecture, keeps(chosen)
    learning = training(found, saved, batch, optimizer, half=half, devices=devices)
    reading = inference(found, batch, half=half, devices=devices)
    names = {"training": say("architectures.memory.training"), "inference": say("architectures.memory.inference")}
    with right:
        memory_bars({"training": learning, "inference": reading}, names, _parts(), "ar_memory")
        page.notice(notice(learning, batch, devices))
        for said in (*_remedies(chosen, batch, optimizer, half, devices), *full_size(saved, -(-batch // devices))):
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


def _choose() -> tuple[int, Optimizer, int, bool]:
    batches = {str(each): str(each) for each in BATCHES}
    batch = stepped(say("architectures.memory.batch"), batches, "batch", first=FIRST_BATCH)
    names: dict[Optimizer, str] = {
        "momentum": say("architectures.memory.momentum"),
        "sgd": say("architectures.memory.sgd"),
        "adam": say("architectures.memory.adam"),
    }
    optimizer = choice(say("architectures.memory.optimizer"), names, "optimizer")
    devices = stepped(say("architectures.memory.devices"), {str(each): str(each) for each in DEVICES}, "devices")
    half = st.toggle(
        say("architectures.memory.half"), key="half", bind="query-params", help=say("architectures.memory.half_help")
    )
    return int(batch), optimizer, int(devices), half


def _parts() -> dict[str, str]:
    return {
        "weights": say("architectures.memory.weights"),
        "gradients": say("architectures.memory.gradients"),
        "optimizer": say("architectures.memory.remembered"),
        "activations": say("architectures.memory.activations"),
    }


def _remedies(chosen: Chosen, batch: int, optimizer: Optimizer, half: bool, devices: int) -> Iterator[Said]:
    """What each remedy alone makes of the memory of training; those that would change nothing are left out."""
    found, saved = chosen.architecture, keeps(chosen)
    bits = gigabytes(training(found, saved, batch, optimizer, half=True, devices=devices).total)
    if batch > devices:
        fewer = gigabytes(training(found, saved, batch // 2, optimizer, half=half, devices=devices).total)
        more = gigabytes(training(found, saved, batch, optimizer, half=half, devices=2 * devices).total)
        if half:
            yield Said("architectures.memory.remedies_of_half", fewer=fewer, more=more)
        else:
            yield Said("architectures.memory.remedies", fewer=fewer, bits=bits, more=more)
    elif not half:
        yield Said("architectures.memory.remedy_of_one", bits=bits)
