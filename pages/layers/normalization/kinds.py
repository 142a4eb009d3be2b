"""The kinds of normalization by their names on screen."""

from explainer.layers.normalization import Kind

KINDS: dict[str, Kind] = {
    "Batch": "batch",
    "Layer": "layer",
    "Instance": "instance",
    "Group": "group",
    "None": "none",
}
