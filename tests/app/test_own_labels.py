"""The pages with a network of somebody's own labels, at another sample rate."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest

from genre_core.checkpoints.checkpoint import save_checkpoint
from genre_core.checkpoints.info import feature_settings
from genre_core.evaluation.score_file import save_score_set
from genre_core.models import registry
from genre_core.plots.palette import colour_of
from genre_core.ui import models
from tests.app.test_set.scores import score_set

Session = Callable[..., AppTest]
ARTISTS = ("Ann & Co", "Bo <b>", "Cy")
RATE = 22_050


@pytest.fixture
def artists(tmp_path: Path) -> Path:
    """A folder with a network that tells three artists apart, at 22,050 Hz."""
    folder = tmp_path / "models"
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = registry.build("crnn", len(ARTISTS), channels=(4, 4, 4, 4), hidden=4)
    save_checkpoint(
        folder / "artists.safetensors",
        model,
        name="artists",
        genres=ARTISTS,
        features=feature_settings({"sample_rate": RATE, "n_fft": 1024, "hop_length": 512}),
    )
    return folder


def html_of(test: AppTest) -> str:
    return " ".join(each.proto.body for each in test.get("html"))


def test_the_default_network_may_have_any_labels(
    app: Session, artists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = app(demo="medley")
    monkeypatch.setenv(models.MODEL_VARIABLE, str(artists / "artists.safetensors"))
    monkeypatch.setattr(models, "bundled_models", dict)
    test.run()
    assert not test.exception
    assert not test.error
    html = html_of(test)
    assert all(colour_of(artist) in html for artist in ARTISTS)
    assert "Bo &lt;b&gt;" in html
    assert not any(box.label == "Network in use" for box in test.selectbox)


def test_the_network_is_chosen_beside_the_other_settings(
    app: Session, artists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = app(demo="medley")
    monkeypatch.setenv(models.FOLDERS_VARIABLE, str(artists))
    monkeypatch.setattr(models, "bundled_models", dict)
    test.run()
    assert not test.exception
    assert colour_of("Cy") not in html_of(test)
    (key,) = [each for each in models.files() if each != models.DEFAULT_KEY]
    test.selectbox(key="control_model").set_value(key).run()
    assert not test.exception
    assert not test.error
    assert colour_of("Cy") in html_of(test)
    assert test.selectbox(key="control_model").value == key


def test_the_test_set_page_shows_any_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "evaluations"
    folder.mkdir()
    monkeypatch.setenv("GENRE_EVALUATIONS", str(folder))
    made = score_set()
    names = dict(zip(made.genres, ARTISTS, strict=True))
    clips = tuple(replace(clip, label=names[clip.label]) for clip in made.clips)
    save_score_set(folder / "a.json", replace(made, genres=ARTISTS, clips=clips))

    def script() -> None:
        from genre_core.ui.pages.test_set import page as test_set

        test_set.page()

    test = AppTest.from_function(script, default_timeout=240).run()
    assert not test.exception
    assert not test.error
    assert test.get("plotly_chart")
