"""The training loop, and the worker processes that run it."""
