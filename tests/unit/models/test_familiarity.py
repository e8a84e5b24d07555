"""Frames far from all training frames are unlike them; others are not."""

import numpy as np
import pytest

from genre_core.models.familiarity import UNLIKE_LEVEL, fit_familiarity


@pytest.fixture
def frames() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    centres = generator.standard_normal((4, 40)) * 3
    train = np.repeat(centres, 50, axis=0) + generator.standard_normal((200, 40))
    valid = np.repeat(centres, 25, axis=0) + generator.standard_normal((100, 40))
    return train.astype(np.float32), valid.astype(np.float32)


def test_the_levels_are_those_of_the_validation_frames(frames) -> None:
    train, valid = frames
    familiarity = fit_familiarity(train, valid, 20)
    shares = [familiarity.unlikeness(frame[None]) for frame in valid]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.01)
    assert np.mean(
        [familiarity.unlikeness(frame[None]) > UNLIKE_LEVEL for frame in valid]
    ) == pytest.approx(1 - UNLIKE_LEVEL, abs=0.011)


def test_a_frame_far_from_every_example_is_unlike(frames) -> None:
    train, valid = frames
    familiarity = fit_familiarity(train, valid, 20)
    assert familiarity.unlikeness(valid[:5] + 100.0) == 1.0
    assert familiarity.unlikeness(train[:5]) < UNLIKE_LEVEL


def test_the_median_frame_counts(frames) -> None:
    train, valid = frames
    familiarity = fit_familiarity(train, valid, 20)
    one_strange = np.concatenate([train[:4], valid[:1] + 100.0])
    assert familiarity.unlikeness(one_strange) < UNLIKE_LEVEL


def test_distances_grow_along_a_ray(frames) -> None:
    train, valid = frames
    familiarity = fit_familiarity(train, valid, 20)
    ray = train[0] + 10.0 * np.arange(1, 7)[:, None] * familiarity.spread
    distances = familiarity.distances(ray.astype(np.float32))
    assert (np.diff(distances) > 0).all()


def test_too_few_frames_are_refused(frames) -> None:
    train, valid = frames
    with pytest.raises(ValueError, match="too few"):
        fit_familiarity(train[:1], valid, 20)
    with pytest.raises(ValueError, match="too few"):
        fit_familiarity(train, valid[:0], 20)
