import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.cli import main
from genre_core.datasets.readers import load_dataset
from genre_core.datasets.splits import choose
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.summary import summarise
from genre_core.training.data import load_data
from genre_core.training.distillation import NetworkTeacher
from genre_core.training.sampling import Batch
from genre_core.training.settings import TrainingSettings

TINY = ["channels=[4]", "pools=[[8,4]]", "hidden=4"]
FAST = ["--hyperparameter", *TINY, "--epochs", "2", "--batch-size", "4", "--batches-per-epoch", "2"]
SHORT = ["--augment", "crop_seconds=[3,3]"]


@pytest.fixture
def songs(tmp_path: Path, wav_bytes: Callable[..., bytes]) -> Path:
    """Two genres of five songs: hiss and hum."""
    generator = np.random.default_rng(0)
    for index in range(5):
        time = np.arange(12_000 * 4) / 12_000
        hum = 0.3 * np.sin(2 * np.pi * (80 + 10 * index) * time)
        hiss = 0.1 * generator.standard_normal(len(time))
        for genre, samples in (("hum", hum), ("hiss", hiss)):
            folder = tmp_path / "songs" / genre
            folder.mkdir(parents=True, exist_ok=True)
            content = wav_bytes(sample_rate=12_000, samples=samples)
            (folder / f"{index}.wav").write_bytes(content)
    (tmp_path / "songs" / "hum" / "bad.wav").write_bytes(b"nothing")
    whole = (tmp_path / "songs" / "hum" / "0.wav").read_bytes()
    (tmp_path / "songs" / "hum" / "cut.wav").write_bytes(whole[: len(whole) * 9 // 10])
    return tmp_path / "songs"


def train(songs: Path, output: Path, *options: str) -> int:
    cache = ["--cache", str(songs.parent / "cache")]
    return main(["train", str(songs), "--output", str(output), *cache, *FAST, *SHORT, *options])


def test_from_a_folder_to_a_checkpoint_to_its_accuracy(
    songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "runs" / "mine.safetensors"
    assert train(songs, output) == 0
    said = capsys.readouterr()
    assert "bad.wav" in said.err
    assert "warning: hum/cut.wav: The file is cut short" in said.err
    assert "mine.safetensors" in said.out
    _, info = load_checkpoint(output)
    assert info.genres == ("hiss", "hum")
    assert info.name == "mine"
    assert info.training["split"] == "60/20/20, seed 0"
    assert output.with_suffix(".csv").read_text().count("\n") == 3
    record = json.loads(output.with_suffix(".run.json").read_text())
    assert record["checkpoint_sha256"] == info.sha256
    assert len(record["problems"]) <= 1
    assert "cut.wav" in record["warnings"][0]

    result = tmp_path / "result.json"
    command = ["evaluate", str(songs), "--model", str(output), "--output", str(result)]
    assert main([*command, "--frame-seconds", "3", "4", "--beside", str(output)]) == 0
    said = capsys.readouterr()
    assert "bad.wav" in said.err
    assert "McNemar p = 1" in said.out
    score_set = load_score_set(result)
    assert len(score_set.clips) == 11
    assert "cut.wav" in score_set.provenance.warnings[0]
    accuracy = summarise(score_set, 3.0).song_accuracy.value
    assert f"{100 * accuracy:.1f} % (" in said.out
    assert (tmp_path / "result.mine.json").is_file()


def test_settings_come_from_the_file_and_options_win(songs: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text('{"learning_rate": 0.01, "label_smoothing": 0.1, "seed": 5}')
    output = tmp_path / "m.safetensors"
    assert train(songs, output, "--settings", str(recipe), "--seed", "6", "--freeze", "conv1") == 0
    settings = load_checkpoint(output)[1].training["settings"]
    assert settings["learning_rate"] == 0.01
    assert settings["label_smoothing"] == 0.1
    assert settings["seed"] == 6
    assert settings["freeze"] == ["conv1"]
    assert settings["augmentation"]["crop_seconds"] == [3.0, 3.0]


def test_a_teacher_may_score_whole_songs(
    songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teacher, output = tmp_path / "teacher.safetensors", tmp_path / "m.safetensors"
    assert train(songs, teacher) == 0
    scored: list[int] = []

    def in_every_step(self: NetworkTeacher, batch: Batch) -> tuple[Tensor, Tensor]:
        scored.append(len(batch.clips))
        return torch.full((len(batch.clips), 2), 0.5), torch.ones(len(batch.clips)).bool()

    monkeypatch.setattr(NetworkTeacher, "scores", in_every_step)
    options = ["--teachers", str(teacher), "--teacher-hears"]
    assert train(songs, output, *options, "song") == 0
    assert not scored
    assert load_checkpoint(output)[1].training["settings"]["teacher_hears"] == "song"
    assert train(songs, output, *options, "part") == 0
    assert scored


def test_stages_follow_each_other_and_may_be_resumed(songs: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps({"stages": [{"seed": 1}, {"learning_rate": 1e-9}]}))
    output = tmp_path / "m.safetensors"
    assert train(songs, output, "--settings", str(recipe)) == 0
    stage1 = tmp_path / "m.stage1.safetensors"
    first, info_of_first = load_checkpoint(stage1)
    last, info = load_checkpoint(output)
    weight = first.classifier.weight.detach()
    np.testing.assert_allclose(last.classifier.weight.detach(), weight, atol=1e-6)
    assert info.training["stages"] == [info_of_first.training]
    assert info.training["settings"]["init"] == "previous stage"  # not where its file lay
    seconds = [json.loads(path.with_suffix(".run.json").read_text()) for path in (stage1, output)]
    assert seconds[1]["stages_seconds"] == {"stage 1": seconds[0]["seconds"]}
    assert info_of_first.training["settings"]["seed"] == 1
    assert train(songs, output, "--settings", str(recipe), "--resume") == 0
    assert load_checkpoint(output)[1].sha256 == info.sha256


def test_other_data_sets_are_learnt_from_but_not_validated_on(
    songs: Path, tmp_path: Path, wav_bytes: Callable[..., bytes]
) -> None:
    more, noises = tmp_path / "more", tmp_path / "noises"
    for path in (
        more / "hum" / "extra.wav",
        more / "polka" / "other.wav",
        noises / "deep" / "a.wav",
    ):
        path.parent.mkdir(parents=True)
        path.write_bytes(wav_bytes(4.0, 12_000))
    settings = TrainingSettings(more=(str(more),), unlabelled=(str(noises),))
    dataset = load_dataset(songs)
    split = choose(dataset)
    data, problems = load_data(dataset, split, settings, cache=tmp_path / "cache")
    alone, _ = load_data(dataset, split, TrainingSettings(), cache=tmp_path / "cache")
    assert {clip.clip_id for clip in data.train.keys() - alone.train.keys()} == {"hum/extra.wav"}
    assert data.valid.keys() == alone.valid.keys()
    assert [(clip.clip_id, clip.label) for clip in data.unlabelled] == [("deep/a.wav", "")]
    assert any("polka" in problem for problem in problems)
    assert data.fingerprint != alone.fingerprint


def test_artists_of_the_other_lists_are_not_learnt_from_elsewhere(
    tmp_path: Path, wav_bytes: Callable[..., bytes]
) -> None:
    for name in "abcdef":
        (tmp_path / f"{name}.wav").write_bytes(wav_bytes(4.0, 12_000))
    home, more = tmp_path / "home.csv", tmp_path / "more.csv"
    rows = ["a,hum,One,train", "b,hiss,Two,train", "c,hum,Three,valid", "d,hiss,Four,test"]
    lines = [f"{row[0]}.wav{row[1:]}" for row in rows]
    home.write_text("\n".join(["path,label,artist,split", *lines]))
    more.write_text("path,label,artist\ne.wav,hum,three\nf.wav,hum,One\n")
    dataset = load_dataset(home)
    settings = TrainingSettings(more=(str(more),))
    data, problems = load_data(dataset, choose(dataset), settings, cache=tmp_path / "cache")
    assert {clip.clip_id for clip in data.train} == {"a.wav", "b.wav", "f.wav"}
    assert "1 more songs are left out: artists of the other lists." in problems


def test_final_training_on_everything(songs: Path, tmp_path: Path) -> None:
    output = tmp_path / "m.safetensors"
    lists = ["--train-lists", "train", "valid", "--valid-list", "none"]
    assert train(songs, output, *lists) == 0
    training = load_checkpoint(output)[1].training
    assert training["train_lists"] == ["train", "valid"]
    assert training["best_epoch"] == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--train-lists", "train", "valid"], "cannot both train and validate"),
        (["--augment", "reverb=1"], "reverb"),
        (["--augment", "reverb"], "KEY=VALUE"),
        (["--hyperparameter", "hidden=-1"], "cannot be built"),
        (["--model", "resnet"], "resnet"),
        (["--init", "nowhere.safetensors"], "nowhere"),
        (["--settings", "nowhere.json"], "nowhere"),
        (["--device", "abacus"], "abacus"),
        (["--freeze", "conv7"], "conv7"),
        (["--split", "folds", "--fold", "4"], "no fold 4"),
        (["--split", "given"], 'no list named "train"'),
        (["--teachers", "nowhere.json"], "nowhere"),
        (["--more", "nowhere.csv"], "nowhere.csv"),
        (["--unlabelled", "nowhere"], "nowhere"),
        (["--epochs", "0"], "epochs must be at least 1"),
    ],
)
def test_mistakes_are_named(
    songs: Path,
    tmp_path: Path,
    options: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert train(songs, tmp_path / "m.safetensors", *options) == 1
    assert message in capsys.readouterr().err


def test_output_must_be_a_checkpoint(songs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(songs), "--output", "model.pt"]) == 1
    assert ".safetensors" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--perturb", "reverb"], "--perturb is one of mp3"),
        (["--aggregate", "median"], "--aggregate"),
        (["--model", "nowhere"], "no such model"),
    ],
)
def test_mistakes_in_evaluating_are_named(
    songs: Path, options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(songs), "--output", "r.json", *options]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_saves_and_resume_continues(songs: Path, tmp_path: Path) -> None:
    output = tmp_path / "parts" / "m.safetensors"
    options = [*FAST, *SHORT, "--epochs", "3", "--batches-per-epoch", "25", "--threads", "1"]
    options += ["--cache", str(tmp_path / "cache")]
    command = ["train", str(songs), "--output", str(output), *options]
    root = Path(__file__).resolve().parents[3]
    process = subprocess.Popen(
        [sys.executable, "-m", "genre_core", *command],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    for line in process.stderr:  # the first epoch's line: the run is in the middle of the second
        if line.lstrip().startswith(b"epoch   1"):
            break
    os.kill(process.pid, signal.SIGINT)
    stdout, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"--resume" in stdout
    assert main([*command, "--resume"]) == 0

    whole = tmp_path / "whole" / "m.safetensors"
    assert main(["train", str(songs), "--output", str(whole), *options]) == 0
    assert load_checkpoint(whole)[1].sha256 == load_checkpoint(output)[1].sha256
