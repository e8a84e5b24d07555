"""Name -> experiment."""

from collections.abc import Callable
from dataclasses import dataclass

from genre_core.experiments import optimizers, protocol, size, transfer
from genre_core.experiments.context import Context
from genre_core.experiments.results import Run


@dataclass(frozen=True)
class Experiment:
    """One experiment.

    Attributes
    ----------
    letter : str
        As docs/experiments.md counts them.
    plan : callable of Context
        Returns its runs.
    from_published : bool
        Whether it needs the published weights.
    """

    letter: str
    plan: Callable[[Context], list[Run]]
    from_published: bool = True


EXPERIMENTS: dict[str, Experiment] = {
    "size": Experiment("A", size.plan, from_published=False),
    "transfer": Experiment("B", transfer.plan),
    "optimizers": Experiment("C", optimizers.plan),
    "protocol": Experiment("D", protocol.plan),
}
