"""The commands that time a song and measure its memory, on short synthetic ones."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import memory, song
from benchmarks.song_report import SongTimes, report
from benchmarks.synthetic_song import write_song

linux = pytest.mark.skipif(sys.platform != "linux", reason="ties processes to cores, as Linux can")


def times(verdict: float, picture: float = 0.1) -> SongTimes:
    stages = (0.2, 0.05, 0.1, 0.001)
    return SongTimes("a.mp3", 120.0, 3, 0.2, 0.25, 1.0, stages, picture, verdict)


@linux
def test_every_way_is_timed_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(song, "COLD_PLAIN", "print([0, 0, 0, 0])")  # compiles for half a minute
    for name in ("one.ogg", "two.flac"):
        write_song(tmp_path / name, minutes=0.2)
    output = tmp_path / "speed.md"
    files = [str(tmp_path / name) for name in ("one.ogg", "two.flac")]
    arguments = ["--rounds", "1", "--long-minutes", "0", "--output", str(output)]
    assert song.main([*files, *arguments]) == 0
    text = output.read_text("utf-8")
    for row in ("one.ogg", "two.flac", "network, ms a minute of song", "the plain pipeline"):
        assert row in text
    assert "nan" not in text


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    results = {1: [times(0.5)], 2: [times(0.3)]}
    song.write_results(tmp_path / "results.json", results)
    assert str(song.read_results(tmp_path / "results.json")) == str(
        {n: [replace(s, stages=list(s.stages)) for s in songs] for n, songs in results.items()}
    )
    assert song.read_results(tmp_path / "none.json") == {}


def test_a_file_that_is_missing_is_a_reason_to_skip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert song.main([str(tmp_path / "gone.mp3")]) == 1
    assert "skipped" in capsys.readouterr().err


@pytest.mark.parametrize(("verdict", "met"), [(0.2, 3), (0.3, 2), (0.9, 1)])
def test_the_report_says_which_aims_are_met(verdict: float, met: int) -> None:
    text = report({1: [times(0.7)], 2: [times(verdict, 0.4 * verdict)]}, 3, "", "")
    assert text.count("(met)") == met


def test_the_ratios_are_to_the_faster_decoder() -> None:
    assert times(0.5).decodings == pytest.approx(2.5)
    assert times(0.5).times_faster == pytest.approx(2.0)


@pytest.mark.skipif(not memory.STATUS.is_file(), reason="peak memory is read from Linux's /proc")
def test_peak_memory_never_falls(tmp_path: Path) -> None:
    path = tmp_path / "song.flac"
    write_song(path, minutes=0.2)
    n_frames, peaks = memory.memory_of(path)
    megabytes = [mb for _, mb in peaks]
    assert n_frames == 1
    assert megabytes == sorted(megabytes)
    assert megabytes[0] > 10
