"""What a server and the process that trains for all servers of a computer say to each other, and where they meet.

A server numbers its own runs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from explainer.training.configuration import Configuration
from explainer.training.engine import Place
from explainer.training.job import Status
from explainer.training.messages import Change, Changed, Command
from explainer.training.snapshot import AnySnapshot

ADDRESS_VARIABLE = "EXPLAINER_POOL"
KEY_VARIABLE = "EXPLAINER_POOL_KEY"

Address = tuple[str, int]  # host and port, always of this computer: a socket's path would be too long in some folders


@dataclass(frozen=True)
class Submit:
    """Train this when its turn has come."""

    number: int
    config: Configuration
    single_step: bool
    owner: str


@dataclass(frozen=True)
class Order:
    """What a person asks of run ``number``."""

    number: int
    what: Command | Change


@dataclass(frozen=True)
class Became:
    """Run ``number`` does something else from now on."""

    number: int
    status: Status
    message: str


@dataclass(frozen=True)
class Took:
    """Run ``number`` reported."""

    number: int
    report: AnySnapshot | Changed


@dataclass(frozen=True)
class Places:
    """Where runs stand in the queue; those that are not named stand as before."""

    by_number: dict[int, Place]


Asked = Submit | Order
Told = Became | Took | Places


def meeting_place() -> tuple[Address, bytes] | None:
    """Where the process that trains for all servers is to be found, and the key to it; None where there is none.

    Raises ValueError with a sentence where the environment names it wrongly.
    """
    host, _, port = os.environ.get(ADDRESS_VARIABLE, "").strip().rpartition(":")
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not (host or port or key):
        return None
    try:
        return (host, int(port)), bytes.fromhex(key)
    except ValueError:
        raise ValueError(
            f"{ADDRESS_VARIABLE} must be a host and a port (127.0.0.1:8504) and {KEY_VARIABLE} hexadecimal; "
            "python -m explainer.serve sets both."
        ) from None
