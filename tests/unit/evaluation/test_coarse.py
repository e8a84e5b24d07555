"""Which coarse pictures are scored, and what is refused."""

from pathlib import Path

import numpy as np
import pytest

from genre_core.errors import DatasetError
from genre_core.evaluation.coarse import coarse_songs, read_pictures, score_coarse
from genre_core.features.coarse import coarse_log_mel
from genre_core.inference.recognizer import GenreRecognizer


def write_pictures(folder: Path, clip_ids: list[str]) -> np.ndarray:
    pictures = np.random.default_rng(0).integers(0, 256, (len(clip_ids), 128, 387), dtype=np.uint8)
    np.savez(folder / "logmel_u8.npz", X=pictures, ids=np.array(clip_ids))
    return pictures


@pytest.fixture
def recognizer(tiny_checkpoint: Path) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(tiny_checkpoint)


@pytest.fixture
def folder(tmp_path: Path, wav_bytes) -> Path:
    """Two clips with sound, two without, of which one is in the test list and one has a picture."""
    for name in ("audio", "splits"):
        (tmp_path / name).mkdir()
    rows = ["clip_id,genre,artist,title", "jazz.1,jazz,A,B", "rock.1,rock,C,D", "rock.2,rock,E,F"]
    (tmp_path / "index.csv").write_text("\n".join([*rows, "pop.1,pop,,"]) + "\n")
    for name in ("jazz.1", "rock.1"):
        (tmp_path / "audio" / f"{name}.wav").write_bytes(wav_bytes(4.0, 12_000))
    (tmp_path / "splits" / "train_filtered.txt").write_text("jazz.1\n")
    (tmp_path / "splits" / "test_filtered.txt").write_text("rock.1\nrock.2\npop.1\n")
    return tmp_path


def test_the_clips_of_the_list_that_have_a_picture(
    folder: Path, recognizer: GenreRecognizer
) -> None:
    pictures = write_pictures(folder, ["rock.2", "jazz.1", "rock.1"])
    songs = coarse_songs(recognizer, folder, "test")
    assert [song.clip.clip_id for song in songs] == ["rock.1", "rock.2"]
    assert (songs[1].clip.label, songs[1].clip.artist, songs[1].clip.title) == ("rock", "E", "F")
    [frames] = songs[1].frames()
    expected = coarse_log_mel(pictures[0], recognizer.features, 29.12)
    np.testing.assert_array_equal(frames.log_mel[0], expected)

    scores = score_coarse(recognizer, folder, "test", "mine", "a command")
    assert scores.provenance.list_name == "test"
    assert scores.provenance.model_sha256 == recognizer.info.sha256
    theirs = recognizer.score(expected[np.newaxis])[0]
    np.testing.assert_allclose(scores.frames[29.12].scores[1], theirs, atol=5e-4)


def test_a_list_without_pictures_is_refused(folder: Path, recognizer: GenreRecognizer) -> None:
    write_pictures(folder, ["jazz.1"])
    with pytest.raises(DatasetError, match="nothing to score"):
        score_coarse(recognizer, folder, "test", "mine", "a command")


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"X": np.zeros((2, 8, 9), np.uint8)}, "ids"),
        ({"X": np.zeros((2, 8, 9)), "ids": ["a", "b"]}, "uint8"),
        ({"X": np.zeros((2, 8), np.uint8), "ids": ["a", "b"]}, "n_bands"),
        ({"X": np.zeros((2, 8, 9), np.uint8), "ids": ["a"]}, "as many ids"),
        ({"X": np.zeros((1, 8, 9), np.uint8), "ids": np.array([None])}, "not a file of pictures"),
    ],
)
def test_a_broken_file_of_pictures_is_named(tmp_path: Path, arrays: dict, reason: str) -> None:
    np.savez(tmp_path / "logmel_u8.npz", **arrays)
    with pytest.raises(DatasetError, match=rf"logmel_u8\.npz.*{reason}"):
        read_pictures(tmp_path / "logmel_u8.npz")
