"""What the kinds of normalization are called on screen."""

from explainer.layers.normalization import Kind

KINDS: dict[Kind, str] = {
    "batch": "Batch",
    "layer": "Layer",
    "instance": "Instance",
    "group": "Group",
    "none": "None",
}
