"""Labels of one's own: artists told apart with albums kept together, at the files' own rate."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.checkpoints.info import feature_settings
from genre_core.cli import main
from genre_core.datasets.feature_cache import FeatureCache
from genre_core.datasets.readers import load_dataset
from genre_core.datasets.splits import hold_out
from genre_core.errors import DatasetError, SettingsError
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.summary import summarise
from genre_core.inference.recognizer import GenreRecognizer

RATE = 22_050
HZ = {"Ann": 150.0, "Bo": 900.0, "Cy": 8_500.0}  # the last lies above what 12 kHz can hold
ALBUMS = 5
SMALL = ["--hyperparameter", "channels=[4]", "pools=[[8,4]]", "hidden=4"]
FAST = [*SMALL, "--epochs", "2", "--batch-size", "6", "--augment", "crop_seconds=[3,3]"]


@pytest.fixture
def artists(tmp_path: Path, wav_bytes: Callable[..., bytes]) -> Path:
    """Three artists, five albums of two songs each; everybody has an album "Hits"."""
    generator = np.random.default_rng(0)
    time = np.arange(4 * RATE) / RATE
    rows = []
    for artist, hz in HZ.items():
        for number in range(2 * ALBUMS):
            name = f"{artist}-{number}.wav"
            tone = 0.3 * np.sin(2 * np.pi * hz * (1 + 0.01 * number) * time)
            samples = tone + 0.005 * generator.standard_normal(len(time))
            (tmp_path / name).write_bytes(wav_bytes(sample_rate=RATE, samples=samples))
            album = "Hits" if number < 2 else f"{artist} {number // 2}"
            rows.append({"path": name, "artist": artist, "album": album})
    table = tmp_path / "artists.csv"
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["path", "artist", "album"])
        writer.writeheader()
        writer.writerows(rows)
    return table


def test_without_a_label_the_artist_is_it_and_albums_stay_together(artists: Path) -> None:
    dataset = load_dataset(artists)
    assert dataset.genres == tuple(HZ)
    split = hold_out(dataset)
    album = {clip.clip_id: clip.group for clip in dataset.clips}
    lists = [{album[clip_id] for clip_id in ids} for ids in (split.train, split.valid, split.test)]
    assert all(lists)
    assert sum(map(len, lists)) == len(set().union(*lists))
    label = {clip.clip_id: clip.label for clip in dataset.clips}
    for ids in (split.train, split.valid, split.test):
        assert {label[clip_id] for clip_id in ids} == set(HZ)


def test_one_album_an_artist_cannot_be_split(artists: Path, tmp_path: Path) -> None:
    text = re.sub(r",[^,\n]*$", ",Only", artists.read_text(), flags=re.MULTILINE)
    other = tmp_path / "one.csv"
    other.write_text(text.replace("artist,Only", "artist,album", 1))
    with pytest.raises(DatasetError, match="albums"):
        hold_out(load_dataset(other))


def test_from_artists_at_their_own_rate_to_macro_f1(
    artists: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, result = tmp_path / "runs" / "artists.safetensors", tmp_path / "result.json"
    features = ["--features", f"sample_rate={RATE}", "n_fft=1024", "hop_length=512"]
    cache = ["--cache", str(tmp_path / "cache")]
    assert main(["train", str(artists), "--output", str(output), *cache, *features, *FAST]) == 0
    _, info = load_checkpoint(output)
    assert info.genres == tuple(HZ)
    assert (info.features.sample_rate, info.features.hop_length) == (RATE, 512)

    capsys.readouterr()
    command = ["evaluate", str(artists), "--model", str(output), "--output", str(result)]
    assert main([*command, "--split", "hold-out", "--frame-seconds", "3"]) == 0
    printed = capsys.readouterr().out
    summary = summarise(load_score_set(result), 3.0)
    assert "macro F1" in printed
    assert f" {summary.macro_f1:.3f} " in printed
    f1 = [each.f1 for each in summary.per_genre]
    assert summary.macro_f1 == pytest.approx(sum(f1) / len(HZ))

    song = artists.parent / "Cy-0.wav"
    analysis = GenreRecognizer.from_checkpoint(output).analyse(song)
    assert analysis.waveform.sample_rate == RATE
    assert analysis.scores.shape == (1, 3)
    assert not any("Resampled" in step for step in analysis.waveform.receipt.steps)
    # The tone at 8.5 kHz is heard: no such thing is left at 12 kHz.
    assert analysis.log_mel[0].max(axis=1).argmax() > 70
    assert main(["analyse", "--model", str(output), str(song)]) == 0
    printed = capsys.readouterr().out
    assert any(artist in printed for artist in HZ)


def test_spectrograms_of_two_rates_are_kept_apart(artists: Path, tmp_path: Path) -> None:
    clip = load_dataset(artists).clips[0]
    shapes = [
        FeatureCache(feature_settings({"sample_rate": rate}), tmp_path / "cache")
        .log_mel(clip)
        .shape
        for rate in (12_000, RATE, 12_000)
    ]
    assert shapes == [(96, 1 + 48_000 // 256), (96, 1 + 4 * RATE // 256), shapes[0]]
    assert len(list((tmp_path / "cache").iterdir())) == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sample_rate": 400}, "400 Hz"),
        ({"bands": 3}, "unknown field .bands"),
        ({"sample_rate": "fast"}, "sample_rate must be a whole number"),
        ({"hop_length": 4_096}, "impossible"),
    ],
)
def test_impossible_features_are_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        feature_settings(changes)


def test_a_network_for_other_bands_is_refused_before_it_learns(
    artists: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "m.safetensors"
    command = ["train", str(artists), "--output", str(output), "--cache", str(tmp_path / "cache")]
    assert main([*command, "--features", "n_mels=40", *FAST]) == 1
    assert "96 mel bands, the features have 40" in capsys.readouterr().err
    assert not output.exists()
