"""Four cases of transfer: a grid that fills, and whether what came out is what textbooks advise."""

from __future__ import annotations

import csv
import io
from math import sqrt

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explainer.figures.transfer import case_figure
from explainer.tasks.transfer.cases_config import CASES, METHODS, Case, CasesConfig, learned, unseen
from explainer.tasks.transfer.verdicts import QUANTILES, Verdict
from explainer.ui.components.live_chart import live_chart
from explainer.ui.controls.following import Followed, follow, mark_of
from explainer.ui.frame import page
from explainer.ui.frame.drawn import drawn
from explainer.ui.frame.verbatim import verbatim
from explainer.ui.language import labels, say
from explainer.words.book import Said, Value
from pages.training.transfer import cases_state
from pages.training.transfer.cases_state import Table

HEIGHT = 136  # of the chart of a case, in pixels


def picture(place: DeltaGenerator, row: DeltaGenerator, wanted: CasesConfig) -> None:
    """The buttons in ``row``, the grid, and what it says of the textbooks' advice."""
    run = cases_state.LEARNER.chosen(wanted)
    mark = mark_of(run)  # before the page is drawn: what is newer draws it anew
    found = cases_state.table(wanted, run)
    with row, cases_state.LEARNER.bar():
        follow([Followed(run, mark, lambda _: {})] if run else [], "transfer-cases")
    with place:
        if run and (message := run.job.state().message):
            st.warning(verbatim(message))
        _grid(found)
        page.notice(_notice(found, is_going=run is not None and run.job.going))
        page.formula(_formula(found))
        st.caption(say("transfer.cases.interval"))
        _verdicts(found)
        if found.known:
            label = say("transfer.cases.csv")
            st.download_button(label, csv_of(found), "four-cases.csv", "text/csv", on_click="ignore", key="tl_csv")


def _grid(found: Table) -> None:
    """Similar above different, few beside many."""
    for start in range(0, len(CASES), 2):
        for column, number in zip(st.columns(2, gap="medium"), (start, start + 1), strict=True):
            with column:
                _cell(found, number)


def _cell(found: Table, number: int) -> None:
    case, names = CASES[number], cases_state.method_names()
    counts = {"learned": learned(found.config, case), "tested": unseen(case)}
    sizes = {"similar": Said("transfer.cases.sizes.similar", **counts)}
    sizes["different"] = Said("transfer.cases.sizes.different", **counts)
    with st.container(gap=None):
        st.markdown(f"**{cases_state.title(case)}**")
        st.caption(say(sizes[case.task]))
        figure = drawn(
            case_figure,
            found.accuracy[number],
            list(names.values()),
            [method in case.advised for method in METHODS],
            chance=_guess(case),
            dark=page.is_dark(),
            height=HEIGHT,
        )
        alt = say("transfer.cases.alt", case=cases_state.title(case))
        live_chart(figure, alt, f"tl_case_{case.key}")


def _guess(case: Case) -> float:
    """What one gets who says any class."""
    return 1 / len(case.classes)


def _notice(found: Table, *, is_going: bool) -> Said:
    verdicts, splits = found.verdicts, found.config.splits
    if not found.known:
        return Said("transfer.cases.first") if is_going else Said("transfer.cases.before", count=splits)
    if any(each is None for each in verdicts):
        return Said("transfer.cases.going", known=found.known, count=found.accuracy.size)
    judged = [each.judgement for each in verdicts if each]
    counts = {name: judged.count(name) for name in ("agrees", "differs", "open")}
    return Said("transfer.cases.notice", count=splits, **counts)


def _formula(found: Table) -> str:
    """The interval of the first case that is known, by its numbers in percentage points."""
    splits = found.config.splits
    quantile = QUANTILES[splits]
    interval = (
        rf"\bar d \pm t\,\frac{{s_d}}{{\sqrt{{n}}}} = \bar d \pm {quantile:.2f}\,\frac{{s_d}}{{\sqrt{{{splits}}}}}"
    )
    first = next((each for each in found.verdicts if each), None)
    if first is None:
        return interval
    deviation = 100 * first.reach * sqrt(splits) / quantile
    lead = 100 * first.lead
    numbers = rf"{lead:.1f} \pm {quantile:.2f} \cdot \frac{{{deviation:.1f}}}{{\sqrt{{{splits}}}}}"
    return rf"\bar d \pm t\,\frac{{s_d}}{{\sqrt{{n}}}} = {numbers} = {lead:.1f} \pm {100 * first.reach:.1f}"


def _verdicts(found: Table) -> None:
    """A sentence on each case that is known."""
    known = [(case, own) for case, own in zip(CASES, found.verdicts, strict=True) if own]
    if known:
        st.markdown("\n".join(f"- {say(said_of(case, own))}" for case, own in known))


def said_of(case: Case, own: Verdict) -> Said:
    """What came out against what is advised."""
    names = cases_state.method_names()
    values: dict[str, Value] = {
        "case": cases_state.title(case),
        "advised": tuple(names[method] for method in case.advised),
        "best": names[own.advised],
        "other": names[own.other],
        "mean": own.means[METHODS.index(own.advised)],
        "second": own.means[METHODS.index(own.other)],
        "reach": 100 * own.reach,
    }
    if own.judgement == "agrees":
        return Said("transfer.cases.agrees", lead=100 * own.lead, **values)
    if own.judgement == "differs":
        return Said("transfer.cases.differs", lead=-100 * own.lead, **values)
    return Said("transfer.cases.open", lead=100 * own.lead, **values)


def csv_of(found: Table) -> str:
    """All results as CSV text: a row for each case, way and split."""
    columns = labels("transfer.cases.columns.{}", ("case", "method", "advised", "split", "accuracy"))
    names, out = cases_state.method_names(), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns.values())
    for case, cells in zip(CASES, found.accuracy, strict=True):
        for method, shares in zip(METHODS, cells, strict=True):
            for split, share in enumerate(shares, 1):
                if share == share:  # noqa: PLR0124  not NaN
                    is_advised = int(method in case.advised)
                    writer.writerow([cases_state.title(case), names[method], is_advised, split, f"{share:.4f}"])
    return out.getvalue()
