"""The controls and the words of the pages about training, other than "Train a CNN" itself."""
