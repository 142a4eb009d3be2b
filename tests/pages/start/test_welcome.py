from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "pages"


@pytest.fixture(scope="module")
def welcome() -> AppTest:
    return AppTest.from_file(PAGES / "menu.py", default_timeout=300).run()


def drawn(at: AppTest) -> dict[str, Any]:
    mounted: list[dict[str, Any]] = [
        json.loads(element.proto.json) for element in at.main if element.type == "bidi_component"
    ]
    (data,) = (each for each in mounted if "parts" in each)
    return data


def test_it_opens_without_torch() -> None:
    code = f"""
import sys
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
ContextProxy.cookies = property(lambda _context: {{}})
at = AppTest.from_file({str(PAGES / "menu.py")!r}, default_timeout=300).run()
assert not at.exception, at.exception
assert at.title[0].value == "Inside a CNN"
assert "torch" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_it_has_one_question_the_picture_and_prose(welcome: AppTest) -> None:
    assert not welcome.exception
    _, question = (each.value for each in welcome.markdown[:2])  # the device comes first, in the bar
    assert question.endswith("?")
    assert [part["name"] for part in drawn(welcome)["parts"]] == [
        *(
            "input",
            "convolution_1",
            "pooling_1",
            "convolution_2",
            "pooling_2",
            "fully_connected",
            "probabilities",
        )
    ]
    assert any("convolutional neural network" in block.value for block in welcome.markdown)


def test_parts_lead_only_to_pages_that_exist(welcome: AppTest) -> None:
    for name, page in drawn(welcome)["pages"].items():
        assert name in {part["name"] for part in drawn(welcome)["parts"]}
        assert list(PAGES.glob(f"*/{page['path']}/page.py")), page
    assert drawn(welcome)["pages"]["probabilities"] == {"title": "Train a CNN", "path": "train"}


def test_train_your_own_opens_the_training_page() -> None:
    at = AppTest.from_file(PAGES / "menu.py", default_timeout=300).run()
    at.button(key="train").click().run()
    assert not at.exception
    assert at.title[0].value == "Train a CNN"


def test_the_device_badge_is_shown(welcome: AppTest) -> None:
    from explainer import device

    assert any(device.describe() in block.value for block in welcome.markdown)
