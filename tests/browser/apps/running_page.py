"""What ``running_app.py`` shows."""

import os
import time
from pathlib import Path

import streamlit as st

from explainer.ui.components.presenting import presenting

presenting()
with st.container(key="device"):
    st.badge("CPU, 2 cores")
st.button("Stop")
end = time.monotonic() + 120
while not Path(os.environ["GO_ON"]).exists() and time.monotonic() < end:
    time.sleep(0.05)
st.write("The end")
for number in range(1, 31):
    st.button(f"Button {number}", width="stretch")
st.toast("A sentence that a page says after something was pressed, long enough for two lines.", duration="infinite")
