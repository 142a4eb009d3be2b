"""Addresses on this server."""

from __future__ import annotations

import streamlit as st


def server_path(path: str) -> str:
    """The path of what the server offers beside the pages, below the option server.baseUrlPath."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{f'/{base}' if base else ''}/{path}"
