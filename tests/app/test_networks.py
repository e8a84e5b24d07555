"""The page "Networks": drawings, results of the experiments, two networks on one song."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from genre_core import assets
from genre_core.checkpoints.checkpoint import save_checkpoint
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.config import GENRES
from genre_core.evaluation.score_file import save_score_set
from genre_core.experiments.results import Run, do_runs, results_file
from genre_core.models import registry
from genre_core.ui import models, services
from genre_core.ui.models import ModelSource
from genre_core.ui.pages.networks.measured import COMMANDS
from tests import builders
from tests.unit.experiments.test_summaries import RECORDS

Session = Callable[..., AppTest]


@pytest.fixture
def networks(app: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Session:
    """Return a maker of sessions on the page that have run once; keywords go into the URL."""
    app()  # sets the network and the demo songs up
    monkeypatch.setattr(assets, "EXPERIMENTS_FOLDER", tmp_path / "experiments")

    def script() -> None:
        from genre_core.ui.pages.networks import page as networks

        networks.page()

    def session(**query: str) -> AppTest:
        test = AppTest.from_function(script, default_timeout=240)
        for key, value in query.items():
            test.query_params[key] = value
        return test.run()

    return session


def small_network(path: Path, labels: tuple[str, ...], seed: int = 1) -> Path:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = registry.build("k2c2", len(labels), channels=(2, 2, 2, 2, 2))
        torch.nn.init.normal_(model.classifier.weight, std=20.0)  # sure of itself, unlike tiny
    save_checkpoint(path, model, name=path.stem, genres=labels)
    return path


def page_html(test: AppTest) -> str:
    return " ".join(each.proto.body for each in test.get("html"))


def test_every_architecture_is_drawn_with_its_numbers(networks: Session) -> None:
    test = networks()
    assert not test.exception
    for name in registry.names():
        test.segmented_control(key="networks_family").set_value(name).run()
        assert not test.exception
        info = services.recognizer().checkpoint
        in_use = name == info.model_name
        found = services.architecture_in_use() if in_use else services.architectures()[name]
        html = page_html(test)
        for block in found.blocks:
            assert f"<b>{block.name}</b>" in html
            assert f"{block.parameters:,} parameters" in html or not block.parameters
        assert f"<td>{found.multiply_adds:,}</td>" in html
        assert in_use == any(f"“{info.name}”" in each.value for each in test.markdown)


def test_what_was_not_measured_says_how_to_measure_it(networks: Session) -> None:
    test = networks(part="measured")
    assert not test.exception
    assert [block.value for block in test.code] == list(COMMANDS.values())
    assert len(test.info) == len(COMMANDS)
    assert not test.get("plotly_chart")


def write_results() -> None:
    for name, make in RECORDS.items():
        record = make()
        runs = [Run(str(number), row, {}, dict) for number, row in enumerate(record.pop("runs"))]
        do_runs(runs, results_file(name, assets.EXPERIMENTS_FOLDER), record)


def test_results_are_shown_with_sentences_made_of_them(networks: Session) -> None:
    write_results()
    test = networks(part="measured")
    assert not test.exception
    assert not test.info
    assert not test.warning
    charts = test.get("plotly_chart")
    assert len(charts) == 6
    assert all(len(chart.proto.alt) > 40 for chart in charts)
    shown = " ".join(each.value for each in [*test.caption, *test.markdown]).replace("\\", "")
    assert "65.0 ± 7.1 % for crnn" in shown
    assert "Further training pays: recurrent + classifier (75.0" in shown
    assert "Adam at rate 0.001" in shown
    assert "difference +15.0 (" in shown
    assert "by other artists than those tested, add 20.0 points." in shown
    assert "<td>2,000,000</td>" in page_html(test)
    for key, value in (
        ("networks_cost", "train_ms"),
        ("networks_learning_quantity", "loss"),
        ("networks_optimizer_quantity", "accuracy"),
    ):
        test.segmented_control(key=key).set_value(value).run()
        assert not test.exception
    test.toggle(key="networks_every_rate").set_value(True).run()
    assert not test.exception


def test_a_damaged_result_or_one_of_another_version_is_no_crash(networks: Session) -> None:
    write_results()
    results_file("size", assets.EXPERIMENTS_FOLDER).write_text("{", encoding="utf-8")
    results_file("transfer", assets.EXPERIMENTS_FOLDER).write_text('{"runs": [{"a": 1}]}', "utf-8")
    test = networks(part="measured")
    assert not test.exception
    assert len(test.warning) == 2
    assert [block.value for block in test.code] == [COMMANDS["size"], COMMANDS["transfer"]]


def test_an_unknown_part_is_said(networks: Session) -> None:
    test = networks(part="nothing")
    assert not test.exception
    assert len(test.warning) == 1


def test_with_one_network_the_page_says_how_to_add_another(
    networks: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "bundled_models", dict)
    test = networks(part="compare")
    assert not test.exception
    assert "only one network" in test.info[0].value
    assert any(models.FOLDERS_VARIABLE in each.value for each in test.markdown)
    assert not test.get("file_uploader")


def test_with_one_network_the_published_one_is_compared_by_its_stored_scores(
    networks: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(models, "bundled_models", dict)
    monkeypatch.setattr(assets, "EVALUATIONS_FOLDER", tmp_path)
    own_sha256 = services.recognizer().checkpoint.sha256
    named = {"mine": (own_sha256, [[0, 0], [1, 1, 1]]), PUBLISHED: ("f" * 64, [[0, 0], [1, 2, 1]])}
    for name, (sha256, songs) in named.items():
        scores = [np.eye(3)[genres] for genres in songs]
        made = builders.score_set(
            [0, 1],
            {29.12: scores},
            prefix="<b>song",
            title="",
            model=name,
            model_sha256=sha256,
        )
        save_score_set(tmp_path / f"{name}.json", made)
    test = networks(part="compare")
    assert not test.exception
    html = page_html(test)
    assert "They disagree in 1 of 3 frames: 2." in html  # the longest song comes first
    assert ">disagree</td>" in html
    assert "<b>song" not in html
    labels = [chart.proto.alt.split(": ")[1] for chart in test.get("plotly_chart")]
    assert labels == ["1 jazz, 2 jazz, 3 jazz.", "1 jazz, 2 rock, 3 jazz."]
    test.selectbox(key="networks_stored_song").set_value("<b>song.00").run()
    assert "They agree in each of the 2 frames" in page_html(test)


def compared(networks: Session, monkeypatch: pytest.MonkeyPatch, folder: Path) -> AppTest:
    monkeypatch.setattr(models, "bundled_models", dict)
    monkeypatch.setenv(models.FOLDERS_VARIABLE, str(folder))
    return networks(part="compare")


def test_two_networks_are_compared_frame_by_frame(
    networks: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "models").mkdir()
    small_network(tmp_path / "models" / "other.safetensors", GENRES)
    test = compared(networks, monkeypatch, tmp_path / "models")
    assert not test.exception
    assert not test.error
    charts = test.get("plotly_chart")
    assert len(charts) == 2
    genres_of_frames = [chart.proto.alt.split(": ")[1] for chart in charts]
    html = page_html(test)
    if genres_of_frames[0] == genres_of_frames[1]:
        assert "They agree in the only frame" in html
    else:
        assert "They disagree in 1 of 1 frames: 1." in html
        assert ">disagree</td>" in html
    assert 'scope="row">1</th>' in html


def test_networks_without_a_label_in_common_cannot_disagree(
    networks: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "models").mkdir()
    small_network(tmp_path / "models" / "artists.safetensors", ("Ann & Co", "<b>Bo</b>", "Cy"))
    test = compared(networks, monkeypatch, tmp_path / "models")
    assert not test.exception
    html = page_html(test)
    assert "no label in common" in html
    assert ">disagree</td>" not in html
    assert "<b>Bo</b>" not in html


def test_the_same_network_twice_is_no_comparison(
    networks: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "models").mkdir()
    small_network(tmp_path / "models" / "other.safetensors", GENRES)
    test = compared(networks, monkeypatch, tmp_path / "models")
    test.selectbox(key="networks_second").set_value(models.DEFAULT_KEY).run()
    assert not test.exception
    assert "two different networks" in test.info[0].value


def test_an_upload_is_offered_only_where_it_is_allowed(
    networks: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "bundled_models", dict)
    monkeypatch.setenv(models.UPLOAD_VARIABLE, "1")
    test = networks(part="compare")
    assert not test.exception
    (uploader,) = test.get("file_uploader")
    assert uploader.proto.max_upload_size_mb == 64


def test_a_session_keeps_few_uploads_and_forgets_the_oldest() -> None:
    choice = models.ModelChoice()
    sources = [ModelSource.from_upload(f"{n}.safetensors", bytes([n])) for n in range(4)]
    for source in sources:
        choice.add(source)
    assert list(choice.uploads) == [source.key for source in sources[-models.MAX_UPLOADS :]]
    choice.key = sources[0].key  # gone
    chosen = choice.chosen()
    assert chosen is None or chosen.key == models.DEFAULT_KEY


def test_an_uploaded_network_is_loaded_once_and_a_bad_one_is_an_error(
    tiny_checkpoint: Path,
) -> None:
    from genre_core.errors import ModelError

    source: Any = ModelSource.from_upload("mine.safetensors", tiny_checkpoint.read_bytes())
    assert source.label == "mine (uploaded)"
    assert services.recognizer(source) is services.recognizer(source)
    with pytest.raises(ModelError, match="empty"):
        services.recognizer(ModelSource.from_upload("none.safetensors", b""))


def test_an_uploaded_network_is_compared_and_another_file_refused_in_words(
    networks: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(models, "bundled_models", dict)
    monkeypatch.setenv(models.UPLOAD_VARIABLE, "1")
    test = networks(part="compare")
    refused = ("bad.safetensors", b"no checkpoint", "application/octet-stream")
    test.file_uploader[0].set_value(refused).run()
    assert not test.exception
    assert "bad.safetensors: not a safetensors file" in test.error[0].value.replace("\\", "")
    assert "only one network" in test.info[0].value

    data = small_network(tmp_path / "mine.safetensors", GENRES).read_bytes()
    test.file_uploader[0].set_value(("mine.safetensors", data, "application/octet-stream")).run()
    assert not test.exception
    assert not test.error
    assert len(test.get("plotly_chart")) == 2
    assert "mine (uploaded)" in page_html(test)
    assert test.session_state["networks_second"].startswith("upload:")


def test_an_uploaded_network_becomes_the_second_one_beside_others(
    networks: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "models").mkdir()
    small_network(tmp_path / "models" / "other.safetensors", GENRES)
    monkeypatch.setenv(models.UPLOAD_VARIABLE, "1")
    test = compared(networks, monkeypatch, tmp_path / "models")
    assert test.selectbox(key="networks_second").value.startswith("file:")
    data = small_network(tmp_path / "mine.safetensors", GENRES[:3]).read_bytes()
    test.file_uploader[0].set_value(("mine.safetensors", data, "application/octet-stream")).run()
    assert not test.exception
    assert test.selectbox(key="networks_second").value.startswith("upload:")
