"""Fetching what the project does not ship, in the background: one download serves all visitors."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from explainer.data.watching import UnavailableError
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import say, text_of
from explainer.words.book import Said, SaidError

EVERY = 0.5
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offer:
    """Something to download: ``fetch`` brings it, telling the share that is done; it may raise UnavailableError.

    ``name`` tells downloads apart, ``title`` is what people read, ``caption`` what it will cost them.
    """

    name: str
    title: str
    is_available: Callable[[], bool]
    fetch: Callable[[Callable[[float], None]], None]
    caption: str = ""


@dataclass
class Download:
    """How far a download is (0 to 1), and the sentence that says why it failed."""

    share: float = 0.0
    problem: Said | str = ""
    going: bool = True


_downloads: dict[str, Download] = {}
_lock = threading.Lock()


def offer(what: Offer) -> None:
    """A button that downloads it, then its progress; nothing where it is on this computer already."""
    if not what.is_available():
        state = _downloads.get(what.name)
        st.fragment(run_every=EVERY if state and state.going else None)(_offer)(what)


def _offer(what: Offer) -> None:
    state = _downloads.get(what.name)
    if what.is_available():
        st.rerun()
    if state and state.going:
        st.progress(state.share, say("frame.download.progress", title=what.title, percent=100 * state.share))
        return
    if state and state.problem:
        st.error(verbatim(text_of(state.problem)))
    if what.caption:
        st.caption(what.caption)
    if st.button(
        say("frame.download.button", title=what.title), icon=":material/download:", key=f"download_{what.name}"
    ):
        _start(what)
        st.rerun()


def _start(what: Offer) -> None:
    with _lock:
        state = _downloads.get(what.name)
        if state is None or not state.going:
            _downloads[what.name] = Download()
            threading.Thread(target=_download, args=(what, _downloads[what.name]), daemon=True).start()


def _download(what: Offer, state: Download) -> None:
    def progress(share: float) -> None:
        state.share = share

    try:
        what.fetch(progress)
    except UnavailableError as error:
        state.problem = error.said if isinstance(error, SaidError) else str(error)
    except Exception:
        _LOG.exception("The download of %s failed", what.title)
        state.problem = Said("frame.download.problem", title=what.title)
    finally:
        state.going = False
