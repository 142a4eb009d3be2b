"""What the page "Regularization" says and where its links lead, against the backend."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from pydantic import TypeAdapter
from streamlit.testing.v1 import AppTest

from explainer.training.config import RunConfig
from explainer.training.regularization import (
    DROPOUT,
    L1,
    L2,
    REMEDIES,
    EarlyStop,
    Remedy,
    config,
    early_stopping,
    record_of,
    recording,
)
from explainer.training.twins import SWITCHES, twin
from explainer.words.latex import latex
from pages.training.regularization import words
from pages.training.regularization.links import SWITCH, query


def test_one_epoch_is_not_written_as_many() -> None:
    record = record_of("none", 0)
    curves = record.curves
    short = replace(curves, test_loss=curves.test_loss[:2])
    said = words.notice(replace(record, curves=short), early_stopping(curves.validation_loss[:2], 5))
    assert said.startswith("After 1 epoch the loss is")
    assert words.notice(record, early_stopping(curves.validation_loss, 5)).startswith("After 40 epochs the loss is")


def test_the_objective_of_l2_adds_up() -> None:
    record = record_of("l2", 1)
    curves = record.curves
    total = curves.train_loss[7] + L2 / 2 * curves.squares[7]
    said = words.objective("l2", record, 7)
    assert said.startswith(r"\begin{aligned}J_{7} &= ")
    assert rf"&= {latex(curves.train_loss[7])} + \tfrac{{0.03}}{{2}} \cdot {latex(curves.squares[7])}" in said
    assert f"= {latex(total)}" in said


def test_the_objective_of_l1_adds_up() -> None:
    record = record_of("l1", 1)
    curves = record.curves
    total = curves.train_loss[9] + L1 * curves.absolutes[9]
    said = words.objective("l1", record, 9)
    assert rf"+ 0.001 \cdot {latex(curves.absolutes[9])} = {latex(total)}" in said


def test_all_together_has_both_penalties_dropout_and_places() -> None:
    record = record_of("all", 0)
    curves, recipe = record.curves, record.config.recipe
    total = curves.train_loss[3] + recipe.weight_decay / 2 * curves.squares[3] + recipe.l1 * curves.absolutes[3]
    said = words.objective("all", record, 3)
    assert rf"\\ &= {latex(total)} \\" in said
    assert rf"500 \cdot (1 - {DROPOUT:g}) = 250" in said
    assert r"(2 \cdot 2 + 1)^2 = 25 \\ 500 \cdot 25 &= 12\,500 " in said


@pytest.mark.parametrize("patience", [1, 5, 20])
def test_the_stopping_rule_has_the_present_epochs(patience: int) -> None:
    losses = record_of("none", 0).curves.validation_loss
    stop = early_stopping(losses, patience)
    said = words.stopping_rule(losses, stop, patience)
    assert rf"V_t = {stop.best} \\ V_{{{stop.best}}} &= {latex(losses[stop.best])}" in said
    assert (f"{stop.best} + {patience} = {stop.last}" in said) == stop.waited
    never = words.stopping_rule([3, 2, 1], EarlyStop(2, 2, waited=False), 5)
    assert "2 - 2 = 0 < 5" in never


@pytest.mark.parametrize("remedy", REMEDIES)
def test_the_sentence_has_the_measured_shares(remedy: Remedy) -> None:
    record = record_of(remedy, 0)
    stop = early_stopping(record.curves.validation_loss, 5)
    said = words.notice(record, stop)
    assert f"test accuracy {100 * record.curves.test_accuracy[stop.best]:.2f} %" in said
    last = f"{100 * record.curves.test_accuracy[-1]:.2f} % with the last weights"
    assert last in said or (stop.best == 40 and "the last ones" in said)
    assert f"{record.curves.test_loss[-1]:.3g} on the test digits" in said


def test_the_table_has_the_means_of_the_seeds() -> None:
    rows = words.table(4).replace("\u00a0", " ").splitlines()
    assert len(rows) == 2 + len(REMEDIES)
    for remedy, row in zip(REMEDIES, rows[2:], strict=True):
        shares = [run.curves.test_accuracy[-1] for run in recording(remedy).runs]
        zeros = [run.curves.near_zero[-1] for run in recording(remedy).runs]
        assert f"**{100 * np.mean(shares):.1f} %** ({100 * min(shares):.1f} to {100 * max(shares):.1f})" in row
        assert row.endswith(f"| {100 * np.mean(zeros):.1f} % |")


def _train_controls() -> None:
    import streamlit as st
    from pydantic import TypeAdapter

    from explainer.training.config import RunConfig
    from explainer.ui.frame.address import part
    from pages.training.train.controls import run_config

    with part("train"):
        config = run_config(lambda _: None, st.container())
    st.text(TypeAdapter(RunConfig).dump_json(config).decode())


@pytest.mark.parametrize("remedy", REMEDIES)
def test_its_links_make_the_controls_of_training_the_recorded_run(remedy: Remedy) -> None:
    at = AppTest.from_function(_train_controls, default_timeout=300)
    at.query_params = query(remedy, 2)
    at.run()
    assert not at.exception
    found = TypeAdapter(RunConfig).validate_python(json.loads(at.text[0].value))
    assert found == config(remedy, 2)


@pytest.mark.parametrize("remedy", SWITCH)
def test_the_twin_that_a_link_offers_is_the_run_without_its_remedy(remedy: Remedy) -> None:
    assert SWITCH[remedy] in SWITCHES
    assert twin(config(remedy, 0), SWITCH[remedy]) == config("none", 0)


@pytest.mark.parametrize(
    ("shift", "rotate", "said"),
    [(0, 0, "Nothing is changed"), (2, 10, "one of 25 places"), (2, 180, "a 6 reads as a 9"), (10, 0, "loses ink")],
)
def test_what_is_said_of_augmentation(shift: int, rotate: int, said: str) -> None:
    assert said in words.augmentation_said(shift, rotate)
