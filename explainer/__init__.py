"""Inside a CNN: how convolutional networks work, on real ones."""
