"""`genre-core lyrics`: analyse, train, evaluate, tables."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genre_core.cli import main
from genre_core.evaluation.score_file import load_score_set
from genre_core.lyrics.model import load_model
from tests.unit.lyrics.test_validation import write_bags


def test_analyse_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "song.txt"
    text.write_text("[Chorus]\nBlood and death\nBlood and death\nNo love")
    assert main(["lyrics", "analyse", "--json", str(text), str(tmp_path / "gone.txt")]) == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["file"] == str(text)
    assert (first["n_words"], first["n_unique"], first["n_lines"]) == (8, 5, 3)
    assert first["repetition"] == pytest.approx(1 / 3, abs=1e-4)
    assert first["sentiment"]["negated"] == ["no love"]
    assert sum(first["scores"].values()) == pytest.approx(1, abs=1e-4)
    assert first["genre"] == max(first["scores"], key=first["scores"].get)
    assert first["confidence"] == first["scores"][first["genre"]]
    assert list(first["scores"]) == first["genres"]
    assert first["words_for"][0]["evidence"] > 0
    assert all(each["evidence"] < 0 for each in first["words_against"])
    assert "gone.txt" in second["error"]
    assert "lyrics" not in first


def test_analyse_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "song.txt"
    text.write_text("Whiskey on the dirt road\n" * 3)
    assert main(["lyrics", "analyse", str(text)]) == 0
    out = capsys.readouterr().out
    assert "country" in out
    assert "whiskey" in out


def test_train_then_evaluate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bags, model = write_bags(tmp_path), tmp_path / "words.json"
    scores, result = tmp_path / "folds.json", tmp_path / "result.json"
    arguments = ["--genres", "metal", "pop", "rock", "--n", "12", "all"]
    assert (
        main(
            [
                "lyrics",
                "train",
                str(bags),
                "--output",
                str(model),
                "--scores",
                str(scores),
                *arguments,
            ]
        )
        == 0
    )
    folds = load_score_set(scores)
    assert folds.provenance.model_sha256 == load_model(model).sha256
    assert {clip.kind for clip in folds.clips} == {"lyrics"}
    facts = load_model(model).facts
    assert len(facts["compared"]) == 6
    assert facts["songs"] == {"metal": 80, "pop": 80, "rock": 80}

    fewer = pd.read_parquet(bags)
    fewer = fewer[fewer["genre"] != "metal"]
    fewer.loc[fewer.index[0], "genre"] = "polka"
    fewer.to_parquet(tmp_path / "elsewhere.parquet")
    capsys.readouterr()
    command = ["lyrics", "evaluate", str(tmp_path / "elsewhere.parquet"), "--model", str(model)]
    assert main([*command, "--output", str(result)]) == 0
    out = capsys.readouterr().out
    assert "1 songs of polka" in out
    assert "2 genres of the file" in out
    assert "3 genres of the model" in out
    found = load_score_set(result)
    assert len(found.clips) == 159
    scored = found.frames[0.0].scores
    np.testing.assert_array_equal(scored[:, found.genres.index("metal")], 0)
    accuracy = (scored.argmax(axis=1) == found.labels()).mean()
    assert f"{accuracy:.3f}" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "BAGS", "--output", "m.txt"], ".json"),
        (["train", "BAGS", "--output", "m.json", "--n", "many"], "whole numbers"),
        (["train", "BAGS", "--output", "m.json", "--genres", "polka", "pop"], "polka"),
        (["train", "BAGS", "--output", "m.json"], "fewer than two genres"),
        (["evaluate", "gone.parquet"], "gone.parquet"),
        (["evaluate", "BAGS", "--output", "x.csv"], ".json"),
        (["analyse", "x.txt", "--model", "gone.json"], "gone.json"),
    ],
)
def test_errors_name_the_thing(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bags = str(write_bags(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert main(["lyrics", *(bags if a == "BAGS" else a for a in arguments)]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.data
def test_tables_are_those_that_come_along(data_root: Path, tmp_path: Path) -> None:
    from genre_core.lyrics import bundled

    bags = data_root / "lyrics" / "bags.parquet"
    assert main(["lyrics", "tables", str(bags), "--folder", str(tmp_path)]) == 0
    for path in (bundled.DECADES_FILE, bundled.YEARS_FILE, bundled.TYPICAL_FILE):
        assert (tmp_path / path.name).read_text() == path.read_text()
