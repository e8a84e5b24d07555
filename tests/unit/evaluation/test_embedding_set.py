"""Files of embeddings: written by the command, read back whole, refused when damaged."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genre_core import cli
from genre_core.assets import EMBEDDINGS_FOLDER
from genre_core.checkpoints.bundled import default_model_path
from genre_core.errors import DatasetError
from genre_core.evaluation.embedding_set import (
    EmbeddingSet,
    Provenance,
    embeddings_file,
    load_embeddings,
    read_embedding_files,
    save_embeddings,
)
from genre_core.evaluation.score_set import ScoredClip
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.similarity import song_embedding


@pytest.fixture
def embedding_set() -> EmbeddingSet:
    rows = np.random.default_rng(0).normal(size=(4, 6))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return EmbeddingSet(
        tuple(ScoredClip(f"s{i}", "jazz", f"Ärtist {i}", "", "audio") for i in range(4)),
        rows.astype(np.float32),
        Provenance(
            "python -m ...", "2026-01-01T00:00:00+00:00", "tiny", "ab", "set", "all", "", 29.12
        ),
    )


def test_file_gives_back_what_was_written(embedding_set: EmbeddingSet, tmp_path: Path) -> None:
    path = embeddings_file("ti/ny", "set", "all", tmp_path / "new")
    assert path.name == "ti-ny.set-all.json"
    save_embeddings(path, embedding_set)
    [read] = read_embedding_files(path.parent)
    assert read.songs == embedding_set.songs
    assert read.provenance == embedding_set.provenance
    assert read.embeddings.dtype == np.float32
    np.testing.assert_allclose(read.embeddings, embedding_set.embeddings, atol=2e-3)
    np.testing.assert_allclose(np.linalg.norm(read.embeddings, axis=1), 1.0, atol=1e-6)
    assert read_embedding_files(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda r: r.update(format="genre_core.scores"), "not an embedding file"),
        (lambda r: r.update(version=1), "version 1.*make the file again"),
        (lambda r: r.pop("songs"), "songs"),
        (lambda r: r["songs"][1].update(clip_id="s0"), "twice"),
        (
            lambda r: r["songs"][1].update(kind="rumour"),
            "kind must be one of audio",
        ),
        (lambda r: r["songs"][1].update(title=7), r"songs\[1\].title must be text"),
        (lambda r: r["songs"][1].pop("artist"), r"songs\[1\] has no field 'artist'"),
        (lambda r: r["embeddings"].pop(), "one embedding for each"),
        (lambda r: r["embeddings"][2].pop(), "one width"),
        (lambda r: r["embeddings"].__setitem__(0, [0.5] * 6), "length 1"),
        (lambda r: r["embeddings"][0].__setitem__(0, float("nan")), "NaN is not a number"),
        (lambda r: r["provenance"].pop("model"), "provenance has no field 'model'"),
        (lambda r: r["provenance"].update(frame_seconds=-1), "frame_seconds must be 0.001 to"),
        (lambda r: r["provenance"].update(model=None), "provenance.model must be text"),
    ],
)
def test_damaged_files_are_refused_with_the_reason(
    embedding_set: EmbeddingSet,
    tmp_path: Path,
    damage: Callable[[dict], object],
    reason: str,
) -> None:
    path = tmp_path / "set.json"
    save_embeddings(path, embedding_set)
    record = json.loads(path.read_text())
    damage(record)
    path.write_text(json.dumps(record))
    with pytest.raises(DatasetError, match=reason) as caught:
        load_embeddings(path)
    assert "genre_core embed" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"[" * 50_000])
def test_what_is_no_json_record_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "set.json"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match="genre_core embed"):
        load_embeddings(path)
    with pytest.raises(DatasetError, match="cannot be read"):
        load_embeddings(tmp_path / "missing.json")


@pytest.fixture
def songs(tmp_path: Path, wav_bytes: Callable[..., bytes]) -> Path:
    rng = np.random.default_rng(0)
    for number, genre in enumerate(("jazz", "jazz", "rock")):
        folder = tmp_path / "songs" / genre
        folder.mkdir(parents=True, exist_ok=True)
        samples = rng.normal(0, 0.1, (48_000, 1)) * np.sin(np.arange(48_000) / 9_000)[:, None]
        (folder / f"{number}.wav").write_bytes(wav_bytes(samples=samples, sample_rate=12_000))
    return tmp_path / "songs"


def test_command_writes_what_the_classifier_sees(
    songs: Path, tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (songs / "rock" / "broken.wav").write_bytes(b"RIFF nothing")
    output = tmp_path / "out.json"
    arguments = ["embed", str(songs), "--model", str(tiny_checkpoint), "--output", str(output)]
    assert cli.main(arguments) == 0
    said = capsys.readouterr()
    assert "3 songs" in said.out
    assert "broken" in said.err
    read = load_embeddings(output)
    assert [song.label for song in read.songs] == ["jazz", "jazz", "rock"]
    recognizer = GenreRecognizer.from_checkpoint(tiny_checkpoint)
    assert read.provenance.model_sha256 == recognizer.info.sha256
    assert (read.provenance.dataset, read.provenance.list_name) == ("songs", "all")
    # Songs shorter than a frame are one short frame, as in the app.
    analysis = recognizer.analyse(songs / "rock" / "2.wav")
    expected = song_embedding(analysis.embeddings)
    np.testing.assert_allclose(read.embeddings[2], expected, atol=2e-3)


def test_too_few_songs_are_refused(
    songs: Path, tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (songs / "rock" / "2.wav").unlink()
    output = tmp_path / "out.json"
    arguments = ["embed", str(songs), "--model", str(tiny_checkpoint), "--output", str(output)]
    assert cli.main(arguments) == 1
    assert "at least 3" in capsys.readouterr().err
    assert not output.exists()


def test_the_bundled_model_has_its_embeddings() -> None:
    recognizer = GenreRecognizer.from_checkpoint(default_model_path())
    sets = {read.provenance.model_sha256: read for read in read_embedding_files()}
    assert recognizer.info.sha256 in sets, (
        "the bundled network changed: make its embeddings again with `make bundled`"
    )
    bundled = sets[recognizer.info.sha256]
    assert bundled.provenance.list_name == "test"
    assert {song.label for song in bundled.songs} == set(recognizer.info.genres)
    assert all(path.stat().st_size < 2**20 for path in EMBEDDINGS_FOLDER.iterdir())
