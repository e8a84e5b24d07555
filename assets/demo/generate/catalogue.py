"""The list of songs, their files and the index."""

import importlib
import json
import subprocess
from pathlib import Path
from typing import Any

from .score import Song, Stereo

NAMES = (
    "blues",
    "classical",
    "country",
    "disco",
    "hiphop",
    "jazz",
    "metal",
    "pop",
    "reggae",
    "rock",
    "medley",
)
LICENCE = "CC0-1.0"
BIT_RATE = "80k"  # eleven songs in less than 12 MB
HIGHEST_DECODED = 0.95  # full scale = 1
ENCODINGS = 5  # at most, to get there
SUFFIX = ".mp3"  # every browser plays it


def songs(name: str) -> tuple[Song, ...]:
    """Return the song of that name: one, or the halves of the medley."""
    composed = importlib.import_module(f".songs.{name}", __package__).compose()
    return composed if isinstance(composed, tuple) else (composed,)


def entry(name: str) -> dict[str, Any]:
    """Return the entry of a song in `index.json`."""
    halves = songs(name)
    start = 0.0
    sections = []
    for song in halves:
        for bar, title in song.sections:
            second = start + song.second(bar * song.beats_per_bar)
            sections.append({"start_seconds": round(second, 2), "name": title, "genre": song.genre})
        start += song.seconds
    first = halves[0]
    if len(halves) > 1:
        title, genre = "Two Tempers", "medley"
        listen_for = (
            "One theme, first for strings, then for a metal band. The change falls between the "
            "second and the third frame: the frames disagree, and the average has to choose."
        )
    else:
        title, genre, listen_for = first.title, first.genre, first.listen_for
    return {
        "name": name,
        "file": name + SUFFIX,
        "title": title,
        "genre": genre,
        "genres": list(dict.fromkeys(song.genre for song in halves)),
        "seconds": round(start, 2),
        "tempo": [round(song.tempo, 1) for song in halves],
        "listen_for": listen_for,
        "sections": sections,
        "licence": LICENCE,
    }


def write_index(folder: Path) -> None:
    """Write `index.json`."""
    entries = [entry(name) for name in NAMES]
    text = json.dumps({"songs": entries}, indent=2, ensure_ascii=False)
    (folder / "index.json").write_text(text + "\n", encoding="utf-8")


def write_song(name: str, folder: Path) -> None:
    """Render a song and encode it as mp3 (needs the tools that README.md names)."""
    import numpy as np
    import soundfile

    from .effects import limit
    from .render import CEILING, render

    path = folder / (name + SUFFIX)
    sound = np.concatenate([render(song) for song in songs(name)], axis=1)
    ceiling = CEILING
    for _ in range(ENCODINGS):  # sharp attacks overshoot in a lossy codec
        _encode(limit(ceiling)(sound), name, path)
        peak = np.abs(soundfile.read(path)[0]).max()
        if peak <= HIGHEST_DECODED:
            break
        ceiling *= 0.98 * HIGHEST_DECODED / peak


def _encode(sound: Stereo, name: str, path: Path) -> None:
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "f32le", "-ar", "44100", "-ac", "2"]
    command += ["-i", "-", "-c:a", "libmp3lame", "-b:a", BIT_RATE, "-compression_level", "0"]
    command += ["-metadata", f"title={entry(name)['title']}", "-metadata", "copyright=CC0 1.0"]
    command += ["-map_metadata", "-1", "-fflags", "+bitexact", str(path)]
    subprocess.run(command, input=sound.T.astype("<f4").tobytes(), check=True)
