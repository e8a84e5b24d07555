"""Songs, recipes and a tag network that are small enough for tests of experiments."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip, DataSet
from genre_core.experiments.recipes import SCRATCH, WAYS, Recipes
from genre_core.experiments.songs import Songs
from genre_core.training.settings import TrainingSettings

GENRES = ("high", "low")
TINY = {  # the arrangement of the published network, not its size
    "pool_columns": 1,
    "dynamic_range_db": 40.0,
    "channels": (2, 3, 3, 3),
    "pools": ((2, 2), (3, 3), (4, 4), (4, 4)),
    "hidden": 2,
    "bidirectional": False,
    "recurrent": "keras_gru",
    "summary": "last",
}


def made_songs(n: int = 10) -> Songs:
    """Two genres that differ in their loud bands; each artist has two songs."""
    generator = np.random.default_rng(0)
    clips, log_mel = [], {}
    for label in GENRES:
        for number in range(n):
            clip_id = f"{label}.{number}"
            artist = f"{label} artist {number // 2}"
            clips.append(Clip(clip_id, label, "", "", artist, Path("none")))
            x = generator.normal(-50, 5, (96, 480))
            x[slice(48, 96) if label == "high" else slice(0, 48)] += 20
            log_mel[clip_id] = x.astype(np.float16)
    names = [clip.clip_id for clip in clips]
    splits = {
        "train": tuple(name for name in names if int(name[-1]) < 5),
        "valid": tuple(name for name in names if int(name[-1]) in (6, 7)),
        "test": tuple(name for name in names if int(name[-1]) == 8),
    }  # 5 and 9 are faulty
    dataset = DataSet("made", tuple(clips), GENRES, splits)
    return Songs(dataset, log_mel, FeatureSettings(), "made here")


def tiny(settings: TrainingSettings) -> TrainingSettings:
    """Return settings for the smallest network on 3 s, with what they freeze."""
    dropout = {k: v for k, v in settings.hyperparameters.items() if k == "conv_dropout"}
    crop = replace(settings.augmentation, crop_seconds=(3.0, 3.0))
    return replace(settings, hyperparameters=TINY | dropout, augmentation=crop)


RECIPES = Recipes(
    scratch=replace(SCRATCH, augmentation=replace(SCRATCH.augmentation, crop_seconds=(3.0, 3.0))),
    tag_network=TINY,
    ways=tuple(replace(way, settings=tiny(way.settings)) for way in WAYS),
    n_parameters=(9_000, 11_000),
    n_folds=2,
)
