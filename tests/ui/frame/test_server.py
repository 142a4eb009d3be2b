from __future__ import annotations

import asyncio
import logging

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from explainer import device
from explainer.training import cluster_settings
from explainer.ui.frame import server


@pytest.mark.parametrize("variable", [device.VARIABLE, cluster_settings.VARIABLE])
def test_a_setting_that_cannot_be_met_keeps_the_server_from_starting(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start() -> None:
        async with server.lifespan(st.App("pages/menu.py")):
            pytest.fail("started")

    monkeypatch.setenv(variable, "toaster")
    with pytest.raises(ValueError, match=variable):
        asyncio.run(start())


def test_a_visitor_sees_one_sentence_and_the_log_names_the_page(caplog: pytest.LogCaptureFixture) -> None:
    def script() -> None:
        import streamlit as st

        from explainer.ui.frame import server

        st.session_state["menu.current"] = "layers/pooling"
        st.text(f"handled: {server.on_script_error(ZeroDivisionError('secret'))}")

    with caplog.at_level(logging.ERROR, logger="explainer.ui.frame.server"):
        at = AppTest.from_function(script, default_timeout=300).run()
    assert [box.value for box in at.error] == [server.APOLOGY]
    assert at.text[0].value == "handled: True"
    assert "layers/pooling failed: ZeroDivisionError: secret" in caplog.text
