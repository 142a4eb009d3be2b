"""What excites a unit most: test digits, or parts of photographs, and maps of all digits."""

import streamlit as st

from explainer.ui import page
from explainer.ui.inspection import exemplars

page.header("What it looks for", "Which pictures excite a unit most, and what of them does it see?")
st.fragment(exemplars.show)()
page.try_this(exemplars.TRY_THIS)
page.text("exemplars")
page.sources(exemplars.SOURCES)
