"""What a visitor chooses by mistake is said to be what it is, at every place for a file, and what is too large, too."""

from __future__ import annotations

import io
from typing import Any

import pytest
import torch
from bombs import encoded
from PIL import Image
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from explainer.data.limits import MEGABYTE
from explainer.ui.controls.files import too_large
from explainer.ui.frame import studio


def picture() -> None:
    from explainer.ui.controls.inputs import choose_file

    choose_file("upload")


def network() -> None:
    from explainer.ui.controls.networks import choose_network
    from explainer.ui.frame.address import part

    with part("page"):
        choose_network()


def weights() -> None:
    from pages.training.train.take_home import take_home

    take_home(None)


def own() -> None:
    from explainer.ui.frame.address import part
    from pages.training.transfer.own_state import controls

    with part("page"):
        controls()


def pickled() -> bytes:
    file = io.BytesIO()
    torch.save({"weight": torch.zeros(3)}, file)
    return file.getvalue()


PDF, TEXT, PSD, VIDEO = b"%PDF-1.7\n1 0 obj", b"not a picture at all\n", b"8BPS\0\1", b"\0\0\0\x18ftypmp42\0\0\0\0mp42"
PICTURES = [("picture", picture, {}), ("own", own, {"tl_by": "files"})]
NETWORKS = [("network", network, {"i_net": "upload"}), ("weights", weights, {})]


@pytest.fixture(autouse=True)
def visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _context: {}))
    monkeypatch.setattr(studio, "_studios", {})


def refused(script: Any, query: dict[str, str], name: str, data: bytes) -> str:
    at = AppTest.from_function(script, default_timeout=300)
    at.query_params = query
    at.run()
    (place,) = at.get("file_uploader")
    assert not place.proto.type, "Streamlit refuses other kinds itself, without a word on what to do"
    several = script is own
    file = (name, data, "application/octet-stream")
    place.set_value([file] if several else file).run()
    assert not at.exception, [box.message for box in at.exception]
    (box,) = at.error
    return str(box.value)


@pytest.mark.parametrize(("_name", "script", "query"), PICTURES)
def test_what_is_no_picture_is_said(_name: str, script: Any, query: dict[str, str]) -> None:
    said = [
        refused(script, query, name, data)
        for name, data in [
            ("paper.pdf", PDF),
            ("model.pth", pickled()),
            ("notes.png", TEXT),
            ("art.psd", PSD),
            ("clip.mov", VIDEO),
        ]
    ]
    parts = ["is a PDF document", "holds weights of a network", "is no picture that can be read", "Photoshop", "video"]
    assert [part in text for part, text in zip(parts, said, strict=True)] == [True] * 5, said


@pytest.mark.parametrize(("_name", "script", "query"), NETWORKS)
def test_what_is_no_file_of_weights_is_said(_name: str, script: Any, query: dict[str, str]) -> None:
    files = [
        ("paper.pdf", PDF),
        ("model.pth", pickled()),
        ("cat.png", encoded(Image.new("RGB", (4, 4)))),
        ("a.pt", b""),
    ]
    said = [refused(script, query, name, data) for name, data in files]
    parts = ["is no file of weights", "torch.save has written", "is no file of weights", "is empty"]
    plain = [text.replace("&#95;", "_").replace("\u2060", "") for text in said]
    assert [part in text for part, text in zip(parts, plain, strict=True)] == [True] * 4, said


def test_what_is_too_large_is_said_with_its_size() -> None:
    sent = [{"name": "a/panorama.jpg", "size": 25 * MEGABYTE}, {"name": "small.jpg", "size": 10 * MEGABYTE}]
    (said,) = too_large(sent, 10, "picture")
    assert str(said).startswith("panorama.jpg has 25.0 MB: choose a picture of at most 10 MB.")


@pytest.mark.parametrize("sent", [None, [], [1], [{"name": 1, "size": 2**40}], [{"name": "a", "size": True}], [{}]])
def test_of_what_no_browser_sends_nothing_is_said(sent: Any) -> None:
    assert too_large(sent, 10, "weights") == []
