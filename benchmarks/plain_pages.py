"""Two pages of Streamlit alone, with one slider and one component that draws a grid: what ours are compared with.

``BARE`` has nothing else. ``FULL`` has as many of Streamlit's elements as a page of ours, in the same fragments, and a
menu: what is slower than it is ours, what it is slower than the bare one is Streamlit's.
"""

_DRAW = """
import numpy as np
import streamlit as st

st.set_page_config(layout="wide")
mount = st.components.v2.component(
    "bare",
    html="<canvas width=400 height=400></canvas>",
    js=\"\"\"export default ({ data, parentElement }) => {
        const canvas = parentElement.querySelector("canvas");
        const pen = canvas.getContext("2d");
        data.grid.forEach((row, y) => row.forEach((value, x) => {
            pen.fillStyle = `hsl(20 80% ${50 + 50 * value}%)`;
            pen.fillRect(20 * x, 20 * y, 20, 20);
        }));
        canvas.dataset.drawn = data.number;
    }\"\"\",
)


def draw(number, key=None):
    y, x = np.mgrid[0:20, 0:20]
    grid = np.sin(number * x / 40) * np.cos(number * y / 40)
    mount(data={"grid": grid.tolist(), "number": number}, key=key)
    return grid

"""

BARE = (
    _DRAW
    + """
draw(st.slider("Number", 1, 40, 8))
"""
)

FULL = (
    _DRAW
    + r"""
SIZE = r"H_{\text{out}} = \left\lfloor \frac{%d - %d}{2} \right\rfloor + 1 = %d"
CODE = '''import torch

number = %d
y, x = torch.meshgrid(torch.arange(20), torch.arange(20), indexing="ij")
grid = torch.sin(number * x / 40) * torch.cos(number * y / 40)
'''


@st.fragment
def show():
    controls, picture = st.columns([1, 2.6])
    with controls:
        number = st.slider("Number", 1, 40, 8, key="number")
        st.slider("Another number", 1, 40, 8, key="another")
        st.selectbox("Kind", ["one", "other"], key="kind")
        st.toggle("Switch", key="switch")
    with picture:
        grid = draw(number, key="picture")
        st.markdown(f"The largest value is **{grid.max():.3f}**.")
        for place, size in zip(st.columns(2), (60, 80)):
            place.latex(SIZE % (size, number, (size - number) // 2 + 1))
        st.markdown(f"{grid.size} values, of which {(grid > 0).sum()} are positive.")
    st.code(CODE % number, language="python")


@st.fragment
def take_home():
    st.button("Take it home")


def page():
    st.title("A page of plain elements", anchor=False)
    st.markdown("What does Streamlit itself need?")
    show()
    for number in (4, 8, 16, 32):
        st.link_button(f"View {number}", f"?number={number}")
    st.markdown("A paragraph of prose, with **some** words of more weight.")
    with st.expander("Sources"):
        st.markdown("- One source\n- Another")
    take_home()


def pages(section):
    return [st.Page(page, title=f"{section} {each}", url_path=f"{section}{each}".lower()) for each in range(4)]


sections = ("Start", "Layers", "Networks", "Training", "Inspection", "Tasks")
st.navigation({section: pages(section) for section in sections}, position="top").run()
"""
)
