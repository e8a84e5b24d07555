"""The JSON schema that tests outside this repository read, and the table of frames."""

import csv
import io
import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from genre_core.inference.aggregate import verdict
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.export import analysis_record, frames_csv, frames_table, to_json
from genre_core.types import ModelInfo, Verdict
from tests import builders
from tests.builders import GENRES

SCORES = np.array([[0.2, 0.7, 0.1], [0.1, 0.5, 0.4], [0.3, 0.3, 0.4]], dtype=np.float32)
SILENT = (False, False, True)
RATE = 1_000  # Hz


def make_analysis(name: str = "song.mp3") -> SongAnalysis:
    """Three frames of 4 s after 1 s of trim, the last one silent."""
    samples = builders.noise(15.0, RATE)
    analysis = builders.song_analysis(samples, RATE, 4.0, 1.0, silent=[2], name=name)
    return replace(analysis, scores=SCORES, model=ModelInfo("crnn", "0123abcd", GENRES))


def make_verdict() -> Verdict:
    return verdict(SCORES, GENRES, "mean", np.array(SILENT))


def test_a_song_unlike_the_training_set_is_told() -> None:
    strange = replace(make_analysis(), unlikeness=1.0)
    assert analysis_record(strange, make_verdict())["unlike_training"] is True


def test_record_has_the_schema_of_the_design() -> None:
    record = analysis_record(make_analysis(), make_verdict())
    assert list(record) == [
        "file",
        "duration_seconds",
        "trim_seconds",
        "frame_seconds",
        "model",
        "genres",
        "frames",
        "aggregation",
        "scores",
        "genre",
        "confidence",
        "unlike_training",
        "warnings",
    ]
    assert record["unlike_training"] is False
    assert record["file"] == "song.mp3"
    assert record["duration_seconds"] == 15.0
    assert record["trim_seconds"] == 1.0
    assert record["frame_seconds"] == 4.0
    assert record["model"] == {"name": "crnn", "sha256": "0123abcd"}
    assert record["genres"] == list(GENRES)
    assert record["aggregation"] == "mean"
    assert record["genre"] == "jazz"
    assert record["confidence"] == pytest.approx(0.6)
    assert record["scores"] == pytest.approx({"blues": 0.15, "jazz": 0.6, "rock": 0.25})
    first, _, last = record["frames"]
    assert list(first) == ["index", "start_seconds", "end_seconds", "silent", "scores"]
    assert (first["index"], first["start_seconds"], first["end_seconds"]) == (0, 1.0, 5.0)
    assert first["silent"] is False
    assert last["silent"] is True
    assert first["scores"] == pytest.approx({"blues": 0.2, "jazz": 0.7, "rock": 0.1})


def test_record_holds_plain_values_and_survives_json() -> None:
    record = analysis_record(make_analysis(), make_verdict())
    assert json.loads(to_json(record)) == record
    assert math.isclose(sum(record["scores"].values()), 1.0, abs_tol=1e-6)


def test_the_caller_may_name_the_file() -> None:
    record = analysis_record(make_analysis("song.mp3"), make_verdict(), file="some/where/song.mp3")
    assert record["file"] == "some/where/song.mp3"


@pytest.mark.parametrize("name", ["two\nlines.mp3", "Veränderung.mp3", "bad\udcff.mp3", '"q".mp3'])
def test_any_file_name_stays_on_one_line_of_ascii(name: str) -> None:
    line = to_json(analysis_record(make_analysis(name), make_verdict()))
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["file"] == name


def test_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        to_json({"confidence": float("nan")})


def test_table_has_a_row_a_frame() -> None:
    table = frames_table(make_analysis())
    assert list(table.columns[:6]) == [
        "index",
        "start_seconds",
        "end_seconds",
        "silent",
        "genre",
        "score",
    ]
    assert list(table.columns[6:]) == list(GENRES)
    assert list(table["genre"]) == ["jazz", "jazz", "rock"]
    assert list(table["score"]) == pytest.approx([0.7, 0.5, 0.4])
    np.testing.assert_allclose(table[list(GENRES)].to_numpy(), SCORES)


def test_csv_reads_back() -> None:
    text = frames_csv(make_analysis('a, "b".mp3'), make_verdict())
    table = pd.read_csv(io.StringIO(text))
    assert len(table) == 3
    assert set(table["file"]) == {'a, "b".mp3'}
    assert set(table["song_genre"]) == {"jazz"}
    np.testing.assert_allclose(table[list(GENRES)].to_numpy(), SCORES, atol=1e-6)


def test_csv_of_an_odd_name_has_one_record_a_frame() -> None:
    text = frames_csv(make_analysis("two\nlines.mp3"), make_verdict())
    assert len(list(csv.DictReader(io.StringIO(text)))) == 3
