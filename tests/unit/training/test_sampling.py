from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from genre_core.datasets.clips import Clip
from genre_core.errors import DatasetError
from genre_core.training.sampling import UNLABELLED, Sampler
from tests.unit.training.builders import (
    FEATURES,
    GENRES,
    PLAIN,
    made_clips,
)


def sampler(clips: dict[Clip, np.ndarray], **options: Any) -> Sampler:
    arguments = {"batch_size": 200, "class_balanced": True}
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
        Clip(label, label, "", "", "", Path(label)): np.tile(
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


def test_a_share_of_each_batch_has_no_label() -> None:
    others = {replace(clip, label=""): x for clip, x in made_clips(3, seed=7).items()}
    drawn = sampler(made_clips(3), batch_size=20, unlabelled=others, unlabelled_share=0.25).draw(
        torch.Generator().manual_seed(0)
    )
    assert drawn.log_mel.shape[0] == len(drawn.clips) == len(drawn.labels) == 20
    assert (drawn.labels == UNLABELLED).sum().item() == 5
    for clip, label in zip(drawn.clips, drawn.labels.tolist(), strict=True):
        assert clip in others if label == UNLABELLED else clip.label == GENRES[label]
    alone = sampler(made_clips(3), batch_size=20, unlabelled_share=0.25)
    assert (alone.draw(torch.Generator().manual_seed(0)).labels != UNLABELLED).all()
