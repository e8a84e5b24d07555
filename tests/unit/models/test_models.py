import copy
import math
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from genre_core.checkpoints.keras_start import (
    TYPICAL_MAX_DB,
    initialise_convolutions,
    initialise_recurrent,
)
from genre_core.checkpoints.keras_weights import load_keras_weights, n_outputs, read_keras_weights
from genre_core.errors import ModelError
from genre_core.models import registry
from genre_core.models.base import sequence_of
from genre_core.models.complexity import measure
from genre_core.models.crnn import Crnn
from genre_core.models.crnn_choi import CrnnChoi, squared_db
from genre_core.models.input_scaling import DB_PER_UNIT, InputScaling
from genre_core.models.layers import (
    ConvBlock,
    KerasGRU,
    LowRankConv2d,
    activate,
    low_rank_kernels,
    repeat_columns,
)

TINY = {"channels": (4, 5), "pools": ((8, 4), (12, 4)), "hidden": 3}
# Options of `Crnn` with which it is the published network but for the input's normalisation.
PUBLISHED = {
    "pool_columns": 1,
    "pools": ((2, 2), (3, 3), (4, 4), (4, 4)),
    "recurrent": "keras_gru",
    "bidirectional": False,
    "hidden": 32,
    "summary": "last",
    "activation": "sigmoid",
    "dynamic_range_db": 40.0,
}


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def spectrogram(*shape: int) -> torch.Tensor:
    """Something like a log-mel in dB: 80 dB under its maximum at most."""
    x = 15.0 * torch.randn(shape) - 20.0
    return torch.maximum(x, x.amax(dim=(-2, -1), keepdim=True) - 80.0)


# --- layers


def test_keras_gru_follows_its_equations_step_by_step() -> None:
    gru = KerasGRU(5, 3)
    torch.nn.init.normal_(gru.bias)
    x = torch.randn(2, 7, 5)
    w_z, w_r, w_h = gru.weight_input.split(3)
    b_z, b_r, b_h = gru.bias.split(3)
    u_z, u_r = gru.weight_gates.split(3)
    u_h = gru.weight_candidate
    h = torch.zeros(2, 3)
    for t in range(7):
        z = (0.2 * (x[:, t] @ w_z.T + h @ u_z.T + b_z) + 0.5).clamp(0, 1)
        r = (0.2 * (x[:, t] @ w_r.T + h @ u_r.T + b_r) + 0.5).clamp(0, 1)
        candidate = torch.tanh(x[:, t] @ w_h.T + (r * h) @ u_h.T + b_h)
        h = z * h + (1 - z) * candidate
        torch.testing.assert_close(gru(x)[:, t], h)


def test_conv_block_pools_before_elu_and_gets_the_same() -> None:
    block = ConvBlock(2, 3, pool=(2, 3)).eval()
    block.norm.running_mean.normal_()
    block.norm.weight.data = torch.tensor([1.0, -1.0, 0.5])  # a falling one too
    x = torch.randn(2, 2, 9, 10)
    expected = F.max_pool2d(F.elu(block.norm(block.conv(x))), (2, 3))
    torch.testing.assert_close(block(x), expected)
    assert block(x).shape == (2, 3, 4, 3)


def test_low_rank_kernels_of_full_rank_are_the_convolution_itself() -> None:
    whole = torch.nn.Conv2d(4, 5, (3, 3), padding=1)
    split = LowRankConv2d(4, 5, (3, 3), rank=12)  # of 4 * 3 rows
    along_frequency, along_time = low_rank_kernels(whole.weight.detach(), 12)
    split.along_frequency.weight.data = along_frequency
    split.along_time.weight.data = along_time
    split.along_time.bias.data = whole.bias.data
    x = torch.randn(2, 4, 9, 10)
    torch.testing.assert_close(split(x), whole(x), atol=1e-5, rtol=1e-4)


def test_low_rank_kernels_are_the_closest_of_their_rank() -> None:
    weight = torch.randn(5, 4, 3, 3)
    singular = torch.linalg.svdvals(weight.permute(1, 2, 0, 3).reshape(12, 15))
    for rank in (1, 3, 7):
        down, across = low_rank_kernels(weight, rank)
        assert (down.shape, across.shape) == ((rank, 4, 3, 1), (5, rank, 1, 3))
        together = torch.einsum("rih,orw->oihw", down[..., 0], across[:, :, 0])
        error = (together - weight).square().sum()
        torch.testing.assert_close(error, singular[rank:].square().sum())  # Eckart and Young


def test_repeat_columns_fills_exactly() -> None:
    x = torch.tensor([[1, 2, 3]])
    assert repeat_columns(x, 7).tolist() == [[1, 2, 3, 1, 2, 3, 1]]
    assert repeat_columns(x, 3).tolist() == [[1, 2, 3]]


def test_sigmoid_activation_gives_scores_that_the_softmax_divides_by_their_sum() -> None:
    z = torch.randn(4, 6)
    logits = activate(z, "sigmoid")
    torch.testing.assert_close(logits.exp(), z.sigmoid())
    torch.testing.assert_close(logits.softmax(1), z.sigmoid() / z.sigmoid().sum(1, keepdim=True))
    assert activate(z, "softmax") is z


# --- crnn_choi


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


# --- crnn: input


def test_power_average_is_the_mean_of_powers() -> None:
    x = spectrogram(2, 5, 22)
    scaled = InputScaling(4, None)(x)
    power = (10 ** (x[..., :20] / 10)).unflatten(-1, (5, 4)).mean(-1)
    db = 10 * power.log10()
    expected = db - db.amax(dim=(1, 2), keepdim=True)
    torch.testing.assert_close(scaled * DB_PER_UNIT, expected, atol=1e-4, rtol=1e-5)


def test_power_average_of_extreme_levels_is_finite_and_differentiable() -> None:
    x = torch.full((1, 2, 8), -100.0)
    x[0, 0, 0] = 400.0  # 10**40 overflows float32
    x.requires_grad_()
    y = InputScaling(4, 80.0)(x)
    y.sum().backward()
    assert torch.isfinite(y).all()
    assert torch.isfinite(x.grad).all()


@pytest.mark.parametrize("name", ["crnn", "k1c2", "k2c2"])
def test_a_quieter_song_gets_the_same_answer(name: str) -> None:
    model = registry.build(name, 3).eval()
    x = spectrogram(2, 96, 200)
    with torch.inference_mode():
        torch.testing.assert_close(model(x - 20.0), model(x), atol=1e-5, rtol=0.0)
        louder_at_first = x.clone()
        louder_at_first[..., :50] += 20.0
        assert not torch.allclose(model(louder_at_first), model(x), atol=1e-3)


def test_input_is_clipped_and_centred() -> None:
    x = torch.tensor([[[0.0, -30.0, -90.0]]])
    scaled = InputScaling(1, 60.0)(x + 7.0)
    assert (scaled * DB_PER_UNIT).tolist() == [[[30.0, 0.0, -30.0]]]


# --- every network: what flows through it


TRACED = [
    ("crnn", {**TINY, "summary": "attention"}),
    ("crnn", {**TINY, "summary": "last", "bidirectional": False, "recurrent": "keras_gru"}),
    ("crnn", {"channels": (3, 5, 7, 9), "hidden": 2, "summary": "mean"}),
    ("crnn_choi", {}),
    ("k1c2", {"channels": (2, 3, 4, 5), "hidden": 4}),
    ("k2c2", {"channels": (2, 3, 4, 5, 6)}),
]


@pytest.mark.parametrize(("name", "options"), TRACED)
def test_a_trace_names_each_block_and_ends_with_the_answer(name: str, options: dict) -> None:
    model = registry.build(name, 6, **options).eval()
    x = spectrogram(2, 96, 470)
    with torch.inference_mode():
        traced, logits = model.trace(x), model(x)
    assert list(traced) == list(model.blocks)
    torch.testing.assert_close(traced["classifier"][:, -1], logits)
    for convolution, block in model.convolutions.named_children():
        assert traced[convolution].shape[1] == block.conv.out_channels
    n_steps = traced[convolution].shape[3]
    assert traced[model.reader].shape[:2] == traced["classifier"].shape[:2] == (2, n_steps)


def test_a_trace_reads_nothing_ahead_of_its_step() -> None:
    model = Crnn(3, **TINY, bidirectional=True, summary="attention").eval()
    x = spectrogram(1, 96, 640)
    changed = x.clone()
    changed[..., -64:] = x[..., -64:].flip(1)  # another end
    with torch.inference_mode():
        # One frame's loudest point, which scales the input, stays where it is.
        one, other = model.trace(x)["classifier"], model.trace(changed)["classifier"]
    torch.testing.assert_close(one[:, :-2], other[:, :-2])
    assert not torch.allclose(one[:, -1], other[:, -1], atol=1e-6)


# --- crnn: the whole


@pytest.mark.parametrize("n_columns", [141, 235, 470, 1366, 3000])  # 3, 5, 10, 29.12, 64 s
def test_crnn_takes_frames_of_any_length_from_three_seconds(n_columns: int) -> None:
    model = Crnn(10, channels=(4, 4, 4, 4), hidden=4).eval()
    with torch.inference_mode():
        assert model(spectrogram(2, 96, n_columns)).shape == (2, 10)


def test_crnn_refuses_what_is_too_short() -> None:
    model = Crnn(10, **TINY).eval()
    assert model.min_columns == 64  # 4 averaged columns for each of 16 pooled ones
    with torch.inference_mode():
        assert model(spectrogram(1, 96, 64)).shape == (1, 10)
    with pytest.raises(ValueError, match="64"):
        model(spectrogram(1, 96, 63))
    with pytest.raises(ValueError, match="pool less along time"):
        Crnn(10, pool_columns=4, pools=((2, 2), (3, 3), (4, 4), (4, 4)))


@pytest.mark.parametrize("summary", ["last", "mean", "attention"])
@pytest.mark.parametrize(
    ("recurrent", "bidirectional"), [("gru", False), ("gru", True), ("keras_gru", False)]
)
def test_every_option_learns_and_rebuilds(
    summary: str, recurrent: str, bidirectional: bool
) -> None:
    options = TINY | {"summary": summary, "recurrent": recurrent, "bidirectional": bidirectional}
    model = registry.build("crnn", 3, **options)
    model(spectrogram(2, 96, 150)).square().sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in model.parameters())
    again = registry.build("crnn", 3, **model.hyperparameters)
    again.load_state_dict(model.state_dict())
    x = spectrogram(2, 96, 150)
    assert torch.equal(again.eval()(x), model.eval()(x))
    assert again.hyperparameters == model.hyperparameters


def test_low_ranks_cost_less_and_rebuild() -> None:
    whole = registry.build("crnn", 3, **TINY, ranks=(0,))
    model = registry.build("crnn", 3, **TINY, ranks=(0, 2))
    assert measure(model).multiply_adds < measure(whole).multiply_adds
    again = registry.build("crnn", 3, **model.hyperparameters)
    again.load_state_dict(model.state_dict())
    x = spectrogram(2, 96, 150)
    assert torch.equal(again.eval()(x), model.eval()(x))


@pytest.mark.parametrize("summary", ["last", "mean", "attention"])
def test_summary_hears_both_ends_of_the_frame(summary: str) -> None:
    model = Crnn(3, **TINY, summary=summary).eval()
    x = spectrogram(1, 96, 320)
    changed_start, changed_end = x.clone(), x.clone()
    changed_start[..., :64] += 10.0
    changed_end[..., -64:] += 10.0
    with torch.inference_mode():
        assert not torch.equal(model(changed_start), model(x))
        assert not torch.equal(model(changed_end), model(x))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"level": "mean"}, "level"),
        ({"spread": 2}, "spread"),
        ({"pool_columns": 0}, "pool_columns"),
        ({"summary": "max"}, "summary"),
        ({"recurrent": "lstm"}, "recurrent"),
        ({"activation": "relu"}, "activation"),
        ({"ranks": (1, 2)}, "ranks"),
        ({"ranks": (-1,)}, "ranks"),
        ({"kernels": ((2, 2),)}, "odd"),
        ({"kernels": ((3, 3), (3, 3), (3, 3))}, "1 or 4"),
        ({"pools": ((2, 0),)}, "at least 1"),
        ({"pools": ((8, 1),)}, "leave nothing"),
        ({"channels": ()}, "convolution blocks"),
        ({"hidden": 0}, "at least 1"),
        ({"dynamic_range_db": 0.0}, "above 0"),
        ({"recurrent": "keras_gru"}, "forwards only"),
        ({"depth": 3}, "depth"),
    ],
)
def test_impossible_options_are_refused(options: dict, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        registry.build("crnn", 3, **options)


def test_settings_that_older_checkpoints_name_may_have_their_only_value() -> None:
    retired = {"level": "max", "spread": 1}
    model = registry.build("crnn", 3, **TINY, **retired)
    assert model.hyperparameters == registry.build("crnn", 3, **TINY).hyperparameters
    pair = registry.build("crnn_pair", 3, sharp=retired, smooth=retired)
    assert (
        pair.hyperparameters == registry.build("crnn_pair", 3, sharp={}, smooth={}).hyperparameters
    )


def test_registry_names_and_refuses() -> None:
    names = registry.names()
    assert names == ("crnn", "crnn_choi", "crnn_pair", "k1c2", "k2c2")
    assert tuple(registry.name_of(registry.build(name, 2)) for name in names) == names
    with pytest.raises(ValueError, match="known: crnn, crnn_choi"):
        registry.build("vgg", 2)
    with pytest.raises(ValueError, match="activation"):
        registry.build("crnn_choi", 2, activation="relu")
    with pytest.raises(ValueError, match="input_scale"):
        registry.build("crnn_choi", 2, input_scale="linear")


@pytest.mark.parametrize("name", registry.names())
def test_blocks_hold_every_parameter_once(name: str) -> None:
    model = registry.build(name, 2)
    held = [id(p) for modules in model.blocks.values() for m in modules for p in m.parameters()]
    assert sorted(held) == sorted(id(p) for p in model.parameters())
    if name == "crnn_pair":
        return  # its blocks are those of its parts
    convolutions = [f"conv{number + 1}" for number in range(5 if name == "k2c2" else 4)]
    assert list(model.blocks) == ["input", *convolutions, model.reader, "classifier"]


@pytest.mark.parametrize("name", [name for name in registry.names() if name != "crnn_pair"])
def test_embedding_is_what_the_classifier_sees(name: str) -> None:
    torch.manual_seed(0)
    model = registry.build(name, 10).eval()
    [classifier] = model.blocks["classifier"]
    seen = []
    classifier.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    x = torch.randn(2, 96, 1366) * 12.0 - 20.0
    with torch.inference_mode():
        logits, embedding = model(x), model.embed(x)
        again = activate(classifier(embedding), getattr(model, "activation", "softmax"))
    assert torch.equal(seen[0], embedding)
    torch.testing.assert_close(again, logits)


def test_the_two_networks_share_their_convolutions() -> None:
    crnn = Crnn(10, **PUBLISHED).convolutions.state_dict()
    choi = CrnnChoi(10).convolutions.state_dict()
    assert {k: v.shape for k, v in crnn.items()} == {k: v.shape for k, v in choi.items()}


# --- published weights


def keras_file(path: Path, *, standardised: bool = False, **changes: np.ndarray | None) -> Path:
    """Write random weights of the published sizes, laid out as Keras 1 did."""
    rng = np.random.default_rng(0)
    weights: dict[str, np.ndarray | None] = {}

    def batch_norm(name: str, n: int) -> None:
        weights[f"{name}_gamma"] = rng.uniform(0.5, 1.5, n)
        weights[f"{name}_beta"] = rng.normal(size=n)
        weights[f"{name}_running_mean"] = rng.normal(size=n)
        weights[f"{name}_running_std"] = rng.uniform(0.5, 2.0, n)

    batch_norm("bn_0_freq", 1440)
    # one value for all columns: then a norm by band can do the same
    for statistic, value in {
        "gamma": 1.5,
        "beta": 0.06,
        "running_mean": 0.1 if standardised else -32.3,
        "running_std": 1.0 if standardised else 343.0,
    }.items():
        weights[f"bn_0_freq_{statistic}"] = np.full(1440, value)
    n_in = 1
    for number, n_out in enumerate((64, 128, 128, 128), start=1):
        weights[f"conv{number}_W"] = rng.normal(size=(n_out, n_in, 3, 3)) / math.sqrt(9 * n_in)
        weights[f"conv{number}_b"] = rng.normal(size=n_out)
        batch_norm(f"bn{number}", n_out)
        n_in = n_out
    for name, n_in in (("gru1", 128), ("gru2", 32)):
        for gate in "zrh":
            weights[f"{name}_W_{gate}"] = rng.normal(size=(n_in, 32)) / math.sqrt(n_in)
            weights[f"{name}_U_{gate}"] = rng.normal(size=(32, 32)) / math.sqrt(32)
            weights[f"{name}_b_{gate}"] = rng.normal(size=32)
    weights["preds_W"] = rng.normal(size=(32, 10))
    weights["preds_b"] = rng.normal(size=10)
    weights |= changes
    with h5py.File(path, "w") as file:
        for name, value in weights.items():
            if value is not None:
                file[f"{name.rsplit('_', 1)[0]}/{name}"] = value.astype(np.float32)
    return path


def test_keras_layout_is_undone(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    model = CrnnChoi(10).eval()
    load_keras_weights(path, model)
    raw = {name: value.numpy() for name, value in read_keras_weights(path).items()}
    assert n_outputs(read_keras_weights(path)) == 10
    block = model.convolutions.conv1
    # Theano's convolution of a small picture, by the definition: sum of w[i, j] x[y - i, x - j]
    picture = np.random.default_rng(1).normal(size=(5, 5)).astype(np.float32)
    kernel = raw["conv1_W"][7, 0]
    expected = sum(
        kernel[1 + i, 1 + j] * picture[2 - i, 2 - j] for i in (-1, 0, 1) for j in (-1, 0, 1)
    )
    result = block.conv(torch.from_numpy(picture)[None, None])[0, 7, 2, 2]
    assert result.item() == pytest.approx(expected + raw["conv1_b"][7], abs=1e-5)
    # the "std" of the file is a variance
    np.testing.assert_array_equal(block.norm.running_var, raw["bn1_running_std"])
    np.testing.assert_array_equal(model.classifier.weight.detach(), raw["preds_W"].T)
    np.testing.assert_array_equal(model.gru1.weight_input.detach()[32:64], raw["gru1_W_r"].T)
    np.testing.assert_array_equal(model.gru2.weight_candidate.detach(), raw["gru2_U_h"].T)


def test_crnn_with_published_weights_is_the_published_network(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    choi = CrnnChoi(10).eval()
    load_keras_weights(path, choi)
    crnn = Crnn(10, **PUBLISHED).eval()
    assert initialise_convolutions(path, crnn) == ("input", "conv1", "conv2", "conv3", "conv4")
    initialise_recurrent(path, crnn, classifier=True)
    x = spectrogram(1, 96, 1366)
    x = x - x.max() + TYPICAL_MAX_DB  # the published padding, 0 dB, stays within the 40 dB
    with torch.inference_mode():
        x_padded = F.pad(x, (37, 37))
        torch.testing.assert_close(crnn(x_padded), choi(x), atol=2e-4, rtol=0.0)


@pytest.mark.parametrize("standardised", [False, True])
def test_start_step_is_what_the_published_network_makes_of_its_empty_columns(
    tmp_path: Path, standardised: bool
) -> None:
    path = keras_file(tmp_path / "weights.h5", standardised=standardised)
    crnn = Crnn(10, **PUBLISHED, start_step=8).eval()
    initialise_convolutions(path, crnn)
    initialise_recurrent(path, crnn)
    choi = CrnnChoi(10).eval()
    load_keras_weights(path, choi)
    for norm in [choi.column_norm, *(block.norm for block in choi.convolutions)]:
        if standardised:  # the tags' file holds deviations
            norm.running_var.square_()
    with torch.inference_mode():
        empty = choi.column_norm(torch.zeros(1, 1440, 96)).transpose(1, 2)[:, None, :, :37]
        expected = choi.convolutions(F.pad(empty, (0, 96 - 37)))[0, :, 0, 0]
    torch.testing.assert_close(crnn.start_step.step.detach(), expected, atol=1e-4, rtol=1e-4)


def test_long_frames_are_read_after_the_start_step() -> None:
    torch.manual_seed(0)
    options = {"channels": (2, 3), "pools": ((2, 2), (2, 3)), "pool_columns": 1}
    with_start, without = (Crnn(3, start_step=fewest, **options).eval() for fewest in (50, 0))
    without.load_state_dict(with_start.state_dict(), strict=False)
    torch.nn.init.normal_(with_start.start_step.step)
    x = spectrogram(2, 96, 300)
    with torch.inference_mode():
        sequence = sequence_of(without.convolutions(without.entrance(x)))
        step = with_start.start_step.step.expand(2, 1, -1)
        expected = without.decide(without.read(torch.cat([step, sequence], dim=1)))
        torch.testing.assert_close(with_start(x), expected)
        assert not torch.allclose(with_start(x), without(x))
        short = x[..., :299]  # 49 steps
        torch.testing.assert_close(with_start(short), without(short))
        torch.testing.assert_close(with_start.trace(x)["classifier"][:, -1], expected)
        assert with_start.trace(x)["classifier"].shape[1] == sequence.shape[1]


@pytest.mark.parametrize("standardised", [False, True])
def test_input_norm_meets_the_published_contrast(tmp_path: Path, standardised: bool) -> None:
    path = keras_file(tmp_path / "weights.h5", standardised=standardised)
    crnn = Crnn(10, **PUBLISHED).eval()
    initialise_convolutions(path, crnn)
    x = torch.linspace(16.7 - 40.0, 16.7, 96 * 200).reshape(1, 96, 200)  # a typical level
    own_mean = 0.1 if standardised else 0.0  # of input that had been standardised before
    expected = ((2.0 * x + 32.3) / math.sqrt(343.0) - own_mean) * 1.5 + 0.06
    with torch.inference_mode():
        normalised = crnn.band_norm(crnn.input_scaling(x))
    torch.testing.assert_close(normalised, expected, atol=2e-3, rtol=1e-3)


def test_tag_files_hold_deviations_where_the_others_hold_variances(tmp_path: Path) -> None:
    crnns = []
    for standardised in (False, True):
        path = keras_file(tmp_path / "weights.h5", standardised=standardised)
        crnns.append(Crnn(10, **PUBLISHED).eval())
        initialise_convolutions(path, crnns[-1])
    for ours, of_tags in zip(*(crnn.convolutions for crnn in crnns), strict=True):
        torch.testing.assert_close(of_tags.norm.running_var, ours.norm.running_var**2)


def test_blocks_of_other_sizes_keep_their_own_weights(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    crnn = Crnn(3, channels=(64, 128, 140, 128, 128), pools=((2, 2),), hidden=8)
    before = copy.deepcopy(crnn.state_dict())
    assert initialise_convolutions(path, crnn) == ("input", "conv1", "conv2")
    moved = {k.split(".")[1] for k, v in crnn.state_dict().items() if not v.equal(before[k])}
    assert moved == {"weight", "bias", "running_mean", "running_var", "conv1", "conv2"}
    with pytest.raises(ModelError, match="keras_gru"):
        initialise_recurrent(path, crnn)


def test_a_narrower_block_takes_the_channels_that_count(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    with h5py.File(path, "r+") as file:  # ten channels that nothing reads
        file["conv3/conv3_W"][:, 30:40] = 0.0
    whole, narrow = (
        Crnn(10, **{**PUBLISHED, "channels": (64, n, 128, 128)}).eval() for n in (128, 118)
    )
    for crnn in (whole, narrow):
        blocks = initialise_convolutions(path, crnn)
        assert blocks == ("input", "conv1", "conv2", "conv3", "conv4")
        initialise_recurrent(path, crnn, classifier=True)
    x = spectrogram(2, 96, 500)
    with torch.inference_mode():
        torch.testing.assert_close(narrow(x), whole(x), atol=1e-4, rtol=0.0)


def test_a_block_of_low_rank_comes_close_to_the_published_one(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    crnns = [Crnn(10, **PUBLISHED, ranks=(0, rank, 0, 0)).eval() for rank in (0, 192, 150, 20)]
    for crnn in crnns:
        blocks = initialise_convolutions(path, crnn)
        assert blocks == ("input", "conv1", "conv2", "conv3", "conv4")
        initialise_recurrent(path, crnn, classifier=True)
    maps = torch.randn(1, 64, 24, 30)
    with torch.inference_mode():
        whole, same, *near = (crnn.convolutions.conv2(maps) for crnn in crnns)
    torch.testing.assert_close(same, whole, atol=1e-3, rtol=1e-3)
    errors = [float((each - whole).norm()) for each in near]
    assert 0.0 < errors[0] < errors[1]


def test_classifier_of_other_genres_is_left_alone(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    model = CrnnChoi(4)
    with pytest.raises(ModelError, match=r"classifier.weight is \(10, 32\)"):
        load_keras_weights(path, model)
    before = model.classifier.weight.clone()
    load_keras_weights(path, model, classifier=False)
    assert torch.equal(model.classifier.weight, before)
    assert model.column_norm.running_var[0] == 343.0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"conv3_W": None}, "no weight named conv3_W"),
        ({"conv2_W": np.zeros((128, 64))}, "conv2_W has 2 axes"),
        ({"conv2_W": np.zeros((128, 64, 5, 5))}, "5, 5"),
        ({"preds_W": None}, "no output layer"),
        ({"gru1_U_z": np.zeros((31, 31))}, "gru1"),
        ({"bn2_running_std": np.full(128, np.nan)}, "not finite"),
    ],
)
def test_unfitting_keras_files_change_nothing(tmp_path: Path, changes: dict, reason: str) -> None:
    path = keras_file(tmp_path / "weights.h5", **changes)
    model = CrnnChoi(10)
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(ModelError, match=reason) as caught:
        load_keras_weights(path, model)
    assert str(path) in str(caught.value)
    assert "expected the HDF5 weights" in str(caught.value)
    assert all(v.equal(before[k]) for k, v in model.state_dict().items())


def test_foreign_keras_files_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.h5"
    text.write_text("not HDF5")
    empty = tmp_path / "empty.h5"
    h5py.File(empty, "w").close()
    words = tmp_path / "words.h5"
    with h5py.File(words, "w") as file:
        file["conv1_W"] = "words"
    large = tmp_path / "large.h5"
    with large.open("wb") as stream:
        stream.truncate(64 * 2**20 + 1)
    for path, reason in {
        text: "not a readable HDF5",
        empty: "no weights",
        words: "not a readable HDF5",
        large: "64 MiB",
        tmp_path: "no such file",
        tmp_path / "none.h5": "no such file",
    }.items():
        with pytest.raises(ModelError, match=reason):
            load_keras_weights(path, CrnnChoi(10))
