"""A small checkpoint, and what a card is made of."""

from dataclasses import replace
from pathlib import Path

import pytest

from genre_core.checkpoints.checkpoint import save_checkpoint
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.model_card.facts import CardFacts, read_facts
from genre_core.models import registry
from genre_core.training.settings import TrainingSettings
from tests.unit.model_card.scored import GENRES, scored


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    settings = TrainingSettings(init=f"weights/{PUBLISHED}.h5", batch_norm="frozen")
    training = {
        "dataset": "set",
        "split": "given",
        "train_lists": ["train"],
        "valid_list": "valid",
        "settings": settings.record(),
        "initialised_blocks": ["conv1"],
        "best_epoch": 7,
        "valid_accuracy": 0.625,
    }
    model = registry.build("crnn", 2, channels=(4,), pools=((8, 4),), hidden=4)
    path = tmp_path / "small.safetensors"
    save_checkpoint(path, model, name="small", genres=GENRES, training=training, temperature=1.5)
    return path


@pytest.fixture
def bare(checkpoint: Path, tmp_path: Path) -> CardFacts:
    """A checkpoint and nothing else."""
    return read_facts(checkpoint, tmp_path / "nothing")


@pytest.fixture
def full(bare: CardFacts) -> CardFacts:
    """Ten test clips, 6 of them sound: 8 correct, 0 by the published network; changed sound; songs.

    Of the ten, number 5 and 9 are wrong: both "hum".
    """
    sha256 = bare.info.sha256
    correct = [True] * 5 + [False] + [True] * 3 + [False]
    sets = {
        "small.set-test.json": scored(correct, model_sha256=sha256),
        "old.set-test.json": scored([False] * 10, model=PUBLISHED),
        "small.set-test.mp3.json": scored(
            [True] * 3 + [False] * 3,
            model_sha256=sha256,
            perturbation="mp3",
            lengths=(29.12,),
        ),
        "small.set-valid.json": scored([True, False], model_sha256=sha256, list_name="valid"),
        "small.songs-all.json": scored(
            [True] * 3 + [False],
            model_sha256=sha256,
            list_name="all",
            scheme="",
            trim_seconds=20.0,
        ),
    }
    return replace(bare, score_sets=sets)
