"""The options of `train` that are made from the settings."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from genre_core.cli import build_parser, main
from genre_core.cli.setting_options import chosen_settings
from genre_core.errors import SettingsError
from genre_core.training.augmentation_settings import NO_AUGMENTATION
from genre_core.training.settings import TrainingSettings


def test_every_setting_has_an_option_with_its_help_and_default(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for item in fields(TrainingSettings):
        option = f"--{item.name.replace('_', '-')}"
        assert option in text
        assert item.metadata["help"] in text, option
    assert "the highest (default: 0.001)" in text


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], {}),
        (["--learning-rate", "0.5"], {"learning_rate": 0.5}),
        (["--freeze"], {"freeze": ()}),
        (["--teachers", "a.h5"], {"teachers": ("a.h5",)}),
        (["--no-class-balanced"], {"class_balanced": False}),
        (["--block-rates", "conv1=0.1", "conv2=1"], {"block_rates": {"conv1": 0.1, "conv2": 1.0}}),
        (["--no-augmentation"], {"augmentation": NO_AUGMENTATION}),
        (
            ["--no-augmentation", "--augmentation", "mixup_alpha=0.4"],
            {"augmentation": replace(NO_AUGMENTATION, mixup_alpha=0.4)},
        ),
    ],
    ids=str,
)
def test_options_become_settings(options: list[str], expected: dict[str, Any]) -> None:
    args = build_parser().parse_args(["train", "songs", "--output", "m.safetensors", *options])
    assert chosen_settings(args) == [replace(TrainingSettings(), **expected)]


def test_options_hold_for_every_stage_but_the_first_weights(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps({"stages": [{"epochs": 5}, {"epochs": 7, "seed": 4}]}))
    command = ["train", "songs", "--output", "m.safetensors", "--settings", str(recipe)]
    args = build_parser().parse_args([*command, "--seed", "3", "--init", "a.safetensors"])
    first, second = chosen_settings(args)
    assert (first.epochs, first.seed, first.init) == (5, 3, "a.safetensors")
    assert (second.epochs, second.seed, second.init) == (7, 3, "random")
    args = build_parser().parse_args([*command, "--last-stage", "--init", "a.safetensors"])
    (last,) = chosen_settings(args)
    assert (last.epochs, last.seed, last.init) == (7, 4, "a.safetensors")
    recipe.write_text('{"stages": 3}')
    with pytest.raises(SettingsError, match=r"recipe\.json"):
        chosen_settings(args)
