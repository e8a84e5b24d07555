"""What every experiment is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import HalfArray
from genre_core.datasets.splits import Split
from genre_core.errors import ModelError
from genre_core.experiments.published import PublishedMaps
from genre_core.experiments.results import Row
from genre_core.experiments.songs import Songs
from genre_core.experiments.trial import train_and_test
from genre_core.training.settings import TrainingSettings


@dataclass(frozen=True, eq=False)
class Context:
    """Songs, folders and how much to do.

    Attributes
    ----------
    songs : Songs
    work : Path
        Folder for what an interrupted run leaves.
    weights : Path or None
        The published tag network, for the experiments that start from it.
    seeds : int or None
        Runs of each kind, with seeds from 0; None: as the experiment has it.
    epochs : int or None
        Of every training; None: as the experiment has it.
    on_maps : callable of (done, total), optional
        Called while the published network hears the songs.
    """

    songs: Songs
    work: Path
    weights: Path | None = None
    seeds: int | None = None
    epochs: int | None = None
    on_maps: Callable[[int, int], None] | None = None

    @cached_property
    def maps(self) -> PublishedMaps:
        """What the published network makes of the songs.

        Raises
        ------
        ModelError
            If its weights are not given.
        """
        if self.weights is None:
            raise ModelError("This experiment starts from the published network: give --weights.")
        return PublishedMaps(self.weights, self.songs, self.work, self.on_maps)

    def train(
        self,
        key: str,
        settings: TrainingSettings,
        split: Split,
        *,
        maps: str = "",
        curve: bool = False,
    ) -> Row:
        """Train and test on the songs' spectrograms, or on what frozen blocks made of them.

        Parameters
        ----------
        key : str
            Of the run; unique over all experiments that share the work folder.
        settings : TrainingSettings
        split : Split
        maps : str
            See `PublishedMaps.of`; empty: the spectrograms.
        curve : bool
            See `train_and_test`.
        """
        features = self.maps.features(maps) if maps else self.songs.features
        held = self.maps.of(maps) if maps else self.songs.log_mel

        def clips(ids: tuple[str, ...]) -> Mapping[Clip, HalfArray]:
            return {clip: held[clip.clip_id] for clip in self.songs.clips(ids)}

        return train_and_test(
            settings,
            self.songs.dataset.genres,
            clips(split.train),
            clips(split.valid),
            clips(split.test),
            self.work / f"{key}.safetensors",
            features=features,
            curve=curve,
        )

    def inputs(self, settings: TrainingSettings, split: Split) -> dict[str, Any]:
        """Return everything that decides a training run, for its fingerprint."""
        usual = TrainingSettings().record()  # left out, so that a new setting changes no hash
        record = {k: v for k, v in settings.record().items() if v != usual.get(k)}
        if settings.init != "random":
            record["init"] = self.maps.sha256  # not the path
        return {"settings": record, "songs": self.songs.fingerprint, "split": vars(split)}
