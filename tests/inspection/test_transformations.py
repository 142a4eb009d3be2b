"""The random moves, against exact turns and shifts."""

from __future__ import annotations

import pytest
import torch

from explainer.inspection.transformations import Move, Transformations, draw, moved


def pictures(side: int = 6) -> torch.Tensor:
    return torch.rand(2, 3, side, side, generator=torch.Generator().manual_seed(1))


def test_no_move_is_no_change() -> None:
    given = pictures()
    assert moved(given, Move()) is given


@pytest.mark.parametrize(("down", "across"), [(1, 0), (0, -2), (2, 1)])
def test_jitter_shifts_and_comes_in_again(down: int, across: int) -> None:
    given = pictures()
    found = moved(given, Move(down, across))
    for row in range(6):
        for column in range(6):
            assert torch.equal(found[..., (row + down) % 6, (column + across) % 6], given[..., row, column])


@pytest.mark.parametrize("turns", [1, 2, 3, -1])
@pytest.mark.parametrize("side", [6, 7])
def test_a_quarter_turn_is_exact(turns: int, side: int) -> None:
    given = pictures(side)
    expected = torch.rot90(given, turns, (2, 3))
    torch.testing.assert_close(moved(given, Move(degrees=90 * turns)), expected, rtol=0, atol=1e-5)


def test_twice_as_large_shows_the_middle() -> None:
    """Along a slope of 1 a pixel, twice as large is a slope of one half, with the middle where it was."""
    slope = torch.arange(8.0).expand(1, 1, 8, 8)
    expected = 3.5 + (torch.arange(8.0) - 3.5) / 2
    torch.testing.assert_close(moved(slope, Move(zoom=2.0)), expected.expand(1, 1, 8, 8), rtol=0, atol=1e-5)


def test_smaller_mirrors_what_lies_beyond_the_edge() -> None:
    found = moved(torch.arange(4.0).expand(1, 1, 4, 4), Move(zoom=0.5))[0, 0, 0]
    # places -1.5, 0.5, 2.5, 4.5 of the slope 0..3, mirrored at -0.5 and 3.5
    assert found.tolist() == pytest.approx([0.5, 0.5, 2.5, 2.5], abs=1e-5)


def test_draws_stay_within_their_limits_and_use_the_whole_range() -> None:
    limits, generator = Transformations(3, 0.2, 30.0), torch.Generator().manual_seed(0)
    drawn = [draw(limits, generator) for _ in range(400)]
    assert {move.down for move in drawn} == {move.across for move in drawn} == set(range(-3, 4))
    for values, limit, middle in (
        ([move.zoom for move in drawn], 0.2, 1.0),
        ([move.degrees for move in drawn], 30.0, 0.0),
    ):
        assert middle - limit <= min(values) < middle - 0.9 * limit
        assert middle + 0.9 * limit < max(values) <= middle + limit


def test_what_is_off_is_not_drawn() -> None:
    generator = torch.Generator().manual_seed(0)
    before = generator.get_state()
    assert draw(Transformations(), generator) == Move()
    assert torch.equal(before, generator.get_state())


def test_drawing_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()
    draw(Transformations(3, 0.2, 30.0), torch.Generator().manual_seed(0))
    assert torch.equal(before, torch.get_rng_state())


def test_gradients_flow_back_through_a_move() -> None:
    """The moves are linear: the gradient of a weighted sum is the transposed move of the weights."""
    given = pictures().double().requires_grad_()
    weights = torch.rand(2, 3, 6, 6, generator=torch.Generator().manual_seed(2)).double()
    move = Move(1, 2, 1.2, 17.0)
    (gradient,) = torch.autograd.grad((weights * moved(given, move)).sum(), given)
    other = pictures().double() + 1
    assert (gradient * other).sum().item() == pytest.approx((weights * moved(other, move)).sum().item(), rel=1e-6)
