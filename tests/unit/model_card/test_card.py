"""The card as a text: what is missing is said, and the committed card is what the files give."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from genre_core.checkpoints.bundled import default_model_path
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.cli import main
from genre_core.errors import SettingsError
from genre_core.evaluation.score_file import save_score_set
from genre_core.evaluation.unlike import Group, UnlikeRecord
from genre_core.model_card.card import card
from genre_core.model_card.facts import CardFacts, Look, read_facts
from genre_core.model_card.readme import readme_block, rewrite_readme
from tests.unit.model_card.test_facts import RUN

README = "# Title\n\n<!-- accuracy: begin (do not edit) -->\nold\n<!-- accuracy: end -->\n\nrest\n"


def section(text: str, title: str) -> str:
    return text.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_what_is_missing_is_said_and_nothing_is_invented(bare: CardFacts) -> None:
    text = card(bare)
    for title in ("In short", "Accuracy on the test list", "Genre by genre", "Robustness"):
        assert "Not measured" in section(text, title), title
    assert "not recorded" in section(text, "Training")
    assert "Not done" in section(text, "Cross-validation")
    assert "no log" in section(text, "Looks at the test list")
    assert "Not measured" in readme_block(bare, "card.md")


def test_the_training_record_is_in_the_card(bare: CardFacts) -> None:
    text = card(bare)
    training = section(text, "Training")
    for value in ("epoch 7 of 30", "62.5 %", '"batch_norm": "frozen"'):
        assert value in training
    assert f"{bare.size.parameters:,} parameters" in section(text, "Size and cost")
    assert "1.500" in section(text, "Can its confidence be believed?")
    assert bare.info.sha256[:16] in text


def test_stages_are_in_the_card_in_order(bare: CardFacts) -> None:
    own = bare.info.training
    first = own | {"best_epoch": 3, "valid_accuracy": None}
    later = own["settings"] | {"init": "previous stage"}
    training = own | {"settings": later, "stages": [first]}
    run = replace(RUN, stages_seconds={"stage 1": 1200.0})
    text = section(
        card(replace(bare, info=replace(bare.info, training=training), run=run)), "Training"
    )
    assert text.index("Stage 1: ") < text.index("Stage 2: first weights: previous stage")
    assert "epoch 3 of 30. It was not validated." in text
    assert "stage 1 20 min" in text


def test_the_run_and_the_looks_are_in_the_card(full: CardFacts) -> None:
    text = card(replace(full, run=RUN, looks=(Look("2026", "w", "r", "u"),)))
    assert "90 min for 30 epochs on cpu (Linux, abacus, 2 threads)" in text
    assert RUN.checkpoint_sha256[:16] in section(text, "Training")  # another state of the weights
    assert "| 2026 |" in section(text, "Looks at the test list")


def test_the_epoch_is_said_to_be_chosen_in_one_place_only(full: CardFacts) -> None:
    settings = full.info.training["settings"] | {"select_by": "last"}
    training = full.info.training | {"settings": settings}
    text = card(replace(full, info=replace(full.info, training=training)))
    assert "no epoch was chosen" in section(text, "Training")
    assert "best epoch" not in text


def test_readme_keeps_all_but_the_block(full: CardFacts) -> None:
    block = readme_block(full, "assets/models/small.md")
    text = rewrite_readme(README, block)
    assert text.startswith("# Title\n\n<!-- accuracy: begin (do not edit) -->\n")
    assert text.endswith("<!-- accuracy: end -->\n\nrest\n")
    assert "old" not in text
    assert "80.0 % (49.0 to 94.3)" in text
    assert "(assets/models/small.md)" in text
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
    checkpoint.with_suffix(".run.json").write_text("[")
    assert main(command) == 1
    assert "small.run.json" in capsys.readouterr().err


def test_the_bundled_card_is_what_the_files_say(project_root: Path) -> None:
    path = default_model_path()
    facts = read_facts(path)
    assert facts.info == load_checkpoint(path)[1]
    remedy = "write it again: make bundled"
    written = path.with_suffix(".md")
    assert written.read_text("utf-8") == card(facts), remedy
    readme = (project_root / "README.md").read_text("utf-8")
    link = written.relative_to(project_root).as_posix()
    assert readme == rewrite_readme(readme, readme_block(facts, link)), remedy
    assert json.loads(path.with_suffix(".looks.json").read_text("utf-8"))


def test_other_sounds_are_in_the_card(bare: CardFacts) -> None:
    assert "Not measured" in section(card(bare), "None of these")
    known = Group("test list", 0, (0.5, 1.0, 2.0, 3.0))
    groups = (Group("speech", 0, (2.5, 4.0)), Group("silence", 2, ()))
    record = UnlikeRecord("command", "date", "small", bare.info.sha256, 2.6, known, groups)
    text = section(card(replace(bare, unlike=record)), "None of these")
    assert "1 of the 4 songs of the test list" in text
    assert "| speech | 2 | 0.88 | 50 % |" in re.sub(" +", " ", text)
    assert "refused with a message: 2 of silence" in text
