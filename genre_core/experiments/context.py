"""The inputs of every experiment."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from genre_core.datasets.splits import Split
from genre_core.errors import ModelError
from genre_core.experiments.published import PublishedFeatures
from genre_core.experiments.recipes import RECIPES, Recipes
from genre_core.experiments.results import Row
from genre_core.experiments.songs import Songs
from genre_core.experiments.trial import train_and_test
from genre_core.training.settings import TrainingSettings


@dataclass(frozen=True, eq=False)
class Context:
    """Songs, folders and the number of runs.

    Attributes
    ----------
    work : folder for the state of interrupted runs
    weights : the published tag network, for the experiments that start from it
    seeds : runs of each kind, with seeds from 0; None: as the recipes have it
    epochs : of every training; None: as the recipes have it
    device : to train on, as torch names it
    on_features : called while the published network computes features of the songs
    """

    songs: Songs
    work: Path
    weights: Path | None = None
    seeds: int | None = None
    epochs: int | None = None
    recipes: Recipes = RECIPES
    device: str = "cpu"
    on_features: Callable[[int, int], None] | None = None

    @cached_property
    def features(self) -> PublishedFeatures:
        """The published network's features of the songs.

        Raises ModelError if its weights are not given.
        """
        if self.weights is None:
            raise ModelError("This experiment starts from the published network: give --weights.")
        return PublishedFeatures(
            self.weights, self.recipes.tag_network, self.songs, self.on_features
        )

    def train(self, key: str, settings: TrainingSettings, split: Split, curve: bool = False) -> Row:
        """Train and test on the songs' spectrograms; see `train_and_test`.

        Parameters
        ----------
        key : of the run; unique over all experiments that share the work folder
        curve : validate and test after every epoch
        """
        return train_and_test(
            settings,
            self.songs,
            split,
            self.work / key,
            curve=curve,
            device=self.device,
        )

    def inputs(self, settings: TrainingSettings, split: Split) -> dict[str, Any]:
        """Return everything that determines a training run, for its fingerprint."""
        usual = TrainingSettings().record()  # omitted, so that a new setting changes no hash
        record = {k: v for k, v in settings.record().items() if v != usual.get(k)}
        if settings.init != "random":
            record["init"] = self.features.sha256  # not the path
        return {"settings": record, "songs": self.songs.fingerprint, "split": vars(split)}

    def feature_inputs(self, split: Split) -> dict[str, Any]:
        """Return everything but the classifier that determines its run on features."""
        return {
            "maps": self.features.sha256,
            "songs": self.songs.fingerprint,
            "split": vars(split),
        }
