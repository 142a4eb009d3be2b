"""Where on this server stands what the app offers beside its pages."""

from __future__ import annotations

import streamlit as st


def server_path(path: str) -> str:
    """The path of a route, below the option server.baseUrlPath, for ``st.App(routes=...)``.

    Only the server knows it so: a proxy may have stripped more from the address that the browser sees. The browser is
    told ``path`` itself, and takes it relative to the page, as Streamlit's own HTML does with its files: every page
    stands directly below the app's root.
    """
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{f'/{base}' if base else ''}/{path}"
