"""What a network is taught in one step: the loss of a batch.

References
----------
Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016): Rethinking the inception architecture for computer
    vision. CVPR. Section 7. (label smoothing)
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from genre_core.config import FeatureSettings
from genre_core.training.augmentation import augment, clip_floor
from genre_core.training.distillation import Teacher, distillation_loss, teacher_targets
from genre_core.training.mixup import draw_mixup, mix
from genre_core.training.optimization import autocast
from genre_core.training.sampling import UNLABELLED, Batch
from genre_core.training.settings import TrainingSettings


class Objective(nn.Module):
    """Turns a batch into a loss.

    Weights of its own (such as a projection onto a teacher's feature maps) are trained along with
    the network's and are not part of the checkpoint.
    """

    def forward(self, model: nn.Module, batch: Batch, generator: Generator) -> tuple[Tensor, float]:
        """Return the mean loss of a batch, and how many of its examples are correct.

        Parameters
        ----------
        model : nn.Module
            In training mode. Its device is where the work is done.
        batch : Batch
            On the CPU.
        generator : Generator
            Source of every random number.
        """
        raise NotImplementedError


class GenreObjective(Objective):
    """Cross-entropy with the labels and divergence from teachers, on augmented examples.

    Parameters
    ----------
    settings : TrainingSettings
    features : FeatureSettings
        Of the batches.
    n_genres : int
    teachers : sequence of Teacher
    """

    def __init__(
        self,
        settings: TrainingSettings,
        features: FeatureSettings,
        n_genres: int,
        teachers: Sequence[Teacher] = (),
    ) -> None:
        super().__init__()
        self._settings = settings
        self._features = features
        self._n_genres = n_genres
        self._teachers = tuple(teachers)

    def forward(self, model: nn.Module, batch: Batch, generator: Generator) -> tuple[Tensor, float]:
        """Return the mean loss of a batch, and how many labels the network names."""
        settings, augmentation = self._settings, self._settings.augmentation
        device = device_of(model)
        clean = batch.log_mel.to(device)
        log_mel = augment(clean, augmentation, self._features, generator)
        labels = batch.labels.to(device)
        known = (labels != UNLABELLED).float()[:, None]
        one_hot = F.one_hot(labels.clamp(min=0), self._n_genres).float() * known
        taught, weight = teacher_targets(self._teachers, batch, clean, one_hot, settings)
        weight = torch.where((labels == UNLABELLED) & (weight > 0), torch.ones_like(weight), weight)
        smoothing = settings.label_smoothing
        targets = one_hot * (1 - smoothing) + known * smoothing / self._n_genres
        if augmentation.mixup_alpha > 0:
            partner, share = draw_mixup(len(labels), augmentation.mixup_alpha, generator)
            partner = partner.to(device)
            log_mel = clip_floor(mix(log_mel, partner, share), self._features)
            targets, taught, weight = (mix(x, partner, share) for x in (targets, taught, weight))
        with autocast(device, settings):
            logits = model(log_mel).float()
        loss = distillation_loss(logits, targets, taught, weight, settings.teacher_temperature)
        correct = (logits.argmax(dim=1) == labels).float() / known.mean().clamp(min=1e-6)
        return loss, correct.sum().item()


def device_of(model: nn.Module) -> torch.device:
    """Return the device of a network's weights."""
    return next(model.parameters()).device
