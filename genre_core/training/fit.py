"""One stage of a training, on clips in memory.

Beside the checkpoint OUTPUT.safetensors lie OUTPUT.csv, a line an epoch; OUTPUT.run.json, the
machine and the time; and OUTPUT.state, from which an interrupted run goes on to the same result as
an uninterrupted one.
"""

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from genre_core.checkpoints.checkpoint import read_info, save_checkpoint
from genre_core.checkpoints.info import CheckpointInfo
from genre_core.config import FrameSettings
from genre_core.errors import SettingsError
from genre_core.inference.malloc import return_freed_memory
from genre_core.models.base import GenreNetwork
from genre_core.models.familiarity import Familiarity
from genre_core.models.folding import absorb_statistics
from genre_core.training.data import TrainingData
from genre_core.training.events import EpochEnd, Started, StepEnd, TrainingEvent
from genre_core.training.initialisation import build_network
from genre_core.training.resume import StateError, load_state, save_state, seed_everything
from genre_core.training.run_record import best_epoch_record, write_metrics, write_run_record
from genre_core.training.settings import TrainingSettings
from genre_core.training.tasks import TASKS
from genre_core.training.trainer import Trainer
from genre_core.training.validation import EpochMetrics, learn_familiarity

# Crops of many lengths leave gaps between what the C library keeps (`keep_freed_memory`): without
# this, the bundled network's last stage took 8 to 19 GB, where it holds 2 GB.
TRIM_STEPS = 10


class TrainingStopped(Exception):  # noqa: N818 - the caller asked for it
    """A training was stopped on request; its state is saved."""

    def __init__(self, state_path: Path) -> None:
        super().__init__(f"stopped; resume goes on from {state_path}")
        self.state_path = state_path


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """What a training gives.

    Attributes
    ----------
    model : in eval mode, on the CPU
    info : as saved; `info.training` is the record
    history : of the last stage
    best : the epoch that was saved
    problems : clips that were left out, and why
    """

    model: GenreNetwork
    info: CheckpointInfo
    history: tuple[EpochMetrics, ...]
    best: EpochMetrics
    problems: tuple[str, ...] = ()


def fit(
    data: TrainingData,
    settings: TrainingSettings,
    output: str | Path,
    *,
    start: Path | None = None,
    name: str | None = None,
    record: Mapping[str, Any] | None = None,
    seconds_before: Mapping[str, float] | None = None,
    device: str = "cpu",
    resume: bool = False,
    restart: bool = False,
    on_event: Callable[[TrainingEvent], None] = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    command: str = "",
    problems: Sequence[str] = (),
    with_familiarity: bool = False,
) -> TrainedNetwork:
    """Do one stage on clips that are in memory; the rest is as in `train`.

    Parameters
    ----------
    start : checkpoint to start from in place of `settings.init`
    record : more for the checkpoint's record of its training, e.g. data set and split
    seconds_before : how long the training of what it starts from took, for the record
    problems : clips that were left out, and why
    with_familiarity : whether the last checkpoint also holds how the training frames lie
    """
    output = checkpoint_path(output)
    started = time.monotonic()
    task = TASKS[settings.task](settings, data, device)
    seed_everything(settings.seed)
    first = settings if start is None else replace(settings, init=str(start))
    model, blocks = build_network(first, data)
    trainer = Trainer(
        model, task.objective, task.batches, settings, validate=task.validate, device=device
    )
    identity = {
        "settings": settings.text(),
        "data": data.fingerprint,
        "start": "" if start is None else read_info(start).sha256,
    }
    state_path = output.with_suffix(".state")
    network = partial(
        _save_best,
        trainer,
        data,
        output,
        name or output.stem,
        {
            **(record or {}),
            "torch": torch.__version__,
            "settings": settings.record(),
            "data_sha256": data.fingerprint,
            "initialised_blocks": list(blocks),
        },
    )

    def end_step(running: Trainer) -> None:
        on_event(
            StepEnd(
                running.epoch * running.n_steps + running.step,
                running.epoch + 1,
                settings.epochs,
                running.running_loss,
                running.running_accuracy,
            )
        )
        if running.step % TRIM_STEPS == 0:
            return_freed_memory()
        if should_stop():
            running.stop()

    def save(running: Trainer) -> None:
        save_state(state_path, running.state_dict(), identity)

    def end_epoch(running: Trainer) -> None:
        if running.best is running.history[-1]:
            network()
        save(running)
        write_metrics(output.with_suffix(".csv"), running.history)
        on_event(EpochEnd(running.history[-1], running.model_to_save.eval()))

    trainer.on("step_end", end_step)
    trainer.on("epoch_end", end_epoch)
    trainer.on("stopped", save)
    if resume and state_path.exists():
        try:
            trainer.load_state_dict(load_state(state_path, identity))
        except StateError:
            if not restart:
                raise
    n_steps = settings.epochs * trainer.n_steps
    on_event(Started(output, tuple(problems), blocks, n_steps, data.warnings))
    if not trainer.run():
        raise TrainingStopped(state_path)
    trained, info = network()
    if with_familiarity:
        trained, info = network(learn_familiarity(trained, data))
    write_run_record(
        output,
        info,
        trainer.history,
        problems,
        data.warnings,
        command=command,
        device=device,
        seconds=time.monotonic() - started,
        seconds_before=seconds_before or {},
    )
    assert trainer.best is not None
    return TrainedNetwork(trained, info, tuple(trainer.history), trainer.best, tuple(problems))


def checkpoint_path(path: str | Path) -> Path:
    """Return `path` if a checkpoint may have that name.

    Raises
    ------
    SettingsError
    """
    if Path(path).suffix != ".safetensors":
        raise SettingsError(f"{path}: a checkpoint's name ends in .safetensors.")
    return Path(path)


def _save_best(
    trainer: Trainer,
    data: TrainingData,
    output: Path,
    name: str,
    record: Mapping[str, Any],
    familiarity: Familiarity | None = None,
) -> tuple[GenreNetwork, CheckpointInfo]:
    """Write the checkpoint of the best epoch so far; return the network and what was written."""
    assert trainer.best is not None
    model = copy.deepcopy(trainer.model).cpu()
    model.load_state_dict(trainer.best_weights)
    if trainer.settings.batch_norm == "frozen":
        absorb_statistics(model)  # what is saved has been learnt, all of it
    info = save_checkpoint(
        output,
        model,
        name=name,
        genres=data.genres,
        features=data.features,
        frames=FrameSettings(),
        temperature=trainer.best_temperature,
        # Nothing of the hour or the machine, so that the same run gives the same file.
        training={**record, **best_epoch_record(trainer.best)},
        familiarity=familiarity,
    )
    return model.eval(), info
