"""The recipes of the experiments: sized so that two CPU cores do each in minutes."""

from dataclasses import replace

from genre_core.config import FeatureSettings
from genre_core.experiments.trial import crop_seconds
from genre_core.training.augmentation_settings import NO_AUGMENTATION
from genre_core.training.settings import TrainingSettings

# From random weights: short crops of each song, few epochs. Networks average four columns in power
# (their default), which leaves a quarter of the arithmetic.
SCRATCH = TrainingSettings(
    epochs=12,
    batch_size=16,
    learning_rate=2e-3,
    label_smoothing=0.05,
    select_by="last",
    augmentation=replace(
        NO_AUGMENTATION,
        crop_seconds=(5.0, 5.0),
        full_length_probability=0.0,
        time_masks=1,
        frequency_masks=1,
        mixup_alpha=0.2,
    ),
)


def tail_settings(
    start: str, n_steps: int, features: FeatureSettings, base: TrainingSettings
) -> TrainingSettings:
    """Return settings to train what follows after frozen blocks, on what these made of the songs.

    Parameters
    ----------
    start : str
        First block that learns.
    n_steps : int
        Columns of the maps in each example.
    features : FeatureSettings
        Of the maps.
    base : TrainingSettings
        Of the whole network.
    """
    seconds = crop_seconds(n_steps, features)
    return replace(
        base,
        model="crnn_tail",
        hyperparameters={"start": start, **base.hyperparameters},
        augmentation=replace(
            NO_AUGMENTATION, crop_seconds=(seconds, seconds), full_length_probability=0.0
        ),
    )
