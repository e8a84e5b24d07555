"""Scoring uploaded songs in steps: progress, stops, failures."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from genre_core.config import GENRES
from genre_core.datasets.archives import SongArchive
from genre_core.datasets.readers import load_dataset
from genre_core.datasets.uploads import (
    OwnSong,
    OwnTestSet,
    from_archive,
)
from genre_core.errors import DatasetError, SettingsError
from genre_core.evaluation.score_file import dump_score_set, parse_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.scoring import ScoringRun, SongList, score_dataset, score_uploads
from genre_core.evaluation.song_frames import CutSettings
from genre_core.inference.recognizer import GenreRecognizer
from tests.builders import archive_of, zip_of

LENGTHS = CutSettings((3.0, 5.0))


@pytest.fixture(scope="module")
def recognizer(tiny_checkpoint: Path) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(tiny_checkpoint)


@pytest.fixture
def songs(wav_bytes: Callable[..., bytes]) -> dict[str, bytes]:
    """Three songs of 9, 10 and 7 s in two genres, and one that is none."""
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (7 * 12_000, 1))
    return {
        "jazz/a.wav": wav_bytes(9.0, 12_000),
        "jazz/broken.wav": b"these are only words " * 50,
        "rock/b.wav": wav_bytes(10.0, 12_000),
        "rock/c.wav": wav_bytes(samples=noise, sample_rate=12_000),
    }


def steps(run: ScoringRun) -> Iterator[None]:
    while run.advance():
        yield


def same_scores(one: ScoreSet, other: ScoreSet) -> bool:
    return one.frames.keys() == other.frames.keys() and all(
        np.array_equal(one.frames[s].counts, other.frames[s].counts)
        and np.allclose(one.frames[s].start_seconds, other.frames[s].start_seconds)
        and np.allclose(one.frames[s].scores, other.frames[s].scores, atol=1e-3)
        for s in one.frames
    )


def test_the_scores_are_those_of_the_command_line(
    recognizer: GenreRecognizer, songs: dict[str, bytes], tmp_path: Path
):
    run = score_uploads(recognizer, from_archive(archive_of(files=songs), GENRES), LENGTHS)
    for _ in steps(run):
        pass
    ours = run.result()
    for name, data in songs.items():
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    dataset = load_dataset(tmp_path / "mine")
    theirs = score_dataset(recognizer, dataset.clips, SongList("mine", "mine"), LENGTHS)
    assert ours.clips == theirs.clips
    assert ours.genres == theirs.genres
    assert same_scores(ours, theirs)
    assert run.failures[0].startswith("jazz/broken.wav: ")
    assert ours.provenance.problems == run.failures == theirs.provenance.problems
    again = parse_score_set(dump_score_set(ours), "mine.json")
    assert again.clips == ours.clips
    assert again.provenance == ours.provenance
    assert same_scores(again, ours)


def test_work_stops_after_any_frame_and_goes_on(
    recognizer: GenreRecognizer, songs: dict[str, bytes]
):
    def new_run() -> ScoringRun:
        return score_uploads(recognizer, from_archive(archive_of(files=songs), GENRES), LENGTHS)

    whole = new_run()
    n_steps = 1 + sum(1 for _ in steps(whole))
    assert n_steps > 10  # each frame is a step
    run = new_run()
    with pytest.raises(DatasetError, match="no song could be scored"):
        run.result()
    sizes = []
    while run.advance():
        if len(run.rows):
            part = run.result()
            assert len(part.clips) == len(run.rows)
            assert "Stopped after" in part.provenance.problems[-1]
            parse_score_set(dump_score_set(part), "part")
            sizes.append(len(run.rows))
    assert sorted(set(sizes)) == [1, 2]
    assert same_scores(run.result(), whole.result())
    assert run.result().provenance.problems == whole.result().provenance.problems
    assert run.advance() is False


def test_progress_counts_songs_and_time(recognizer: GenreRecognizer, songs: dict[str, bytes]):
    now = iter(np.arange(0.0, 1e4, 0.5))  # half a second each time one looks
    test_set = from_archive(archive_of(files=songs), GENRES)
    run = score_uploads(recognizer, test_set, LENGTHS, clock=lambda: float(next(now)))
    first = run.progress
    assert (first.songs_done, first.n_songs, first.fraction) == (0, 4, 0.0)
    assert first.seconds_left is None
    assert first.song == "jazz/a.wav"
    fractions, left = [0.0], []
    while run.advance():
        progress = run.progress
        fractions.append(progress.fraction)
        if progress.songs_done:
            left.append(progress.seconds_left)
            worked = 0.5 * (len(fractions) - 1)
            assert left[-1] == pytest.approx(worked / progress.fraction - worked)
    assert fractions == sorted(fractions)
    assert run.progress.fraction == 1.0
    assert run.progress.songs_done == 4
    assert left


def test_a_song_that_breaks_inside_the_archive_is_listed(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]
):
    files = {"rock/a.wav": b"MARK" + bytes(100), "rock/b.wav": wav_bytes(4.0, 12_000)}
    data = zip_of(files).replace(b"MARK", b"KRAM")
    run = score_uploads(
        recognizer, from_archive(SongArchive(data, "mine.zip"), GENRES), CutSettings((3.0,))
    )
    for _ in steps(run):
        pass
    assert len(run.failures) == 1
    assert "cannot be unpacked" in run.failures[0]
    assert [clip.clip_id for clip in run.result().clips] == ["rock/b.wav"]


def test_too_little_memory_for_one_song_is_its_failure_alone(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]
):
    def read() -> bytes:
        raise MemoryError

    good = wav_bytes(4.0, 12_000)
    songs = (OwnSong("a.wav", "rock", 9, read), OwnSong("b.wav", "jazz", 9, lambda: good))
    run = score_uploads(recognizer, OwnTestSet("mine", songs), CutSettings((3.0,)))
    for _ in steps(run):
        pass
    assert "memory" in run.failures[0]
    assert len(run.rows) == 1


def test_only_one_song_is_held_at_a_time(recognizer: GenreRecognizer, songs: dict[str, bytes]):
    n_read = []

    def reader(name: str) -> Callable[[], bytes]:
        def read() -> bytes:
            n_read.append(name)
            return songs[name]

        return read

    own = tuple(OwnSong(name, "rock", 9, reader(name)) for name in songs)
    run = score_uploads(recognizer, OwnTestSet("mine", own), CutSettings((3.0,)))
    for _ in steps(run):
        assert len(n_read) <= run.progress.songs_done + 1
    assert n_read == list(songs)


def test_nothing_is_left_on_disk(
    recognizer: GenreRecognizer,
    songs: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    run = score_uploads(
        recognizer, from_archive(archive_of(files=songs), GENRES), CutSettings((3.0,))
    )
    for _ in steps(run):
        assert list(tmp_path.iterdir()) == []
    assert len(run.rows) == 3
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_run_is_refused_at_once(recognizer: GenreRecognizer):
    song = OwnSong("a.wav", "polka", 9, lambda: b"")
    with pytest.raises(DatasetError, match="polka"):
        score_uploads(recognizer, OwnTestSet("mine", (song,)))
    with pytest.raises(DatasetError, match="nothing to score"):
        score_uploads(recognizer, OwnTestSet("mine", ()))
    known = OwnTestSet("mine", (OwnSong("a.wav", "rock", 9, lambda: b""),))
    with pytest.raises(SettingsError):
        score_uploads(recognizer, known, CutSettings((1.0,)))
