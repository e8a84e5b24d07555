"""The demo songs: the files fit their index, and their scores are the same at every run."""

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from genre_core.config import GENRES, FrameSettings

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo"
sys.path.insert(0, str(DEMO))
from generate import catalogue, notation, score  # noqa: E402  (needs the path above)

sys.path.remove(str(DEMO))

INDEX = {
    entry["name"]: entry
    for entry in json.loads((DEMO / "index.json").read_text(encoding="utf-8"))["songs"]
}


def test_index_is_what_the_generator_writes(tmp_path):
    catalogue.write_index(tmp_path)
    written = (tmp_path / "index.json").read_text(encoding="utf-8")
    assert written == (DEMO / "index.json").read_text(encoding="utf-8")


def test_index_and_files_are_the_same_set():
    files = {path.name for path in DEMO.glob("*.mp3")}
    assert files == {entry["file"] for entry in INDEX.values()}


def test_there_is_a_song_of_every_genre_and_a_medley_of_two():
    assert {entry["genre"] for entry in INDEX.values()} == {*GENRES, "medley"}
    assert len(INDEX["medley"]["genres"]) == 2
    assert set(INDEX["medley"]["genres"]) <= set(GENRES)


def test_all_together_stay_small():
    assert sum((DEMO / entry["file"]).stat().st_size for entry in INDEX.values()) < 12e6


@pytest.mark.parametrize("name", INDEX)
def test_entry_tells_what_the_page_needs(name):
    entry = INDEX[name]
    assert entry["title"]
    assert entry["listen_for"].endswith(".")
    assert entry["licence"] == "CC0-1.0"
    starts = [section["start_seconds"] for section in entry["sections"]]
    assert starts[0] == 0.0
    assert all(before < after for before, after in pairwise([*starts, entry["seconds"]]))


@pytest.mark.parametrize("name", INDEX)
def test_audio_decodes_at_a_sound_level_and_length(name):
    samples, rate = soundfile.read(DEMO / INDEX[name]["file"], dtype="float32", always_2d=True)
    seconds = len(samples) / rate
    assert seconds == pytest.approx(INDEX[name]["seconds"], abs=0.1)
    low, high = (120, 160) if name == "medley" else (70, 100)
    assert low <= seconds <= high
    assert samples.shape[1] == 2
    peak = np.abs(samples).max()
    assert 0.3 < peak < 0.999  # neither faint nor clipped
    level = 20 * np.log10(np.sqrt(np.mean(samples**2)))
    assert -24 < level < -10  # dBFS; all songs sound about equally loud
    n_whole = len(samples) // rate
    loudest = np.abs(samples[: n_whole * rate]).reshape(n_whole, -1).max(axis=1)
    assert (loudest[:-3] > 0.01).all()  # no second of silence before the ending


def test_every_song_fills_two_frames_and_the_medley_changes_between_frames():
    settings = FrameSettings()
    for name, entry in INDEX.items():
        n_frames = (entry["seconds"] - 2 * settings.trim_seconds) / settings.frame_seconds
        assert n_frames >= (4 if name == "medley" else 2)
    change = INDEX["medley"]["sections"][1]["start_seconds"]
    assert change == pytest.approx(settings.trim_seconds + 2 * settings.frame_seconds, abs=0.01)


@pytest.mark.parametrize("name", INDEX)
def test_score_is_the_same_every_time_and_playable(name):
    first, again = catalogue.songs(name), catalogue.songs(name)
    for song, twin in zip(first, again, strict=True):
        assert len(song.parts) >= 5
        for part, same in zip(song.parts, twin.parts, strict=True):
            events = score.perform(song, part)
            assert events == score.perform(twin, same)
            assert events
            assert all(0 <= event.start < song.seconds for event in events)
            assert all(event.duration > 0 for event in events)
            assert all(12 <= event.pitch <= 110 for event in events)
            assert all(1 <= event.velocity <= 127 for event in events)


def test_only_the_classical_songs_have_no_drums():
    def has_drums(song):
        return any(getattr(part.instrument, "bank", 0) == 128 for part in song.parts)

    for name in INDEX:
        for song in catalogue.songs(name):
            assert has_drums(song) == (song.genre != "classical")


def test_swing_delays_the_off_beat_only():
    song = catalogue.songs("jazz")[0]
    quarter = 60 / song.tempo
    assert song.second(3.0) == pytest.approx(3 * quarter)
    assert song.second(3.5) == pytest.approx((3 + song.swing) * quarter)
    assert song.second(3.5, swung=False) == pytest.approx(3.5 * quarter)


def test_line_reads_pitches_lengths_and_marks():
    notes = notation.line("c4:1 r:.5 e4!:.5 g4+b4~:2 |", velocity=90)
    assert [(n.beat, n.pitch) for n in notes] == [(0, 60), (1.5, 64), (2, 67), (2, 71)]
    assert notes[1].velocity == 106
    assert [n.scoop for n in notes] == [0, 0, 1, 1]


def test_line_refuses_a_bar_that_is_not_full():
    with pytest.raises(ValueError, match="bar line at beat 3"):
        notation.line("c4:3 | d4:4")


def test_chord_stands_above_its_lowest_note():
    assert notation.chord("Am", 60) == (60, 64, 69)
    assert notation.root("Bb", 28) == 34
    with pytest.raises(ValueError, match="not a chord"):
        notation.chord("H", 60)
