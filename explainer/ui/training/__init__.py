"""The parts of the page "Train a CNN"."""
