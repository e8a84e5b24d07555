"""Experiment E: songs from elsewhere, parts of a training set, and what the results say."""

from pathlib import Path

import numpy as np
import pytest

from genre_core.datasets.clips import Clip
from genre_core.errors import DatasetError
from genre_core.experiments import sources, sources_summary
from genre_core.experiments.results import do_runs
from genre_core.experiments.rows import SourceRow
from genre_core.plots.experiment_sources import sources_figure
from genre_core.records import build


class MadeFeatures:
    """Two genres that other numbers tell apart in another collection."""

    name, sha256 = "made", "ab"

    def of(self, clips: list[Clip]) -> np.ndarray:
        rows = []
        for clip in clips:
            rng = np.random.default_rng(int(clip.clip_id.split(".")[1]))
            mark = np.zeros(6)
            mark[3 * clip.clip_id.startswith("away") :][:3] = clip.label == "rock"
            rows.append(mark + rng.normal(0, 0.3, 6))
        return np.array(rows, dtype=np.float32)


def clips(where: str, n: int, first: int = 0) -> tuple[Clip, ...]:
    return tuple(
        Clip(
            f"{where}.{number}",
            ("pop", "rock")[number % 2],
            "",
            "",
            f"{where} {number // 4}",
            Path(),
        )
        for number in range(first, first + n)
    )


@pytest.fixture
def made() -> sources.Sources:
    away = clips("away", 80)
    sure = frozenset(clip.clip_id for clip in away[:60])
    return sources.Sources(clips("home", 60), clips("home", 20, 60), away, sure)


def test_only_songs_from_elsewhere_help_there(made: sources.Sources, tmp_path: Path) -> None:
    runs = sources.plan(made, [MadeFeatures()])
    assert len(runs) == 3 + 3 + 1 + 3 + 3 + 1
    record = do_runs(runs, tmp_path / "sources.json", {"experiment": "sources"})
    rows = [build(SourceRow, row) for row in record["runs"]]
    assert {row.test.n_songs for row in rows} == {60}
    points = sources_summary.source_points(rows)
    by_shares = {(p.home_share, p.elsewhere_share): p for p in points}
    assert by_shares[1.0, 0.0].elsewhere.mean < 0.6
    assert by_shares[1.0, 1.0].elsewhere.mean > 0.9
    assert by_shares[1.0, 0.0].valid.mean > 0.9
    assert by_shares[1.0, 0.0].n_train == 60
    assert by_shares[1.0, 1.0].n_train == 120
    assert by_shares[0.25, 0.0].elsewhere.n == 3

    text = sources_summary.sources_lesson(points)
    assert "60 songs from elsewhere, by other artists than those tested, add" in text
    assert "made, home and 25 % of elsewhere" in sources_summary.sources_numbers(points)
    figure = sources_figure(points)
    [line] = figure.data
    assert list(line.x) == sorted(line.x)
    assert line.y[-1] == pytest.approx(100 * by_shares[1.0, 1.0].elsewhere.mean)
    assert figure.layout.shapes[0].x0 == 60


def test_artists_stay_on_one_side(made: sources.Sources) -> None:
    tested = [index for _, test in made.folds for index in test]
    assert sorted(tested) == list(range(80))
    for train, test in made.folds:
        artists = [{made.elsewhere[index].artist for index in part} for part in (train, test)]
        assert not artists[0] & artists[1]


def test_a_portion_holds_whole_artists_of_each_genre() -> None:
    every = clips("home", 80)
    part = sources.portion(every, 0.25, seed=1)
    assert [sum(clip.label == genre for clip in part) for genre in ("pop", "rock")] == [10, 10]
    for genre in ("pop", "rock"):
        for artist in {clip.artist for clip in part if clip.label == genre}:
            own = [clip for clip in every if (clip.artist, clip.label) == (artist, genre)]
            assert set(own) <= set(part)
    assert sources.portion(every, 0.25, seed=2) != part
    assert sorted(c.clip_id for c in sources.portion(every, 1.0, 0)) == sorted(
        c.clip_id for c in every
    )
    assert sources.portion(every, 0.0, 0) == []


def test_two_networks_are_compared(made: sources.Sources, tmp_path: Path) -> None:
    runs = sources.plan(made, [MadeFeatures()])
    rows = do_runs(runs, tmp_path / "sources.json", {})["runs"]
    worse = [
        {**row, "network": "worse", "valid_accuracy": 0.5, "test": {**row["test"], "n_right": 0}}
        for row in rows
    ]
    points = sources_summary.source_points([build(SourceRow, row) for row in (*rows, *worse)])
    assert [p.network for p in sources_summary.starts(points)] == ["made", "worse"]
    assert "made names most songs" in sources_summary.starts_lesson(points)
    assert "best and the worst network" in sources_summary.sources_lesson(points)


def test_unsure_labels_are_not_tested(tmp_path: Path) -> None:
    path = tmp_path / "songs.csv"
    path.write_text("path,label,certainty\na.ogg,pop,high\nb.ogg,pop,low\nc.ogg,pop,medium\n")
    assert sources.sure_ids(path) == {"a.ogg", "c.ogg"}
    path.write_text("path,label\na.ogg,pop\n")
    assert sources.sure_ids(path) == {"a.ogg"}
    path.write_text("path,label,certainty\na.ogg,pop,low\n")
    with pytest.raises(DatasetError, match="no song has a sure label: high or medium"):
        sources.sure_ids(path)
