"""What comes with the program: no song, consistent tables, and figures that stand."""

import json
import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre_core.assets import LYRICS_FOLDER
from genre_core.evaluation.lyrics_scores import WHOLE_TEXT_SECONDS
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.summary import summarise
from genre_core.experiments.lyrics_summary import read_rows
from genre_core.lyrics import bundled
from genre_core.lyrics.analysis import analyse_lyrics
from genre_core.lyrics.classifiers import CLASSIFIERS
from genre_core.lyrics.lexicon import LEXICON_FILE
from genre_core.lyrics.reading import parse_any
from genre_core.lyrics.statistics import (
    ALL_YEARS,
    MIN_SONGS,
    QUANTILE_COLUMNS,
    QUANTITIES,
    distributions,
    mean_interval,
    percentile,
    read_song_stats,
)
from genre_core.lyrics.typical import typical_words
from tests.unit.lyrics.test_validation import write_bags

# (accuracy, macro F1) that the issue asks for.
RAW_BAR, PROCESSED_BAR = (0.53, 0.52), (0.35, 0.33)
_LONGEST_NAME = 200  # characters
_SENTENCE_WORDS = 12  # in their order; titles and genre names are shorter


def test_nothing_bundled_holds_an_ordered_word_sequence() -> None:
    """Vocabularies are alphabetical or ranked by a number; all else is numbers and names."""
    model = bundled.bundled_model()
    assert list(model.vocabulary) == sorted(model.vocabulary)
    for path in sorted(LYRICS_FOLDER.rglob("*")):
        if path.is_dir() or path.parent == bundled.EXAMPLES_FOLDER or path.name == "README.md":
            continue  # the examples are this project's own texts
        if path == LEXICON_FILE:
            words = pd.read_csv(path)["word"]
            # One alphabet over both sentiments, as it was published.
            assert (words.str.casefold().sort_values(kind="stable").index == words.index).mean() > 0
            continue
        if path == bundled.TYPICAL_FILE:
            table = bundled.read_table(path)
            for _, rows in table.groupby(["text_kind", "genre"], sort=False):
                assert rows["z"].is_monotonic_decreasing
                assert rows["word"].is_unique
            continue
        texts = _texts(path)
        for text in texts:
            n_words = len(re.findall(r"[^\W\d_]+", text))
            assert n_words < _SENTENCE_WORDS or text.startswith("python -m genre_core"), (
                f"{path.name}: {text[:80]!r}"
            )


def _texts(path: Path) -> list[str]:
    """Return every text in a bundled file that is not a key of the vocabulary."""
    if path.suffix == ".csv":
        table = bundled.read_table(path)
        return [str(v) for c in table.select_dtypes(exclude="number") for v in table[c].unique()]
    assert path.suffix == ".json"
    record = json.loads(path.read_text(encoding="utf-8"))
    if path == bundled.MODEL_FILE:
        assert all(re.fullmatch(r"[a-z']+", word) for word in record.pop("words"))
    texts: list[str] = []
    if "clips" in record:
        names = [*record["clips"].pop("title"), *record["clips"].pop("artist")]
        assert max(map(len, names)) <= _LONGEST_NAME

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, str) and not re.fullmatch(
            r"[A-Za-z0-9+/=]{80,}|[0-9a-f]{64}", value
        ):
            texts.append(value)

    walk(record)
    return texts


@pytest.mark.data
def test_no_stored_song_holds_a_bag_of_the_corpus(data_root: Path) -> None:
    """Rare words, which could tell a song, are in no bundled vocabulary."""
    bags = pd.read_parquet(data_root / "lyrics" / "bags.parquet", columns=["words"])
    known = set(bundled.bundled_model().vocabulary)
    unknown = [
        any(item.rpartition(":")[0] not in known for item in words.split())
        for words in bags["words"].sample(500, random_state=0)
    ]
    assert np.mean(unknown) > 0.5


def test_a_verdict_takes_less_than_20_ms() -> None:
    example = bundled.examples()[0]
    lyrics = parse_any("\n".join([example.text] * 3))
    assert len(lyrics.words) > 400
    model = bundled.bundled_model()
    analyse_lyrics(lyrics, model)  # loads
    seconds = []
    for _ in range(9):
        started = time.process_time()  # other programs hardly change it
        analyse_lyrics(parse_any("\n".join([example.text] * 3)), model)
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.02


def test_the_score_file_is_of_the_bundled_model_and_as_good_as_asked() -> None:
    scores = load_score_set(bundled.SCORES_FOLDER / "raw.json")
    assert scores.provenance.model_sha256 == bundled.bundled_model().sha256
    assert scores.genres == bundled.bundled_model().genres
    summary = summarise(scores, WHOLE_TEXT_SECONDS)
    assert summary.song_accuracy.value >= RAW_BAR[0]
    assert summary.macro_f1 >= RAW_BAR[1]
    assert summary.calibration_error <= 0.05


def test_experiment_f_reaches_what_was_asked() -> None:
    rows = [row for row in read_rows() if row.split == "grouped" and row.n is None]
    raw = [r for r in rows if (r.text_kind, r.songs) == ("raw", "balanced")]
    assert {row.classifier for row in raw} == set(CLASSIFIERS)
    whole = [row for row in rows if row.songs == "all"]
    for found, bar in ((raw, RAW_BAR), (whole, PROCESSED_BAR)):
        best = max(found, key=lambda row: row.accuracy)
        assert best.accuracy >= bar[0]
        assert best.macro_f1 >= bar[1]


@pytest.mark.parametrize("path", [bundled.DECADES_FILE, bundled.YEARS_FILE], ids=str)
def test_the_tables_are_consistent(path: Path) -> None:
    table = bundled.read_table(path)
    assert set(table["quantity"]) == set(QUANTITIES)
    assert (table["n"] >= MIN_SONGS).all()
    quantiles = table[list(QUANTILE_COLUMNS)].to_numpy()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    assert ((table["low"] <= table["mean"]) & (table["mean"] <= table["high"])).all()
    both = bundled.read_table(bundled.DECADES_FILE).merge(
        bundled.read_table(bundled.YEARS_FILE), on=["quantity", "genre", "start"]
    )
    both = both[both["start"] == ALL_YEARS]
    assert (both["n_x"] == both["n_y"]).all()


def test_distributions_by_hand() -> None:
    songs = pd.DataFrame(
        {
            "genre": ["rock"] * 6 + ["pop"] * 4,
            "year": [1990, 1991, 1992, 1995, 1999, 2001] + [1990] * 4,
            "n_words": [100.0, 200, 300, 400, 500, 900, 1, 2, 3, 4],
            "richness": [np.nan, *[0.5] * 9],
            "net_sentiment": [0.0, 0.5, -0.5, 1.0, -1.0, 0.2, 0, 0, 0, 0],
        }
    )
    table = distributions(songs, 10)
    assert set(table["genre"]) == {"rock"}  # four songs are no distribution
    row = table[(table["quantity"] == "n_words") & (table["start"] == 1990)].iloc[0]
    assert (row["n"], row["median"], row["mean"]) == (5, 300, 300)
    assert (row["q25"], row["q75"]) == (200, 400)
    # t with 4 degrees of freedom is 2.776; the standard deviation is 158.1.
    assert row["high"] - row["mean"] == pytest.approx(2.776 * 158.11 / 5**0.5, rel=1e-3)
    everything = table[(table["quantity"] == "n_words") & (table["start"] == ALL_YEARS)].iloc[0]
    assert everything["n"] == 6
    richness = table[(table["quantity"] == "richness") & (table["start"] == 1990)]
    assert richness.empty  # one of the five is too short


def test_the_interval_holds_the_mean_19_times_in_20() -> None:
    rng = np.random.default_rng(0)
    intervals = [mean_interval(rng.normal(1, 2, 12)) for _ in range(2000)]
    inside = [low <= 1.0 <= high for _, low, high in intervals]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.015)


def test_percentile_between_quantiles() -> None:
    quantiles = [0.0, 10.0, 20.0, 30.0, 40.0]
    assert percentile(20.0, quantiles) == 50
    assert percentile(15.0, quantiles) == pytest.approx(37.5)
    assert (percentile(-1.0, quantiles), percentile(41.0, quantiles)) == (3.0, 97.0)


@pytest.mark.data
def test_song_statistics_leave_like_out(data_root: Path) -> None:
    folder = data_root / "lyrics"
    bags = pd.read_parquet(folder / "bags.parquet", columns=["song_id", "text_kind"])
    raw = bags.loc[bags["text_kind"] == "raw", "song_id"].tolist()
    songs = read_song_stats(folder, raw)
    assert songs["net_sentiment"].dropna().between(-1, 1).all()
    means = songs.groupby("genre")["net_sentiment"].mean()
    assert means["gospel"] == pytest.approx(0.44, abs=0.02)  # as the data's description has it
    assert means["hip hop"] < 0 < means["rock"]


def test_typical_words_tell_the_genre(tmp_path: Path) -> None:
    from genre_core.lyrics.corpus import read_corpus

    table = typical_words(read_corpus(write_bags(tmp_path)), most=3)
    for genre, rows in table.groupby("genre"):
        assert rows["word"].str.startswith(genre).all()
        assert (rows["share"] > rows["share_elsewhere"]).all()
        assert rows["z"].is_monotonic_decreasing
    assert not table["word"].str.startswith("artist").any()
