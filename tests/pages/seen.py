"""What a page says, and what stands beside it: the sentence, the formula, and the code "In PyTorch", computed."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
import torch
from opening import opened
from streamlit.testing.v1 import AppTest

from explainer.ui.frame import page
from explainer.words.book import Said

NUMBER = r"(?:[−-]?(?:\d[\d,]*(?:\.\d+)?)(?:e[−-]?\d+)?|∞)"


@dataclass
class Seen:
    """A page: how it was opened, its sentences in their order, and its snippets."""

    name: str
    query: dict[str, str]
    at: AppTest
    notices: list[Said | str]
    codes: list[str] = field(default_factory=list)

    @cached_property
    def made(self) -> dict[str, Any]:
        """What the page's snippet computes, by its names."""
        names: dict[str, Any] = {}
        with contextlib.redirect_stdout(io.StringIO()), torch.random.fork_rng():
            exec(compile(self.codes[0], self.name, "exec"), names)
        return names

    @property
    def formulas(self) -> list[str]:
        """Those beside the sentences, without the separators in their numbers."""
        return [each.value.replace("{,}", "").replace(r"\,", "") for each in self.at.latex]

    def setting(self, key: str) -> Any:
        """What a control holds."""
        return self.at.session_state[key]


@contextlib.contextmanager
def listening() -> Iterator[Callable[[str, dict[str, str]], Seen]]:
    """Opens pages and hears what they say: the sentences as they are given to the frame, and the code."""
    notices: list[Said | str] = []
    codes: list[str] = []
    plain_notice, plain_snippet = page.notice, page.pytorch_snippet

    def noticed(said: Said | str) -> None:
        notices.append(said)
        plain_notice(said)

    def snippet(code: str, key: str = "code") -> None:
        codes.append(code)
        plain_snippet(code, key)

    def open_page(name: str, query: dict[str, str]) -> Seen:
        notices.clear()
        codes.clear()
        at = opened(name, query)
        assert not at.exception, (name, query, at.exception)
        return Seen(name, query, at, list(notices), list(codes))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "notice", noticed)
        patch.setattr(page, "pytorch_snippet", snippet)
        yield open_page


def text_of(said: Said | str) -> str:
    """As it is read: without the signs of Markdown, and with plain spaces."""
    return str(said).replace("**", "").replace("\u00a0", " ")


def value_of(text: str) -> float:
    """The number that a text writes."""
    return float(text.replace(",", "").replace("−", "-").replace("∞", "inf"))


def assert_reads(text: str, value: float) -> None:
    """``text`` is ``value``, rounded to as many digits as it has."""
    mantissa, _, power = text.replace(",", "").replace("−", "-").partition("e")
    step = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
    assert abs(value_of(text) - value) <= 0.500001 * step, f"It says {text}, which is {value}."
