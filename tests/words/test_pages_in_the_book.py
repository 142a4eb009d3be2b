"""Pages whose every word is the book's: in a language that a test makes, no English word is left on screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opening import MENU, opened
from pseudo import LANGUAGE, english_words, pseudo_book
from streamlit.testing.v1 import AppTest

from explainer.inspection.methods import METHODS
from explainer.networks.architecture_names import TORCHVISION
from explainer.networks.architectures import counted
from explainer.networks.folding import fold
from explainer.networks.pretrained import PRETRAINED
from explainer.training.job import Job
from explainer.training.recorded_film import recorded_film
from explainer.ui.frame import studio
from explainer.ui.frame.studio import Run, Studio
from explainer.words.book import Said

NETWORKS = ["lenet-5", "vgg16", "inception-v3", "swin-t", "vit-b-16", "app-wider"]  # whose layers are named in code
# The views of each page that say all that it can say.
VIEWS: dict[str, list[dict[str, str]]] = {
    "layers/convolution": [
        {},
        {"sy": "3", "sx": "3"},
        {"flip": "true"},
        {"flip": "true", "kernel": "gaussian"},
        {"padding": "numbers"},
        {"padding": "numbers", "mode": "reflect", "pt": "10"},
        {"grid": "1 2\n3"},
        {"grid": "?"},
        {"grid": "1\t\t2"},
        {"grid": "[1"},
        {"grid": "1,5 2,5; 3 4"},
        {"grid": "1,5"},
        {"grid": "1; 2"},
        {"grid": "1"},
        {"kernel": "laplacian", "kh": "2", "weights": ""},
        {"input": "Your drawing"},
        {"input": "Your picture"},
    ],
    "networks/receptive_field": [
        {},
        {"stack": "c3,c3", "rf_size": "16"},
        {"stack": "c3p2d2,c3p2d2,c3p2d2", "rf_unit": "0"},
        {"stack": "c3p1,c3p2d2,a3s3", "rf_size": "8"},
        {"stack": "c1s2"},
        {"stack": "c1p9", "rf_unit": "0"},
        {"stack": "c2l1,c2l2d2", "rf_axes": "1d"},
        {"stack": "?"},
        {"stack": "p9,p9"},
        {"rf_of": "network", "i_net": "squeezenet"},
        {"rf_of": "network", "i_net": "upload"},
    ],
    "networks/x_or_o": [
        {},
        {"xo_picture": "drawing", "xo_pixels": "0"},
        {"xo_picture": "drawing", "xo_pixels": "000633b8f8383e3b98c00"},
        {"xo_votes": "0"},
        {"xo_votes": "_".join(["0"] * 24)},
        {"xo_view": "steps"},
        {"xo_view": "steps", "xo_picture": "drawing"},
        {"xo_view": "learning"},
        {"xo_view": "learning", "xo_lr": "30", "xo_error": "0.01"},
    ],
    "tasks/boxes": [
        {},
        {"bx_b": "220,200,310,300"},
        {"bx_a": "10,10,110,110", "bx_b": "10,10,110,110"},
        {"bx_a": "10,10,110,110", "bx_b": "20,20,70,60", "bx_iou": "0.9"},
        {"bx_a": "20,20,70,60", "bx_b": "10,10,110,110", "bx_object": "cup"},
        {"bx_b": "?"},
        {"bx_view": "nms"},
        {"bx_view": "nms", "bx_set": "two-classes", "bx_method": "gaussian"},
        {"bx_view": "ap"},
        {"bx_view": "ap", "bx_iou": "0.75", "bx_score": "0.95"},
    ],
    "tasks/detection": [
        {},
        {"dt_loss": "modern", "dt_scene": "2", "dt_row": "6", "dt_col": "3"},
        {"dt_boxes": "1", "dt_roots": "false", "dt_row": "1"},
        {"dt_boxes": "1"},
        {"dt_loss": "modern", "dt_row": "1"},
    ],
    "networks/residual": [
        {},
        {"res_layers": "8", "res_bn": "false"},
        {"res_view": "block", "res_skips": "pre-activation"},
        {"res_view": "removed"},
    ],
    "training/autoencoder": [
        {},
        {"ae_net": "linear", "ae_code": "16", "ae_noise": "0.5"},
        {"ae_view": "greedy"},
    ],
    "training/train": [
        {},
        {"preset": "build-your-own"},
        {"preset": "build-your-own", "c1": "128", "c2": "128", "c3": "128"},
        {"preset": "build-your-own", "k1": "11", "k2": "11", "k3": "11", "p1": "valid", "p2": "valid", "p3": "valid"},
        {"data": "kmnist", "bn": "true", "dropout": "0.5", "l2": "0.001", "digits": "500"},
        {"opt": "adam", "epochs": "1"},
        {"preset": "lenet-5", "bn": "true", "spatial": "0.1", "view": "network"},
        {"view": "mistakes"},
        {"view": "draw"},
        {"view": "compare"},
        {"view": "take-home"},
    ],
    "networks/architectures": [
        {},
        *({"network": name} for name in NETWORKS),
        {"network": "vgg16", "layer": "avgpool", "batch": "128", "devices": "4"},
        {"half": "true", "optimizer": "adam"},
        {"batch": "1", "other": "app-fast", "cost": "parameters"},
        {"batch": "1", "devices": "2", "half": "true"},
        {"network": "inception-v3", "layer": "conv2d_1a_3x3.conv"},
        {"network": "swin-t", "layer": "features.1.0.attn"},
        {"network": "vit-b-16", "layer": "encoder.ln"},
    ],
    "inspection/attribution": [
        {},
        {"at_other": "2"},
        {"at_other": "2", "at_how": "side-by-side", "at_of": "probability"},
        *({"at_methods": name} for name in METHODS),
        {"at_patch": "5", "at_stride": "eighth"},
        {"at_view": "random-weights", "at_other": "2"},
        {"at_view": "remove-pixels", "at_other": "2"},
        {"i_net": "Weights from a file"},
        {"i_in": "Your drawing"},
        {"i_in": "Your picture"},
        {"i_in": "The camera"},
    ],
}
# Names and notation that no language changes.
SAME_EVERYWHERE = {
    *{"⅕", "½"},  # shares of a length
    *{"CPU", "cores", "out", "H", "W", "og"},  # the last is "and" in the language of the test
    *{"ReLU", "Logits", "Fully", "connected", "Convolution", "Activation", "Padding"},  # of layers: in the code still
    *{"Pooling", "Fire", "squeeze", "expand"},
    *{"zeros", "reflect", "replicate", "circular", "valid", "same", "full"},  # PyTorch's own names
    *(word for entry in PRETRAINED.values() for word in english_words(entry.title)),
    *(word for title in TORCHVISION.values() for word in english_words(title)),
    *(word for name in NETWORKS for layer in fold(counted(name)).layers for word in english_words(layer.name)),
    "MACs",
    *{"CIFAR", "MNIST", "KMNIST", "LeNet", "SGD", "with", "Momentum", "Adam", "sgd", "momentum", "adam"},
    *{"Nesterov", "AdaGrad", "RMSProp", "AdamW", "Fashion"},
}
_TEXT_OF_FORMULA = re.compile(r"\\text\{([^}]*)\}")
_SILENT = {"code", "text_area", "text_input"}  # their value is what a program or a visitor wrote
_CHOICES = {"selectbox", "multiselect", "radio", "select_slider", "button_group"}
_READ = {"words", "title", "label", "caption", "detail", "alt", "parts", "why", "about"}  # of a component's data


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with pseudo_book(tmp_path, monkeypatch):
        yield


def texts(at: AppTest) -> Iterator[str]:
    """All that is to be read on the page."""
    for element in at.main:
        proto: Any = getattr(element, "proto", None)
        if element.type == "tab":
            yield element.label
            continue
        if element.type == "bidi_component":
            yield from strings(json.loads(proto.json) if proto.json else {})
            continue
        yield from (getattr(proto, name, "") for name in ("label", "help", "alt"))
        if element.type in _CHOICES and not proto.query_param_key:  # numbers to choose among are not named
            yield from map(str, element.options)
        value = getattr(element, "value", "")
        if element.type == "latex":
            yield from _TEXT_OF_FORMULA.findall(value)
        elif isinstance(value, str) and element.type not in _SILENT | _CHOICES:
            yield value
    yield from (block.label for block in at.expander)


def strings(data: object, is_read: bool = False) -> Iterator[str]:
    """The texts that a component is given."""
    match data:
        case str() if is_read:
            yield data
        case dict():
            for name, each in data.items():
                yield from strings(each, is_read or name in _READ)
        case list():
            for each in data:
                yield from strings(each, is_read)


def folded(at: AppTest) -> set[str]:
    """The sources, which are in the language of who wrote them."""
    return {block.value for expander in at.expander if "Sources" in expander.label for block in expander.markdown}


@pytest.mark.parametrize(("name", "query"), [(name, query) for name, views in VIEWS.items() for query in views])
def test_not_one_english_word_is_left(name: str, query: dict[str, str]) -> None:
    assert left_in(opened(name, {**query, "lang": LANGUAGE})) == {}


def left_in(at: AppTest) -> dict[str, set[str]]:
    """The texts on the page that have English words, with these words."""
    assert not at.exception
    read = set(texts(at)) - folded(at)
    return {text: left for text in read if (left := set(english_words(text)) - SAME_EVERYWHERE)}


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The visitor has a run that is over, one that was ended and one that waits."""
    film = recorded_film()
    over, ended, waits = (Job(film.config, state=film.state()) for _ in range(3))
    ended.become("stopped")
    waits.become("waiting")
    found = (
        Run("1", over, key="run-1"),
        Run("2", ended, why_ended=studio.left(15), key="run-2"),
        Run("3", waits, key="run-3"),
    )
    monkeypatch.setattr(studio, "visitor", lambda: "visitor")
    monkeypatch.setattr(studio, "_studios", {"visitor": Studio("visitor", runs=found, removed=2)})
    yield
    studio.close()


@pytest.mark.parametrize("view", ["watch", "mistakes", "draw", "compare", "take-home"])
@pytest.mark.parametrize("run", ["run-1", "run-2", "run-3"])
def test_not_one_english_word_is_left_about_runs(runs: None, view: str, run: str) -> None:
    at = opened("training/train", {"view": view, "lang": LANGUAGE})
    at.session_state["look"] = run
    assert left_in(at.run()) == {}


@pytest.mark.parametrize("name", VIEWS)
def test_its_menu_entry_is_in_the_book(name: str) -> None:
    entry = next(entry for section in MENU.values() for entry in section if entry.name == name)
    assert isinstance(entry.title, Said)
    assert isinstance(entry.help, Said)
