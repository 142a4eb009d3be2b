"""The visitor's language: "?lang=fr" in the address, and kept from page to page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explainer.words import book
from explainer.words.book import ENGLISH, Said, SaidError, Value

PARAMETER = "lang"
K = TypeVar("K", bound=str)
_CHOSEN = "language.chosen"


def language() -> str:
    """The language in which the visitor reads, a code of ``book.languages()``.

    It is the address's, else the last one that an address named in this session. English for one that the book is not
    written in, and outside of a page's script, where no visitor is known.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    given = st.query_params.get(PARAMETER)
    if given is not None:
        st.session_state[_CHOSEN] = given if given in book.languages() else ENGLISH
    chosen: str = st.session_state.get(_CHOSEN, ENGLISH)
    return chosen


def say(said: Said | str, /, **values: Value) -> str:
    """A sentence, or that of a key and its values, as the visitor reads it. Raises BookError as ``Said`` does."""
    return (Said(said, **values) if isinstance(said, str) else said).text(language())


def labels(key: str, names: Iterable[K]) -> dict[K, str]:
    """What the visitor reads of each name: the sentence of ``key``, in which {} is the name as keys spell it."""
    return {name: say(key.format(re.sub("[-.]", "_", name))) for name in names}


def text_of(text: Said | str) -> str:
    """A sentence as the visitor reads it; a text, of a page that is not in the book yet, as it is."""
    return text if isinstance(text, str) else say(text)


def message_of(error: Exception) -> str:
    """What an error says, as the visitor reads it; the text of one that is not in the book yet, as it is."""
    return text_of(error.said) if isinstance(error, SaidError) else str(error)


def parameters() -> dict[str, str]:
    """What a link to a page names besides its controls, so that it opens in the same language."""
    return {} if language() == ENGLISH else {PARAMETER: language()}
