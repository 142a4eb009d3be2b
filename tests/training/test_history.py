from __future__ import annotations

import csv
import io

from explainer.tasks.detection.reports import DetectionPoint
from explainer.training.history import history_csv, parts_csv
from explainer.training.messages import Change, Changed
from explainer.training.snapshot import Point

POINTS = (
    Point(0, 0.0, 0.0, 0.0, 0.002, None, None, 2.3, 0.1, 1000),
    Point(10, 0.5, 1.25, 8000.0, 0.002, 0.75, 0.875),
    Point(20, 1.0, 2.5, 8192.0, 0.001, 0.5, 0.9, 0.25, 0.9375, 10_000),
)


def rows(changes: tuple[Changed, ...] = ()) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(history_csv(POINTS, changes))))


def test_a_row_a_point_with_empty_cells_where_nothing_was_measured() -> None:
    first, second, last = rows()
    assert (first["training loss (nats)"], first["test accuracy (share)"]) == ("", "0.1")
    assert (second["step"], second["epoch"], second["test loss (nats)"]) == ("10", "0.5", "")
    assert (last["digits per second"], last["test digits measured"]) == ("8192.0", "10000")


def test_a_change_in_mid_run_stands_in_the_row_after_it() -> None:
    changes = (Changed(10, Change("learning_rate", 0.001)), Changed(10, Change("dropout", 0.5)))
    words = [row["changed in mid-run"] for row in rows(changes)]
    assert words == ["", "", "learning rate 0.001 after step 10; dropout 0.5 after step 10"]


def test_no_points_is_a_table_without_rows() -> None:
    assert history_csv(()).count("\n") == 1


def test_a_loss_of_parts_has_a_column_for_each() -> None:
    points = (
        DetectionPoint(0, 0.0, 0.0, 0.0, 0.001, None, None, 0.0, 200),
        DetectionPoint(100, 1.6, 2.5, 640.0, 0.002, 3.0, (1.0, 2.0)),
    )
    columns = {"epoch": "thousands", "loss": "loss", "mean_average_precision": "mAP@0.5", "test_scenes": "tests"}
    changes = (Changed(40, Change("lambda_coord", 7.0)),)
    first, second = csv.DictReader(io.StringIO(parts_csv(points, columns, ("box", "class"), changes)))
    assert (first["loss"], first["box"], first["mAP@0.5"]) == ("", "", "0.0")
    assert list(second.values()) == ["1.6", "3.0", "", "0", "1.0", "2.0", "lambda coord 7 after step 40"]
    assert list(second) == ["thousands", "loss", "mAP@0.5", "tests", "box", "class", "changed in mid-run"]
