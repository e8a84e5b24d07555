import csv
import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from genre_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.errors import DatasetError, ModelError, SettingsError
from genre_core.models import registry
from genre_core.training.augmentation import NONE, AugmentationSettings, clip_floor
from genre_core.training.distillation import NetworkTeacher, SavedTeacher, load_teacher
from genre_core.training.initialisation import freeze, initialise, set_training_mode
from genre_core.training.optimization import learning_rate, make_optimizer, moving_average
from genre_core.training.sampling import Batch, Sampler
from genre_core.training.settings import TrainingSettings
from genre_core.training.trainer import Trainer

GENRES = ("high", "low")
FEATURES = FeatureSettings(n_mels=16)
HYPERPARAMETERS = {
    "n_mels": 16,
    "pool_columns": 4,
    "channels": (4, 6),
    "pools": ((2, 2), (4, 2)),
    "hidden": 4,
    "conv_dropout": 0.1,
    "recurrent_dropout": 0.1,
}
# Everything random is on, so that a resumed run has every generator to restore.
VARIED = AugmentationSettings(
    crop_seconds=(3.0, 4.0),
    full_length_probability=0.3,
    telephone_probability=0.2,
    low_pass_probability=0.2,
    noise_probability=0.3,
    mixup_alpha=0.3,
)
PLAIN = replace(NONE, crop_seconds=(3.0, 3.0))
SETTINGS = TrainingSettings(
    hyperparameters=HYPERPARAMETERS,
    learning_rate=5e-3,
    epochs=3,
    batch_size=4,
    batches_per_epoch=3,
    ema_decay=0.9,
    augmentation=VARIED,
)


def made_clips(n: int = 5, kind: str = "audio", seed: int = 0) -> dict[Clip, np.ndarray]:
    """Return clips of 5 s whose loud bands are at the top or at the bottom."""
    generator = np.random.default_rng(seed)
    clips = {}
    for label in GENRES:
        for index in range(n):
            log_mel = generator.normal(-50, 5, (16, 235))
            bands = slice(8, 16) if label == "high" else slice(0, 8)
            log_mel[bands] += 15
            clip_id = f"{label}.{seed}.{index}"
            clip = Clip(clip_id, label, "", "", "", kind, Path(clip_id))
            clips[clip] = log_mel.astype(np.float16)
    return clips


def make_trainer(output: Path, settings: TrainingSettings = SETTINGS, **options: Any) -> Trainer:
    train = options.pop("train", made_clips())
    valid = options.pop("valid", made_clips(3, seed=1))
    return Trainer(settings, GENRES, train, valid, output, features=FEATURES, **options)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        del row["seconds"]
    return rows


def tensors_of(path: Path) -> dict[str, torch.Tensor]:
    return load_checkpoint(path)[0].state_dict()


def assert_same(first: Path, second: Path) -> None:
    """Assert that two checkpoints and their metrics agree to the last bit."""
    one, other = tensors_of(first), tensors_of(second)
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        assert torch.equal(tensor, other[name]), name
    assert rows_of(first.with_suffix(".csv")) == rows_of(second.with_suffix(".csv"))
    infos = [load_checkpoint(path)[1] for path in (first, second)]
    assert infos[0].temperature == infos[1].temperature
    assert infos[0].training == infos[1].training


def test_loss_falls_and_ten_examples_are_learnt_by_heart(tmp_path: Path) -> None:
    settings = replace(
        SETTINGS,
        hyperparameters=HYPERPARAMETERS | {"conv_dropout": 0.0, "recurrent_dropout": 0.0},
        augmentation=PLAIN,
        epochs=12,
        learning_rate=2e-2,
        schedule="constant",
        ema_decay=0.0,
    )
    trainer = make_trainer(tmp_path / "model.safetensors", settings, valid=made_clips())
    result = trainer.run()
    assert result.history[-1].train_loss < 0.3 * result.history[0].train_loss
    assert result.history[-1].valid_accuracy == 1.0  # the ten examples themselves
    assert result.checkpoint is not None
    assert result.checkpoint.genres == GENRES


def test_products_in_bfloat16_learn_weights_in_float32(tmp_path: Path) -> None:
    settings = replace(SETTINGS, augmentation=PLAIN, epochs=12, precision="bfloat16")
    trainer = make_trainer(tmp_path / "model.safetensors", settings, valid=made_clips())
    result = trainer.run()
    assert result.history[-1].valid_loss < 0.5 * result.history[0].valid_loss
    assert all(tensor.dtype != torch.bfloat16 for tensor in trainer.model.state_dict().values())
    plain = make_trainer(tmp_path / "plain.safetensors", replace(settings, precision="float32"))
    assert plain.run().history[0].train_loss != result.history[0].train_loss


def test_same_seed_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_trainer(tmp_path / name / "model.safetensors").run()
    first, second = (tmp_path / name / "model.safetensors" for name in ("a", "b"))
    assert_same(first, second)
    infos = [load_checkpoint(path)[1] for path in (first, second)]
    assert infos[0].sha256 == infos[1].sha256


def test_other_seed_other_weights(tmp_path: Path) -> None:
    make_trainer(tmp_path / "a.safetensors").run()
    make_trainer(tmp_path / "b.safetensors", replace(SETTINGS, seed=1)).run()
    one, other = tensors_of(tmp_path / "a.safetensors"), tensors_of(tmp_path / "b.safetensors")
    assert not torch.equal(one["classifier.weight"], other["classifier.weight"])


@pytest.mark.parametrize(
    ("optimizer", "stop_at"),
    [("adamw", 2), ("adamw", 3), ("adam", 7), ("sgd", 5)],  # 3: as an epoch ends
)
def test_resumed_run_is_the_uninterrupted_one(tmp_path: Path, optimizer: Any, stop_at: int) -> None:
    settings = replace(SETTINGS, optimizer=optimizer)
    whole = make_trainer(tmp_path / "whole" / "model.safetensors", settings)
    assert not whole.run().interrupted

    interrupted = make_trainer(tmp_path / "parts" / "model.safetensors", settings)
    done = []

    def stop_there(trainer: Trainer) -> None:
        done.append(trainer.step)
        if len(done) == stop_at:
            trainer.stop()

    stopped = []
    interrupted.on("step_end", stop_there)
    interrupted.on("stopped", stopped.append)
    result = interrupted.run()
    assert result.interrupted
    assert len(done) == stop_at
    assert stopped == [interrupted]

    torch.rand(17), np.random.default_rng().random()  # whatever happened in between
    resumed = make_trainer(tmp_path / "parts" / "model.safetensors", settings)
    resumed.on("step_end", lambda trainer: done.append(trainer.step))
    assert not resumed.run(resume=True).interrupted
    assert len(done) == 9
    assert_same(tmp_path / "whole" / "model.safetensors", tmp_path / "parts" / "model.safetensors")


def test_resume_refuses_other_settings_and_data(tmp_path: Path) -> None:
    output = tmp_path / "model.safetensors"
    make_trainer(output).run()
    with pytest.raises(SettingsError, match="other settings or data"):
        make_trainer(output, replace(SETTINGS, learning_rate=1e-4)).run(resume=True)
    with pytest.raises(SettingsError, match="other settings or data"):
        make_trainer(output, train=made_clips(4)).run(resume=True)


def test_damaged_state_is_refused(tmp_path: Path) -> None:
    trainer = make_trainer(tmp_path / "model.safetensors")
    trainer.state_path.write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="not a saved training state"):
        trainer.run(resume=True)


def test_resuming_a_finished_run_changes_nothing(tmp_path: Path) -> None:
    output = tmp_path / "model.safetensors"
    make_trainer(output).run()
    before = load_checkpoint(output)[1].sha256
    result = make_trainer(output).run(resume=True)
    assert len(result.history) == 3
    assert load_checkpoint(output)[1].sha256 == before


@pytest.mark.parametrize("block", ["input", "conv1", "recurrent"])
def test_frozen_block_does_not_move(tmp_path: Path, block: str) -> None:
    settings = replace(SETTINGS, freeze=(block,), ema_decay=0.0, select_by="last")
    trainer = make_trainer(tmp_path / "model.safetensors", settings)
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
    after = tensors_of(tmp_path / "model.safetensors")
    assert frozen
    for name in frozen:
        assert torch.equal(before[name], after[name]), name
    assert not torch.equal(before["classifier.weight"], after["classifier.weight"])
    if block != "conv1":  # what is not frozen keeps learning its statistics
        name = "convolutions.conv1.norm.running_mean"
        assert not torch.equal(before[name], after[name])


def test_frozen_batch_norm_keeps_statistics_but_learns_its_scale(tmp_path: Path) -> None:
    settings = replace(SETTINGS, batch_norm="frozen", ema_decay=0.0, select_by="last")
    trainer = make_trainer(tmp_path / "model.safetensors", settings)
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
    saved = tensors_of(tmp_path / "model.safetensors")
    assert all((saved[name] == 0).all() for name in statistics if name.endswith("mean"))


def test_unknown_block_to_freeze(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="conv9"):
        make_trainer(tmp_path / "model.safetensors", replace(SETTINGS, freeze=("conv9",)))


def test_everything_frozen_leaves_nothing_to_learn() -> None:
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    freeze(model, tuple(model.blocks))
    with pytest.raises(SettingsError, match="nothing is left"):
        make_optimizer(model, SETTINGS)


def test_start_from_a_checkpoint(tmp_path: Path) -> None:
    source = registry.build("crnn", 2, **HYPERPARAMETERS)
    save_checkpoint(
        tmp_path / "start.safetensors", source, name="start", genres=GENRES, features=FEATURES
    )
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    assert initialise(model, tmp_path / "start.safetensors") == tuple(model.blocks)
    for name, tensor in source.state_dict().items():
        assert torch.equal(tensor, model.state_dict()[name])


def test_start_from_a_checkpoint_with_other_genres(tmp_path: Path) -> None:
    source = registry.build("crnn", 3, **HYPERPARAMETERS)
    path = tmp_path / "start.safetensors"
    save_checkpoint(path, source, name="start", genres=("a", "b", "c"), features=FEATURES)
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    before = model.classifier.weight.clone()
    copied = initialise(model, path)
    assert "classifier" not in copied
    assert {"input", "conv1", "conv2", "recurrent"} <= set(copied)
    assert torch.equal(model.classifier.weight, before)


@pytest.mark.data
def test_start_from_published_weights(data_root: Path) -> None:
    weights = data_root / "weights"
    model = registry.build("crnn_choi", 10)
    assert "classifier" in initialise(model, weights / "jimenez_gtzan10_crnn_theano.h5")
    assert "classifier" not in initialise(model, weights / "choi_msd_crnn_theano.h5")
    ours = registry.build("crnn", 10)
    assert "conv1" in initialise(ours, weights / "choi_msd_crnn_theano.h5")


def test_learning_rate_warms_up_and_falls() -> None:
    settings = replace(SETTINGS, learning_rate=1.0, warmup_share=0.1)
    rates = [learning_rate(step, 100, settings) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0)
    assert rates.index(max(rates)) in (9, 10)
    assert all(one > other for one, other in pairwise(rates[10:]))
    assert rates[-1] < 0.02
    constant = replace(settings, schedule="constant", warmup_share=0.0)
    assert {learning_rate(step, 100, constant) for step in range(100)} == {1.0}


def test_blocks_learn_at_their_own_rates() -> None:
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    optimizer = make_optimizer(model, replace(SETTINGS, block_rates={"classifier": 10.0}))
    factor = {
        id(parameter): group["factor"]
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    assert factor[id(model.classifier.weight)] == 10.0
    assert factor[id(model.band_norm.weight)] == 1.0
    assert len(factor) == len(list(model.parameters()))


def test_only_matrices_are_decayed() -> None:
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    for group in make_optimizer(model, replace(SETTINGS, weight_decay=0.1)).param_groups:
        for parameter in group["params"]:
            assert group["weight_decay"] == (0.1 if parameter.ndim > 1 else 0.0)


def test_moving_average_follows_the_weights() -> None:
    model = nn.BatchNorm1d(1)
    average = moving_average(model, 0.5)
    average.update_parameters(model)  # the first one is copied
    with torch.no_grad():
        model.weight.fill_(3.0)
        model.running_mean.fill_(2.0)
    average.update_parameters(model)
    decay = (1 + 1) / (10 + 1)
    assert average.module.weight.item() == pytest.approx(decay * 1 + (1 - decay) * 3)
    assert average.module.running_mean.item() == pytest.approx((1 - decay) * 2)


def test_dropout_stays_active_in_frozen_blocks() -> None:
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    set_training_mode(model, ("conv1",))
    block = model.blocks["conv1"][0]
    assert not block.norm.training
    assert block.dropout.training
    assert model.blocks["conv2"][0].norm.training


def sampler(clips: dict[Clip, np.ndarray], **options: Any) -> Sampler:
    arguments = {"batch_size": 200, "class_balanced": True, "kind_weights": {"audio": 1.0}}
    augmentation = options.pop("augmentation", PLAIN)
    return Sampler(clips, GENRES, FEATURES, augmentation, **(arguments | options))


def uneven() -> dict[Clip, np.ndarray]:
    clips = made_clips(8)
    dropped = [clip for clip in clips if clip.label == "low"][1:]
    return {clip: log_mel for clip, log_mel in clips.items() if clip not in dropped}


def test_class_balanced_sampling_evens_genres_out() -> None:
    generator = torch.Generator().manual_seed(0)
    share = sampler(uneven()).draw(generator).labels.float().mean().item()
    assert share == pytest.approx(0.5, abs=0.12)
    share = sampler(uneven(), class_balanced=False).draw(generator).labels.float().mean().item()
    assert share == pytest.approx(1 / 9, abs=0.08)


def test_kinds_are_mixed_by_their_weights_where_a_genre_has_them() -> None:
    converted = {
        replace(clip, kind="converted"): log_mel
        for clip, log_mel in made_clips(4).items()
        if clip.label == "low"
    }
    clips = made_clips(2) | converted
    batch = sampler(clips, kind_weights={"audio": 1, "converted": 3}).draw(
        torch.Generator().manual_seed(0)
    )
    counts = Counter((clip.label, clip.kind) for clip in batch.clips)
    assert counts["high", "audio"] == (batch.labels == 0).sum()
    assert counts["low", "converted"] / (batch.labels == 1).sum() == pytest.approx(0.75, abs=0.12)
    sounds = [clip.kind == "audio" for clip in batch.clips]
    assert batch.is_sound.tolist() == sounds


def test_crops_have_the_lengths_asked_for() -> None:
    augmentation = replace(PLAIN, crop_seconds=(3.0, 4.5), full_length_probability=0.0)
    generator = torch.Generator().manual_seed(0)
    drawer = sampler(made_clips(), augmentation=augmentation, batch_size=2)
    lengths = {drawer.draw(generator).log_mel.shape[-1] for _ in range(40)}
    assert min(lengths) >= FEATURES.n_columns(36_000)
    assert max(lengths) <= FEATURES.n_columns(54_000)
    assert len(lengths) > 10


def test_short_clips_are_repeated() -> None:
    clips = {
        Clip(label, label, "", "", "", "audio", Path(label)): np.tile(
            np.arange(50, dtype=np.float16), (16, 1)
        )
        for label in GENRES
    }
    batch = sampler(clips, batch_size=3).draw(torch.Generator().manual_seed(0))
    assert batch.log_mel.shape[-1] == FEATURES.n_columns(36_000)
    steps = batch.log_mel.diff(dim=-1).unique()
    assert set(steps.tolist()) == {1.0, -49.0}


def test_genre_without_clips_is_named() -> None:
    with pytest.raises(DatasetError, match="low"):
        sampler({clip: x for clip, x in made_clips().items() if clip.label == "high"})


def test_teacher_pulls_the_pupil(tmp_path: Path) -> None:
    """A teacher that always says the opposite, with all of the weight, is what is learnt."""
    clips = made_clips()
    contrary = SavedTeacher(
        {
            clip.clip_id: np.array([0.0, 1.0] if clip.label == "high" else [1.0, 0.0], np.float32)
            for clip in clips
        },
        2,
    )
    settings = replace(
        SETTINGS,
        augmentation=PLAIN,
        teacher_weight=1.0,
        epochs=10,
        learning_rate=1e-2,
        select_by="last",
        ema_decay=0.0,
    )
    trainer = make_trainer(
        tmp_path / "m.safetensors", settings, train=clips, valid=clips, teachers=[contrary]
    )
    assert trainer.run().history[-1].valid_accuracy == 0.0
    deaf = replace(settings, teacher_kinds=("converted",))  # never asked about sound
    critical = replace(settings, teacher_must_agree=True)  # it never does
    for each in (deaf, critical):
        trainer = make_trainer(
            tmp_path / "n.safetensors", each, train=clips, valid=clips, teachers=[contrary]
        )
        assert trainer.run().history[-1].valid_accuracy == 1.0


def test_teachers_hear_only_what_they_are_asked_about(tmp_path: Path) -> None:
    clips = made_clips()
    everything = clips | made_clips(kind="converted", seed=1)
    heard: list[Clip] = []

    class Listening(SavedTeacher):
        def scores(self, batch: Batch) -> tuple[Tensor, Tensor]:
            assert len(batch.log_mel) == len(batch.labels) == len(batch.is_sound)
            assert len(batch.clips) == len(batch.labels)
            heard.extend(batch.clips)
            return super().scores(batch)

    settings = replace(SETTINGS, epochs=1, teacher_kinds=("converted",))
    teacher = Listening({clip.clip_id: np.array([0.5, 0.5], np.float32) for clip in everything}, 2)
    make_trainer(
        tmp_path / "m.safetensors", settings, train=everything, valid=clips, teachers=[teacher]
    ).run()
    assert heard
    assert {clip.kind for clip in heard} == {"converted"}


def test_network_teacher_from_a_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "teacher.safetensors"
    make_trainer(path).run()
    teacher = load_teacher(path, GENRES, FEATURES)
    batch = sampler(made_clips(), batch_size=3).draw(torch.Generator().manual_seed(0))
    scores, known = teacher.scores(batch)
    torch.testing.assert_close(scores.sum(dim=1), torch.ones(3))
    assert known.all()
    with pytest.raises(ModelError, match="this teacher knows"):
        load_teacher(path, ("low", "high"), FEATURES)
    with pytest.raises(ModelError, match="other features"):
        load_teacher(path, GENRES, FeatureSettings(n_mels=16, top_db=60.0))


def test_a_network_teacher_may_hear_whole_songs_once(tmp_path: Path) -> None:
    path = tmp_path / "teacher.safetensors"
    make_trainer(path).run()
    teacher = load_teacher(path, GENRES, FEATURES)
    assert isinstance(teacher, NetworkTeacher)
    random = np.random.default_rng(0)
    whole, excerpt, brief = (
        Clip(clip_id, "high", "", "", "", kind, Path(clip_id))
        for clip_id, kind in (("a", "audio"), ("a", "short_audio"), ("b", "short_audio"))
    )
    arrays = {
        clip: random.normal(-30.0, 8.0, (FEATURES.n_mels, n)).astype(np.float16)
        for clip, n in ((whole, 1_400), (excerpt, 130), (brief, 130))
    }
    saved = teacher.saved(arrays)
    model, info = load_checkpoint(path)
    heard = (arrays[whole][:, 17 : 17 + 1_366], np.tile(arrays[brief], 11)[:, :1_366])
    x = clip_floor(torch.from_numpy(np.stack(heard)).float(), FEATURES)
    with torch.inference_mode():
        expected = (model.eval()(x) / info.temperature).softmax(dim=1)
    batch = Batch(
        torch.zeros(3, FEATURES.n_mels, 130),
        torch.tensor([0, 0, 1]),
        torch.ones(3, dtype=torch.bool),
        (whole, excerpt, brief),
    )
    scores, known = saved.scores(batch)
    torch.testing.assert_close(scores, expected[[0, 0, 1]], atol=1e-4, rtol=1e-3)
    assert known.all()


def test_what_is_kept_lies_between_the_start_and_what_was_learnt(tmp_path: Path) -> None:
    settings = replace(SETTINGS, batch_norm="frozen", select_by="last")
    frozen = replace(settings, learning_rate=1e-12)
    paths = {share: tmp_path / f"{share}.safetensors" for share in (0.0, 0.25)}
    start = tmp_path / "start.safetensors"
    make_trainer(start, frozen).run()
    for share, path in paths.items():
        make_trainer(path, replace(settings, start_share=share)).run()
    first, learnt, kept = (tensors_of(path) for path in (start, paths[0.0], paths[0.25]))
    weight = "classifier.weight"
    assert not torch.allclose(learnt[weight], first[weight], atol=1e-3)
    for name, value in kept.items():
        if value.is_floating_point():
            expected = 0.25 * first[name] + 0.75 * learnt[name]
            torch.testing.assert_close(value, expected, atol=1e-5, rtol=1e-4)


def test_a_network_learns_which_bands_sound_has(tmp_path: Path) -> None:
    hyperparameters = {**HYPERPARAMETERS, "extend_bands": True}
    settings = replace(SETTINGS, hyperparameters=hyperparameters, epochs=1)
    for n, kind, learnt in ((20, "audio", True), (20, "converted", False), (3, "audio", False)):
        path = tmp_path / f"{n}{kind}.safetensors"
        make_trainer(path, settings, train=made_clips(n, kind)).run()
        assert bool(tensors_of(path)["band_extension.movement"].any()) == learnt


def test_without_validation_the_last_epoch_counts(tmp_path: Path) -> None:
    result = make_trainer(tmp_path / "model.safetensors", valid={}).run()
    assert result.best is not None
    assert result.best.epoch == 3
    assert math.isnan(result.best.valid_accuracy)
    assert result.checkpoint is not None
    assert result.checkpoint.training["valid_accuracy"] is None


def test_diverging_run_says_so(tmp_path: Path) -> None:
    trainer = make_trainer(tmp_path / "model.safetensors")
    with torch.no_grad():
        trainer.model.classifier.weight.fill_(float("nan"))
    with pytest.raises(ModelError, match="no longer a number"):
        trainer.run()


def test_settings_survive_json() -> None:
    import json

    settings = replace(SETTINGS, freeze=("conv1",), block_rates={"conv2": 0.5}, teachers=("a.h5",))
    settings = replace(settings, hyperparameters={"hidden": 4})
    assert TrainingSettings.from_record(json.loads(json.dumps(settings.record()))) == settings


@pytest.mark.parametrize(
    "record",
    [
        {"optimiser": "adam"},
        {"optimizer": "lion"},
        {"epochs": 0},
        {"epochs": "3"},
        {"learning_rate": True},
        {"ema_decay": 1.0},
        {"kind_weights": {"vinyl": 1.0}},
        {"kind_weights": {"audio": -1.0}},
        {"block_rates": {"conv1": "fast"}},
        {"augmentation": {"reverb": 1}},
        {"augmentation": [1]},
        {"augmentation": {"gain_db": [1.0]}},
    ],
    ids=str,
)
def test_impossible_settings_are_refused(record: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        TrainingSettings.from_record(record)
