"""The card of the page "Test set", and files of one's own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from genre_core import cli
from genre_core.checkpoints.checkpoint import read_info, save_checkpoint
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.evaluation.score_file import dump_score_set, save_score_set
from genre_core.model_card.notes import INIT_NOTES
from genre_core.models import registry
from genre_core.ui.pages.test_set import honesty
from tests.app.test_set.scores import (
    MATRICES,
    Session,
    charts,
    extreme,
    score_set,
    text_of,
)
from tests.builders import GENRES


def test_without_score_files_the_page_says_how_to_make_one(folder: Path, page: Session):
    test = page().run()
    assert not test.exception
    assert "No scores" in test.info[0].value
    assert "python -m genre_core evaluate" in test.code[0].value
    assert not charts(test)


@pytest.mark.usefixtures("files")
def test_the_card_names_lists_that_flatter(files: Path, page: Session):
    test = page(scores="crnn.gtzan-valid", show="limits").run()
    assert "A validation list" in text_of(test)
    assert "A validation list" not in text_of(page(show="limits").run())
    save_score_set(files / "crnn.gtzan-train.json", score_set(list_name="train"))
    assert "A training list" in text_of(page(scores="crnn.gtzan-train", show="limits").run())
    assert "2025-01-01, 00:00 UTC" in text_of(test).replace("\\", "")


def test_the_card_says_what_the_published_network_may_have_learnt_from(folder: Path, page: Session):
    save_score_set(folder / "x.json", score_set(PUBLISHED))
    assert "did not publish" in text_of(page(show="limits").run())


def test_the_card_tells_the_origin_of_the_bundled_weights(
    folder: Path, page: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    name, note = next(iter(INIT_NOTES.items()))
    path = tmp_path / "net.safetensors"
    network = registry.build("crnn", len(GENRES), channels=(4, 4, 4, 4), hidden=4)
    started = {"settings": {"init": f"weights/{name}.h5"}}
    save_checkpoint(path, network, name="net", genres=GENRES, training=started)
    monkeypatch.setattr(honesty, "bundled_models", lambda: {"net": path})
    base = score_set()
    provenance = replace(base.provenance, model="net", model_sha256=read_info(path).sha256)
    save_score_set(folder / "x.json", replace(base, provenance=provenance))
    assert note in text_of(page(show="limits").run())
    other = replace(provenance, model_sha256="f" * 64)
    save_score_set(folder / "x.json", replace(base, provenance=other))
    assert note not in text_of(page(show="limits").run())


def test_a_change_of_the_sound_is_named_for_readers(folder: Path, page: Session):
    base = score_set()
    changed = replace(base.provenance, perturbation="one_channel")
    save_score_set(folder / "x.json", replace(base, provenance=changed))
    test = page(show="limits").run()
    assert "The sound was changed first: left channel alone." in text_of(test)
    assert not any("one_channel" in option for box in test.selectbox for option in box.options)


def test_short_songs_that_were_trimmed_are_explained(folder: Path, page: Session):
    base = extreme(12, 1, (0, 1, 2), (0, 1, 2))
    trimmed = replace(base, provenance=replace(base.provenance, trim_seconds=20.0))
    save_score_set(folder / "x.json", trimmed)
    test = page(show="limits").run()
    assert "Score these songs again as short clips" in text_of(test)


def test_a_damaged_file_is_named_and_the_others_open(files: Path, page: Session):
    (files / "broken.json").write_text("{}")
    test = page().run()
    assert not test.exception
    assert "broken" in test.warning[0].value
    assert set(charts(test)) >= set(MATRICES)


@pytest.mark.usefixtures("folder")
def test_what_evaluate_wrote_opens_in_the_page(
    page: Session, tmp_path: Path, tiny_checkpoint: Path, wav_bytes: Callable[..., bytes]
):
    """Two genres of the model's ten, a song that is none, and a folder of another genre."""
    song = wav_bytes(7.0, 12_000)
    files = {"jazz/a": song, "jazz/b": song, "rock/c": song, "rock/no": b"none", "polka/d": song}
    for name, data in files.items():
        path = tmp_path / "songs" / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    output = tmp_path / "mine.json"
    command = ["evaluate", str(tmp_path / "songs"), "--model", str(tiny_checkpoint)]
    assert cli.main([*command, "--frame-seconds", "3", "--output", str(output)]) == 0

    test = page().run()
    upload = next(u for u in test.file_uploader if u.key == "ts_score_file")
    upload.set_value(("mine.json", output.read_bytes(), "application/json")).run()
    assert not test.exception
    assert set(charts(test)) >= set(MATRICES)
    assert "Of 3 songs" in text_of(test)
    test.session_state["test_set_state"].show_tab("limits")
    text = text_of(test.run()).replace("\\", "")
    assert "rock/no.wav" in text
    assert "polka" in text


@pytest.mark.usefixtures("folder")
def test_a_score_file_of_ones_own_opens_in_the_same_views(page: Session):
    test = page().run()
    data = dump_score_set(score_set("my net", "mine"))
    upload = next(u for u in test.file_uploader if u.key == "ts_score_file")
    upload.set_value(("mine.json", data, "application/json")).run()
    assert not test.exception
    assert set(charts(test)) >= set(MATRICES)
    test.session_state["test_set_state"].show_tab("limits")
    assert "my net" in text_of(test.run())
    test.segmented_control(key="ts_part").set_value("own").run()
    assert not test.exception
    assert not charts(test)
    bad = next(u for u in test.file_uploader if u.key == "ts_score_file")
    bad.set_value(("bad.json", b"{}", "application/json")).run()
    assert "bad" in test.error[0].value
    test.segmented_control(key="ts_part").set_value("results").run()
    assert set(charts(test)) >= set(MATRICES)
