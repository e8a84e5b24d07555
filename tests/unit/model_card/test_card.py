"""The card says what the files say, and says what is missing."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genre_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from genre_core.cli import main
from genre_core.errors import DatasetError, SettingsError
from genre_core.evaluation.bundled import cross_validation_file, read_score_files, score_file
from genre_core.evaluation.export import accuracy_table
from genre_core.evaluation.score_file import save_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.verdicts import AGGREGATIONS
from genre_core.model_card.card import card, readme_block, rewrite_readme
from genre_core.model_card.facts import CardFacts, parse_looks, read_facts
from genre_core.models import registry
from genre_core.training.settings import TrainingSettings
from tests import builders

GENRES = ("hiss", "hum")
README = "# Title\n\n<!-- accuracy: begin (do not edit) -->\nold\n<!-- accuracy: end -->\n\nrest\n"
ANCESTOR = "jimenez_gtzan10_crnn_theano"


def scored(
    right: list[bool],
    *,
    n_audio: int = 0,
    lengths: tuple[float, ...] = (5.0, 29.12),
    **provenance: Any,
) -> ScoreSet:
    """Return songs of alternating genre, the first `n_audio` of them sound, right where said."""
    named = [i % 2 if good else 1 - i % 2 for i, good in enumerate(right)]
    frames = {
        seconds: [np.tile(0.25 + 0.5 * np.eye(2)[genre], (n, 1)) for genre in named]
        for seconds, n in ((seconds, 3 if seconds < 10 else 1) for seconds in lengths)
    }
    labels = [i % 2 for i in range(len(right))]
    facts = {"model": "small", "model_sha256": "", "dataset": "set", **provenance}
    return builders.score_set(labels, frames, genres=GENRES, n_audio=n_audio, **facts)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    settings = TrainingSettings(init="weights/jimenez_gtzan10_crnn_theano.h5", batch_norm="frozen")
    training = {
        "dataset": "set",
        "split": "given",
        "train_lists": ["train"],
        "valid_list": "valid",
        "settings": settings.record(),
        "initialised_blocks": ["conv1"],
        "best_epoch": 7,
        "valid_accuracy": 0.625,
    }
    model = registry.build("crnn", 2, channels=(4,), pools=((8, 4),), hidden=4)
    path = tmp_path / "small.safetensors"
    save_checkpoint(path, model, name="small", genres=GENRES, training=training, temperature=1.5)
    return path


@pytest.fixture
def bare(checkpoint: Path, tmp_path: Path) -> CardFacts:
    """A checkpoint and nothing else."""
    return read_facts(checkpoint, tmp_path / "nothing")


@pytest.fixture
def full(bare: CardFacts) -> CardFacts:
    """Ten test clips of which 6 are sound: 8 right, the ancestor 5; and changed sound, songs."""
    sha256 = bare.info.sha256
    right = [True] * 5 + [False] + [True] * 3 + [False]
    sets = {
        "small.set-test.json": scored(right, model_sha256=sha256, n_audio=6),
        "old.set-test.json": scored([False] * 10, model=ANCESTOR, model_sha256="f" * 64, n_audio=6),
        "small.set-test.mp3.json": scored(
            [True] * 3 + [False] * 3,
            model_sha256=sha256,
            perturbation="mp3",
            n_audio=6,
            lengths=(29.12,),
        ),
        "small.set-valid.json": scored([True, False], model_sha256=sha256, list_name="valid"),
        "small.songs-all.json": scored(
            [True] * 3 + [False],
            model_sha256=sha256,
            list_name="all",
            scheme="",
            trim_seconds=20.0,
            n_audio=4,
        ),
    }
    return replace(bare, score_sets=sets)


def row(text: str, first: str) -> list[str]:
    """Return the cells of the first table row whose first cell is `first`."""
    rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines())
    return next(cells for cells in rows if cells and cells[0] == first)


def section(text: str, title: str) -> str:
    return text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_what_is_missing_is_said_and_nothing_is_invented(bare: CardFacts) -> None:
    text = card(bare)
    for title in ("In short", "Accuracy on the test list", "Genre by genre", "Robustness"):
        assert "Not measured" in section(text, title), title
    assert "not recorded (no `.run.json`" in section(text, "Training")
    assert "Not done" in section(text, "Cross-validation")
    assert "No log" in section(text, "Looks at the test list")
    assert "may have heard clips of this test list" in " ".join(text.split())
    assert "Not measured" in readme_block(bare, "card.md")


def test_training_record_and_size(bare: CardFacts) -> None:
    text = card(bare)
    training = section(text, "Training")
    assert "epoch 7" in training
    assert "62.5% of the songs" in training
    assert "not measured of the real audio" in training
    assert '"batch_norm": "frozen"' in training
    assert f"{bare.size.parameters:,} parameters" in text
    assert "1.500" in section(text, "Can its confidence be believed?")
    assert bare.info.sha256[:16] in text


def test_parts_are_told_of_with_their_own_first_weights(bare: CardFacts) -> None:
    own = bare.info.training
    part = own | {"best_epoch": 3, "settings": own["settings"] | {"seed": 41}}
    whole = own["settings"] | {"init": "random", "init_parts": {"sharp": "runs/sharp.safetensors"}}
    training = own | {"settings": whole, "parts": {"sharp": part}}
    text = " ".join(card(replace(bare, info=replace(bare.info, training=training))).split())
    assert "First its part `sharp`: first weights: jimenez_gtzan10_crnn_theano" in text
    assert "Saved: epoch 3 of 30" in text
    assert "Then all of it: first weights: its part sharp" in text
    assert "Every setting of the part sharp" in text
    assert '"seed": 41' in text
    assert "may have heard clips of this test list" in text
    assert "First weights: J. Jiménez, J. José" in text


def test_accuracy_of_all_and_of_real_audio_with_the_ancestor_beside(full: CardFacts) -> None:
    text = card(full)
    short = section(text, "In short")
    # Wilson's intervals of 8 of 10 and 5 of 6
    assert row(short, "all")[1:3] == ["10", "8 = 80.0% (49.0% - 94.3%)"]
    assert row(short, "real audio")[1:3] == ["6", "5 = 83.3% (43.6% - 97.0%)"]
    assert row(short, "all")[3].startswith("0 = 0.0%")
    assert "published ancestor" in short
    assert "8 clips only `small`" in short
    assert "p = 0.0078" in short  # 2 / 2**8
    lengths = section(text, "Accuracy on the test list")
    assert row(lengths, "5 s")[1] == "30"
    assert row(lengths, "29.12 s")[1] == "10"
    assert "Validation list (2 clips)" in lengths
    aggregations = row(lengths.split("each aggregation")[1], "29.12 s")
    assert aggregations[2:5] == ["80.0% (49.0% - 94.3%)"] * 3  # one frame: nothing to put together
    assert "kNN" in lengths


def test_genres_calibration_robustness_songs(full: CardFacts) -> None:
    text = card(full)
    # of the ten, number 5 and 9 are wrong: both "hum"
    assert row(section(text, "Genre by genre"), "hiss")[1:5] == ["5", "3", "71%", "100%"]
    assert row(section(text, "Genre by genre"), "hum")[1:5] == ["5", "3", "100%", "60%"]
    confidence = section(text, "Can its confidence be believed?")
    assert "0.050 on all" in confidence  # 75 % sure, 80 % right
    assert row(confidence, "70% - 80%") == ["70% - 80%", "10", "75.0%", "80.0%"]
    # 3 of 6 where 5 of 6 were right
    assert row(section(text, "Robustness"), "mp3")[3] == "-33.3"
    assert "Mp3 costs 33.3 points" in section(text, "Known weaknesses")
    assert row(section(text, "Whole songs"), "`small`")[1].startswith("3 = 75.0%")


def test_weaknesses_name_converted_clips_and_genres_with_little_audio(full: CardFacts) -> None:
    weaknesses = section(card(full), "Known weaknesses")
    assert "4 of the 10 test clips are converted spectrograms" in weaknesses
    assert "hiss 3, hum 3" in weaknesses
    assert "Least often recognised: hum (60%)" in weaknesses


def test_scores_of_another_state_of_the_weights_do_not_count(full: CardFacts) -> None:
    stale = {"small.set-test.json": scored([True] * 4, model_sha256="0" * 64)}
    text = card(replace(full, score_sets=stale))
    assert "Not measured" in section(text, "In short")
    assert "another state of the weights: small.set-test.json" in " ".join(text.split())


def test_run_record_and_looks(full: CardFacts) -> None:
    run = {
        "command": "python -m genre_core train",
        "checkpoint_sha256": "0" * 64,
        "seconds": 5400.0,
        "device": "cpu",
        "machine": "Linux",
        "processor": "abacus",
        "threads": 2,
        "python": "3.11",
        "torch": "2.0",
    }
    looks = parse_looks('[{"date": "d", "what": "w", "result": "r", "used_for": "u"}]', "looks")
    text = card(replace(full, run=run, looks=looks))
    assert "90 min for 30 epochs on cpu (Linux, abacus, 2 threads)" in " ".join(text.split())
    assert "another state of these weights" in text
    parts = card(replace(full, run=run | {"parts_seconds": {"sharp": 60.0, "smooth": 1200.0}}))
    assert "for 30 epochs, after its parts (sharp 60 s, smooth 20 min), on cpu" in " ".join(
        parts.split()
    )
    assert row(section(text, "Looks at the test list"), "d") == ["d", "w", "r", "u"]


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        ({"select_by": "accuracy"}, "the epoch was chosen by it"),
        ({"select_by": "last"}, "no epoch"),
    ],
)
def test_how_the_epoch_was_chosen(full: CardFacts, selected: dict, said: str) -> None:
    training = full.info.training
    training = {**training, "settings": {**training["settings"], **selected}}
    text = card(replace(full, info=replace(full.info, training=training)))
    assert said in section(text, "Training")


@pytest.mark.parametrize("text", ["{", "3", '[{"date": "d"}]', '["d"]'])
def test_a_broken_log_of_looks_is_named(text: str) -> None:
    with pytest.raises(DatasetError, match=r"looks\.json"):
        parse_looks(text, "looks.json")


def test_cross_validation(full: CardFacts) -> None:
    folds = [{"fold": 0, "n_songs": 10, "n_right": 8}, {"fold": 1, "n_songs": 10, "n_right": 6}]
    record = {"settings": full.info.training["settings"], "folds": folds}
    text = section(card(replace(full, cross_validation=record)), "Cross-validation")
    assert "with the same recipe: 14 of 20 = 70.0%" in text
    assert "70.0% with a standard deviation of 14.1 points" in text
    moved = {**record["settings"], "init_parts": {"sharp": "elsewhere.safetensors"}}
    assert "the same recipe" in card(replace(full, cross_validation={**record, "settings": moved}))
    for other in ({"settings": {"seed": 1}}, {"parts": {"sharp": {"seed": 1}}}):
        assert "another recipe" in card(replace(full, cross_validation={**record, **other}))


def test_readme_keeps_all_but_the_block(full: CardFacts) -> None:
    block = readme_block(full, "assets/models/small.md")
    text = rewrite_readme(README, block)
    assert text.startswith("# Title\n\n<!-- accuracy: begin (do not edit) -->\n")
    assert text.endswith("<!-- accuracy: end -->\n\nrest\n")
    assert "old" not in text
    assert "80.0% (49.0% - 94.3%)" in text
    assert "(assets/models/small.md)" in text
    assert "4 of the 10 test clips are converted" in text
    assert rewrite_readme(text, block) == text
    with pytest.raises(SettingsError, match="accuracy: begin"):
        rewrite_readme("# Title\n", block)


def test_the_command_reads_files_and_writes_card_and_readme(
    checkpoint: Path, full: CardFacts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "evaluations"
    for name, score_set in full.score_sets.items():
        save_score_set(folder / name, score_set)
    checkpoint.with_suffix(".looks.json").write_text("[]")
    readme = tmp_path / "README.md"
    readme.write_text(README)
    command = ["card", str(checkpoint), "--evaluations", str(folder), "--readme", str(readme)]
    assert main(command) == 0
    written = checkpoint.with_suffix(".md").read_text("utf-8")
    assert written == card(full)
    assert "(small.md)" in readme.read_text("utf-8")
    assert main(command) == 0
    assert checkpoint.with_suffix(".md").read_text("utf-8") == written
    readme.write_text("nothing")
    assert main(command) == 1
    assert "accuracy" in capsys.readouterr().err
    for content in ("[", "[]", "{}"):
        checkpoint.with_suffix(".run.json").write_text(content)
        assert main(command) == 1
        assert "small.run.json" in capsys.readouterr().err


def test_score_files_have_safe_names(tmp_path: Path) -> None:
    path = score_file("a/b c", "set", "test", "mp3", tmp_path)
    assert path == tmp_path / "a-b-c.set-test.mp3.json"
    record = cross_validation_file("a", "set", 4, tmp_path)
    assert record == tmp_path / "cross_validation" / "a.set-4-folds.json"
    assert read_score_files(tmp_path) == {}


def test_the_bundled_card_is_what_the_files_say(project_root: Path) -> None:
    written = project_root / "assets" / "models" / "crnn.md"
    facts = read_facts(written.with_suffix(".safetensors"))
    assert facts.info == load_checkpoint(written.with_suffix(".safetensors"))[1]
    remedy = "write it again: make evaluations"
    assert written.read_text("utf-8") == card(facts), remedy
    readme = (project_root / "README.md").read_text("utf-8")
    assert readme == rewrite_readme(readme, readme_block(facts, "assets/models/crnn.md")), remedy
    assert json.loads(written.with_suffix(".looks.json").read_text("utf-8"))


def test_readme_and_page_have_the_same_table_of_lengths_and_aggregations(
    project_root: Path,
) -> None:
    path = project_root / "assets" / "models" / "crnn.safetensors"
    facts = read_facts(path)
    test, asked = facts.own("test"), facts.own("valid")
    assert test
    assert asked

    def numbers(text: str) -> list[str]:
        return re.findall(r"\d+\.\d", text)

    readme = (project_root / "README.md").read_text("utf-8")
    rows = {
        match[1]: numbers(match[2])
        for match in re.finditer(r"^\|\s*([\d.]+) s \|(.*)$", readme, re.MULTILINE)
    }
    page = accuracy_table(test, dict.fromkeys(asked.frames, asked))
    assert set(rows) == {f"{seconds:g}" for seconds in page["frame_seconds"]}
    for row in page.to_dict("records"):
        shown = [number for name in ("by_frame", *AGGREGATIONS) for number in numbers(row[name])]
        assert rows[f"{row['frame_seconds']:g}"] == shown
        assert len(shown) == 3 * (1 + len(AGGREGATIONS))
