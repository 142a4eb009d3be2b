"""Which network, which picture, which layer: what the controls of the pages about trained networks hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from explainer.networks import zoo

SQUEEZENET = "squeezenet"


def _script() -> None:
    import streamlit as st

    from explainer.ui.controls.layer_choice import choose_layer, chosen_layer
    from explainer.ui.controls.networks import NoNetworkError, choose_network, chosen_network
    from explainer.ui.controls.subject import NoInputError, choose_subject, chosen_subject
    from explainer.ui.frame.address import part
    from explainer.ui.frame.studio import studio

    with part("page"):
        choose_network()
        choose_subject()
        try:
            network = chosen_network()
            layers = network.description.maps
            choose_layer(layers, "layer", first=layers[-1])
            subject = chosen_subject(network)
            shapes = f"{subject.pixels.shape} {subject.inputs.shape} {subject.label}"
            st.text(f"{network.description.title} | {subject.title} | {shapes} | {chosen_layer(layers, 'layer').title}")
        except (NoNetworkError, NoInputError) as problem:
            st.info(str(problem))
    st.text(f"runs: {[run.name for run in studio().runs]}")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., AppTest]:
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))

    def run(**query: str) -> AppTest:
        at = AppTest.from_function(_script, default_timeout=300)
        for name, value in query.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception
        return at

    return run


def _said(at: AppTest) -> str:
    assert not at.exception
    value: Any = at.text[0].value
    return str(value)


def test_a_digit_first(opened: Callable[..., AppTest]) -> None:
    assert _said(opened()) == "Digit reader | Test digit 0 | (28, 28) (1, 1, 28, 28) 7 | Activation 3"


def test_a_network_of_photographs_starts_with_one(opened: Callable[..., AppTest]) -> None:
    at = opened()
    at.selectbox(key="layer").select("convolution-1").run()
    at.selectbox(key="i_net").select(SQUEEZENET).run()
    assert _said(at) == f"{zoo.BUNDLED[SQUEEZENET]} | A cat | (224, 224, 3) (1, 3, 224, 224) None | Convolution 1"
    at.selectbox(key="layer").select("pooling-1").run()
    at.selectbox(key="i_net").select("digits-bn").run()
    assert _said(at).endswith("| Activation 3")  # it has no such layer


def test_what_nobody_chose_follows_the_network_and_what_was_chosen_stays(opened: Callable[..., AppTest]) -> None:
    last = [layer.title for layer in zoo.load(SQUEEZENET).description.maps][-1]
    at = opened()
    at.selectbox(key="i_net").select(SQUEEZENET).run()
    assert _said(at).endswith(f"| {last}")
    at.selectbox(key="i_photo").select("coffee").run()
    assert _said(at).endswith(f"| {last}")
    at.selectbox(key="layer").select("convolution-1").run()
    at.selectbox(key="i_net").select("digits").run()
    assert _said(at).endswith("| Convolution 1")
    at.selectbox(key="i_in").select("cat").run()
    assert _said(at).endswith("| Convolution 1")
    at.selectbox(key="i_net").select(SQUEEZENET).run()
    at.selectbox(key="i_photo").select("cat").run()
    assert _said(at).endswith("| Convolution 1")


def test_a_photograph_for_a_reader_of_digits_and_a_digit_for_the_other(opened: Callable[..., AppTest]) -> None:
    assert "(28, 28) (1, 1, 28, 28) None" in _said(opened(i_in="cat"))
    at = opened(i_net=SQUEEZENET, i_photo="test-digit", i_digit="5")
    assert "Test digit 5 | (224, 224, 3) (1, 3, 224, 224) None" in _said(at)


def test_nonsense_in_a_link_is_ignored(opened: Callable[..., AppTest]) -> None:
    at = opened(i_net="Nonsense", i_in="Nothing", i_digit="123456", layer="Convolution 99")
    assert _said(at) == "Digit reader | Test digit 0 | (28, 28) (1, 1, 28, 28) 7 | Activation 3"


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [("upload", "Choose a picture file"), ("drawing", "Draw something"), ("camera", "Take a picture")],
)
def test_what_is_missing_is_asked_for(opened: Callable[..., AppTest], choice: str, sentence: str) -> None:
    at = opened(i_in=choice)
    assert at.info[0].value.startswith(sentence)


def test_a_network_that_must_be_downloaded_says_what_it_costs(opened: Callable[..., AppTest]) -> None:
    at = opened(i_net="vgg16")
    assert at.info[0].value == "The weights of VGG16 are not on this computer yet: download them first."
    assert at.caption[0].value == (
        "528 MB to download, 553 MB in memory; right for 71.6 % of ImageNet's validation images."
    )
    assert at.button(key="download_vgg16").label == "Download VGG16"


def test_a_weights_file_becomes_a_network_of_the_visitor(opened: Callable[..., AppTest]) -> None:
    at = opened(i_net="upload")
    assert at.info[0].value.startswith("Choose a weights file")
    weights = (Path(__file__).parents[3] / "assets" / "welcome" / "network.safetensors").read_bytes()
    at.file_uploader(key="i_weights").upload("other.safetensors", b"nonsense", "application/octet-stream").run()
    assert "is no file of weights" in at.error[0].value
    at.file_uploader(key="i_weights").upload("small.safetensors", weights, "application/octet-stream").run()
    assert at.session_state["i_net"].startswith("run-")
    assert _said(at).startswith("Yours: small | Test digit 0")


def test_a_file_called_like_a_bundled_network_is_not_taken_for_it(opened: Callable[..., AppTest]) -> None:
    """Pages have the results and the code of the bundled networks at hand."""
    title = zoo.BUNDLED["digits"]
    at = opened(i_net="upload")
    weights = (Path(__file__).parents[3] / "assets" / "welcome" / "network.safetensors").read_bytes()
    at.file_uploader(key="i_weights").upload(f"{title}.safetensors", weights, "application/octet-stream").run()
    assert at.session_state["i_net"].startswith("run-")
    assert _said(at).split(" | ")[0] not in zoo.BUNDLED.values()
