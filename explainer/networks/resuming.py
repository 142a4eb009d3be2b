"""A network run from one of its layers on, from what was computed before it."""

from __future__ import annotations

from typing import Any

from torch import Tensor, fx

from explainer.networks.graph import Network

Held = dict[str, Tensor]  # by the names of steps of the graph: what the steps after a place read of those before it


def hold(network: Network, layer: str, pictures: Tensor) -> Held:
    """What ``resume`` needs to go on at ``layer``, for ``pictures`` (n, channels, size, size) of the network's device.

    Set ``torch.inference_mode`` around both. Raises KeyError for an unknown layer.
    """
    nodes, at = _nodes(network, layer)
    wanted = {used for node in nodes[at:] for used in node.all_input_nodes} & set(nodes[:at])
    running = fx.Interpreter(network.graph, garbage_collect_values=False)
    last: dict[fx.Node, int] = {used: number for number, node in enumerate(nodes) for used in node.all_input_nodes}
    for number, node in enumerate(nodes[:at]):
        running.env[node] = pictures if node.op == "placeholder" else running.run_node(node)
        for used in node.all_input_nodes:
            if last[used] == number:
                del running.env[used]
    return {node.name: running.env[node] for node in nodes[:at] if node in wanted}


def resume(network: Network, layer: str, held: Held) -> Tensor:
    """The logits (n, classes) of ``network`` from ``layer`` on, which itself is computed from what is ``held``."""
    nodes, at = _nodes(network, layer)
    running = fx.Interpreter(network.graph, garbage_collect_values=False)
    env: dict[fx.Node, Any] = running.env
    env.update({node: held[node.name] for node in nodes[:at] if node.name in held})
    for node in nodes[at:]:
        if node.op != "output":
            env[node] = running.run_node(node)
    result: Tensor = env[network.node(network.description.layers[-1].name)]
    return result


def following(network: Network, layer: str) -> str:
    """The step of the graph after ``layer``, at which ``hold`` and ``resume`` can go on with the output of ``layer``.

    Raises IndexError for the last one.
    """
    nodes, at = _nodes(network, layer)
    return nodes[at + 1].name


def _nodes(network: Network, layer: str) -> tuple[list[fx.Node], int]:
    nodes = list(network.graph.graph.nodes)
    return nodes, nodes.index(network.node(layer))
