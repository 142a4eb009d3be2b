"""The counts of the networks on the way to AlexNet are those of their papers."""

from __future__ import annotations

import pytest

from explainer.networks.milestones import NETWORKS, milestone
from explainer.networks.milestones_code import counts_code


def test_the_network_of_1989_has_the_counts_of_its_paper() -> None:
    """Y. LeCun et al. 1989, section 3.4, and the sums of each layer."""
    found = milestone("lenet-1989")
    assert (found.units, found.connections, found.weights) == (1_256, 64_660, 9_760)
    assert [stage.weights for stage in found.stages] == [0, 1_068, 2_592, 5_790, 310]
    assert [stage.connections for stage in found.stages] == [0, 19_968, 38_592, 5_790, 310]


def test_lenet_5_and_alexnet_are_counted() -> None:
    lenet, alexnet = milestone("lenet-5"), milestone("alexnet")
    assert [stage.name for stage in lenet.stages] == ["Input", "C1", "S2", "C3", "S4", "C5", "F6", "Output"]
    assert lenet.stages[1].connections == 122_304  # the paper's
    assert (lenet.weights, alexnet.weights) == (61_706, 61_100_840)
    shapes = [(stage.name, stage.maps, stage.side) for stage in alexnet.stages]
    assert shapes[:3] == [("Input", 3, 224), ("C1", 64, 55), ("P1", 64, 27)] and shapes[-1] == ("F3", 1000, 1)
    assert len([stage for stage in alexnet.stages if stage.weights]) == 8


def test_the_neocognitron_alternates() -> None:
    found = milestone("neocognitron")
    assert [stage.name for stage in found.stages] == ["U0", "S1", "C1", "S2", "C2", "S3", "C3"]
    assert found.units == 16**2 + 24 * (16**2 + 10**2 + 8**2 + 6**2 + 2**2 + 1)


def test_an_unknown_name_is_refused() -> None:
    assert all(milestone(name).stages for name in NETWORKS)
    with pytest.raises(KeyError):
        milestone("perceptron")


@pytest.mark.parametrize("name", NETWORKS)
def test_the_code_counts_the_same(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(counts_code(name), {})
    printed, found = capsys.readouterr().out, milestone(name)
    match name:
        case "neocognitron":
            assert printed.splitlines()[-1] == f"{found.units:,} units"
        case "lenet-1989":
            counts = f"{found.weights:,} parameters, {found.connections:,} connections"
            assert (
                printed == f"{found.units:,} units, {counts}\n" == "1,256 units, 9,760 parameters, 64,660 connections\n"
            )
        case _:
            assert printed.startswith(f"{found.weights:,} parameters, ")


def test_no_code_for_an_unknown_name() -> None:
    with pytest.raises(KeyError):
        counts_code("perceptron")
