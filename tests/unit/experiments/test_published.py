"""The published network's features of an experiment's songs."""

from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

from genre_core.errors import ModelError
from genre_core.experiments import published
from genre_core.experiments.context import Context
from tests.unit.experiments.builders import TINY, made_songs


def test_the_file_s_standard_deviations_become_variances(tag_file: Path) -> None:
    model = published.tag_network(tag_file, TINY)
    with h5py.File(tag_file) as file:
        deviation = np.asarray(file["bn2_running/bn2_running_std"])
    np.testing.assert_allclose(model.convolutions.conv2.norm.running_var, deviation**2, rtol=1e-6)


def test_features_are_mean_and_deviation_of_every_block(context: Context, tag_file: Path) -> None:
    features, labels = context.features.examples(["low.0", "high.1"])
    assert features.shape == (2, 2 * sum(TINY["channels"]))
    assert labels.tolist() == ["low", "high"]
    model = published.tag_network(tag_file, TINY)
    log_mel = torch.from_numpy(context.songs.log_mel["low.0"]).float()[None]
    with torch.inference_mode():
        maps = model.trace(log_mel)["conv1"]
    np.testing.assert_allclose(features[0, :2], maps.mean(dim=(2, 3))[0], rtol=1e-3)
    np.testing.assert_allclose(features[0, 2:4], maps.std(dim=(2, 3))[0], rtol=1e-3)


def test_features_are_computed_once_and_report_progress(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported = []
    context = replace(context, on_features=lambda done, total: reported.append((done, total)))
    context.features.examples(["low.0"])
    monkeypatch.setattr(published, "predict", lambda *_: pytest.fail("computed again"))
    context.features.examples(["low.0", "high.3"])
    assert reported == [(20, 20)]


def test_published_weights_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="give --weights"):
        Context(made_songs(), tmp_path).features  # noqa: B018
    with pytest.raises(ModelError, match=r"none\.h5"):
        Context(made_songs(), tmp_path, tmp_path / "none.h5").features  # noqa: B018
