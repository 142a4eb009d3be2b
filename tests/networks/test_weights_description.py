"""A description of a network in a weights file: anything wrong in it is refused in one sentence, at no cost."""

from __future__ import annotations

import json
import resource
from dataclasses import asdict

import pytest
from weight_files import BAD_CONFIG, saved, with_metadata, with_network

from explainer.networks.config import Block, NetworkConfig
from explainer.networks.weights import WeightsError, from_bytes

NETWORK = '{"blocks":[{"channels":2,"kernel":3,"stride":2,"padding":"same","pool":null}],"hidden":[5],%s}'
REST = '"activation":"relu","batch_norm":true,"dropout":0.0,"spatial_dropout":0.0,"input_size":28'


def test_the_text_that_the_next_tests_damage_is_a_network() -> None:
    config, *_ = from_bytes(_with_network_and_state(NETWORK % REST))
    assert config == NetworkConfig((Block(2, 3, 2),), (5,), batch_norm=True)


def _with_network_and_state(text: str) -> bytes:
    config = NetworkConfig((Block(2, 3, 2),), (5,), batch_norm=True)
    return with_metadata(lambda metadata: metadata.update(network=text), saved(config))


@pytest.mark.parametrize(
    "text, place",
    [
        ("", "its description"),
        ("null", "its description"),
        ("[]", "its description"),
        ("[" * 20_000, "its description"),
        ("{}", "blocks"),
        (NETWORK.replace('"channels":2', '"channels":"2"') % REST, "blocks.0.channels"),
        (NETWORK.replace('"channels":2', '"channels":true') % REST, "blocks.0.channels"),
        (NETWORK.replace('"channels":2', '"channels":2.0') % REST, "blocks.0.channels"),
        (NETWORK.replace('"channels":2', '"channels":null') % REST, "blocks.0.channels"),
        (NETWORK.replace('"kernel":3', '"kernel":NaN') % REST, "blocks.0.kernel"),
        (NETWORK.replace('"stride":2', '"stride":[2]') % REST, "blocks.0.stride"),
        (NETWORK.replace('"same"', '"reflect"') % REST, "blocks.0.padding"),
        (NETWORK.replace('"pool":null', '"pool":{"kind":"median"}') % REST, "blocks.0.pool.kind"),
        (NETWORK.replace('"pool":null', '"pool":null,"dilation":2') % REST, "blocks.0.dilation"),
        (NETWORK.replace('"pool":null', '"pool":{"size":2,"dilation":2}') % REST, "blocks.0.pool.dilation"),
        (NETWORK.replace('"hidden":[5]', '"hidden":5') % REST, "hidden"),
        (NETWORK.replace('"hidden":[5]', '"hidden":{"0":5}') % REST, "hidden"),
        (NETWORK.replace('"hidden":[5]', '"hidden":["5"]') % REST, "hidden.0"),
        (NETWORK % REST.replace('"relu"', '"step"'), "activation"),
        (NETWORK % REST.replace("true", '"true"'), "batch_norm"),
        (NETWORK % REST.replace("true", "1"), "batch_norm"),
        (NETWORK % REST.replace('"dropout":0.0', '"dropout":"0"'), "dropout"),
        (NETWORK % (REST + ',"residual":true'), "residual"),
    ],
)
def test_a_description_with_anything_wrong_is_refused_and_the_place_named(text: str, place: str) -> None:
    with pytest.raises(WeightsError) as raised:
        from_bytes(_with_network_and_state(text))
    assert str(raised.value) == f"{BAD_CONFIG}: {place} is wrong."


@pytest.mark.parametrize("digits", [20, 4_000, 50_000])
def test_a_number_without_end_is_refused(digits: int) -> None:
    with pytest.raises(WeightsError, match=r"Choose the channels of Convolution 1|its description is wrong"):
        from_bytes(_with_network_and_state(NETWORK.replace('"channels":2', f'"channels":{"9" * digits}') % REST))


@pytest.mark.parametrize("value", [None, 3, ["x"], {"blocks": []}])
def test_metadata_that_are_no_texts_are_refused(value: object) -> None:
    for entry in ("network", "run"):
        with pytest.raises(WeightsError):
            from_bytes(with_metadata(lambda metadata, entry=entry: metadata.update({entry: value})))  # type: ignore[misc]


def test_a_long_name_in_a_description_does_not_fill_the_page() -> None:
    with pytest.raises(WeightsError) as raised:
        from_bytes(_with_network_and_state(NETWORK % (REST + f',"{"x" * 9_000}":1')))
    assert len(str(raised.value)) < 250


@pytest.mark.parametrize(
    "config, sentence",
    [
        (NetworkConfig((Block(0),)), "Choose the channels of Convolution 1"),
        (NetworkConfig((Block(2, 29, padding="valid"),)), "Convolution 1 has a 29 × 29 kernel"),
        (NetworkConfig((), (9_999, 9_999)), "parameters"),
        (NetworkConfig((Block(10**9, 10**9, 10**9),)), "Choose the channels of Convolution 1"),
        (NetworkConfig((), (10**18,)), "Choose the neurons of Fully connected 1"),
        (NetworkConfig((Block(1, 1),) * 1_000), "Choose the number of convolutions"),
        (NetworkConfig((), input_size=10**9), "Choose the input size"),
        (NetworkConfig((), dropout=float("inf")), "Choose the dropout"),
    ],
)
def test_a_network_out_of_bounds_is_refused_without_taking_memory(config: NetworkConfig, sentence: str) -> None:
    data = with_network(_text(config))
    before = _peak_memory()
    with pytest.raises(WeightsError, match=sentence):
        from_bytes(data)
    assert _peak_memory() - before < 50_000_000


def _peak_memory() -> int:
    """Bytes, Python's and torch's together."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _text(config: NetworkConfig) -> str:
    return json.dumps(asdict(config)).replace("Infinity", "1e400")


@pytest.mark.parametrize("text", ['"skips":"dense"', '"global_pool":1', '"skips":null'])
def test_nonsense_about_building_blocks_is_refused(text: str) -> None:
    """The network above, without a word about them, is a file from before there were any."""
    with pytest.raises(WeightsError, match=BAD_CONFIG):
        from_bytes(with_network(NETWORK % f"{REST},{text}"))


@pytest.mark.parametrize("pairs", ["1.5", "null", '"2"'])
def test_a_number_of_blocks_that_is_none_is_refused(pairs: str) -> None:
    with pytest.raises(WeightsError, match=BAD_CONFIG):
        from_bytes(with_network((NETWORK % REST).replace('"pool":null', f'"pool":null,"pairs":{pairs}')))
