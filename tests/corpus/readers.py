"""What the program does with a file of each kind; a `GenreError` is an answer, no other is."""

import contextlib
import io
import json
import random
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np

from genre_core.config import GENRES
from tests.corpus.mutations import mutate, mutate_json


def read_sound(content: bytes, folder: Path) -> None:
    from genre_core.audio.load import load_audio

    waveform = load_audio(content, "song.xyz")
    assert np.isfinite(waveform.samples).all()
    assert len(waveform.samples) > 0
    assert all(waveform.receipt.steps)


def read_checkpoint(content: bytes, folder: Path) -> None:
    import torch

    from genre_core.checkpoints.limits import load_upload
    from genre_core.errors import ModelError
    from genre_core.inference.recognizer import GenreRecognizer

    model, info = load_upload(content)
    recognizer = GenreRecognizer(model, info)
    columns = info.features.n_columns_of(3.0)
    log_mel = np.zeros((1, info.features.n_mels, columns), dtype=np.float32)
    with torch.no_grad():
        scores = recognizer.score(log_mel)
    if not np.isfinite(scores).all():
        raise ModelError("scores are not finite")


def read_scores(content: bytes, folder: Path) -> None:
    from genre_core.evaluation.score_file import parse_score_set
    from genre_core.evaluation.summary import summarise

    score_set = parse_score_set(content, "scores.json")
    for seconds in score_set.frames:
        summarise(score_set, seconds)


def read_archive(content: bytes, folder: Path) -> None:
    from genre_core.datasets.uploads import Upload, from_uploads

    test_set = from_uploads([Upload("mine.zip", len(content), io.BytesIO(content))], GENRES)
    for song in test_set.songs:
        song.read()


def read_table(content: bytes, folder: Path) -> None:
    from genre_core.datasets.labels import read_label_table
    from genre_core.datasets.readers import load_dataset
    from genre_core.errors import DatasetError

    (folder / "songs").mkdir(exist_ok=True)
    for index in range(8):
        (folder / "songs" / f"{index}.wav").write_bytes(b"x")
    (folder / "table.csv").write_bytes(content)
    with contextlib.suppress(DatasetError):
        read_label_table(content, "table.csv")
    load_dataset(folder / "table.csv")


def read_split(content: bytes, folder: Path) -> None:
    from genre_core.datasets.readers import load_dataset

    (folder / "audio").mkdir(exist_ok=True)
    (folder / "splits").mkdir(exist_ok=True)
    (folder / "audio" / "0.wav").write_bytes(b"x")
    (folder / "index.csv").write_text("clip_id,genre\n0,jazz\n")
    (folder / "splits" / "train.txt").write_bytes(content)
    load_dataset(folder)


def read_lyrics(content: bytes, folder: Path) -> None:
    from genre_core.errors import LyricsError
    from genre_core.lyrics.reading import parse_bytes

    refusals = []
    for name in ("song.txt", "song.lrc", "song.srt"):
        try:
            parse_bytes(content, name)
        except LyricsError as error:
            refusals.append(error)
    if len(refusals) == 3:
        raise refusals[0]


def read_settings(content: bytes, folder: Path) -> None:
    from genre_core.training.settings import TrainingSettings, read_stages

    (folder / "settings.json").write_bytes(content)
    for stage in read_stages(folder / "settings.json"):
        TrainingSettings.from_record(stage)


def read_store(content: bytes, folder: Path) -> None:
    from genre_core.library.store import LibraryStore

    path = folder / "music.db"
    path.write_bytes(content)
    for open_store in (LibraryStore.open_alone, LibraryStore.open):
        with open_store(path) as store:
            store.check_values()
            songs = list(store.songs())
            store.genre_counts()
            store.genre_counts_by_year()
            store.embeddings()
            store.names()
            list(store.scanned_songs())
            store.failures()
            if songs:
                store.readings(songs[0].id)


READERS: dict[str, Callable[[bytes, Path], None]] = {
    "sound": read_sound,
    "checkpoint": read_checkpoint,
    "scores": read_scores,
    "archive": read_archive,
    "table": read_table,
    "split": read_split,
    "lyrics": read_lyrics,
    "settings": read_settings,
    "store": read_store,
}


def damaged(kind: str, content: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return a damaged file; JSON and checkpoints are mostly damaged behind their checks."""
    if kind == "checkpoint" and rng.random() < 0.8:
        return _damaged_checkpoint(content, rng)
    if kind in ("scores", "settings") and rng.random() < 0.6:
        return mutate_json(content.decode(), rng).encode()
    return mutate(content, other, rng)


def _damaged_checkpoint(content: bytes, rng: random.Random) -> bytes:
    """Change the record or the tensors, and make the hash right again."""
    import safetensors.torch
    import torch

    from genre_core.checkpoints.checkpoint import _content_hash

    length = struct.unpack("<Q", content[:8])[0]
    record = json.loads(content[8 : 8 + length])["__metadata__"]["genre_core"]
    tensors = safetensors.torch.load(content)
    if rng.random() < 0.6:
        record = mutate_json(record, rng)
    else:
        name = rng.choice(sorted(tensors))
        match rng.randrange(5):
            case 0:
                del tensors[name]
            case 1:
                kinds = (torch.float16, torch.float64, torch.int8, torch.bool, torch.float8_e5m2)
                tensors[name] = tensors[name].to(rng.choice(kinds))
            case 2:
                value = rng.choice((3e38, -3e38, 1e30, 1e-44, 0.0, float("nan"), float("inf")))
                for key, tensor in tensors.items():
                    if tensor.is_floating_point() and (key == name or abs(value) > 1e29):
                        tensors[key] = torch.full_like(tensor, value)
            case 3:
                tensors[name] = tensors[name].flatten()[: rng.randrange(4)]
            case _:
                tensors[rng.choice(("", "x" * 5_000, "gru.weight", "__x__"))] = torch.zeros(2)
    return safetensors.torch.save(
        tensors, {"genre_core": record, "sha256": _content_hash(record, tensors)}
    )
