"""What a stage of a training teaches: an objective, the batches for it, and its validation."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from genre_core.checkpoints.won_weights import is_won_tagger
from genre_core.errors import SettingsError
from genre_core.training.data import TrainingData
from genre_core.training.distillation import load_teachers
from genre_core.training.map_distillation import MapObjective
from genre_core.training.objective import GenreObjective, Objective
from genre_core.training.sampling import Batches, Sampler
from genre_core.training.settings import TrainingSettings
from genre_core.training.tagger_features import load_taggers, some_frames
from genre_core.training.validation import Validator, make_validator


@dataclass(frozen=True, eq=False)
class Task:
    """One thing that `Trainer` can train for; without validation the last epoch is the best."""

    objective: Objective
    batches: Batches
    validate: Validator | None = None


def map_task(settings: TrainingSettings, data: TrainingData, device: str) -> Task:
    """Return the task of giving a tagger's maps, which needs no labels.

    Raises
    ------
    GenreError
        If the teacher is not one tagger, or hears other features.
    """
    if len(settings.teachers) != 1 or not is_won_tagger(settings.teachers[0]):
        raise SettingsError("The task maps needs one teacher: the weights of a published tagger.")
    (tagger,) = load_taggers(settings.teachers, data)
    objective = MapObjective(settings, data.features, tagger.to(device), some_frames(data))
    return Task(objective, _sampler(settings, data))


def genre_task(settings: TrainingSettings, data: TrainingData, device: str) -> Task:
    """Return the task of naming genres, by labels and teachers.

    Raises
    ------
    GenreError
        If a genre has no clip, or a teacher cannot be loaded.
    """
    teachers = load_teachers(settings, data, device)
    objective = GenreObjective(settings, data.features, len(data.genres), teachers)
    return Task(objective, _sampler(settings, data), make_validator(data, torch.device(device)))


def _sampler(settings: TrainingSettings, data: TrainingData) -> Sampler:
    return Sampler(
        data.train,
        data.genres,
        data.features,
        settings.augmentation,
        batch_size=settings.batch_size,
        class_balanced=settings.class_balanced,
        unlabelled=data.unlabelled,
        unlabelled_share=settings.unlabelled_share,
    )


TASKS: dict[str, Callable[[TrainingSettings, TrainingData, str], Task]] = {
    "genres": genre_task,
    "maps": map_task,
}
