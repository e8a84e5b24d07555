"""Good files of every kind that a person may bring, small and made by code."""

import functools
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from genre_core.evaluation.score_file import dump_score_set
from genre_core.training.settings import TrainingSettings
from tests.builders import library_store, random_score_set, zip_of
from tests.unit.audio.sound_files import encoded, encoded_by_libav, hiss

SECONDS = 1.5
BY_LIBSNDFILE = (
    *(("WAV", "PCM_16"), ("WAV", "PCM_U8"), ("WAV", "FLOAT"), ("WAV", "IMA_ADPCM"), ("RF64", "")),
    *(("WAV", "GSM610"), ("W64", "PCM_24"), ("AIFF", "PCM_16"), ("AIFF", "FLOAT")),
    ("AU", "ULAW"),
    *(("CAF", "PCM_16"), ("CAF", "ALAC_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS")),
    ("OGG", "OPUS"),
    *(("MP3", "MPEG_LAYER_III"), ("SVX", "PCM_16"), ("NIST", "PCM_16"), ("VOC", "PCM_16")),
    *(("PAF", "PCM_16"), ("PVF", "PCM_16"), ("AVR", "PCM_16"), ("IRCAM", "PCM_16")),
    *(("MAT4", "PCM_16"), ("MAT5", "PCM_16")),
)  # fmt: skip
BY_LIBAV = (
    *(("ipod", "aac"), ("ipod", "alac"), ("mp4", "aac", "mpeg4"), ("mov", "pcm_s16le")),
    *(("matroska", "flac"), ("matroska", "aac", "mpeg4"), ("webm", "libopus"), ("asf", "wmav2")),
    *(("avi", "libmp3lame", "mpeg4"), ("avi", "pcm_s16le"), ("flv", "libmp3lame", "flv1")),
    *(("flv", "aac"), ("mpegts", "mp2", "mpeg2video"), ("mpegts", "aac"), ("mpeg", "mp2")),
    *(("vob", "ac3"), ("ac3", "ac3"), ("eac3", "eac3"), ("adts", "aac"), ("latm", "aac")),
    *(("mp3", "libmp3lame", "mjpeg"), ("mp2", "mp2"), ("ogg", "flac"), ("wv", "wavpack")),
    *(("tta", "tta"), ("flac", "flac"), ("3gp", "aac"), ("caf", "pcm_s16le")),
)
SURROUND = (("ipod", "aac"), ("matroska", "libopus"))


def _by_libsndfile(container: str, subtype: str) -> bytes:
    samples, rate = hiss(SECONDS), 48_000
    if container == "SVX" or subtype in ("GSM610", "ULAW"):
        return encoded(samples[:12_000, :1], 8_000, container, subtype=subtype)
    return encoded(samples, rate, container, **({"subtype": subtype} if subtype else {}))


def _checkpoint() -> bytes:
    import torch

    from genre_core.checkpoints.checkpoint import save_checkpoint
    from genre_core.models import registry

    torch.manual_seed(0)
    model = registry.build("crnn", 3, channels=(4, 5), pools=((8, 4), (12, 4)), hidden=3).eval()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.safetensors"
        training = {"settings": {"epochs": 3}, "split": "given", "best_epoch": 2}
        save_checkpoint(path, model, name="tiny", genres=("a", "b", "c"), training=training)
        return path.read_bytes()


def _store() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = library_store(Path(folder) / "music.db", 20)
        return path.read_bytes()


TABLE = "path,label,album,split\n" + "".join(
    f"songs/{index}.wav,{'rock' if index % 2 else 'jazz'},A {index},train\n" for index in range(8)
)
LYRICS = "It is a song\nof love and rain\n\nand so it goes on\n" * 6
LRC = "[ti:Rain]\n[00:01.00]It is a song\n[00:03.50][00:09.00]of love and rain\n" * 3
SRT = "1\n00:00:01,000 --> 00:00:02,500\nIt is a song\n\n" * 4

SEEDS: Mapping[str, Mapping[str, Callable[[], bytes]]] = {
    "sound": {
        **{
            f"{container}-{subtype or 'PCM'}": functools.partial(_by_libsndfile, container, subtype)
            for container, subtype in BY_LIBSNDFILE
        },
        **{
            f"{'-'.join(kind)}": functools.partial(
                encoded_by_libav, hiss(SECONDS, 48_000), 48_000, *kind
            )
            for kind in BY_LIBAV
        },
        **{
            f"{'-'.join(kind)}-7.1": functools.partial(
                encoded_by_libav, np.tile(hiss(SECONDS, 48_000), 4), 48_000, *kind
            )
            for kind in SURROUND
        },
    },
    "checkpoint": {"crnn": _checkpoint},
    "scores": {"random": lambda: dump_score_set(random_score_set(6))},
    "archive": {
        "zip": lambda: zip_of(
            {f"set/{genre}/{n}.wav": b"x" * 300 for genre in ("rock", "jazz") for n in range(3)}
        )
    },
    "table": {
        "csv": lambda: TABLE.encode(),
        "semicolons": lambda: TABLE.replace(",", ";").encode("utf-8-sig"),
        "tabs": lambda: TABLE.replace(",", "\t").encode("utf-16"),
    },
    "split": {"list": lambda: "".join(f"jazz/{n}.wav\n" for n in range(9)).encode()},
    "lyrics": {
        "txt": LYRICS.encode,
        "lrc": LRC.encode,
        "srt": SRT.encode,
        "utf16": lambda: LYRICS.encode("utf-16"),
    },
    "settings": {"json": lambda: TrainingSettings().text().encode()},
    "store": {"db": _store},
}
"""Kind of file -> name -> its content."""
