"""The training loop: knows nothing of the network, reports by named events.

Beside the checkpoint OUTPUT.safetensors it keeps OUTPUT.csv, a line an epoch, and OUTPUT.state,
from which an interrupted run goes on to the same result as an uninterrupted one.

References
----------
Hinton, Vinyals, Dean (2015): Distilling the knowledge in a neural network. arXiv:1503.02531.
    (teachers: equation 1, and the factor of the squared temperature in section 2)
Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016): Rethinking the inception architecture for computer
    vision. CVPR. Section 7. (label smoothing)
Pascanu, Mikolov, Bengio (2013): On the difficulty of training recurrent neural networks. ICML.
    (gradient clipping)
Wortsman et al. (2022): Robust fine-tuning of zero-shot models. CVPR. (equation 1: `start_share`)
"""

import copy
import csv
import hashlib
import io
import json
import math
import pickle
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from genre_core.checkpoints.checkpoint import CheckpointInfo, save_checkpoint
from genre_core.config import MAX_FRAME_SECONDS, FeatureSettings, FrameSettings
from genre_core.datasets.clips import Clip, best_sources
from genre_core.datasets.feature_cache import HalfArray
from genre_core.errors import DatasetError, ModelError, SettingsError
from genre_core.evaluation.calibration import fit_temperature
from genre_core.models import registry
from genre_core.models.band_extension import BandExtension
from genre_core.models.base import GenreNetwork
from genre_core.models.folding import absorb_statistics
from genre_core.training.augmentation import augment, clip_floor, draw_mixup, mix
from genre_core.training.initialisation import (
    freeze,
    initialise,
    initialise_parts,
    set_training_mode,
)
from genre_core.training.optimization import (
    learning_rate,
    make_optimizer,
    moving_average,
    set_learning_rate,
)
from genre_core.training.sampling import Batch, Sampler
from genre_core.training.settings import TrainingSettings

STATE_VERSION = 1
VALIDATION_BATCH = 16  # frames at once
MIN_TO_EXTEND = 30  # clips of sound, below which missing bands stay as they are
MIN_TO_CALIBRATE = 20  # validation songs, below which the temperature stays 1

Event = Literal["run_start", "step_end", "epoch_end", "stopped", "run_end"]
Listener = Callable[["Trainer"], None]


class Teacher(Protocol):
    """Whatever has an opinion on a batch; see `teachers`."""

    def scores(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return scores float32 (B, n_genres) and bool (B,): where there are any."""


@dataclass(frozen=True)
class EpochMetrics:
    """One line of the CSV. Validation values are NaN where nothing was there to validate on.

    Attributes
    ----------
    epoch : int
        From 1.
    learning_rate : float
        Of the last step.
    train_loss, train_accuracy : float
        Mean over the epoch's examples, augmented as they were.
    valid_loss, valid_accuracy : float
        Over the validation songs, each from its best source.
    valid_audio_accuracy, valid_converted_accuracy : float
        Over all clips of that kind.
    seconds : float
        Time the epoch took.
    """

    epoch: int
    learning_rate: float
    train_loss: float
    train_accuracy: float
    valid_loss: float
    valid_accuracy: float
    valid_audio_accuracy: float
    valid_converted_accuracy: float
    seconds: float


@dataclass(frozen=True)
class TrainingResult:
    """How a run ended.

    Attributes
    ----------
    checkpoint : CheckpointInfo or None
        The best one, as saved; None if the run was stopped before its first epoch ended.
    best : EpochMetrics or None
    history : tuple of EpochMetrics
    interrupted : bool
        Stopped before the end; a resumed run goes on from there.
    """

    checkpoint: CheckpointInfo | None
    best: EpochMetrics | None
    history: tuple[EpochMetrics, ...]
    interrupted: bool


class Trainer:
    """Trains one network on log-mel clips.

    Parameters
    ----------
    settings : TrainingSettings
    genres : sequence of str
        Outputs of the network, in order.
    train, valid : mapping of Clip to float16 (n_mels, n_columns), dB
        Whole clips from `feature_cache`. `valid` may be empty: the last epoch is then the best.
    output : Path
        Checkpoint to write.
    features : FeatureSettings
        Of the clips.
    name : str, optional
        Of the trained network; the stem of `output` by default.
    teachers : sequence of Teacher
    record : mapping, optional
        More for the checkpoint's training record, e.g. data set and split.
    device : str
        As torch names it.

    Attributes
    ----------
    history : list of EpochMetrics
    epoch, step, n_steps : int
        Epochs done, steps done in this epoch, steps in an epoch.
    running_loss, running_accuracy : float
        Mean over this epoch's examples so far.
    initialised : tuple of str
        Blocks whose weights came from `settings.init`.

    Raises
    ------
    DatasetError, ModelError, SettingsError
        If the data, the initial weights or the settings do not fit together.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        genres: Sequence[str],
        train: Mapping[Clip, HalfArray],
        valid: Mapping[Clip, HalfArray],
        output: str | Path,
        *,
        features: FeatureSettings = FeatureSettings(),  # noqa: B008 - frozen
        name: str | None = None,
        teachers: Sequence[Teacher] = (),
        record: Mapping[str, Any] | None = None,
        device: str = "cpu",
    ) -> None:
        self.settings = settings
        self.genres = tuple(genres)
        self.features = features
        self.output = Path(output)
        self.name = name or self.output.stem
        self.device = torch.device(device)
        self._teachers = tuple(teachers)
        self._record = dict(record or {})
        self._listeners: dict[str, list[Listener]] = {}
        self._stop_requested = False

        _seed_everything(settings.seed)
        self._generator = Generator().manual_seed(settings.seed)
        self._sampler = Sampler(
            train,
            genres,
            features,
            settings.augmentation,
            batch_size=settings.batch_size,
            class_balanced=settings.class_balanced,
            kind_weights=settings.kind_weights,
        )
        self._valid = middle_frames(valid, features)
        self._fingerprint = _fingerprint(train, valid, genres)
        self.model, self.initialised = _build(settings, len(genres))
        if self.model.n_mels != features.n_mels:
            raise SettingsError(
                f"{settings.model} takes {self.model.n_mels} mel bands, the features have "
                f"{features.n_mels}: set the hyperparameter n_mels, or other features."
            )
        fit_band_extensions(self.model, train, features)
        self.model.to(self.device)
        # Convolutions and their gradients are several times faster so on a CPU.
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._start = copy.deepcopy(_floats(self.model)) if settings.start_share > 0 else {}
        self._optimizer = make_optimizer(self.model, settings)
        self._average = (
            moving_average(self.model, settings.ema_decay) if settings.ema_decay > 0 else None
        )

        self.n_steps = settings.batches_per_epoch or math.ceil(
            self._sampler.n_songs / settings.batch_size
        )
        self.epoch = 0
        self.step = 0
        self.history: list[EpochMetrics] = []
        self._loss_sum = 0.0
        self._correct = 0.0
        self._seconds = 0.0  # of this epoch, before an interruption
        self._best: EpochMetrics | None = None
        self._best_weights: dict[str, Tensor] = {}
        self._best_temperature = 1.0

    def on(self, event: Event, listener: Listener) -> None:
        """Call `listener(trainer)` at every `event`."""
        self._listeners.setdefault(event, []).append(listener)

    def stop(self) -> None:
        """Ask the run to stop after the present step, its state saved."""
        self._stop_requested = True

    @property
    def running_loss(self) -> float:
        """Mean loss over this epoch's examples so far."""
        return self._loss_sum / max(1, self.step)

    @property
    def running_accuracy(self) -> float:
        """Share of this epoch's examples so far that were named rightly."""
        return self._correct / max(1, self.step * self.settings.batch_size)

    @property
    def learnt(self) -> nn.Module:
        """The network as it would be saved now.

        The moving average where one is kept, drawn towards the start where the settings say so.
        """
        learnt = self.model if self._average is None else self._average.module
        if not self._start:
            return learnt
        mixed = copy.deepcopy(learnt)
        for name, value in _floats(mixed).items():
            # the dict shares memory with the network
            value.lerp_(self._start[name], self.settings.start_share)
        return mixed

    @property
    def state_path(self) -> Path:
        """File from which an interrupted run goes on."""
        return self.output.with_suffix(".state")

    @property
    def metrics_path(self) -> Path:
        """CSV file with a line an epoch."""
        return self.output.with_suffix(".csv")

    def run(self, *, resume: bool = False) -> TrainingResult:
        """Train to the end, or until `stop` is called.

        Parameters
        ----------
        resume : bool
            Go on from the saved state, if there is one.

        Returns
        -------
        TrainingResult

        Raises
        ------
        ModelError
            If the loss is no longer a number, or the saved state is damaged.
        SettingsError
            If the saved state belongs to other settings or data.
        """
        if resume and self.state_path.exists():
            self._load_state()
        self._emit("run_start")
        while self.epoch < self.settings.epochs:
            if not self._run_epoch():
                self._save_state()
                self._emit("stopped")
                return TrainingResult(None, self._best, tuple(self.history), interrupted=True)
        info = self._save_best()
        self._emit("run_end")
        return TrainingResult(info, self._best, tuple(self.history), interrupted=False)

    def _run_epoch(self) -> bool:
        """Do the rest of this epoch; return whether it was finished."""
        settings = self.settings
        started = time.monotonic()
        set_training_mode(
            self.model, settings.freeze, frozen_batch_norm=settings.batch_norm == "frozen"
        )
        rate = 0.0
        while self.step < self.n_steps:
            if self._stop_requested:
                self._seconds += time.monotonic() - started
                return False
            done = self.epoch * self.n_steps + self.step
            rate = learning_rate(done, settings.epochs * self.n_steps, settings)
            set_learning_rate(self._optimizer, rate)
            loss, correct = self._train_step()
            self._loss_sum += loss
            self._correct += correct
            self.step += 1
            self._emit("step_end")
        metrics = self._validate(rate, self._seconds + time.monotonic() - started)
        self.history.append(metrics)
        self.epoch += 1
        self.step, self._loss_sum, self._correct, self._seconds = 0, 0.0, 0.0, 0.0
        self._save_state()
        _write(self.metrics_path, _table(self.history).encode())
        self._emit("epoch_end")
        return True

    def _train_step(self) -> tuple[float, float]:
        """Learn from one batch; return its mean loss and how many it named rightly."""
        settings = self.settings
        batch = self._sampler.draw(self._generator)
        clean = batch.log_mel.to(self.device)
        log_mel = augment(
            clean, batch.is_sound, settings.augmentation, self.features, self._generator
        )
        labels = batch.labels.to(self.device)
        targets = F.one_hot(labels, len(self.genres)).float()
        taught, weight = self._ask_teachers(batch, clean, targets)
        smoothing = settings.label_smoothing
        targets = targets * (1 - smoothing) + smoothing / len(self.genres)
        if settings.augmentation.mixup_alpha > 0:
            partner, share = draw_mixup(
                len(labels), settings.augmentation.mixup_alpha, self._generator
            )
            in_power = settings.augmentation.mixup_in_power
            partner = partner.to(self.device)
            log_mel = clip_floor(mix(log_mel, partner, share, in_power=in_power), self.features)
            targets, taught, weight = (mix(x, partner, share) for x in (targets, taught, weight))
        with self._autocast():
            logits = self.model(log_mel).float()
        loss = _loss(logits, targets, taught, weight, settings.teacher_temperature)
        if not torch.isfinite(loss):
            raise ModelError(
                f"The loss is no longer a number in epoch {self.epoch + 1}: lower the learning "
                "rate or clip the gradients."
            )
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if settings.gradient_clip > 0:
            nn.utils.clip_grad_norm_(self.model.parameters(), settings.gradient_clip)
        self._optimizer.step()
        if self._average is not None:
            self._average.update_parameters(self.model)
        return loss.item(), float((logits.argmax(dim=1) == labels).sum().item())

    def _autocast(self) -> torch.autocast:
        """Compute what tolerates it in the precision that the settings name."""
        enabled = self.settings.precision == "bfloat16"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=enabled)

    def _ask_teachers(self, batch: Batch, clean: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Return what the teachers say (B, n_genres) and how much that counts (B,)."""
        settings = self.settings
        if not self._teachers or settings.teacher_weight == 0:
            return targets, targets.new_zeros(len(targets))
        asked = torch.tensor([clip.kind in settings.teacher_kinds for clip in batch.clips])
        if not asked.any():
            return targets, targets.new_zeros(len(targets))
        heard = Batch(
            clean[asked.to(self.device)],
            batch.labels[asked],
            batch.is_sound[asked],
            tuple(clip for clip, ask in zip(batch.clips, asked.tolist(), strict=True) if ask),
        )
        total = torch.zeros_like(targets)
        count = targets.new_zeros(len(targets))
        where = asked.nonzero()[:, 0].to(self.device)
        for teacher in self._teachers:
            with self._autocast():
                scores, known = teacher.scores(heard)
            if settings.teacher_must_agree:
                known = known & (scores.argmax(dim=1).cpu() == heard.labels)
            scores, known = scores.float().to(self.device), known.to(self.device).float()
            total.index_add_(0, where, scores * known[:, None])
            count.index_add_(0, where, known)
        use = count > 0
        taught = torch.where(use[:, None], total / count.clamp(min=1)[:, None], targets)
        softened = (taught.clamp(min=1e-6).log() / settings.teacher_temperature).softmax(dim=1)
        return softened, use.float() * settings.teacher_weight

    def _validate(self, rate: float, train_seconds: float) -> EpochMetrics:
        """Measure the averaged weights, and keep them if they are the best so far."""
        started = time.monotonic()
        model = self.learnt.eval()
        nan = math.nan
        loss, accuracy, by_kind = nan, nan, {}
        logits = np.empty((0, len(self.genres)), dtype=np.float32)
        labels = np.empty(0, dtype=np.int64)
        if self._valid:
            clips = list(self._valid)
            every_logit = predict(model, [self._valid[clip] for clip in clips], self.device)
            every_label = np.array([self.genres.index(clip.label) for clip in clips])
            right = every_logit.argmax(axis=1) == every_label
            position = {clip: index for index, clip in enumerate(clips)}
            best = [position[clip] for clip in best_sources(clips)]
            logits, labels = every_logit[best], every_label[best]
            loss = float(F.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels)))
            accuracy = float(right[best].mean())
            for kind in {clip.kind for clip in clips}:
                by_kind[kind] = float(right[[clip.kind == kind for clip in clips]].mean())
        metrics = EpochMetrics(
            epoch=self.epoch + 1,
            learning_rate=rate,
            train_loss=self.running_loss,
            train_accuracy=self.running_accuracy,
            valid_loss=loss,
            valid_accuracy=accuracy,
            valid_audio_accuracy=by_kind.get("audio", nan),
            valid_converted_accuracy=by_kind.get("converted", nan),
            seconds=train_seconds + time.monotonic() - started,
        )
        if self._best is None or self._merit(metrics) > self._merit(self._best):
            self._best = metrics
            state = model.state_dict()
            self._best_weights = {key: value.detach().cpu().clone() for key, value in state.items()}
            enough = len(labels) >= MIN_TO_CALIBRATE
            self._best_temperature = fit_temperature(logits, labels) if enough else 1.0
            self._save_best()
        return metrics

    def _merit(self, metrics: EpochMetrics) -> tuple[float, ...]:
        """Return what is to be highest."""
        select_by = self.settings.select_by
        if select_by == "last" or not self._valid:
            return (metrics.epoch,)
        if select_by == "loss":
            return (-metrics.valid_loss,)
        if select_by == "kinds":
            kinds = np.array([metrics.valid_audio_accuracy, metrics.valid_converted_accuracy])
            return float(np.nanmean(kinds)), -metrics.valid_loss
        return metrics.valid_accuracy, -metrics.valid_loss

    def _save_best(self) -> CheckpointInfo:
        best = self._best
        assert best is not None
        model = registry.build(
            self.settings.model, len(self.genres), **dict(self.settings.hyperparameters)
        )
        model.load_state_dict(self._best_weights)
        if self.settings.batch_norm == "frozen":
            absorb_statistics(model)  # what is saved has been learnt, all of it
        # Nothing of the hour or the machine, so that the same run gives the same file.
        record = {
            **self._record,
            "settings": self.settings.record(),
            "data_sha256": self._fingerprint,
            "initialised_blocks": list(self.initialised),
            "best_epoch": best.epoch,
            "valid_accuracy": _or_none(best.valid_accuracy),
            "valid_audio_accuracy": _or_none(best.valid_audio_accuracy),
            "valid_converted_accuracy": _or_none(best.valid_converted_accuracy),
            "valid_loss": _or_none(best.valid_loss),
        }
        return save_checkpoint(
            self.output,
            model,
            name=self.name,
            genres=self.genres,
            features=self.features,
            frames=FrameSettings(),
            temperature=self._best_temperature,
            training=record,
        )

    def _emit(self, event: Event) -> None:
        for listener in self._listeners.get(event, ()):
            listener(self)

    def _save_state(self) -> None:
        state = {
            "version": STATE_VERSION,
            "settings": self._settings_text(),
            "data": self._fingerprint,
            "model": self.model.state_dict(),
            "average": None if self._average is None else self._average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "generator": self._generator.get_state(),
            "random": _random_states(),
            "epoch": self.epoch,
            "step": self.step,
            "loss_sum": self._loss_sum,
            "correct": self._correct,
            "seconds": self._seconds,
            "history": [vars(metrics) for metrics in self.history],
            "best": None if self._best is None else vars(self._best),
            "best_weights": self._best_weights,
            "best_temperature": self._best_temperature,
        }
        buffer = io.BytesIO()
        torch.save(state, buffer)
        _write(self.state_path, buffer.getvalue())

    def _load_state(self) -> None:
        path = self.state_path
        try:
            # weights_only: a state file can hold numbers, but run nothing.
            state = torch.load(path, map_location="cpu", weights_only=True)
            version = state["version"]
        except (
            OSError,
            RuntimeError,
            EOFError,
            KeyError,
            TypeError,
            pickle.UnpicklingError,
        ) as error:
            raise ModelError(
                f"{path}: not a saved training state; delete it to start anew."
            ) from error
        if version != STATE_VERSION:
            raise ModelError(f"{path}: of another version; delete it to start anew.")
        if state["settings"] != self._settings_text() or state["data"] != self._fingerprint:
            raise SettingsError(
                f"{path}: saved by a run with other settings or data: give the same ones to go "
                "on, or leave out --resume to start anew."
            )
        self.model.load_state_dict(state["model"])
        if self._average is not None:
            self._average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._generator.set_state(state["generator"])
        self.epoch, self.step = state["epoch"], state["step"]
        self._loss_sum, self._correct = state["loss_sum"], state["correct"]
        self._seconds = state["seconds"]
        self.history = [EpochMetrics(**metrics) for metrics in state["history"]]
        self._best = EpochMetrics(**state["best"]) if state["best"] else None
        self._best_weights = state["best_weights"]
        self._best_temperature = state["best_temperature"]
        _restore_random_states(state["random"])

    def _settings_text(self) -> str:
        return json.dumps(self.settings.record(), sort_keys=True)


def _build(settings: TrainingSettings, n_genres: int) -> tuple[GenreNetwork, tuple[str, ...]]:
    """Return the network with its first weights, and the blocks that came from a file."""
    try:
        model = registry.build(settings.model, n_genres, **dict(settings.hyperparameters))
    except ValueError as error:
        raise SettingsError(f"The network cannot be built: {error}.") from error
    initialised = () if settings.init == "random" else initialise(model, settings.init)
    initialised += initialise_parts(model, settings.init_parts)
    freeze(model, settings.freeze)
    return model, initialised


def fit_band_extensions(
    model: nn.Module, clips: Mapping[Clip, HalfArray], features: FeatureSettings
) -> None:
    """Let each `BandExtension` in `model` learn what is usual from the clips of real sound."""
    modules = [module for module in model.modules() if isinstance(module, BandExtension)]
    sound = [log_mel for clip, log_mel in clips.items() if clip.kind == "audio"]
    if not modules or len(sound) < MIN_TO_EXTEND:
        return
    levels, movements = [], []
    for half in sound:  # one at a time: memory stays small
        log_mel = clip_floor(torch.from_numpy(half).float(), features)
        levels.append(log_mel.mean(dim=1))
        movements.append(log_mel.std(dim=1))
    for module in modules:
        module.fit(torch.stack(levels), torch.stack(movements))


def _floats(model: nn.Module) -> dict[str, Tensor]:
    """Return the weights and statistics of `model` by name, without its counters."""
    return {name: value for name, value in model.state_dict().items() if value.is_floating_point()}


def _loss(
    logits: Tensor, targets: Tensor, taught: Tensor, weight: Tensor, temperature: float
) -> Tensor:
    """Return the mean of cross-entropy with the labels and divergence from the teachers."""
    hard = -(targets * logits.log_softmax(dim=1)).sum(dim=1)
    if not weight.any():
        return hard.mean()
    softened = (logits / temperature).log_softmax(dim=1)
    soft = F.kl_div(softened, taught, reduction="none").sum(dim=1) * temperature**2
    return ((1 - weight) * hard + weight * soft).mean()


def middle(log_mel: HalfArray, n_columns: int) -> Tensor:
    """Return the middle `n_columns` of a clip, float32 (n_mels, n), or all where it has fewer."""
    start = max(0, log_mel.shape[1] - n_columns) // 2
    return torch.from_numpy(log_mel[:, start : start + n_columns]).float()


def middle_frames(
    clips: Mapping[Clip, HalfArray], features: FeatureSettings
) -> dict[Clip, HalfArray]:
    """Return the middle of each clip: 29.12 s, or all of it where it is shorter.

    Short sound is left out: a network may need more than its 2 s.
    """
    n_columns = features.n_columns(round(MAX_FRAME_SECONDS * features.sample_rate))
    frames = {}
    for clip, log_mel in clips.items():
        if clip.kind != "short_audio":
            frame = middle(log_mel, n_columns)[None]
            frames[clip] = clip_floor(frame, features)[0].numpy().astype(np.float16)
    if clips and not frames:
        raise DatasetError("The validation list has only short clips: give it whole ones.")
    return frames


def predict(
    model: nn.Module, frames: Sequence[HalfArray], device: torch.device
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return logits float32 (n, n_genres); frames of equal length go through together.

    Parameters
    ----------
    model : nn.Module
        In eval mode, on `device`.
    frames : sequence of float16 (n_mels, n_columns), dB
    device : torch.device
    """
    by_length: dict[int, list[int]] = {}
    for index, frame in enumerate(frames):
        by_length.setdefault(frame.shape[1], []).append(index)
    logits: dict[int, np.ndarray[Any, np.dtype[np.float32]]] = {}
    with torch.inference_mode():
        for indices in by_length.values():
            for start in range(0, len(indices), VALIDATION_BATCH):
                some = indices[start : start + VALIDATION_BATCH]
                log_mel = torch.from_numpy(np.stack([frames[index] for index in some]))
                output = model(log_mel.float().to(device)).cpu().numpy()
                logits.update(zip(some, output, strict=True))
    return np.stack([logits[index] for index in range(len(frames))])


def _fingerprint(
    train: Mapping[Clip, HalfArray], valid: Mapping[Clip, HalfArray], genres: Sequence[str]
) -> str:
    """Return a hash of what is learnt from: names, labels and sums of the features."""
    digest = hashlib.sha256(json.dumps(list(genres)).encode())
    for clips in (train, valid):
        for clip in sorted(clips, key=lambda clip: (clip.clip_id, clip.kind)):
            total = float(clips[clip].sum(dtype=np.float64))
            digest.update(json.dumps([clip.clip_id, clip.kind, clip.label, total]).encode())
        digest.update(b"|")
    return digest.hexdigest()


def _seed_everything(seed: int) -> None:
    """Seed the global generators: torch's draws the dropout, others may be used by a network."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - the global one is what is meant
    torch.manual_seed(seed)


def _random_states() -> dict[str, Any]:
    name, keys, position, has_gauss, gauss = np.random.get_state()  # noqa: NPY002
    return {
        "python": random.getstate(),
        "numpy": (
            str(name),
            np.asarray(keys).tolist(),
            int(position),
            int(has_gauss),
            float(gauss),
        ),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }


def _restore_random_states(states: Mapping[str, Any]) -> None:
    random.setstate(states["python"])
    np.random.set_state(states["numpy"])  # noqa: NPY002
    torch.set_rng_state(states["torch"])
    if states["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(states["cuda"])


def _table(history: Sequence[EpochMetrics]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, EpochMetrics.__dataclass_fields__, lineterminator="\n")
    writer.writeheader()
    for metrics in history:
        writer.writerow({key: f"{value:.6g}" for key, value in vars(metrics).items()})
    return text.getvalue()


def _or_none(value: float) -> float | None:
    """Return `value` for JSON, which has no NaN."""
    return None if math.isnan(value) else value


def _write(path: Path, data: bytes) -> None:
    """Write in one step: whoever looks sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    partial.replace(path)
