"""Words chosen on the training part, folds that leak nothing, and the fitted model."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre_core.errors import DatasetError, ModelError, SettingsError
from genre_core.evaluation.lyrics_scores import among, calibrated, score_corpus
from genre_core.lyrics.classifiers import (
    CLASSIFIERS,
    CommonWords,
    FrequentWords,
    log_scores,
    make_pipeline,
)
from genre_core.lyrics.corpus import Corpus, read_corpus
from genre_core.lyrics.fitting import LINEAR, Candidate, compare, fit_model
from genre_core.lyrics.model import LyricsModel, load_model, save_model
from genre_core.lyrics.validation import cross_validate, grouped_folds, quality, random_folds

N_ARTISTS, N_SONGS = 30, 8


def write_bags(folder: Path, **columns: object) -> Path:
    """Write songs of three genres whose words tell the genre, and each artist by a word."""
    rng = np.random.default_rng(0)
    common = [f"the{c}" for c in "abcdefghij"]
    rows = []
    for artist in range(N_ARTISTS):
        genre = ("metal", "pop", "rock")[artist % 3]
        own = [f"{genre}{c}" for c in "abcd"]
        for song in range(N_SONGS):
            words = dict.fromkeys(rng.choice(common, 6, replace=False).tolist(), 5)
            words |= dict.fromkeys(rng.choice(own, 2, replace=False).tolist(), 1)
            words[f"artist{artist}"] = 1
            rows.append(
                {
                    "song_id": f"{artist}-{song}",
                    "artist": f"Artist {artist}",
                    "title": f"Song {song}",
                    "genre": genre,
                    "text_kind": "raw",
                    "year": 1990,
                    "words": " ".join(f"{w}:{n}" for w, n in sorted(words.items())),
                }
            )
    path = folder / "bags.parquet"
    pd.DataFrame(rows).assign(**columns).to_parquet(path)
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return read_corpus(write_bags(tmp_path))


def test_bags_are_read(corpus: Corpus) -> None:
    assert len(corpus) == N_ARTISTS * N_SONGS
    assert corpus.genres == ("metal", "pop", "rock")
    assert list(corpus.vocabulary) == sorted(corpus.vocabulary)
    row = dict(zip(corpus.vocabulary, corpus.counts[[0]].toarray()[0], strict=True))
    assert row["artist0"] == 1
    assert sum(row.values()) == 6 * 5 + 3
    assert not corpus.has_covers
    assert len(np.unique(corpus.groups)) == N_ARTISTS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"words": "love"}, "word:count"),
        ({"words": "love:-1"}, "word:count"),
        ({"words": "love:two"}, "word:count"),
        ({"song_id": "same"}, "twice"),
    ],
)
def test_bad_bags_say_why(tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        read_corpus(write_bags(tmp_path, **change))


def test_what_is_no_parquet_file(tmp_path: Path) -> None:
    path = tmp_path / "bags.parquet"
    for data in (b"", b"not a table", b"PAR1" + bytes(40) + b"PAR1"):
        path.write_bytes(data)
        with pytest.raises(DatasetError, match=r"bags\.parquet.*columns"):
            read_corpus(path)
    pd.DataFrame({"song_id": ["a"]}).to_parquet(path)
    with pytest.raises(DatasetError, match="no column artist"):
        read_corpus(path)


def test_covers_join_artists(tmp_path: Path) -> None:
    path = write_bags(tmp_path)
    ids = pd.read_parquet(path)["song_id"]
    covers = pd.Series(np.nan, index=ids.index)
    covers[(ids == "0-0") | (ids == "3-1")] = 7.0
    pd.DataFrame({"song_id": ids, "cover_group": covers}).to_parquet(
        path.with_name("song_stats.parquet")
    )
    corpus = read_corpus(path)
    assert corpus.has_covers
    artists = corpus.songs["artist"]
    joined = np.unique(corpus.groups[artists.isin(["Artist 0", "Artist 3"])])
    assert len(joined) == 1
    assert len(np.unique(corpus.groups)) == N_ARTISTS - 1


@pytest.mark.parametrize("seed", range(3))
def test_grouped_folds_leak_nothing(corpus: Corpus, seed: int) -> None:
    tested = []
    for train, test in grouped_folds(corpus, seed=seed):
        assert not set(corpus.groups[train]) & set(corpus.groups[test])
        assert set(train) | set(test) == set(range(len(corpus)))
        tested += test.tolist()
    assert sorted(tested) == list(range(len(corpus)))


def test_random_folds_do_leak(corpus: Corpus) -> None:
    train, test = random_folds(corpus)[0]
    assert set(corpus.groups[train]) & set(corpus.groups[test])


def test_too_few_artists_for_folds(corpus: Corpus) -> None:
    few = corpus.take(corpus.songs["artist"].isin(["Artist 0", "Artist 1", "Artist 2"]).to_numpy())
    with pytest.raises(DatasetError, match="1 artists"):
        grouped_folds(few)


def test_frequent_words_by_hand(corpus: Corpus) -> None:
    counts = corpus.counts[:3]
    labels = np.array(["x", "x", "y"])
    chosen = FrequentWords(1).fit(counts, labels).columns_
    total = np.asarray(counts[:2].sum(axis=0)).ravel()
    assert set(chosen) == {int(total.argmax()), int(counts[[2]].toarray().argmax())}


def test_words_are_chosen_on_the_training_part_alone(corpus: Corpus) -> None:
    train, test = grouped_folds(corpus)[0]
    seen = CommonWords(min_songs=1).fit(corpus.counts[train]).columns_
    words = {corpus.vocabulary[column] for column in seen}
    for row in test:
        assert f"artist{corpus.songs['song_id'][row].split('-')[0]}" not in words


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_every_classifier_learns_the_genre(corpus: Corpus, classifier: str) -> None:
    for n in (20, None):
        result = cross_validate(
            corpus, lambda n=n: make_pipeline(classifier, n), grouped_folds(corpus)
        )
        measured = quality(result)
        assert measured.accuracy > 0.8
        assert len(measured.fold_accuracy) == 5
        scores = calibrated(result)
        np.testing.assert_allclose(scores.sum(axis=1), 1)
        assert (scores.argmax(axis=1) == result.predicted).all()


def test_shuffled_labels_teach_nothing(corpus: Corpus) -> None:
    rng = np.random.default_rng(1)
    artists = corpus.songs["artist"]
    by_artist = dict(zip(artists.unique(), rng.permutation(["a", "b", "c"] * 10), strict=True))
    shuffled = Corpus(
        corpus.name,
        corpus.songs.assign(genre=artists.map(by_artist)),
        corpus.vocabulary,
        corpus.counts,
        corpus.groups,
        has_covers=False,
    )
    make = Candidate("logistic_regression", None).make
    honest = quality(cross_validate(shuffled, make, grouped_folds(shuffled)))
    assert honest.accuracy < 0.5


def test_wrong_settings_say_what_is_allowed() -> None:
    with pytest.raises(SettingsError, match="knn"):
        make_pipeline("svm")
    for n in (9, 2_001):
        with pytest.raises(SettingsError, match=r"10 to 2,000"):
            make_pipeline("knn", n)


@pytest.mark.parametrize("classifier", LINEAR)
def test_the_weights_say_what_the_pipeline_says(
    corpus: Corpus, classifier: str, tmp_path: Path
) -> None:
    candidate = Candidate(classifier, None)
    model = fit_model(corpus, candidate, 1.0, "words", {"songs": 3})
    pipeline = candidate.make().fit(corpus.counts, corpus.labels)
    logits = log_scores(pipeline, corpus.counts)
    expected = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(score_corpus(model, corpus), expected, atol=2e-3)
    save_model(tmp_path / "words.json", model)
    loaded = load_model(tmp_path / "words.json")
    assert loaded.sha256 == model.sha256
    assert loaded.facts == {"songs": 3}
    np.testing.assert_array_equal(loaded.song_shares, model.song_shares)


def test_evidence_adds_up_to_the_logits(corpus: Corpus) -> None:
    model = fit_model(corpus, Candidate("logistic_regression", None), 0.7, "words", {})
    own = [word for word in model.vocabulary if word.startswith("pop")]
    words = ["thea", *own, *own, "unknown"]
    _, evidence = model.evidence(words)
    np.testing.assert_allclose(evidence.sum(axis=1), 0, atol=1e-5)
    logits = np.log(model.scores(words))
    bias = (model.bias - model.bias.mean()) / model.temperature
    np.testing.assert_allclose(evidence.sum(axis=0) + bias, logits - logits.mean(), atol=1e-4)
    np.testing.assert_array_equal(model.scores(words[::-1]), model.scores(words))
    assert model.genres[int(model.scores(words).argmax())] == "pop"


def test_the_better_candidate_comes_first(corpus: Corpus) -> None:
    candidates = [Candidate("logistic_regression", n) for n in (10, None)]
    trials = compare(corpus, candidates, grouped_folds(corpus))
    assert trials[0].quality.macro_f1 >= trials[1].quality.macro_f1
    with pytest.raises(SettingsError, match="knn"):
        compare(corpus, [Candidate("knn", None)], grouped_folds(corpus))


def _record(model: LyricsModel, path: Path) -> dict[str, object]:
    save_model(path, model)
    return json.loads(path.read_text())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "x"}, "not a model of words"),
        ({"version": 99}, "version 99"),
        ({"genres": ["a", "a", "b"]}, "different names"),
        ({"words": {"love": [1.0, 2.0]}}, "7 numbers"),
        ({"bias": [0.0]}, "bias"),
        ({"temperature": -1}, "temperature"),
        ({"words": []}, "expected a file"),
    ],
)
def test_a_damaged_model_says_why(
    corpus: Corpus, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = tmp_path / "words.json"
    record = _record(fit_model(corpus, Candidate("linear_svm", None), 1.0, "w", {}), path)
    path.write_text(json.dumps(record | change))
    with pytest.raises(ModelError, match=message):
        load_model(path)


def test_a_model_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    for data in (b"", b"{", b"\x80\x04pickle", b'{"temperature": NaN}'):
        path.write_bytes(data)
        with pytest.raises(ModelError, match=r"words\.json.*lyrics train"):
            load_model(path)
    with pytest.raises(ModelError, match="cannot be read"):
        load_model(tmp_path / "gone.json")


def test_among_leaves_only_the_chosen_genres() -> None:
    scores = among(np.array([[0.5, 0.3, 0.2]]), np.array([False, True, True]))
    np.testing.assert_allclose(scores, [[0.0, 0.6, 0.4]])
