"""What the options of choices were called before, by their labels of then: links with these labels go on working."""

from __future__ import annotations

FORMER = {
    "All remedies": "remedies",
    "Count the weights": "count",
    "Flatten and weigh": "flatten",
    "Gradient": "gradient",
    "Gradient x input": "gradient-times-input",
    "L2": "l2",
    "Length": "norm",
    "Logistic": "logistic",
    "Maximum": "max",
    "Momentum": "momentum",
    "No remedy": "none",
    "Test: random weights": "random-weights",
    "Test: remove pixels": "remove-pixels",
    "Trained and fresh": "fresh",
    "Transposed convolutions": "transposed-convolutions",
}
