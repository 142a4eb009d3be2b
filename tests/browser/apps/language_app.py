"""Two pages, in English and in a language whose book is the same."""

import tempfile
from pathlib import Path

import streamlit as st

from explainer.data.assets import assets_path
from explainer.words import book

_ROOT = Path(tempfile.mkdtemp())
(_ROOT / "text").mkdir()
for _language in ("en", "is"):
    (_ROOT / "text" / _language).symlink_to(assets_path() / "text" / "en")
book.assets_path = lambda: _ROOT

app = st.App(str(Path(__file__).parent / "language_page.py"))
