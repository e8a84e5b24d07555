"""What a stage of a training teaches: an objective, the batches for it, and its validation."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from genre_core.training.data import TrainingData
from genre_core.training.distillation import load_teachers
from genre_core.training.objective import GenreObjective, Objective
from genre_core.training.sampling import Batches, Sampler
from genre_core.training.settings import TrainingSettings
from genre_core.training.validation import Validator, make_validator


@dataclass(frozen=True, eq=False)
class Task:
    """One thing that `Trainer` can train for; without validation the last epoch is the best."""

    objective: Objective
    batches: Batches
    validate: Validator | None = None


def genre_task(settings: TrainingSettings, data: TrainingData, device: str) -> Task:
    """Return the task of naming genres, by labels and teachers.

    Raises
    ------
    GenreError
        If a genre has no clip, or a teacher cannot be loaded.
    """
    batches = Sampler(
        data.train,
        data.genres,
        data.features,
        settings.augmentation,
        batch_size=settings.batch_size,
        class_balanced=settings.class_balanced,
        unlabelled=data.unlabelled,
        unlabelled_share=settings.unlabelled_share,
    )
    teachers = load_teachers(settings, data, device)
    objective = GenreObjective(settings, data.features, len(data.genres), teachers)
    return Task(objective, batches, make_validator(data, torch.device(device)))


TASKS: dict[str, Callable[[TrainingSettings, TrainingData, str], Task]] = {"genres": genre_task}
