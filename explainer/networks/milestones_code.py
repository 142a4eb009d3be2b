"""Code that counts the units, weights and connections of a network on the way to AlexNet."""

from __future__ import annotations


def counts_code(name: str) -> str:
    """Code that ends with ``found``, the network called ``name`` stage by stage."""
    return f"""from explainer.networks.milestones import milestone

found = milestone("{name}")
for stage in found.stages:
    print(stage)
print(found.units, found.weights, found.connections)
"""
