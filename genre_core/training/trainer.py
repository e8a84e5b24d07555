"""The training loop: any network, any objective; it knows no file and reports by named events.

References
----------
Pascanu, Mikolov, Bengio (2013): On the difficulty of training recurrent neural networks. ICML.
    (gradient clipping)
Wortsman et al. (2022): Robust fine-tuning of zero-shot models. CVPR. (equation 1: `start_share`)
"""

import copy
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal

import torch
from torch import Generator, Tensor, nn

from genre_core.errors import ModelError
from genre_core.models.base import GenreNetwork
from genre_core.training.initialisation import freeze, set_training_mode
from genre_core.training.objective import Objective
from genre_core.training.optimization import (
    learning_rate,
    make_optimizer,
    moving_average,
    set_learning_rate,
)
from genre_core.training.sampling import Batches
from genre_core.training.settings import TrainingSettings
from genre_core.training.validation import EpochMetrics, Validation, Validator

Event = Literal["step_end", "epoch_end", "stopped"]
Listener = Callable[["Trainer"], None]


class Trainer:
    """Trains one network.

    Raises SettingsError if the settings name blocks that the network does not have, or freeze all
    of it.

    Parameters
    ----------
    model : with its first weights; trained in place
    validate : without it the last epoch is the best one
    device : as torch names it

    Attributes
    ----------
    history : of the epochs that are done
    epoch, step, n_steps : epochs done, steps done in this epoch, steps in an epoch
    best, best_weights, best_temperature : of the best epoch so far
    """

    def __init__(
        self,
        model: GenreNetwork,
        objective: Objective,
        batches: Batches,
        settings: TrainingSettings,
        *,
        validate: Validator | None = None,
        device: str = "cpu",
    ) -> None:
        self.settings = settings
        self.model = model.to(device)
        # On a CPU, this layout makes convolutions and their gradients several times faster.
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._objective = objective.to(device)
        self._batches = batches
        self._validate = validate
        self._generator = Generator().manual_seed(settings.seed)
        freeze(model, settings.freeze)
        self._start = copy.deepcopy(_floats(model)) if settings.start_share > 0 else {}
        self._optimizer = make_optimizer(model, settings, objective.parameters())
        self._average = (
            moving_average(model, settings.ema_decay) if settings.ema_decay > 0 else None
        )
        self._listeners: dict[str, list[Listener]] = {}
        self._stop_requested = False

        self.n_steps = settings.batches_per_epoch or batches.n_batches
        self.epoch = 0
        self.step = 0
        self.history: list[EpochMetrics] = []
        self._loss_sum = 0.0
        self._n_correct = 0.0
        self._seconds = 0.0  # of this epoch, before an interruption
        self.best: EpochMetrics | None = None
        self.best_weights: dict[str, Tensor] = {}
        self.best_temperature = 1.0

    def on(self, event: Event, listener: Listener) -> None:
        """Call `listener(trainer)` at every `event`."""
        self._listeners.setdefault(event, []).append(listener)

    def stop(self) -> None:
        """Ask the run to stop after the present step."""
        self._stop_requested = True

    @property
    def running_loss(self) -> float:
        """Mean loss over this epoch's examples so far."""
        return self._loss_sum / max(1, self.step)

    @property
    def running_accuracy(self) -> float:
        """Share of this epoch's examples so far that are correct."""
        return self._n_correct / max(1, self.step * self.settings.batch_size)

    @property
    def model_to_save(self) -> nn.Module:
        """The network as it would be saved now.

        The moving average where there is one, drawn towards the start where the settings say so.
        """
        average = self.model if self._average is None else self._average.module
        if not self._start:
            return average
        mixed = copy.deepcopy(average)
        for name, value in _floats(mixed).items():
            # the dict shares memory with the network
            value.lerp_(self._start[name], self.settings.start_share)
        return mixed

    def run(self) -> bool:
        """Train to the end, or until `stop` is called; return whether the end was reached.

        Raises ModelError if the loss is no longer a number.
        """
        while self.epoch < self.settings.epochs:
            if not self._run_epoch():
                self._emit("stopped")
                return False
        return True

    def state_dict(self) -> dict[str, Any]:
        """Return the whole state of the run except the global random generators."""
        return {
            "model": self.model.state_dict(),
            "objective": self._objective.state_dict(),
            "average": None if self._average is None else self._average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "generator": self._generator.get_state(),
            "epoch": self.epoch,
            "step": self.step,
            "loss_sum": self._loss_sum,
            "n_correct": self._n_correct,
            "seconds": self._seconds,
            "history": [vars(metrics) for metrics in self.history],
            "best": None if self.best is None else vars(self.best),
            "best_weights": self.best_weights,
            "best_temperature": self.best_temperature,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` returned."""
        self.model.load_state_dict(state["model"])
        self._objective.load_state_dict(state["objective"])
        if self._average is not None:
            self._average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._generator.set_state(state["generator"])
        self.epoch, self.step = state["epoch"], state["step"]
        self._loss_sum, self._n_correct = state["loss_sum"], state["n_correct"]
        self._seconds = state["seconds"]
        self.history = [EpochMetrics(**metrics) for metrics in state["history"]]
        self.best = EpochMetrics(**state["best"]) if state["best"] else None
        self.best_weights = state["best_weights"]
        self.best_temperature = state["best_temperature"]

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
            n_done = self.epoch * self.n_steps + self.step
            rate = learning_rate(n_done, settings.epochs * self.n_steps, settings)
            set_learning_rate(self._optimizer, rate)
            loss, n_correct = self._train_step()
            self._loss_sum += loss
            self._n_correct += n_correct
            self.step += 1
            self._emit("step_end")
        self._end_epoch(rate, self._seconds + time.monotonic() - started)
        self._emit("epoch_end")
        return True

    def _train_step(self) -> tuple[float, float]:
        """Learn from one batch; return its mean loss and how many examples are correct."""
        batch = self._batches.draw(self._generator)
        loss, n_correct = self._objective(self.model, batch, self._generator)
        if not torch.isfinite(loss):
            raise ModelError(
                f"The loss is no longer a number in epoch {self.epoch + 1}: lower the learning "
                "rate or clip the gradients."
            )
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.settings.gradient_clip > 0:
            parameters = [*self.model.parameters(), *self._objective.parameters()]
            nn.utils.clip_grad_norm_(parameters, self.settings.gradient_clip)
        self._optimizer.step()
        if self._average is not None:
            self._average.update_parameters(self.model)
        return loss.item(), n_correct

    def _end_epoch(self, rate: float, train_seconds: float) -> None:
        """Validate the network as it would be saved, and note it if it is the best so far."""
        started = time.monotonic()
        model = self.model_to_save.eval()
        validation = self._validate(model) if self._validate else Validation()
        metrics = EpochMetrics(
            epoch=self.epoch + 1,
            learning_rate=rate,
            train_loss=self.running_loss,
            train_accuracy=self.running_accuracy,
            valid_loss=validation.loss,
            valid_accuracy=validation.accuracy,
            seconds=train_seconds + time.monotonic() - started,
        )
        if self.best is None or self._merit(metrics) > self._merit(self.best):
            self.best = metrics
            state = model.state_dict()
            self.best_weights = {key: value.detach().cpu().clone() for key, value in state.items()}
            self.best_temperature = validation.temperature
        self.history.append(metrics)
        self.epoch += 1
        self.step, self._loss_sum, self._n_correct, self._seconds = 0, 0.0, 0.0, 0.0

    def _merit(self, metrics: EpochMetrics) -> tuple[float, ...]:
        """Return the sort key of the best epoch."""
        if self.settings.select_by == "last" or self._validate is None:
            return (metrics.epoch,)
        return metrics.valid_accuracy, -metrics.valid_loss

    def _emit(self, event: Event) -> None:
        for listener in self._listeners.get(event, ()):
            listener(self)


def _floats(model: nn.Module) -> dict[str, Tensor]:
    """Return the weights and statistics of `model` by name, without its counters."""
    return {name: value for name, value in model.state_dict().items() if value.is_floating_point()}
