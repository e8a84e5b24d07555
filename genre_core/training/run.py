"""Training in one call: a data set and settings in, a trained network, its file and record out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from genre_core.config import FeatureSettings
from genre_core.datasets.clips import DataSet
from genre_core.datasets.feature_cache import DEFAULT_DIRECTORY
from genre_core.datasets.splits import Split
from genre_core.errors import SettingsError
from genre_core.training.data import load_data
from genre_core.training.events import Loading, TrainingEvent
from genre_core.training.fit import TrainedNetwork, checkpoint_path, fit
from genre_core.training.settings import TrainingSettings

PREVIOUS = "previous stage"  # in the record of a stage, as its first weights
Stages = TrainingSettings | Sequence[TrainingSettings]


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
    restart: bool = False,
    on_event: Callable[[TrainingEvent], None] = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
    command: str = "",
) -> TrainedNetwork:
    """Train a network on a data set and write its checkpoint.

    Raises GenreError if data, settings, first weights or a saved state do not fit together. Raises
    TrainingStopped if `should_stop` says so.

    Parameters
    ----------
    settings : several are stages: each starts from the network of the one before, unless it has
        an `init` of its own. Stage 1 of 2 is saved as OUTPUT.stage1.safetensors, and the record
        of each is in the last one's
    output : checkpoint to write, .safetensors
    split_name : for the record
    features : how sound becomes a spectrogram
    train_lists : lists of the split to learn from
    valid_list : list by which the best epoch is chosen; "none": the last epoch is the best
    name : of the trained network; the stem of `output` by default
    cache : folder for spectrograms
    device : as torch names it
    resume : continue where the same call was stopped
    restart : with `resume`, start anew where the saved state is of another call
    on_event : called with what happens, see `training.events`
    should_stop : called after each step, e.g. `threading.Event().is_set`
    command : that started it, for the record
    """
    stages = [settings] if isinstance(settings, TrainingSettings) else list(settings)
    if not stages:
        raise SettingsError("A training needs at least one stage.")
    output = checkpoint_path(output)
    record = {
        "dataset": dataset.name,
        "split": split_name,
        "train_lists": list(train_lists),
        "valid_list": valid_list,
    }
    seconds: dict[str, float] = {}
    networks: list[TrainedNetwork] = []
    for number, stage in enumerate(stages, start=1):
        is_last = number == len(stages)
        start = None
        if networks and stage.init == "random":
            start = _stage_path(output, number - 1)
            stage = replace(stage, init=PREVIOUS)
        data, problems = load_data(
            dataset,
            split,
            stage,
            features=features,
            train_lists=train_lists,
            valid_list=valid_list,
            cache=cache,
            on_progress=lambda done, total: on_event(Loading(done, total)),
        )
        earlier = [dict(network.info.training) for network in networks]
        network = fit(
            data,
            stage,
            output if is_last else _stage_path(output, number),
            start=start,
            name=name if is_last else None,
            record=record | ({"stages": earlier} if is_last and earlier else {}),
            seconds_before=seconds,
            device=device,
            resume=resume,
            restart=restart,
            on_event=on_event,
            should_stop=should_stop,
            command=command,
            problems=problems,
            with_familiarity=is_last,
        )
        seconds[f"stage {number}"] = round(sum(epoch.seconds for epoch in network.history), 1)
        networks.append(network)
    return networks[-1]


def _stage_path(output: Path, number: int) -> Path:
    return output.with_name(f"{output.stem}.stage{number}.safetensors")
