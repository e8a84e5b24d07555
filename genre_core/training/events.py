"""The events that a training reports."""

from dataclasses import dataclass
from pathlib import Path

from torch import nn

from genre_core.training.validation import EpochMetrics


@dataclass(frozen=True)
class Loading:
    """Spectrograms of `n_done` of `n_clips` clips are loaded."""

    n_done: int
    n_clips: int


@dataclass(frozen=True)
class Started:
    """The first step of a network is next.

    Attributes
    ----------
    output : checkpoint that is going to be written
    problems : clips that were left out, and why
    initialised_blocks : blocks whose first weights came from a file
    n_steps : in all epochs
    warnings : doubts about clips that were read
    """

    output: Path
    problems: tuple[str, ...]
    initialised_blocks: tuple[str, ...]
    n_steps: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepEnd:
    """`n_done` steps are done; loss and accuracy are means over this epoch so far."""

    n_done: int
    epoch: int
    n_epochs: int
    loss: float
    accuracy: float


@dataclass(frozen=True, eq=False)
class EpochEnd:
    """An epoch is done and its state saved.

    Attributes
    ----------
    model : the network as it would be saved now, in eval mode; only to look at
    """

    metrics: EpochMetrics
    model: nn.Module


TrainingEvent = Loading | Started | StepEnd | EpochEnd
