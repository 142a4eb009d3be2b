"""How good the classes are: which is taken for which, and what IoU and Dice make of it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explainer.figures.confusion import confusion_matrix
from explainer.figures.segmentation import overlap_figure
from explainer.tasks.segmentation.reports import SegmentationResults
from explainer.tasks.segmentation.segmentation_formula import dice_formula, iou_formula
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.language import language, say
from explainer.words.book import Said
from pages.tasks.segmentation import words
from pages.tasks.segmentation.state import Shown

HEIGHT, BARS = 460, 300  # in pixels


def measures(own: Shown) -> None:
    """Of the latest test of a network that tells classes."""
    results = own.results
    if not isinstance(results, SegmentationResults):
        return
    names = words.classes(own.config).names
    at, worst = words.worst(results)
    st.markdown(say("segmentation.measures.title", count=results.pictures, pixels=int(results.confusion.sum())))
    left, right = st.columns((1.15, 1), gap="medium")
    with left:
        figure = drawn(confusion_matrix, results.confusion, names, page.is_dark(), HEIGHT, language(), in_percent=True)
        page.chart_below(figure, Said("segmentation.measures.confusion"), "sg_confusion")
    with right:
        titles = (say("segmentation.measures.iou"), say("segmentation.measures.dice"))
        figure = drawn(overlap_figure, results.iou, results.dice, names, titles, dark=page.is_dark(), height=BARS)
        page.chart_below(figure, Said("segmentation.measures.bars"), "sg_overlap")
        st.markdown(say("segmentation.measures.worst", name=names[at], iou=worst, share=_share(results)))
    page.formula(iou_formula(results, at), dice_formula(results, at))


def _share(results: SegmentationResults) -> float:
    """Of all test pixels those of the background: their share."""
    return float(results.confusion[0].sum() / np.maximum(results.confusion.sum(), 1))
