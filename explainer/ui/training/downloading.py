"""Fetching a data set that the project does not ship, in the background: one download serves all visitors."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import streamlit as st

from explainer.data.catalogue import TITLES, DatasetName
from explainer.data.digits import DatasetError, download, is_available

EVERY = 0.5


@dataclass
class Download:
    """How far a download is (0 to 1), and the sentence that says why it failed."""

    share: float = 0.0
    problem: str = ""
    going: bool = True


_downloads: dict[DatasetName, Download] = {}
_lock = threading.Lock()


def offer(name: DatasetName) -> None:
    """A button that downloads the data set, then its progress; nothing where it is on this computer already."""
    if not is_available(name):
        state = _downloads.get(name)
        st.fragment(run_every=EVERY if state and state.going else None)(_offer)(name)


def _offer(name: DatasetName) -> None:
    state = _downloads.get(name)
    if is_available(name):
        st.rerun()
    if state and state.going:
        st.progress(state.share, f"Downloading {TITLES[name]}: {100 * state.share:.0f} %")
        return
    if state and state.problem:
        st.error(state.problem)
    if st.button(f"Download {TITLES[name]}", icon=":material/download:", key="download"):
        _start(name)
        st.rerun()


def _start(name: DatasetName) -> None:
    with _lock:
        state = _downloads.get(name)
        if state is None or not state.going:
            _downloads[name] = Download()
            threading.Thread(target=_download, args=(name, _downloads[name]), daemon=True).start()


def _download(name: DatasetName, state: Download) -> None:
    def progress(share: float) -> None:
        state.share = share

    try:
        download(name, progress)
    except DatasetError as error:
        state.problem = str(error)
    finally:
        state.going = False
