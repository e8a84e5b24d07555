"""Training in one call: a data set and settings in, a trained network, its file and record out.

Beside the checkpoint OUTPUT.safetensors lie OUTPUT.csv, a line an epoch; OUTPUT.run.json, the
machine and the time; and OUTPUT.state, from which an interrupted run goes on to the same result as
an uninterrupted one.
"""

import copy
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from genre_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from genre_core.checkpoints.info import CheckpointInfo
from genre_core.checkpoints.loading import is_published
from genre_core.config import FeatureSettings, FrameSettings
from genre_core.datasets.clips import DataSet
from genre_core.datasets.feature_cache import DEFAULT_DIRECTORY
from genre_core.datasets.splits import Split
from genre_core.errors import SettingsError
from genre_core.models.base import GenreNetwork
from genre_core.models.folding import absorb_statistics
from genre_core.training.data import TrainingData, load_data
from genre_core.training.events import EpochEnd, Loading, Started, StepEnd, TrainingEvent
from genre_core.training.initialisation import build_network
from genre_core.training.resume import load_state, save_state, seed_everything
from genre_core.training.run_record import best_epoch_record, write_metrics, write_run_record
from genre_core.training.settings import TrainingSettings, read_settings
from genre_core.training.tasks import TASKS
from genre_core.training.trainer import Trainer
from genre_core.training.validation import EpochMetrics

Stages = TrainingSettings | Sequence[TrainingSettings]


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
    model : GenreNetwork
        In eval mode, on the CPU.
    info : CheckpointInfo
        As saved; `info.training` is the record.
    history : tuple of EpochMetrics
        Of the last stage.
    best : EpochMetrics
        The epoch that was saved.
    problems : tuple of str
        Clips that were left out, and why.
    """

    model: GenreNetwork
    info: CheckpointInfo
    history: tuple[EpochMetrics, ...]
    best: EpochMetrics
    problems: tuple[str, ...] = ()


def train(
    dataset: DataSet,
    settings: Stages,
    output: str | Path,
    *,
    split: Split,
    split_name: str = "",
    features: FeatureSettings = FeatureSettings(),  # noqa: B008 - frozen
    train_lists: Sequence[str] = ("train",),
    valid_list: str = "valid",
    name: str | None = None,
    cache: str | Path = DEFAULT_DIRECTORY,
    device: str = "cpu",
    resume: bool = False,
    on_event: Callable[[TrainingEvent], None] = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    command: str = "",
) -> TrainedNetwork:
    """Train a network on a data set and write its checkpoint.

    Parameters
    ----------
    dataset : DataSet
    settings : TrainingSettings or a sequence of them
        Several are stages: each starts from the network of the one before, unless it has an
        `init` of its own. Stage 1 of 2 is saved as OUTPUT.stage1.safetensors.
    output : str or Path
        Checkpoint to write, .safetensors.
    split : Split
    split_name : str
        Of the split, for the record.
    features : FeatureSettings
        How sound becomes a spectrogram.
    train_lists : sequence of str
        Lists of the split to learn from.
    valid_list : str
        List by which the best epoch is chosen; "none": the last epoch is the best.
    name : str, optional
        Of the trained network; the stem of `output` by default.
    cache : str or Path
        Folder for spectrograms.
    device : str
        As torch names it.
    resume : bool
        Go on where the same call was stopped.
    on_event : callable of a TrainingEvent
    should_stop : callable
        Asked after each step, e.g. `threading.Event().is_set`.
    command : str
        That started it, for the record.

    Returns
    -------
    TrainedNetwork

    Raises
    ------
    GenreError
        If data, settings, first weights or a saved state do not fit together.
    TrainingStopped
        If `should_stop` says so.
    """
    stages = [settings] if isinstance(settings, TrainingSettings) else list(settings)
    if not stages:
        raise SettingsError("A training needs at least one stage.")
    output = checkpoint_path(output)
    if len(stages) > 1 or any(stage.init_parts for stage in stages):
        again = partial(
            train,
            dataset,
            split=split,
            split_name=split_name,
            features=features,
            train_lists=train_lists,
            valid_list=valid_list,
            cache=cache,
            device=device,
            resume=resume,
            on_event=on_event,
            should_stop=should_stop,
            command=command,
        )
        stages = _train_first(stages, output, again)
    last = stages[-1]

    data, problems = load_data(
        dataset,
        split,
        last,
        features=features,
        train_lists=train_lists,
        valid_list=valid_list,
        cache=cache,
        on_progress=lambda done, total: on_event(Loading(done, total)),
    )
    return fit(
        data,
        last,
        output,
        name=name,
        record={
            "dataset": dataset.name,
            "split": split_name,
            "train_lists": list(train_lists),
            "valid_list": valid_list,
        },
        device=device,
        resume=resume,
        on_event=on_event,
        should_stop=should_stop,
        command=command,
        problems=(*dataset.problems, *problems),
    )


def fit(
    data: TrainingData,
    settings: TrainingSettings,
    output: str | Path,
    *,
    name: str | None = None,
    record: Mapping[str, Any] | None = None,
    device: str = "cpu",
    resume: bool = False,
    on_event: Callable[[TrainingEvent], None] = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    command: str = "",
    problems: Sequence[str] = (),
) -> TrainedNetwork:
    """Do one stage on clips that are in memory; the rest is as in `train`.

    Parameters
    ----------
    data : TrainingData
    settings : TrainingSettings
    output : str or Path
    record : mapping, optional
        More for the checkpoint's record of its training, e.g. data set and split.
    problems : sequence of str
        Clips that were left out, and why.
    """
    output = checkpoint_path(output)
    started = time.monotonic()
    task = TASKS[settings.task](settings, data, device)
    seed_everything(settings.seed)
    model, blocks = build_network(settings, data)
    trainer = Trainer(
        model, task.objective, task.batches, settings, validate=task.validate, device=device
    )
    identity = {"settings": settings.text(), "data": data.fingerprint}
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
            **_parts_record(settings.init_parts),
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
        if should_stop():
            running.stop()

    def save(running: Trainer) -> None:
        save_state(state_path, running.state_dict(), identity)

    def end_epoch(running: Trainer) -> None:
        if running.best is running.history[-1]:
            network()
        save(running)
        write_metrics(output.with_suffix(".csv"), running.history)
        on_event(EpochEnd(running.history[-1], running.learnt.eval()))

    trainer.on("step_end", end_step)
    trainer.on("epoch_end", end_epoch)
    trainer.on("stopped", save)
    if resume and state_path.exists():
        trainer.load_state_dict(load_state(state_path, identity))
    on_event(Started(output, tuple(problems), blocks, settings.epochs * trainer.n_steps))
    if not trainer.run():
        raise TrainingStopped(state_path)
    trained, info = network()
    write_run_record(
        output,
        info,
        trainer.history,
        problems,
        command=command,
        device=device,
        seconds=time.monotonic() - started,
        parts_seconds=_parts_seconds(settings.init_parts),
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
    trainer: Trainer, data: TrainingData, output: Path, name: str, record: Mapping[str, Any]
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
    )
    return model.eval(), info


def _train_first(
    stages: Sequence[TrainingSettings], output: Path, again: Callable[..., TrainedNetwork]
) -> list[TrainingSettings]:
    """Train what the last stage starts from; return the stages with the paths of these networks."""
    done: list[TrainingSettings] = []
    for number, stage in enumerate(stages, start=1):
        if done and stage.init == "random":
            stage = replace(stage, init=str(_stage_path(output, number - 1)))
        parts = dict(stage.init_parts)
        for part, source in parts.items():
            if Path(source).suffix == ".json":  # a recipe
                path = output.with_name(f"{output.stem}.{part}.safetensors")
                again(TrainingSettings.from_record(read_settings(Path(source))), path)
                parts[part] = str(path)
        stage = replace(stage, init_parts=parts)
        if number < len(stages):
            again(stage, _stage_path(output, number))
        done.append(stage)
    return done


def _stage_path(output: Path, number: int) -> Path:
    return output.with_name(f"{output.stem}.stage{number}.safetensors")


def _parts_record(sources: Mapping[str, str]) -> dict[str, Any]:
    """Return how the parts of a network of networks were trained, as far as their files say."""
    parts = {
        part: load_checkpoint(path)[1].training
        for part, path in sources.items()
        if not is_published(path)
    }
    return {"parts": parts} if parts else {}


def _parts_seconds(sources: Mapping[str, str]) -> dict[str, float]:
    """Return how long the training of each part took, as far as a record lies beside it."""
    seconds = {}
    for part, path in sources.items():
        record = Path(path).with_suffix(".run.json")
        if record.is_file():
            seconds[part] = float(json.loads(record.read_text(encoding="utf-8"))["seconds"])
    return seconds
