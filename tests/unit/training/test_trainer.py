from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from genre_core.errors import ModelError, SettingsError
from genre_core.training.objective import Objective
from genre_core.training.sampling import Batch
from genre_core.training.trainer import Trainer
from tests.unit.training.builders import (
    PLAIN,
    SETTINGS,
    fit_made,
    made_clips,
    made_trainer,
    tensors_of,
)


def test_products_in_bfloat16_learn_weights_in_float32() -> None:
    settings = replace(SETTINGS, augmentation=PLAIN, epochs=12, precision="bfloat16")
    trainer = made_trainer(settings, valid=made_clips())
    assert trainer.run()
    assert trainer.history[-1].valid_loss < 0.5 * trainer.history[0].valid_loss
    assert all(tensor.dtype != torch.bfloat16 for tensor in trainer.model.state_dict().values())
    plain = made_trainer(replace(settings, precision="float32"))
    plain.run()
    assert plain.history[0].train_loss != trainer.history[0].train_loss


@pytest.mark.parametrize("block", ["input", "conv1", "recurrent"])
def test_frozen_block_does_not_move(block: str) -> None:
    settings = replace(SETTINGS, freeze=(block,), ema_decay=0.0, select_by="last")
    trainer = made_trainer(settings)
    before = {name: tensor.clone() for name, tensor in trainer.model.state_dict().items()}
    inside = {
        id(tensor)
        for module in trainer.model.blocks[block]
        for tensor in module.state_dict(keep_vars=True).values()
    }
    frozen = {
        name
        for name, tensor in trainer.model.state_dict(keep_vars=True).items()
        if id(tensor) in inside
    }
    trainer.run()
    after = trainer.best_weights
    assert frozen
    for name in frozen:
        assert torch.equal(before[name], after[name]), name
    assert not torch.equal(before["classifier.weight"], after["classifier.weight"])
    if block != "conv1":  # what is not frozen keeps learning its statistics
        name = "convolutions.conv1.norm.running_mean"
        assert not torch.equal(before[name], after[name])


def test_frozen_batch_norm_keeps_statistics_but_learns_its_scale(tmp_path: Path) -> None:
    settings = replace(SETTINGS, batch_norm="frozen", ema_decay=0.0, select_by="last")
    trainer = made_trainer(settings)
    before = {name: tensor.clone() for name, tensor in trainer.model.state_dict().items()}
    trainer.run()
    after = trainer.model.state_dict()
    statistics = [name for name in before if "running" in name]
    assert statistics
    for name in statistics:
        assert torch.equal(before[name], after[name]), name
    name = "convolutions.conv1.norm.weight"
    assert not torch.equal(before[name], after[name])
    # the checkpoint holds them within scale and shift
    saved = fit_made(tmp_path / "model.safetensors", settings).model.state_dict()
    assert all((saved[name] == 0).all() for name in statistics if name.endswith("mean"))


def test_unknown_block_to_freeze() -> None:
    with pytest.raises(SettingsError, match="conv9"):
        made_trainer(replace(SETTINGS, freeze=("conv9",)))


def test_diverging_run_says_so() -> None:
    trainer = made_trainer()
    with torch.no_grad():
        trainer.model.classifier.weight.fill_(float("nan"))
    with pytest.raises(ModelError, match="no longer a number"):
        trainer.run()


class Recall(Objective):
    """Learns one number by heart, with a weight of its own that multiplies it."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.zeros(()))

    def forward(
        self, model: nn.Module, batch: Batch, generator: torch.Generator
    ) -> tuple[Tensor, float]:
        return (model(batch.log_mel).mean() - 1 + self.scale).square(), 0.0


def test_an_objective_of_its_own_learns_along_and_is_resumed() -> None:
    settings = replace(SETTINGS, epochs=2, learning_rate=1e-2)

    def trainer(objective: Objective) -> Trainer:
        made = made_trainer(settings)
        return Trainer(made.model, objective, made._batches, settings)

    objective = Recall()
    first = trainer(objective)
    assert first.run()
    assert objective.scale.item() != 0
    assert first.history[1].train_loss < first.history[0].train_loss
    assert first.best == first.history[-1]  # nothing validates it
    again = Recall()
    trainer(again).load_state_dict(first.state_dict())
    assert again.scale.item() == objective.scale.item()


def test_saved_weights_lie_between_the_start_and_the_learnt_ones(tmp_path: Path) -> None:
    settings = replace(SETTINGS, batch_norm="frozen", select_by="last")
    frozen = replace(settings, learning_rate=1e-12)
    paths = {share: tmp_path / f"{share}.safetensors" for share in (0.0, 0.25)}
    start = tmp_path / "start.safetensors"
    fit_made(start, frozen)
    for share, path in paths.items():
        fit_made(path, replace(settings, start_share=share))
    first, learnt, saved = (tensors_of(path) for path in (start, paths[0.0], paths[0.25]))
    weight = "classifier.weight"
    assert not torch.allclose(learnt[weight], first[weight], atol=1e-3)
    for name, value in saved.items():
        if value.is_floating_point():
            expected = 0.25 * first[name] + 0.75 * learnt[name]
            torch.testing.assert_close(value, expected, atol=1e-5, rtol=1e-4)
