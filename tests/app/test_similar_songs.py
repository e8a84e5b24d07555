"""The section "Songs like this one" on the page, without a browser."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genre_core import assets
from genre_core.config import FrameSettings
from genre_core.evaluation.embedding_set import EmbeddingSet, Provenance, save_embeddings
from genre_core.evaluation.score_set import ScoredClip
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.similarity import song_embedding

Session = Callable[..., AppTest]


def table(test: AppTest):
    return next((each.value for each in test.table if "Similarity" in each.value.columns), None)


@pytest.fixture
def known(
    tiny_checkpoint: Path, demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A list of songs in which the demo song of these tests is one."""
    recognizer = GenreRecognizer.from_checkpoint(tiny_checkpoint)
    analysis = recognizer.analyse(demo_folder / "island-morning.wav", FrameSettings())
    itself = song_embedding(analysis.embeddings)
    others = np.random.default_rng(0).normal(size=(20, len(itself)))
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    songs = [ScoredClip("itself", "reggae", "The Testers", "Island $x$ <b>Morning</b>", "audio")]
    songs += [ScoredClip(f"c{i}", ("jazz", "rock")[i % 2], "", "", "audio") for i in range(20)]
    provenance = Provenance("", "", "tiny", recognizer.info.sha256, "gtzan", "test", "given", 29.12)
    rows = np.vstack([itself, others]).astype(np.float32)
    folder = tmp_path / "embeddings"
    save_embeddings(folder / "tiny.json", EmbeddingSet(tuple(songs), rows, provenance))
    monkeypatch.setattr(assets, "EMBEDDINGS_FOLDER", folder)
    return folder


def test_a_song_of_the_list_is_its_own_nearest(app: Session, known: Path):
    test = app(demo="island-morning").run()
    assert not test.exception
    nearest = table(test)
    assert len(nearest) == 8
    assert list(nearest.columns) == ["Artist", "Title", "Genre", "Closer than", "Similarity"]
    first = nearest.iloc[0]
    assert (first["Artist"], first["Genre"]) == ("The Testers", "reggae")
    assert first["Similarity"] == "1.00"
    assert first["Closer than"] == "100.0\u00a0%"
    assert first["Title"].endswith("](test-set?song=itself)")
    assert nearest["Similarity"].astype(float).is_monotonic_decreasing
    assert "<b>" not in first["Title"].replace(r"\<b\>", "")  # names are text, not markup
    assert "$x" not in first["Title"].replace(r"\$x", "")
    assert nearest["Artist"].iloc[1] == "unknown"
    chart = test.get("plotly_chart")[-1].proto
    assert "Nearest is The Testers" in chart.alt


def test_each_frame_has_its_own_neighbours_and_its_place_on_the_map(
    app: Session, known: Path, counts: dict[str, int]
):
    test = app(demo="medley", t="10", n="0").run()
    before = table(test)
    path = [
        trace
        for trace in json.loads(test.get("plotly_chart")[-1].proto.spec)["data"]
        if trace["name"] == "frames"
    ]
    choice = next(box for box in test.selectbox if box.key.startswith("similar_to"))
    n_frames = len(choice.options) - 1  # and the whole song
    assert n_frames > 1
    assert len(path[0]["marker"]["color"]) == n_frames
    tables = []
    for index in (1, n_frames):
        choice.select_index(index).run()
        assert not test.exception
        tables.append(table(test))
    assert any(not each.equals(before) for each in tables)
    assert counts["scored"] == 1


def test_similar_songs_need_no_second_pass_of_the_network(
    app: Session, known: Path, counts: dict[str, int]
):
    for query in ({}, {"agg": "vote"}):
        assert table(app(demo="island-morning", **query).run()) is not None
    assert counts["scored"] == 1


def test_songs_embedded_by_another_network_are_not_compared(app: Session):
    test = app(demo="island-morning").run()  # the bundled list, and a tiny network
    assert not test.exception
    assert table(test) is None
    assert any("genre_core embed" in info.value for info in test.info)


def test_a_damaged_list_is_an_error_that_says_so(app: Session, known: Path):
    (known / "tiny.json").write_text("{}")
    test = app(demo="island-morning").run()
    assert not test.exception
    assert any("genre\\_core embed" in error.value for error in test.error)
