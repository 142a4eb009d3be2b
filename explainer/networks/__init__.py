"""The configurable convolutional network, its presets, summaries and weights."""
