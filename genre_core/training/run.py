"""Training in one call: a data set and settings in, a trained network, its file and record out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from genre_core.config import FeatureSettings
from genre_core.datasets.clips import DataSet
from genre_core.datasets.feature_cache import DEFAULT_DIRECTORY
from genre_core.datasets.splits import Split
from genre_core.errors import SettingsError
from genre_core.training.data import load_data
from genre_core.training.events import Loading, TrainingEvent
from genre_core.training.fit import TrainedNetwork, checkpoint_path, fit
from genre_core.training.settings import TrainingSettings, read_stages

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

    Parameters
    ----------
    dataset : DataSet
    settings : TrainingSettings or a sequence of them
        Several are stages: each starts from the network of the one before, unless it has an
        `init` of its own. Stage 1 of 2 is saved as OUTPUT.stage1.safetensors, and the record
        of each is in the last one's.
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
    restart : bool
        With `resume`: start anew, instead of failing, where the saved state is of another call.
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
    before: list[TrainedNetwork] = []
    if len(stages) > 1 or stages[0].init_parts:
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
            restart=restart,
            on_event=on_event,
            should_stop=should_stop,
            command=command,
        )
        before, stages = _train_before(stages, output, again)
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
            **({"stages": [dict(network.info.training) for network in before]} if before else {}),
        },
        device=device,
        resume=resume,
        restart=restart,
        on_event=on_event,
        should_stop=should_stop,
        command=command,
        problems=problems,
    )


def _train_before(
    stages: Sequence[TrainingSettings], output: Path, again: Callable[..., TrainedNetwork]
) -> tuple[list[TrainedNetwork], list[TrainingSettings]]:
    """Train all that the last stage starts from.

    Returns the networks of the earlier stages, and the stages with the files that they start from.
    """
    networks: list[TrainedNetwork] = []
    complete: list[TrainingSettings] = []
    for number, stage in enumerate(stages, start=1):
        if complete and stage.init == "random":
            stage = replace(stage, init=str(_stage_path(output, number - 1)))
        parts = dict(stage.init_parts)
        for part, source in parts.items():
            if Path(source).suffix == ".json":  # a recipe
                path = output.with_name(f"{output.stem}.{part}.safetensors")
                again([TrainingSettings.from_record(each) for each in read_stages(source)], path)
                parts[part] = str(path)
        complete.append(replace(stage, init_parts=parts))
        if number < len(stages):
            networks.append(again(complete[-1], _stage_path(output, number)))
    return networks, complete


def _stage_path(output: Path, number: int) -> Path:
    return output.with_name(f"{output.stem}.stage{number}.safetensors")
