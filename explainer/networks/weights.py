"""A network's weights as a safetensors file with its configuration in the metadata: nothing is unpickled."""

from __future__ import annotations

import json
import struct
from typing import TypeVar

import safetensors.torch
import torch
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError
from torch import Tensor, nn

from explainer.data.limits import MEGABYTE, WEIGHTS_MEGABYTES
from explainer.data.names import file_name
from explainer.data.weight_files import is_pickled, is_safetensors
from explainer.networks.build import build
from explainer.networks.config import ImpossibleNetworkError, NetworkConfig
from explainer.words.book import Said, SaidError

FORMAT = "inside-a-cnn 1"
MAX_BYTES = WEIGHTS_MEGABYTES * MEGABYTE
_MAX_HEADER = 200_000
_MAX_NAME = 60  # characters of a name from a file that a message repeats
_FLOATS = (torch.float16, torch.bfloat16, torch.float64)  # become float32
DescriptionT = TypeVar("DescriptionT")
_adapter = TypeAdapter(NetworkConfig)


class WeightsError(SaidError, ValueError):
    """The file is not a network saved by this app; the message is one sentence for the user."""


def to_bytes(network: nn.Module, config: NetworkConfig, run: str = "{}") -> bytes:
    """The state of ``network`` as a safetensors file; ``run`` is JSON, kept in the metadata with ``config``."""
    return saved(network, {"format": FORMAT, "network": _adapter.dump_json(config).decode(), "run": run})


def saved(network: nn.Module, told: dict[str, str]) -> bytes:
    """The state of any module as a safetensors file with ``told`` as its metadata."""
    state = {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
    return safetensors.torch.save(state, told)


def from_bytes(data: bytes) -> tuple[NetworkConfig, nn.Sequential, str]:
    """The configuration, the network in evaluation mode, and the run's JSON, from what ``to_bytes`` made.

    Other floats become float32. Raises WeightsError with a sentence for the user: not safetensors, not of this app, a
    configuration that is out of bounds, or weights whose names, shapes, types or values cannot be its own.
    """
    told = metadata(data, FORMAT, ("network", "run"))
    config = described(told["network"], _adapter)
    try:
        with torch.device("meta"):  # shapes without memory, and without touching torch's generator
            network = build(config)
    except ImpossibleNetworkError as error:
        raise WeightsError(f"The network described in this file is impossible. {error}") from error
    fill(network, data)
    return config, network.eval(), told["run"]


def check_kind(data: bytes, name: str) -> None:
    """Raises WeightsError for a file that is none of safetensors; ``name`` is what the visitor calls it."""
    shown = file_name(name)
    if not data:
        raise WeightsError(Said("weights_file.empty", name=shown))
    if is_pickled(data):
        raise WeightsError(Said("weights_file.pickled", name=shown))
    if not is_safetensors(data):
        raise WeightsError(Said("weights_file.other", name=shown))


def fill(network: nn.Module, data: bytes) -> None:
    """Gives ``network``, made without memory, the weights of a safetensors file, on the CPU.

    Raises WeightsError where the file is damaged, or has other names, shapes or types, or impossible values.
    """
    try:
        state = safetensors.torch.load(data)
    except SafetensorError as error:
        raise WeightsError("This file is damaged: its numbers do not match its table of contents.") from error
    _check_names(state, network)
    state = {name: _converted(name, state[name], value) for name, value in network.state_dict().items()}
    network.to_empty(device="cpu").load_state_dict(state)


def metadata(data: bytes, form: str, names: tuple[str, ...]) -> dict[str, str]:
    """What a safetensors file tells of itself: ``format``, which must be ``form``, and texts of these ``names``.

    Raises WeightsError for a file that is too large, none of safetensors, of another format, or without these texts.
    """
    if len(data) > MAX_BYTES:
        raise WeightsError(f"This file is larger than any network of this app ({WEIGHTS_MEGABYTES} MB).")
    size = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else 0
    header = _json(data[8 : 8 + size]) if 0 < size <= _MAX_HEADER else None
    if not isinstance(header, dict):
        raise WeightsError("This is not a weights file: choose a .safetensors file saved by this app.")
    told = header.get("__metadata__")
    if not isinstance(told, dict) or told.get("format") != form:
        raise WeightsError("This .safetensors file was not saved by this app, so its network is unknown.")
    if not all(isinstance(told.get(name), str) for name in names):
        raise WeightsError("This file is damaged: the description of its network or of its run is missing.")
    return told


def _json(text: bytes | str) -> object:
    """What ``text`` holds; None where it is no JSON, nested too deep, or has a number too long to read."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def described(text: str, adapter: TypeAdapter[DescriptionT]) -> DescriptionT:
    """The description that ``text`` is, JSON with all names known. Raises WeightsError, naming what is wrong."""
    try:
        config = adapter.validate_json(text, strict=True)
        unknown = _unknown(_json(text), adapter.dump_python(config, mode="json"))
    except ValidationError as error:
        unknown = ".".join(map(str, error.errors()[0]["loc"])) or "its description"
    if unknown:
        place = unknown[:_MAX_NAME]
        raise WeightsError(f"The network described in this file cannot be read: {place} is wrong.")
    return config


def _unknown(given: object, known: object) -> str:
    """The path of the first key in ``given`` that ``known``, a description as this app writes it, has not."""
    if isinstance(given, list) and isinstance(known, list):
        pairs = [(str(number), *pair) for number, pair in enumerate(zip(given, known, strict=True))]
    elif isinstance(given, dict) and isinstance(known, dict):
        if strange := given.keys() - known.keys():
            return str(min(strange))
        pairs = [(name, given[name], known[name]) for name in given]
    else:
        return ""
    return next((f"{place}.{rest}" for place, *pair in pairs if (rest := _unknown(*pair))), "")


def _check_names(state: dict[str, Tensor], network: nn.Module) -> None:
    expected = network.state_dict()
    if missing := sorted(expected.keys() - state.keys()):
        raise WeightsError(f"This file has no weights for {missing[0]}.")
    if unknown := sorted(state.keys() - expected.keys()):
        raise WeightsError(f"This file has weights for {unknown[0][:_MAX_NAME]}, which its network does not have.")


def _converted(name: str, given: Tensor, expected: Tensor) -> Tensor:
    """``given`` in the type of ``expected``."""
    is_float = expected.is_floating_point()
    if given.shape != expected.shape or (given.dtype != expected.dtype and not (is_float and given.dtype in _FLOATS)):
        raise WeightsError(
            f"{name} should be {tuple(expected.shape)} {expected.dtype}, "
            f"but is {tuple(given.shape)} {given.dtype} in this file."
        )
    if is_float and not bool(given.isfinite().all()):
        raise WeightsError(f"{name} holds numbers that are not finite: this run had diverged.")
    values = given.to(expected.dtype)
    if is_float and not bool(values.isfinite().all()):
        raise WeightsError(Said("weights_file.overflow", name=name))
    if name.endswith("running_var") and bool((values < 0).any()):
        raise WeightsError(Said("weights_file.variance", name=name))
    return values


__all__ = ["FORMAT", "ImpossibleNetworkError", "WeightsError", "from_bytes", "to_bytes"]
