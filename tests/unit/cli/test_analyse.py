"""`python -m genre_core analyse`, for users and for scripts."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genre_core import __version__
from genre_core.__main__ import PIPE_CLOSED
from genre_core.cli import INTERRUPTED, main
from genre_core.config import GENRES, SAMPLE_RATE
from genre_core.inference.recognizer import GenreRecognizer

WavMaker = Callable[..., bytes]


@pytest.fixture
def song(tmp_path: Path, wav_bytes: WavMaker) -> Path:
    path = tmp_path / "song.wav"
    path.write_bytes(wav_bytes(20.0, SAMPLE_RATE))
    return path


@pytest.fixture
def analyse(tiny_checkpoint: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run the command in this process; return its status, stdout and stderr."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        status = main(["analyse", "--model", str(tiny_checkpoint), *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_json_is_one_object_a_line(analyse: Callable[..., Any], song: Path) -> None:
    status, out, err = analyse("--json", song, song)
    assert status == 0
    assert err == ""
    first, second = (json.loads(line) for line in out.splitlines())
    assert first == second
    assert first["file"] == str(song)
    assert first["duration_seconds"] == pytest.approx(20.0)
    assert first["model"]["name"] == "tiny"
    assert len(first["model"]["sha256"]) == 64
    assert first["genres"] == list(GENRES)
    assert first["aggregation"] == "mean"
    assert first["genre"] == max(first["scores"], key=first["scores"].get)
    assert first["confidence"] == first["scores"][first["genre"]]
    assert sum(first["scores"].values()) == pytest.approx(1.0, abs=1e-3)
    for frame in first["frames"]:
        assert list(frame["scores"]) == list(GENRES)
        assert sum(frame["scores"].values()) == pytest.approx(1.0, abs=1e-3)


def test_frame_and_trim_seconds_are_obeyed(analyse: Callable[..., Any], song: Path) -> None:
    _, out, _ = analyse("--json", "--frame-seconds", "4", "--trim-seconds", "2.5", song)
    record = json.loads(out)
    assert record["frame_seconds"] == 4.0
    assert record["trim_seconds"] == 2.5
    spans = [(frame["start_seconds"], frame["end_seconds"]) for frame in record["frames"]]
    assert spans == [(2.5, 6.5), (6.5, 10.5), (10.5, 14.5)]
    assert [frame["index"] for frame in record["frames"]] == [0, 1, 2]


@pytest.mark.parametrize("aggregation", ["mean", "geometric_mean", "majority_vote"])
def test_aggregation_is_obeyed(analyse: Callable[..., Any], song: Path, aggregation: str) -> None:
    arguments = ("--frame-seconds", "3", "--trim-seconds", "0", "--aggregate", aggregation)
    status, out, _ = analyse("--json", *arguments, song)
    record = json.loads(out)
    assert status == 0
    assert record["aggregation"] == aggregation
    if aggregation == "mean":
        scores = np.array([list(frame["scores"].values()) for frame in record["frames"]])
        np.testing.assert_allclose(list(record["scores"].values()), scores.mean(0), atol=1e-6)


def test_a_bad_song_does_not_stop_the_others(
    analyse: Callable[..., Any], song: Path, tmp_path: Path, wav_bytes: WavMaker
) -> None:
    text = tmp_path / "text.mp3"
    text.write_text("not music")
    short = tmp_path / "short.wav"
    short.write_bytes(wav_bytes(1.0))
    silence = tmp_path / "silence.wav"
    silence.write_bytes(wav_bytes(samples=np.zeros(10 * SAMPLE_RATE), sample_rate=SAMPLE_RATE))
    missing = tmp_path / "missing.mp3"
    status, out, err = analyse("--json", text, short, silence, missing, tmp_path, song)
    records = [json.loads(line) for line in out.splitlines()]
    assert status == 1
    for record, path in zip(records, (text, short, silence, missing, tmp_path), strict=False):
        assert list(record) == ["file", "error"]
        assert record["file"] == str(path)
        assert record["error"]
    assert records[-1]["genre"] in GENRES
    assert "5 of 6" in err


def test_table_shows_verdict_and_frames(analyse: Callable[..., Any], song: Path) -> None:
    arguments = ("--frame-seconds", "4", "--trim-seconds", "0", song)
    record = json.loads(analyse("--json", *arguments)[1])
    status, out, err = analyse("--frames", *arguments)
    header, verdict, *frames = out.splitlines()
    assert status == 0
    assert err == ""
    assert header.split()[:3] == ["verdict", "confidence", "runner-up"]
    assert verdict.split()[:2] == [record["genre"], f"{record['confidence']:.0%}"]
    assert verdict.endswith(str(song))
    assert header.index("song") == verdict.index(str(song))
    assert len(frames) == len(record["frames"]) == 5
    assert "frame 2, 4.00 to 8.00 s" in frames[1]


def test_table_reports_a_bad_song_on_stderr(
    analyse: Callable[..., Any], song: Path, tmp_path: Path
) -> None:
    status, out, err = analyse(tmp_path / "missing.mp3", song)
    assert status == 1
    assert len(out.splitlines()) == 2
    assert "missing.mp3" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["two\nlines.wav", "tab\there \x1b[31m.wav", "bad\udcff.wav"])
def test_odd_file_names_are_shown_on_one_line(
    analyse: Callable[..., Any], song: Path, name: str
) -> None:
    odd = song.with_name(name)
    odd.write_bytes(song.read_bytes())
    _, out, _ = analyse("--json", odd)
    assert json.loads(out)["file"] == str(odd)
    _, out, _ = analyse(odd)
    assert len(out.splitlines()) == 2
    assert all(line.isprintable() for line in out.splitlines())


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        ("--frame-seconds", "nan", "3 and 29.12"),
        ("--frame-seconds", "0", "3 and 29.12"),
        ("--frame-seconds", "500", "3 and 29.12"),
        ("--frame-seconds", "ten", "3 and 29.12"),
        ("--trim-seconds", "-1", "0 and 60"),
        ("--trim-seconds", "inf", "0 and 60"),
        ("--trim-seconds", "60.5", "0 and 60"),
        ("--aggregate", "median", "geometric_mean"),
    ],
)
def test_impossible_numbers_are_usage_errors(
    capsys: pytest.CaptureFixture[str], option: str, value: str, allowed: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["analyse", "song.mp3", option, value])
    assert stop.value.code == 2
    message = capsys.readouterr().err
    assert option in message
    assert allowed in message


@pytest.mark.parametrize("limits", [("3", "0"), ("29.12", "60")])
def test_limits_themselves_are_allowed(
    analyse: Callable[..., Any], song: Path, limits: tuple[str, str]
) -> None:
    frame_seconds, trim_seconds = limits
    status, out, _ = analyse(
        "--json", "--frame-seconds", frame_seconds, "--trim-seconds", trim_seconds, song
    )
    assert status == 0
    assert json.loads(out)["frames"]


def test_unknown_model_names_the_remedy(capsys: pytest.CaptureFixture[str], song: Path) -> None:
    assert main(["analyse", "--model", "no-such-model", str(song)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no-such-model" in captured.err
    assert "bundled" in captured.err


def test_ctrl_c_is_quiet(
    analyse: Callable[..., Any], song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(GenreRecognizer, "analyse", interrupt)
    status, out, err = analyse("--json", song)
    assert status == INTERRUPTED
    assert out == ""
    assert err.strip() == "interrupted"


def run_module(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "genre_core", *arguments],
        cwd=Path(__file__).parents[3],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **options,
    )


def test_a_closed_pipe_is_quiet(tiny_checkpoint: Path, song: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        arguments = ("--json", "--model", str(tiny_checkpoint), str(song))
        done = run_module("analyse", *arguments, stdout=writer)
    finally:
        os.close(writer)
    assert done.returncode == PIPE_CLOSED
    assert done.stderr == ""


def test_without_a_command_the_help_is_printed() -> None:
    done = run_module(stdout=subprocess.PIPE)
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("analyse", "train", "evaluate"))


def test_version_is_that_of_the_package() -> None:
    done = run_module("--version", stdout=subprocess.PIPE)
    assert done.stdout.split() == ["genre-core", __version__]


def test_warnings_are_on_the_terminal_and_in_the_json(
    analyse: Callable[..., Any], song: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.wav"
    cut.write_bytes(song.read_bytes()[: song.stat().st_size * 55 // 100])
    status, out, err = analyse("--json", cut, song)
    damaged, whole = (json.loads(line)["warnings"] for line in out.splitlines())
    assert status == 0
    assert "cut short" in damaged[0]
    assert whole == []
    assert f"warning: {cut}: {damaged[0]}" in err


@pytest.mark.parametrize("songs", [["-song.wav"], ["-song.wav", "other.wav"]])
def test_a_name_that_begins_with_a_dash(
    songs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["analyse", *songs])
    assert "goes after --" in capsys.readouterr().err
