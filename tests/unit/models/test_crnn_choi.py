"""The published network."""

import numpy as np
import pytest
import torch

from genre_core.models.crnn import Crnn
from genre_core.models.crnn_choi import CrnnChoi, squared_db
from tests.unit.models.builders import PUBLISHED, spectrogram


def test_squared_db_is_the_log_of_the_squared_power() -> None:
    librosa = pytest.importorskip("librosa")
    power = np.random.default_rng(0).lognormal(-4.0, 4.0, (3, 20, 30)).astype(np.float32)
    power[0] *= 1e-4  # a very quiet one, where the floor bites
    standard = np.stack([librosa.power_to_db(s, ref=1.0, amin=1e-10, top_db=80) for s in power])
    published = np.stack(
        [
            librosa.power_to_db(s.astype(np.float64) ** 2, ref=1.0, amin=1e-10, top_db=80)
            for s in power
        ]
    )
    result = squared_db(torch.from_numpy(standard)).numpy()
    np.testing.assert_allclose(result, published, atol=1e-4)


def test_choi_repeats_short_frames_and_refuses_long_ones() -> None:
    model = CrnnChoi(4).eval()
    x = spectrogram(1, 96, 683)
    with torch.inference_mode():
        torch.testing.assert_close(model(x), model(torch.cat([x, x], dim=2)))
    with pytest.raises(ValueError, match="1366"):
        model(torch.zeros(1, 96, 1367))
    with pytest.raises(ValueError, match="96"):
        model(torch.zeros(1, 128, 1366))


def test_choi_input_scales_differ_by_the_transformation_alone() -> None:
    squared = CrnnChoi(4).eval()
    plain = CrnnChoi(4, input_scale="db").eval()
    plain.load_state_dict(squared.state_dict())
    x = spectrogram(1, 96, 300)
    with torch.inference_mode():
        torch.testing.assert_close(squared(x), plain(squared_db(x)))


def test_the_two_networks_share_their_convolutions() -> None:
    crnn = Crnn(10, **PUBLISHED).convolutions.state_dict()
    choi = CrnnChoi(10).convolutions.state_dict()
    assert {k: v.shape for k, v in crnn.items()} == {k: v.shape for k, v in choi.items()}
