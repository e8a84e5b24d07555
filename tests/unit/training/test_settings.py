from dataclasses import replace
from typing import Any

import pytest

from genre_core.errors import SettingsError
from genre_core.training.settings import TrainingSettings
from tests.unit.training.builders import (
    SETTINGS,
)


def test_settings_survive_json() -> None:
    import json

    settings = replace(SETTINGS, freeze=("conv1",), block_rates={"conv2": 0.5}, teachers=("a.h5",))
    settings = replace(settings, hyperparameters={"hidden": 4})
    assert TrainingSettings.from_record(json.loads(json.dumps(settings.record()))) == settings


@pytest.mark.parametrize(
    "record",
    [
        {"optimiser": "adam"},
        {"optimizer": "lion"},
        {"epochs": 0},
        {"epochs": "3"},
        {"learning_rate": True},
        {"learning_rate": float("inf")},
        {"weight_decay": float("inf")},
        {"seed": 10**22},
        {"seed": -1},
        {"augmentation": {"mixup_alpha": -1.0}},
        {"augmentation": {"low_pass_probability": 1.5}},
        {"augmentation": {"gain_db": [6.0, -6.0]}},
        {"ema_decay": 1.0},
        {"block_rates": {"conv1": -1.0}},
        {"block_rates": {"conv1": "fast"}},
        {"augmentation": {"reverb": 1}},
        {"augmentation": [1]},
        {"augmentation": {"gain_db": [1.0]}},
    ],
    ids=str,
)
def test_impossible_settings_are_refused(record: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        TrainingSettings.from_record(record)
