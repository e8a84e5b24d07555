"""Explanations of networks whose reasons are known, and of the bundled one on the demo songs."""

from collections.abc import Collection, Generator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from genre_core.checkpoints.bundled import default_model_path
from genre_core.checkpoints.info import CheckpointInfo
from genre_core.config import FeatureSettings, FrameSettings
from genre_core.inference import explain
from genre_core.inference.grid import Cell, Grid
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.models.base import GenreNetwork, Summaries

T = TypeVar("T")
SHAPE = (96, 240)
# The parts of a picture of this shape are 16 bands by 30 columns.
HEARD, DISLIKED = (2, 3), (4, 6)
GENRES = ("this", "other")


def run(steps: Generator[object, None, T]) -> T:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def slices(cell: tuple[int, int]) -> tuple[slice, slice]:
    row, column = cell
    return slice(16 * row, 16 * row + 16), slice(30 * column, 30 * column + 30)


class Listener(GenreNetwork):
    """Says "this" the more, the more one part varies, and the less, the more another one does."""

    n_mels, min_columns, max_columns = 96, 1, 1_000

    def __init__(self) -> None:
        super().__init__()
        self.hyperparameters = {}
        self.convolutions = nn.Sequential()

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        return {}

    def decide(self, summary: Tensor) -> Tensor:
        return summary

    def summaries(self, log_mel: Tensor) -> Summaries:
        self.check_input(log_mel)
        heard, disliked = (log_mel[:, *slices(cell)] for cell in (HEARD, DISLIKED))
        evidence = 0.4 * heard.std(dim=(1, 2)) - 0.2 * disliked.std(dim=(1, 2))
        embedding = torch.stack([evidence, torch.zeros_like(evidence)], dim=1)
        return Summaries(embedding, embedding, embedding)


def recognizer_of(model: GenreNetwork) -> GenreRecognizer:
    info = CheckpointInfo("hand", "hand", {}, GENRES, FeatureSettings(), FrameSettings(), 1.0)
    return GenreRecognizer(model, info)


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(0).normal(-30.0, 10.0, SHAPE).astype(np.float32)


@pytest.mark.parametrize("method", ["occlusion", "integrated_gradients"])
def test_the_part_that_is_heard_is_found_and_so_is_the_one_disliked(
    picture: np.ndarray, method: explain.Method
) -> None:
    before = picture.copy()
    picture.flags.writeable = False
    found = run(explain.explain(recognizer_of(Listener()), picture, "this", method))
    assert found.part_influence.shape == (6, 8)
    assert explain.strongest(found.part_influence, 5) == [HEARD]
    assert explain.strongest(-found.part_influence, 5) == [DISLIKED]
    elsewhere = found.part_influence.copy()
    elsewhere[HEARD] = elsewhere[DISLIKED] = 0.0
    assert np.abs(elsewhere).max() < 1e-4
    np.testing.assert_array_equal(picture, before)


def test_occlusion_is_the_fall_of_the_log_odds(picture: np.ndarray) -> None:
    recognizer = recognizer_of(Listener())
    found = run(explain.explain(recognizer, picture, "this", "occlusion"))
    # A hidden part does not vary over time; what is left is the bands' own means.
    assert found.log_odds == pytest.approx(recognizer.log_odds(picture, "this"))
    hidden = picture.copy()
    hidden[slices(HEARD)] = picture.mean(axis=1, keepdims=True)[slices(HEARD)[0]]
    expected = found.log_odds - recognizer.log_odds(hidden, "this")
    assert found.influence[HEARD] == pytest.approx(expected, abs=1e-5)


def test_for_one_of_two_genres_is_against_the_other(picture: np.ndarray) -> None:
    recognizer = recognizer_of(Listener())
    this = run(explain.explain(recognizer, picture, "this", "occlusion"))
    other = run(explain.explain(recognizer, picture, "other", "occlusion"))
    np.testing.assert_allclose(this.influence, -other.influence, atol=1e-5)


def test_integrated_gradients_are_complete_for_a_real_network(
    tiny_checkpoint: Path, picture: np.ndarray
) -> None:
    recognizer = GenreRecognizer.from_checkpoint(tiny_checkpoint)

    def gap(n_steps: int) -> float:
        def gradient(point: np.ndarray) -> tuple[float, np.ndarray]:
            return recognizer.log_odds_gradient(point, "jazz")

        credited = run(explain.integrated_gradients(picture, gradient, n_steps))
        change = recognizer.log_odds(picture, "jazz") - recognizer.log_odds(
            explain.neutral(picture), "jazz"
        )
        return abs(change - float(credited.sum(dtype=np.float64))) / abs(change)

    assert gap(40) < 0.05 < gap(1)


def test_integrated_gradients_report_what_they_miss(picture: np.ndarray) -> None:
    found = run(explain.explain(recognizer_of(Listener()), picture, "this", "integrated_gradients"))
    assert found.grid.shape == (24, 64)
    assert found.neutral_log_odds is not None
    assert found.gap is not None
    total = float(found.influence.sum(dtype=np.float64))
    assert total + found.gap == pytest.approx(found.log_odds - found.neutral_log_odds, abs=1e-4)
    assert float(found.part_influence.sum()) == pytest.approx(total, abs=1e-4)


@pytest.mark.parametrize("method", ["occlusion", "integrated_gradients"])
def test_check_holds_for_a_true_map_and_not_for_a_wrong_one(
    picture: np.ndarray, method: explain.Method
) -> None:
    recognizer = recognizer_of(Listener())
    found = run(explain.explain(recognizer, picture, "this", method))
    assert found.check is not None
    assert found.check.holds
    assert found.check.strongest < min(found.check.random)

    def checked(influence: np.ndarray) -> explain.Check:
        grid, frame = found.part_grid, recognizer.hidden_parts(picture)

        def without(cells: Collection[Cell]) -> float:
            return recognizer.log_odds_without(frame, [grid.box(cell) for cell in cells], "this")

        steps = explain.check(without, found.log_odds, grid, influence)
        result = run(steps)
        assert result is not None
        return result

    assert checked(found.part_influence) == found.check  # the same draws each time
    assert not checked(-found.part_influence).holds
    elsewhere = np.zeros((6, 8), dtype=np.float32)
    elsewhere[0, :5] = 1.0
    wrong = checked(elsewhere)
    assert (wrong.n_parts, wrong.strongest) == (5, pytest.approx(found.log_odds))
    assert wrong.share == pytest.approx(5 / 48)


def test_a_picture_in_which_nothing_happens_has_no_reasons() -> None:
    still = np.broadcast_to(np.linspace(-60, -20, 96, dtype=np.float32)[:, None], SHAPE)
    found = run(explain.explain(recognizer_of(Listener()), still, "this", "occlusion"))
    assert np.abs(found.influence).max() < explain.NEGLIGIBLE
    assert found.check is None


@pytest.mark.parametrize("method", ["occlusion", "integrated_gradients"])
def test_progress_counts_every_pass_and_stopping_leaves_nothing_behind(
    picture: np.ndarray, method: explain.Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = 0
    plain = Listener.forward

    def counted(self: Listener, log_mel: Tensor) -> Tensor:
        nonlocal passes
        assert len(log_mel) == 1  # memory: one frame at a time
        passes += 1
        return plain(self, log_mel)

    monkeypatch.setattr(Listener, "forward", counted)
    recognizer = recognizer_of(Listener())
    shares = list(explain.explain(recognizer, picture, "this", method))
    assert shares == pytest.approx(np.arange(1, passes + 1) / passes)
    assert passes == explain.n_passes(method) <= 60
    passes = 0
    stopped = explain.explain(recognizer, picture, "this", method)
    next(stopped)
    next(stopped)
    stopped.close()
    assert passes == 2
    assert recognizer.score(picture[np.newaxis]).shape == (1, 2)


def test_grid_covers_every_point_once() -> None:
    grid = Grid.even((96, 1366), 6, 8)
    assert grid.shape == (6, 8)
    together = sum(grid.mask([cell]).astype(int) for cell in grid.cells())
    assert (together == 1).all()
    sizes = [grid.mask([cell]).sum() for cell in grid.cells()]
    assert max(sizes) - min(sizes) <= 16
    values = np.random.default_rng(0).normal(size=(96, 1366)).astype(np.float32)
    sums = grid.sums(values)
    assert sums[5, 7] == pytest.approx(values[grid.mask([(5, 7)])].sum(), abs=1e-3)
    assert Grid.even((4, 3), 6, 8).shape == (4, 3)


def test_score_of_log_odds() -> None:
    assert [explain.score_of(x) for x in (0.0, -1e4, 1e4)] == [0.5, 0.0, 1.0]
    assert explain.score_of(np.log(0.3 / 0.7)) == pytest.approx(0.3)


def test_the_bundled_network_misses_what_the_map_marks(project_root: Path) -> None:
    recognizer = GenreRecognizer.from_checkpoint(default_model_path())
    path = project_root / "assets" / "demo" / "jazz.mp3"
    analysis = recognizer.analyse(path, FrameSettings(frame_seconds=5.0, trim_seconds=46.0))
    genre = recognizer.info.genres[int(analysis.scores[0].argmax())]
    marked = run(explain.explain(recognizer, analysis.log_mel[0], genre, "occlusion"))
    assert marked.check is not None
    assert marked.check.holds
