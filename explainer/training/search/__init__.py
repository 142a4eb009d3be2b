"""Hyperparameter search: many short runs, at places that a grid, chance or a model of the earlier ones chooses."""
