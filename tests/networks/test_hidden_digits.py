"""The hidden layer of the shipped network, against the network itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explainer.data import forward_pass
from explainer.data.assets import assets_path
from explainer.networks import hidden_digits
from explainer.networks.build import normalize
from explainer.networks.weights import from_bytes


def test_the_layer_behind_it_gives_the_recorded_probabilities() -> None:
    layer, recorded = hidden_digits.last_layer(), forward_pass.load().parts[-1].values
    for label in range(hidden_digits.CLASSES):
        logits = layer.weights @ hidden_digits.hidden(label) + layer.bias
        powers = np.exp(logits - logits.max())
        np.testing.assert_allclose(powers / powers.sum(), recorded[label], atol=2e-3)  # recorded in half precision


def test_the_network_itself_holds_these_values() -> None:
    network = from_bytes((assets_path() / "welcome" / "network.safetensors").read_bytes())[1]
    values = normalize(torch.from_numpy(hidden_digits.digit(4).astype(np.uint8))[None]).unsqueeze(1)
    held = {}
    with torch.inference_mode():
        for name, module in network.named_children():
            values = module(values)
            held[name] = values[0].numpy()
    names = ("activation_1", "pooling_1", "activation_2", "pooling_2")
    for (layer, count), name in zip(hidden_digits.MAPS.items(), names, strict=True):
        assert len(hidden_digits.maps(4, layer)) == count
        np.testing.assert_allclose(hidden_digits.maps(4, layer), held[name], rtol=2e-3, atol=2e-3)
    np.testing.assert_allclose(hidden_digits.hidden(4), held["activation_fc_1"], rtol=2e-3, atol=2e-3)


def test_what_is_shared_cannot_be_changed() -> None:
    for values in (hidden_digits.hidden(0), hidden_digits.maps(0), hidden_digits.last_layer().weights):
        with pytest.raises(ValueError, match="read-only"):
            values[...] = 0
