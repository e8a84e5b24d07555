"""The commands that measure: their tables, on generated songs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import explanation, player, songs
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.markdown import markdown_table

HEADER = "file,genre,label_confidence,artist,title,licence\n"


def test_markdown_table_is_aligned_and_escaped() -> None:
    table = markdown_table(["song", "s"], [["a|b", "1.0"], ["long name", "12.5"]], numbers={1})
    assert table.splitlines() == [
        "| song      |    s |",
        "| --------- | ---: |",
        "| a\\|b      |  1.0 |",
        "| long name | 12.5 |",
    ]


def test_songs_writes_a_row_a_song(
    tmp_path: Path, tiny_checkpoint: Path, wav_bytes: Callable[..., bytes]
) -> None:
    (tmp_path / "a.wav").write_bytes(wav_bytes(5.0))
    (tmp_path / "b.wav").write_bytes(wav_bytes(70.0, 8_000))
    rows = "a.wav,jazz,high,Some One,First,CC0\nb.wav,rock,low,Some Two,Second,CC BY 4.0\n"
    (tmp_path / "index.csv").write_text(HEADER + rows, encoding="utf-8")
    output = tmp_path / "songs.md"
    arguments = ["--songs", tmp_path, "--model", tiny_checkpoint, "--output", output]
    assert songs.main([str(argument) for argument in arguments]) == 0
    table = [line for line in output.read_text("utf-8").splitlines() if line.startswith("|")]
    first, second = ([cell.strip() for cell in line.split("|")] for line in table[2:])
    assert first[1:6] == ["First", "Some One", "CC0", "jazz (high)", "1"]
    assert second[1:6] == ["Second", "Some Two", "CC BY 4.0", "rock (low)", "1"]


def test_explanation_gives_a_row_a_method(
    tmp_path: Path, tiny_checkpoint: Path, wav_bytes: Callable[..., bytes]
) -> None:
    song = tmp_path / "song.wav"
    song.write_bytes(wav_bytes(5.0))
    table = explanation.table(GenreRecognizer.from_checkpoint(tiny_checkpoint), song, rounds=1)
    rows = [[cell.strip() for cell in line.split("|")] for line in table.splitlines()[2:4]]
    assert [row[1:3] for row in rows] == [["occlusion", "58"], ["integrated gradients", "35"]]
    assert all(float(row[3]) > 0.0 for row in rows)


def test_a_missing_index_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert songs.main(["--songs", str(tmp_path)]) == 1
    assert "index.csv is missing" in capsys.readouterr().err


@pytest.mark.parametrize(("data_bytes", "verdict"), [(400_000, "met"), (2_600_000, "missed")])
def test_the_player_report_counts_all_but_the_sound(data_bytes: int, verdict: str) -> None:
    measurement = player.Measurement(
        4.0, 1.26, 2.5, data_bytes, 500_000, 20_000_000, 4.0, 0.02, 58.7, 60.2
    )
    text = player.report([measurement], "Chromium 1")
    assert "; Chromium 1, headless" in text
    assert f"took {(data_bytes + 500_000) / 1e3:.0f} kB; the aim of 3 MB is {verdict}." in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len({len(row) for row in rows}) == 1
    assert [row.split("|")[2].strip() for row in rows[2:4]] == ["1.3", "2.5"]


def test_the_player_report_gives_the_distance_of_the_playhead() -> None:
    hour = player.Measurement(
        60.0, 5.0, 14.0, 400_000, 100_000, 60_000_000, 0.25, 0.005, 25.0, 60.0
    )
    text = " ".join(player.report([replace(hour, speed=4.0, off_px=0.02), hour], "").split())
    assert "px | 0.020 | 0.005 |" in text
    assert "ms | 5 | 20 |" in text
    assert "within 0.02 px of the position" in text
    assert "at 0.25 px a second no more than 25 of them" in text
