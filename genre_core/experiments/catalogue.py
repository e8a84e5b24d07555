"""Name -> experiment: a function from a `Context` to its runs."""

from collections.abc import Callable

from genre_core.experiments import optimizers, protocol, size, transfer
from genre_core.experiments.context import Context
from genre_core.experiments.results import Run

EXPERIMENTS: dict[str, Callable[[Context], list[Run]]] = {
    "size": size.plan,
    "transfer": transfer.plan,
    "optimizers": optimizers.plan,
    "protocol": protocol.plan,
}
