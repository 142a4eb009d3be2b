from __future__ import annotations

import copy
import json
import pickle
import tomllib
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from explainer.figures import theme

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

# Linear sRGB to XYZ (IEC 61966-2-1), and dichromats' vision at severity 1 (Machado, Oliveira, Fernandes 2009, "A
# physiologically-based model for simulation of color vision deficiency", table 1), also in linear sRGB.
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
VISIONS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
BOTH = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def linear(color: str) -> NDArray[np.float64]:
    assert len(color) == 7 and color[0] == "#"
    encoded = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio" and "relative luminance"."""
    low, high = sorted(float(XYZ[1] @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE 1976 L*a*b* of linear sRGB, white point D65."""
    xyz = XYZ @ np.clip(rgb, 0, 1) / XYZ.sum(axis=1)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def lightness(color: str) -> float:
    return float(lab(linear(color))[0])


def smallest_distance(colors: tuple[str, ...], vision: str) -> float:
    seen = np.array([lab(VISIONS[vision] @ linear(color)) for color in colors])
    distances = np.linalg.norm(seen[:, None] - seen[None], axis=-1)
    return float(distances[np.triu_indices(len(colors), 1)].min())


def test_the_colour_arithmetic_of_these_tests() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the grey that just fails AA
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    assert VISIONS["protanopia"].sum(axis=1) == pytest.approx(1, abs=1e-5)  # white stays white
    assert VISIONS["deuteranopia"].sum(axis=1) == pytest.approx(1, abs=1e-5)


@BOTH
@pytest.mark.parametrize("color", theme.QUALITATIVE)
def test_every_qualitative_colour_stands_out_on_both_backgrounds(color: str, dark: bool) -> None:
    assert contrast(color, theme.palette(dark).background) >= 3


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize(("count", "distance"), [(4, 25), (10, 16)])
def test_qualitative_colours_stay_apart(vision: str, count: int, distance: float) -> None:
    """A just noticeable difference is about 2.3."""
    assert smallest_distance(theme.QUALITATIVE[:count], vision) >= distance


@BOTH
def test_text_is_readable(dark: bool) -> None:
    colors = theme.palette(dark)
    for background in (colors.background, colors.raised):
        assert contrast(colors.text, background) >= 7
        assert contrast(colors.quiet, background) >= 4.5
        assert contrast(colors.accent, background) >= 4.5


def test_sequential_steps_evenly_in_lightness() -> None:
    steps = -np.diff([lightness(color) for color in theme.SEQUENTIAL])
    assert steps.min() > 8
    assert steps.max() - steps.min() < 1.5


@pytest.mark.parametrize("vision", ["protanopia", "deuteranopia"])
def test_sequential_keeps_its_order_without_red_or_green_cones(vision: str) -> None:
    seen = [lab(VISIONS[vision] @ linear(color))[0] for color in theme.SEQUENTIAL]
    assert (np.diff(seen) < -6).all()


@BOTH
def test_nothing_fades_into_the_page(dark: bool) -> None:
    background = lightness(theme.palette(dark).background)
    for scale in (theme.sequential(dark), theme.diverging(dark)):
        assert [position for position, _ in scale] == pytest.approx(np.linspace(0, 1, len(scale)))
    nothing = lightness(theme.sequential(dark)[0][1])
    most = lightness(theme.sequential(dark)[-1][1])
    zero = lightness(theme.diverging(dark)[5][1])
    assert abs(nothing - background) < 8
    assert abs(most - background) > 75
    assert abs(zero - background) < 8


@BOTH
def test_diverging_is_symmetric_in_lightness(dark: bool) -> None:
    values = np.array([lightness(color) for _, color in theme.diverging(dark)])
    assert len(values) == 11
    assert np.abs(values - values[::-1]).max() < 1.5
    rising = np.diff(values[:6])
    assert (np.sign(rising) == (-1 if dark else 1)).all()
    assert np.abs(rising).min() > 8


@BOTH
@pytest.mark.parametrize("vision", VISIONS)
def test_the_two_signs_cannot_be_confused(dark: bool, vision: str) -> None:
    colors = [color for _, color in theme.diverging(dark)]
    for distance_from_zero in range(1, 6):
        pair = (colors[5 - distance_from_zero], colors[5 + distance_from_zero])
        assert smallest_distance(pair, vision) > 9 * distance_from_zero


@given(arrays(np.float64, array_shapes(min_dims=0, min_side=0), elements=st.floats(-1e300, 1e300)))
def test_centred_range_holds_all_values_around_zero(values: NDArray[np.float64]) -> None:
    low, high = theme.centred_range(values)
    assert low == -high < 0
    assert ((low <= values) & (values <= high)).all()
    if values.any():
        assert high == np.abs(values).max()


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [np.nan], [np.inf, -np.inf]])
def test_centred_range_without_a_magnitude_is_one(values: list[float]) -> None:
    assert theme.centred_range(np.array(values)) == (-1.0, 1.0)


def test_centred_range_leaves_out_what_is_not_finite() -> None:
    assert theme.centred_range(np.array([0.5, -2.0, np.inf, np.nan])) == (-2.0, 2.0)


@BOTH
def test_template_gives_figures_our_look(dark: bool) -> None:
    figure = go.Figure(go.Heatmap(z=[[0, 1]]), layout={"template": theme.template(dark)})
    look = figure.layout.template.layout
    assert look.font.size >= 16 and look.xaxis.tickfont.size >= 15
    assert look.font.color == theme.palette(dark).text
    assert look.colorway == theme.QUALITATIVE
    assert [list(stop) for stop in look.colorscale.diverging] == [list(stop) for stop in theme.diverging(dark)]
    assert look.paper_bgcolor == look.plot_bgcolor == "rgba(0,0,0,0)"
    assert max(look.margin.l, look.margin.r, look.margin.t, look.margin.b) <= 32


@BOTH
def test_a_figure_is_written_as_one_with_the_template_is(dark: bool) -> None:
    layout = {"height": 300, "title": {"text": "x"}, "xaxis": {"range": [0, 2]}}
    ours = theme.Figure(go.Heatmap(z=[[0, 1]]), layout, dark=dark)
    ours.add_scatter(x=np.arange(3), y=np.arange(3.0))
    plain = go.Figure(go.Heatmap(z=[[0, 1]]), layout={**layout, "template": theme.template(dark)})
    plain.add_scatter(x=np.arange(3), y=np.arange(3.0))
    assert json.loads(ours.to_json()) == json.loads(plain.to_json())
    assert ours.to_dict() == plain.to_dict() == ours.to_plotly_json()


@BOTH
def test_a_figure_can_be_copied_and_pickled(dark: bool) -> None:
    figure = theme.Figure(layout={"height": 300}, dark=dark)
    for twin in (copy.deepcopy(figure), pickle.loads(pickle.dumps(figure))):
        assert twin.to_json() == figure.to_json()


@BOTH
def test_the_apps_theme_repeats_these_colours(dark: bool) -> None:
    colors, section = theme.palette(dark), CONFIG["theme"]["dark" if dark else "light"]
    assert section["backgroundColor"] == colors.background
    assert section["secondaryBackgroundColor"] == colors.raised
    assert section["textColor"] == colors.text
    assert section["borderColor"] == colors.line
    assert section["orangeColor"] == colors.accent
    assert section["grayColor"] == colors.quiet
    assert section["chartSequentialColors"] == [color for _, color in theme.sequential(dark)]
    diverging = [color for _, color in theme.diverging(dark)]
    assert section["chartDivergingColors"] == diverging[:5] + diverging[6:]  # Streamlit takes exactly ten


@BOTH
def test_buttons_and_links_of_the_app_are_readable(dark: bool) -> None:
    colors, section = theme.palette(dark), CONFIG["theme"]["dark" if dark else "light"]
    assert contrast(section["primaryColor"], "#ffffff") >= 4.5  # the label of a primary button is white
    assert contrast(section["primaryColor"], colors.background) >= 3
    assert contrast(section["linkColor"], colors.background) >= 4.5
    assert contrast(section["linkColor"], colors.raised) >= 4.5


def test_the_app_uses_the_same_large_system_fonts() -> None:
    look = CONFIG["theme"]
    assert look["font"] == theme.FONT_FAMILY
    assert look["baseFontSize"] >= 17
    assert look["chartCategoricalColors"] == list(theme.QUALITATIVE)
    assert "://" not in str(look)  # nothing is fetched


def test_colours_of_a_dark_page_have_twins_on_a_light_one() -> None:
    twins = theme.twins()
    assert dict(twins["colours"])[theme.DARK.text] == theme.LIGHT.text
    assert dict(twins["colours"])[theme.DARK.background] == theme.LIGHT.background
    assert twins["scales"][1] == [theme.diverging(True), theme.diverging(False)]
    for dark, light in twins["scales"]:
        assert [at for at, _ in dark] == [at for at, _ in light]
