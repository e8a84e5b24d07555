"""A song is its own nearest, also as an MP3; the map has a place for songs it never saw."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre_core.checkpoints.bundled import default_model_path
from genre_core.config import FrameSettings
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.similarity import SongSpace, song_embedding

SONGS = ("classical", "country", "disco", "metal")
# A frame of 10 s from the middle: enough to know a song again, and soon done.
CUT = FrameSettings(frame_seconds=10.0, trim_seconds=40.0)


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def embeddings() -> np.ndarray:
    return unit(np.random.default_rng(0).normal(size=(20, 8)))


def test_song_is_the_mean_of_its_frames_of_length_one() -> None:
    song = song_embedding(np.array([[3.0, 0.0], [0.0, 3.0], [3.0, 3.0]], dtype=np.float32))
    assert song.dtype == np.float32
    np.testing.assert_allclose(song, [np.sqrt(0.5)] * 2, rtol=1e-6)
    assert np.isfinite(song_embedding(np.zeros((2, 4), dtype=np.float32))).all()
    with pytest.raises(ValueError, match="without frames"):
        song_embedding(np.zeros((0, 4), dtype=np.float32))


def test_every_song_is_its_own_nearest(embeddings: np.ndarray) -> None:
    space = SongSpace(embeddings)
    for index, embedding in enumerate(embeddings):
        first, second = space.nearest(embedding, 2)
        assert first.index == index
        assert first.similarity == pytest.approx(1.0, abs=1e-6)
        assert second.similarity < first.similarity


def test_neighbours_come_by_cosine_the_nearest_first(embeddings: np.ndarray) -> None:
    song = unit(np.random.default_rng(1).normal(size=(1, 8)))[0]
    found = SongSpace(embeddings).nearest(song, 5)
    cosines = embeddings @ song
    assert [each.index for each in found] == list(np.argsort(-cosines)[:5])
    assert [each.similarity for each in found] == pytest.approx(np.sort(cosines)[::-1][:5])
    assert len(SongSpace(embeddings).nearest(song, 500)) == len(embeddings)


def test_map_is_the_plane_of_largest_spread(embeddings: np.ndarray) -> None:
    space = SongSpace(embeddings)
    centred = embeddings - embeddings.mean(axis=0)
    spread = np.linalg.svd(centred.astype(np.float64), compute_uv=False) ** 2
    assert space.explained_variance == pytest.approx(spread[:2].sum() / spread.sum(), rel=1e-4)
    np.testing.assert_allclose(np.linalg.norm(space.places, axis=0) ** 2, spread[:2], rtol=1e-3)
    again = SongSpace(embeddings.copy())
    np.testing.assert_array_equal(space.places, again.places)


def test_a_known_song_is_projected_onto_its_own_place(embeddings: np.ndarray) -> None:
    space = SongSpace(embeddings)
    for embedding, place in zip(embeddings, space.places, strict=True):
        np.testing.assert_allclose(space.place(embedding), place, atol=1e-6)
    # A new one half way between two, before its length is made 1, lies half way between them.
    middle = (embeddings[3] + embeddings[7]) / 2
    np.testing.assert_allclose(space.place(middle), space.places[[3, 7]].mean(axis=0), atol=1e-6)


@pytest.fixture(scope="module")
def recognizer() -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(default_model_path())


def embedding_of(recognizer: GenreRecognizer, source: Path | bytes) -> np.ndarray:
    analysis = recognizer.analyse(source, CUT, name="song")
    return song_embedding(analysis.embeddings)


def as_mp3(path: Path, sample_rate: int) -> bytes:
    """Encode a sound file again, at another rate and with much loss."""
    samples, original_rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    seconds = len(mono) / original_rate
    times = np.arange(int(seconds * sample_rate)) / sample_rate
    resampled = np.interp(times, np.arange(len(mono)) / original_rate, mono).astype(np.float32)
    out = io.BytesIO()
    with soundfile.SoundFile(
        out, "w", sample_rate, 1, format="MP3", subtype="MPEG_LAYER_III", compression_level=0.9
    ) as file:
        for start in range(0, len(resampled), 65_536):  # longer writes overflow libsndfile's stack
            file.write(resampled[start : start + 65_536])
    return out.getvalue()


def test_a_demo_song_encoded_again_stays_nearest_to_itself(
    recognizer: GenreRecognizer, project_root: Path
) -> None:
    folder = project_root / "assets" / "demo"
    space = SongSpace(
        np.stack([embedding_of(recognizer, folder / f"{song}.mp3") for song in SONGS])
    )
    for index, song in enumerate(SONGS):
        again = embedding_of(recognizer, as_mp3(folder / f"{song}.mp3", 24_000))
        first, second = space.nearest(again, 2)
        assert first.index == index, song
        assert first.similarity > second.similarity


def test_a_similarity_is_placed_among_those_of_all_pairs() -> None:
    angles = np.radians([0.0, 10.0, 90.0])
    songs = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    space = SongSpace(songs)  # pairs at 10, 80 and 90 degrees
    assert space.share_of_pairs_below(0.99) == 1.0
    assert space.share_of_pairs_below(0.5) == pytest.approx(2 / 3)
    assert space.share_of_pairs_below(-0.1) == 0.0
