"""A weights file brought back: the same record as a run that was trained here, with its test results measured anew."""

from __future__ import annotations

import math

import torch
from pydantic import TypeAdapter, ValidationError

from explainer.data.catalogue import TITLES
from explainer.data.digits import is_available, load
from explainer.networks.build import planes
from explainer.networks.config import NetworkConfig
from explainer.networks.weights import WeightsError, from_bytes
from explainer.training import measure
from explainer.training.config import RunConfig, is_possible
from explainer.training.job import Job, State
from explainer.training.loop import PROBE
from explainer.training.snapshot import Point
from explainer.words.book import Said

_adapter = TypeAdapter(RunConfig)


def loaded_run(data: bytes) -> Job:
    """A finished run from the bytes of a weights file, read on the CPU. Raises WeightsError with a sentence."""
    network_config, network, text = from_bytes(data)
    config = _run_config(network_config, text)
    if not is_available(config.dataset):
        raise WeightsError(Said("weights_file.needs_data", dataset=TITLES[config.dataset]))
    digits = load(config.dataset)
    images, labels = planes(digits.test_images), torch.tensor(digits.test_labels).long()
    result = [part for part in measure.test(network, images, labels) if part is not None][-1]
    if not math.isfinite(result.loss):
        raise WeightsError(Said("weights_file.diverged"))
    state = State(
        status="finished",
        points=(_point(result),),
        views=measure.views(network, images[PROBE : PROBE + 1], PROBE),
        results=measure.mistakes(result, digits.test_labels),
        weights=data,
    )
    return Job(config, state=state)


def _run_config(network: NetworkConfig, text: str) -> RunConfig:
    """The run that the file says it comes from; only its network where that cannot be believed or is not at hand."""
    usual = RunConfig(network, dataset="cifar-10" if network.reads == "colour" else "mnist")
    try:
        config = _adapter.validate_json(text, strict=True)
    except ValidationError:
        return usual
    believed = config.network == network and is_possible(config) and is_available(config.dataset)
    return config if believed else usual


def _point(result: measure.TestResult) -> Point:
    """The only point of a run whose training was not watched."""
    return Point(
        step=1,
        epoch=0.0,
        seconds=0.0,
        examples_per_second=0.0,
        learning_rate=0.0,
        train_loss=None,
        train_accuracy=None,
        test_loss=result.loss,
        test_accuracy=result.accuracy,
        test_digits=len(result.predicted),
    )
