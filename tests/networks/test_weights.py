"""Weights come back bit for bit, and every other file ends in one sentence, at no cost, with nothing executed."""

from __future__ import annotations

import io
import pickle
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from network_strategies import configs
from torch import Tensor
from weight_files import SMALL, file_of, network_of, saved, with_state

from explainer.networks.build import build
from explainer.networks.config import ImpossibleNetworkError, NetworkConfig
from explainer.networks.presets import PRESETS
from explainer.networks.weights import MAX_BYTES, WeightsError, from_bytes, to_bytes

# --- what was saved comes back ---


@settings(max_examples=40, deadline=None)
@given(configs, st.integers(0, 5))
def test_weights_come_back_bit_for_bit(config: NetworkConfig, seed: int) -> None:
    try:
        network = network_of(config, seed)
    except ImpossibleNetworkError:
        return
    with torch.no_grad():  # running statistics that are not the initial ones
        network(torch.randn(3, 1, 28, 28))
    read_config, read, run = from_bytes(to_bytes(network, config, '{"seed": 7}'))
    assert (read_config, run, read.training) == (config, '{"seed": 7}', False)
    before, after = network.state_dict(), read.state_dict()
    assert list(before) == list(after)
    for name, value in before.items():
        assert torch.equal(value, after[name]), name
        assert value.dtype == after[name].dtype
    assert all(parameter.requires_grad for parameter in read.parameters())


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_reads_the_same_digits_afterwards(name: str) -> None:
    network = network_of(PRESETS[name]).to(memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    _, read, _ = from_bytes(to_bytes(network, PRESETS[name]))
    digits = torch.randn(4, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(read(digits), network(digits), rtol=1e-5, atol=1e-6)


def test_saving_and_loading_leave_the_network_and_torchs_generator_alone() -> None:
    network = network_of(SMALL).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    state = torch.get_rng_state()
    _, read, _ = from_bytes(to_bytes(network, SMALL))
    with torch.no_grad():
        for parameter in read.parameters():
            parameter.zero_()
    assert network.training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state)


def test_the_largest_network_allowed_fits_into_the_largest_file_allowed() -> None:
    config = NetworkConfig((), hidden=(3_700,))
    data = saved(config)
    assert 0.85 * MAX_BYTES < len(data) <= MAX_BYTES
    assert from_bytes(data)[0] == config


# --- every other file ---

NOT_WEIGHTS = "This is not a weights file"
NOT_OURS = "not saved by this app"


def _zip_checkpoint() -> bytes:
    buffer = io.BytesIO()
    torch.save({"weight": torch.zeros(3)}, buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    {
        "empty": b"",
        "too short for a length": b"\x01\x00\x00",
        "a length of zero": struct.pack("<Q", 0) + b"{}",
        "a length beyond the file": struct.pack("<Q", 1_000) + b"{",
        "the largest length there is": struct.pack("<Q", 2**64 - 1) + b"{}" * 500,
        "a length of gigabytes": struct.pack("<Q", 4_000_000_000) + b"{}" * 500,
        "a PNG picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "a checkpoint of torch.save": _zip_checkpoint(),
        "a pickle": pickle.dumps({"weights": [1.0, 2.0]}),
        "not JSON": file_of(b"hello world"),
        "not UTF-8": file_of(b'{"\xff\xfe": 1}'),
        "JSON, but a list": file_of(b"[1, 2, 3]"),
        "JSON nested without end": file_of(b"[" * 150_000),
        "objects nested without end": file_of(b'{"a":' * 30_000),
        "a number too long to read": file_of(b'{"a": ' + b"9" * 10_000 + b"}"),
        "a header of a megabyte": file_of(b'{"a": "' + b"x" * 1_000_000 + b'"}'),
    }.items(),
    ids=lambda item: item[0],
)
def test_what_is_no_safetensors_file_is_refused(data: tuple[str, bytes]) -> None:
    with pytest.raises(WeightsError, match=NOT_WEIGHTS):
        from_bytes(data[1])


def test_a_foreign_safetensors_file_is_refused() -> None:
    state = {"conv1.weight": torch.zeros(64, 3, 7, 7)}
    foreign: list[dict[str, str] | None] = [None, {"format": "pt"}, {"format": "inside-a-cnn 2"}]
    for metadata in foreign:
        with pytest.raises(WeightsError, match=NOT_OURS):
            from_bytes(safetensors.torch.save(state, metadata))
    with pytest.raises(WeightsError, match=NOT_OURS):
        from_bytes(file_of(b'{"__metadata__": "inside-a-cnn 1"}'))


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(WeightsError, match="larger than any network"):
        from_bytes(bytes(MAX_BYTES + 1))


def test_a_truncated_file_is_refused_wherever_it_ends() -> None:
    data = saved()
    (size,) = struct.unpack("<Q", data[:8])
    for end in [*range(8 + size), *range(8 + size, len(data), 7), len(data) - 1]:
        with pytest.raises(WeightsError):
            from_bytes(data[:end])


def test_a_file_with_something_behind_its_end_is_refused() -> None:
    with pytest.raises(WeightsError, match="damaged"):
        from_bytes(saved() + b"\0")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_give_a_network_or_a_sentence(data: st.DataObject) -> None:
    damaged = bytearray(saved())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, 1_500))] = data.draw(st.integers(0, 255))
    try:
        config, network, _ = from_bytes(bytes(damaged))
    except WeightsError as error:
        assert str(error).endswith(".")
        assert "\n" not in str(error)
    else:
        assert list(network.state_dict()) == list(build(config).state_dict())


def test_missing_unknown_and_misshapen_weights_are_named() -> None:
    changes: dict[str, Callable[[dict[str, Tensor]], object]] = {
        "no weights for logits.bias": lambda state: state.pop("logits.bias"),
        "no weights for batch_norm_1.running_mean": lambda state: state.pop("batch_norm_1.running_mean"),
        "weights for logits.scale": lambda state: state.update({"logits.scale": torch.zeros(1)}),
        r"logits.weight should be \(10, 5\) torch.float32, but is \(5, 10\) torch.float32": lambda state: state.update(
            {"logits.weight": torch.zeros(5, 10)}
        ),
        r"logits.bias should be \(10,\) torch.float32, but is \(10,\) torch.int64": lambda state: state.update(
            {"logits.bias": torch.zeros(10, dtype=torch.int64)}
        ),
        r"num_batches_tracked should be \(\) torch.int64, but is \(\) torch.float32": lambda state: state.update(
            {"batch_norm_1.num_batches_tracked": torch.tensor(1.0)}
        ),
        "logits.bias holds numbers that float32 cannot hold": lambda state: state.update(
            {"logits.bias": torch.full((10,), 1e300, dtype=torch.float64)}
        ),
        "batch_norm_1.running_var holds a variance below 0": lambda state: state.update(
            {"batch_norm_1.running_var": torch.tensor([1.0, -1.0])}
        ),
        "convolution_1.weight holds numbers that are not finite": lambda state: state.update(
            {"convolution_1.weight": torch.full((2, 1, 3, 3), float("nan"))}
        ),
        "batch_norm_fc_1.running_var holds numbers that are not finite": lambda state: state.update(
            {"batch_norm_fc_1.running_var": torch.full((5,), float("inf"))}
        ),
    }
    for sentence, change in changes.items():
        with pytest.raises(WeightsError, match=sentence):
            from_bytes(with_state(change))


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_other_floats_become_float32(kind: torch.dtype) -> None:
    def convert(state: dict[str, Tensor]) -> None:
        for name, value in state.items():
            state[name] = value.to(kind) if value.is_floating_point() else value

    _, read, _ = from_bytes(with_state(convert))
    for name, value in network_of(SMALL).state_dict().items():
        assert read.state_dict()[name].dtype == value.dtype
        expected = value.to(kind).to(value.dtype) if value.is_floating_point() else value
        assert torch.equal(read.state_dict()[name], expected), name


def test_an_unknown_name_of_weights_is_cut_short() -> None:
    with pytest.raises(WeightsError) as raised:
        from_bytes(with_state(lambda state: state.update({"x" * 5_000: torch.zeros(1)})))
    assert len(str(raised.value)) < 250


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path(self.target),)  # type: ignore[return-value]

    def __init__(self, target: str) -> None:
        self.target = target


def test_nothing_is_ever_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "unpickled"
    bomb = pickle.dumps(_Bomb(str(target)))
    pickle.loads(bomb)
    assert target.exists()  # the bomb works
    target.unlink()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    monkeypatch.setattr(torch, "load", refuse)
    for data in (bomb, file_of(b"{}", bomb), saved() + bomb):
        with pytest.raises(WeightsError):
            from_bytes(data)
    from_bytes(saved())
    assert not target.exists()
