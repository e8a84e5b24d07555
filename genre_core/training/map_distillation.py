"""The convolutions of our trunk learn a tagger's maps, by gradient descent and without labels.

The pupil gets the sound as the augmentation changed it, a telephone's for example. The tagger
always gets the sound as it was.

References
----------
Romero et al. (2015): FitNets: Hints for thin deep nets. ICLR. (section 2.2: the maps of a teacher's
    middle layers as the target)
"""

import math

import torch
from torch import Generator, Tensor, nn

from genre_core.config import FeatureSettings
from genre_core.errors import SettingsError
from genre_core.models.crnn_gru import CrnnGru
from genre_core.models.won_taggers import WonTagger
from genre_core.training.augmentation import augment, clip_floor
from genre_core.training.objective import Objective, device_of
from genre_core.training.optimization import autocast
from genre_core.training.sampling import Batch
from genre_core.training.settings import TrainingSettings
from genre_core.training.tagger_features import set_level
from genre_core.training.tagger_start import matched_channels, pairs, some_of

SILENT = 2e-3  # standard deviation of a map that is 0 for all music
LOWER_WEIGHT = 0.5  # of the blocks below the last
MEAN_WEIGHT = 2.0  # of the means over time of the last: genres are told by them


class MapObjective(Objective):
    """The mean square of what our maps leave unexplained of a tagger's, in its deviations.

    Compared are the blocks that learn, but not the first, after pooling.

    Parameters
    ----------
    settings : TrainingSettings
    features : FeatureSettings
        Of the batches.
    tagger : WonTagger
        An fcn, as `load_taggers` gives it.
    frames : float32 (B, n_mels, n_columns), dB
        Sounds by which the tagger's channels are matched with ours.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        features: FeatureSettings,
        tagger: WonTagger,
        frames: Tensor,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._features = features
        self._teacher = (tagger,)  # in a tuple, so that its weights are not trained
        self._part = some_of(frames).clone()  # so that the rest of them is freed
        self._channels: dict[int, list[int]] = {}
        self._scales: dict[int, Tensor] = {}

    def forward(self, model: nn.Module, batch: Batch, generator: Generator) -> tuple[Tensor, float]:
        """Return the mean loss of a batch, and NaN: nothing is correct or false."""
        assert isinstance(model, CrnnGru)
        if not self._channels:
            self._match(model)
        device = device_of(model)
        sound = clip_floor(with_mixtures(batch.log_mel.to(device)), self._features)
        wanted = self._tagger_maps(model, sound)
        changed = augment(sound, self._settings.augmentation, self._features, generator)
        x, last = model.entrance(changed), max(self._channels)
        losses = []
        for index, (learner, _) in enumerate(pairs(model, self._tagger)[: last + 1]):
            with autocast(device, self._settings):
                x = learner(x)
            if index in wanted:
                error = self._error(x.float(), wanted[index], index)
                losses.append(error.square().mean() * (1.0 if index == last else LOWER_WEIGHT))
                if index == last:
                    losses.append(MEAN_WEIGHT * error.mean(dim=3).square().mean())
        return torch.stack(losses).sum(), math.nan

    @property
    def _tagger(self) -> WonTagger:
        return self._teacher[0]

    def _match(self, model: CrnnGru) -> None:
        learners = pairs(model, self._tagger)
        self._channels = {
            index: channels
            for index, channels in matched_channels(model, self._tagger, self._part).items()
            if learners[index][0].conv.weight.requires_grad
        }
        if not self._channels:
            raise SettingsError("The task maps needs a block that learns, beyond the first.")
        maps = self._tagger_maps(model, self._part)
        self._scales = {
            index: each.std(dim=(0, 2, 3))[:, None, None] for index, each in maps.items()
        }

    @torch.no_grad()
    def _tagger_maps(self, model: CrnnGru, sound: Tensor) -> dict[int, Tensor]:
        """Return the tagger's maps, pooled as our blocks pool theirs."""
        x = self._tagger.spec_bn(set_level(sound)[:, None])
        x = x.contiguous(memory_format=torch.channels_last)
        maps = {}
        for index, (learner, block) in enumerate(
            pairs(model, self._tagger)[: max(self._channels) + 1]
        ):
            with autocast(x.device, self._settings):
                x = learner.pool(block.activations(x))
            if index in self._channels:
                maps[index] = x[:, self._channels[index]].float()
        return maps

    def _error(self, given: Tensor, wanted: Tensor, index: int) -> Tensor:
        scale = self._scales[index]
        alive = scale.flatten() > SILENT
        return ((given - wanted) / scale.clamp(min=SILENT))[:, alive]


def with_mixtures(log_mel: Tensor) -> Tensor:
    """Return parts of which the first eighth are each two songs at once."""
    n = len(log_mel) // 8
    both = 10.0 * torch.log10(
        10.0 ** (log_mel[:n] / 10.0) + 10.0 ** (log_mel[len(log_mel) - n :] / 10.0)
    )
    return torch.cat([both, log_mel[n:]])
