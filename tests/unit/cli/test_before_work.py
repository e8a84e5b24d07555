"""Every command that works for long refuses impossible settings first: it opens no song."""

from pathlib import Path

import pytest

from genre_core.cli import main

COMMANDS = {
    "train": ("train", "SONGS", "--output", "OUT/m.safetensors"),
    "cross-validate": ("cross-validate", "SONGS", "--name", "crnn", "--output", "OUT"),
    "experiment": ("experiment", "size", "SONGS", "--output", "OUT/size.json"),
    "evaluate": ("evaluate", "SONGS", "--output", "OUT/r.json"),
}
TRAININGS = ("train", "cross-validate")


def refused(
    name: str, options: list[str], tmp_path: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> str:
    """Run a command on songs that do not exist, which it would name if it looked for them."""
    places = {"SONGS": str(tmp_path / "songs that do not exist"), "OUT": str(tmp_path / output)}
    words = [*COMMANDS[name], *options]
    for key, value in places.items():
        words = [word.replace(key, value) for word in words]
    assert main(words) == 1
    message = capsys.readouterr().err
    assert "do not exist" not in message
    return message


@pytest.mark.parametrize("name", [key for key in COMMANDS if key != "evaluate"])
def test_a_cache_that_is_a_file(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cache").write_text("x")
    options = ["--cache", str(tmp_path / "cache")]
    if name != "train":
        options += ["--work", str(tmp_path / "work")]
    message = refused(name, options, tmp_path, "out", capsys)
    assert "cache: a file is where a folder is needed: name another." in message


@pytest.mark.parametrize("name", COMMANDS)
def test_an_output_below_a_file(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    assert "a file is where a folder" in refused(name, [], tmp_path, "file/below", capsys)


@pytest.mark.parametrize("name", TRAININGS)
@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--seed", "12345678901234567890123"], "seed must be"),
        (["--learning-rate", "1e400"], "learning_rate must be finite"),
        (["--augment", "mixup_alpha=-1"], "mixup_alpha must be at least 0"),
        (["--epochs", "0"], "epochs must be at least 1"),
        (["--features", "n_mels=0"], "n_mels"),
        (["--device", "abacus"], "abacus"),
        (["--threads", "0"], "--threads must be at least 1"),
    ],
)
def test_settings_of_a_training(
    name: str,
    option: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert message in refused(name, option, tmp_path, "out", capsys)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--seeds", "0"], "--seeds must be at least 1"),
        (["--epochs", "-3"], "--epochs must be at least 1"),
        (["--device", "abacus"], "abacus"),
    ],
)
def test_settings_of_an_experiment(
    option: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [*option, "--work", str(tmp_path / "w"), "--cache", str(tmp_path / "c")]
    assert message in refused("experiment", options, tmp_path, "out", capsys)
