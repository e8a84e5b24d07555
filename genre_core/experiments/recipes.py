"""The recipes of the experiments, in one value that a `Context` carries.

To add a row to experiment B, add a `Way` to `WAYS` and its name to `names.LEARNT_NAMES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from genre_core.training.augmentation_settings import NO_AUGMENTATION, AugmentationSettings
from genre_core.training.settings import TrainingSettings

# The published sizes, for frames of any length: see `models.crnn`.
TAG_NETWORK: Mapping[str, Any] = {
    "pool_columns": 1,
    "dynamic_range_db": 40.0,
    "channels": (64, 128, 128, 128),
    "pools": ((2, 2), (3, 3), (4, 4), (4, 4)),
    "hidden": 32,
    "bidirectional": False,
    "recurrent": "keras_gru",
    "summary": "last",
}


def crops(seconds: float) -> AugmentationSettings:
    """Return random crops of so many seconds and nothing else."""
    return replace(NO_AUGMENTATION, crop_seconds=(seconds, seconds), full_length_probability=0.0)


# From random weights: short crops of each song, few epochs. Networks average four columns in power
# (their default), which leaves a quarter of the arithmetic.
SCRATCH = TrainingSettings(
    epochs=12,
    batch_size=16,
    learning_rate=2e-3,
    label_smoothing=0.05,
    select_by="last",
    augmentation=replace(crops(5.0), time_masks=1, frequency_masks=1, mixup_alpha=0.2),
)

# Constant rates and no smoothing, so that the curves show the learning alone.
TUNED = TrainingSettings(
    hyperparameters=TAG_NETWORK,
    batch_norm="frozen",
    optimizer="adam",
    schedule="constant",
    warmup_share=0.0,
    weight_decay=0.0,
    batch_size=32,
    epochs=30,
    augmentation=crops(20.5),  # 10 steps of the recurrent layers
)
# An epoch of the whole network takes much longer.
WHOLE = replace(TUNED, batch_size=16, epochs=6, augmentation=crops(10.0))

FIRST_BLOCKS = ("input", "conv1", "conv2", "conv3")
CONVOLUTIONS = (*FIRST_BLOCKS, "conv4")
# Frozen convolutions give the same maps in training as in testing.
NO_CONV_DROPOUT = {**TAG_NETWORK, "conv_dropout": 0.0}


@dataclass(frozen=True)
class Way:
    """One way to train the tag network for genres: a row of experiment B.

    Attributes
    ----------
    name : what learns
    settings : `freeze` names the blocks that do not learn; `init` is set later
    pretrained : start from the published weights; otherwise from random ones
    """

    name: str
    settings: TrainingSettings
    seeds: int = 3
    pretrained: bool = True


WAYS = (
    Way(
        "classifier",
        replace(
            TUNED,
            hyperparameters=NO_CONV_DROPOUT,
            freeze=(*CONVOLUTIONS, "recurrent"),
            learning_rate=5e-3,
        ),
    ),
    Way(
        "recurrent",
        replace(
            TUNED,
            hyperparameters=NO_CONV_DROPOUT,
            freeze=CONVOLUTIONS,
            learning_rate=1e-3,
            block_rates={"classifier": 3.0},
        ),
    ),
    Way(
        "conv4",
        replace(
            TUNED,
            freeze=FIRST_BLOCKS,
            learning_rate=1e-3,
            block_rates={"conv4": 0.3, "classifier": 3.0},
        ),
    ),
    Way(
        "everything",
        replace(WHOLE, learning_rate=3e-4, block_rates={"recurrent": 3.0, "classifier": 10.0}),
        seeds=2,
    ),
    Way(
        "random",
        replace(WHOLE, learning_rate=1e-3, batch_norm="train"),
        seeds=2,
        pretrained=False,
    ),
)


@dataclass(frozen=True)
class Recipes:
    """The settings of all experiments.

    Attributes
    ----------
    scratch : from random weights, experiments A and D
    tag_network : hyperparameters of the published tag network as a `crnn`
    ways : of experiment B; C and D tune the one named "recurrent"
    n_parameters : sizes of experiment A; D trains the smallest from scratch
    size_seeds, optimizer_seeds, hold_out_seeds : runs of each kind in A, C and D
    optimizer_epochs, protocol_epochs : of the tag network in C and D
    n_folds : of experiment D
    """

    scratch: TrainingSettings = SCRATCH
    tag_network: Mapping[str, Any] = field(default_factory=lambda: TAG_NETWORK)
    ways: tuple[Way, ...] = WAYS
    n_parameters: tuple[int, ...] = (100_000, 250_000, 500_000)
    size_seeds: int = 3
    optimizer_seeds: int = 3
    hold_out_seeds: int = 1
    optimizer_epochs: int = 40
    protocol_epochs: int = 20
    n_folds: int = 4

    def way(self, name: str) -> Way:
        """Return the way of experiment B with that name."""
        return next(way for way in self.ways if way.name == name)


RECIPES = Recipes()
