import dataclasses
import io
import json
import pickle
import struct
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn

from genre_core.checkpoints.checkpoint import (
    MAX_FILE_BYTES,
    _content_hash,
    load_checkpoint,
    save_checkpoint,
)
from genre_core.checkpoints.info import CheckpointInfo
from genre_core.config import FeatureSettings, FrameSettings
from genre_core.errors import ModelError
from genre_core.models import registry

GENRES = ("blues", "jazz", "rock")
TINY = {"channels": (4, 5), "pools": ((8, 4), (12, 4)), "hidden": 3}


def tiny_model(seed: int = 0, **options: object) -> nn.Module:
    torch.manual_seed(seed)
    return registry.build("crnn", len(GENRES), **(TINY | options)).eval()


def save(path: Path, model: nn.Module | None = None, **options: object) -> CheckpointInfo:
    options = {"name": "tiny", "genres": GENRES} | options
    return save_checkpoint(path, model or tiny_model(), **options)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    save(path)
    return path


def rewrite(data: bytes, *, tensors: dict | None = None, hashed: bool = True, **changes: object):
    """Return checkpoint `data` with some entries of its record changed, hash made right again."""
    length = struct.unpack("<Q", data[:8])[0]
    record = json.loads(json.loads(data[8 : 8 + length])["__metadata__"]["genre_core"])
    for key, value in changes.items():
        if value is None:
            del record[key]
        else:
            record[key] = value
    text = json.dumps(record)
    weights = safetensors.torch.load(data) | (tensors or {})
    weights = {key: value for key, value in weights.items() if value is not None}
    digest = _content_hash(text, weights) if hashed else "0" * 64
    return safetensors.torch.save(weights, {"genre_core": text, "sha256": digest})


@pytest.mark.parametrize("name", ["crnn", "crnn_choi"])
def test_round_trip_gives_the_same_answers_and_record(tmp_path: Path, name: str) -> None:
    torch.manual_seed(1)
    model = registry.build(name, 3, **(TINY if name == "crnn" else {"activation": "softmax"}))
    with torch.no_grad():
        model.train()(torch.randn(2, 96, 200) * 20.0)  # statistics move away from their start
    model.eval()
    path = tmp_path / "deep" / "model.safetensors"
    saved = save_checkpoint(
        path,
        model,
        name="My model",
        genres=GENRES,
        features=FeatureSettings(top_db=70.0),
        frames=FrameSettings(10.0, 5.0),
        temperature=1.5,
        training={"epochs": 3, "note": "ä", "list": [1, 2.5, None]},
    )
    loaded, info = load_checkpoint(path)
    x = torch.randn(2, 96, 150) * 20.0
    with torch.inference_mode():
        assert torch.equal(loaded(x), model(x))
    assert not loaded.training
    assert info == saved
    assert info.genres == GENRES
    assert info.model_name == name
    assert info.features == FeatureSettings(top_db=70.0)
    assert info.frames == FrameSettings(10.0, 5.0)
    assert info.temperature == 1.5
    assert info.training == {"epochs": 3, "note": "ä", "list": [1, 2.5, None]}
    assert loaded.hyperparameters == model.hyperparameters
    assert [p.name for p in path.parent.iterdir()] == ["model.safetensors"]


def test_a_loaded_network_can_be_trained_further(file: Path) -> None:
    model, _ = load_checkpoint(file)
    model.train()(torch.randn(2, 96, 150)).square().sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_bytes_are_read_like_the_file(file: Path) -> None:
    from_file = load_checkpoint(str(file))
    from_bytes = load_checkpoint(file.read_bytes())
    assert from_file[1] == from_bytes[1]


def test_hash_follows_the_content(tmp_path: Path) -> None:
    first = save(tmp_path / "a.safetensors").sha256
    assert save(tmp_path / "b.safetensors").sha256 == first
    assert save(tmp_path / "c.safetensors", tiny_model(seed=1)).sha256 != first
    assert save(tmp_path / "d.safetensors", temperature=1.1).sha256 != first
    assert save(tmp_path / "e.safetensors", genres=("jazz", "blues", "rock")).sha256 != first


def test_the_file_at_the_path_is_replaced_only_by_a_good_one(file: Path) -> None:
    before = file.read_bytes()
    bad = tiny_model()
    with torch.no_grad():
        bad.classifier.weight[0, 0] = torch.nan
    with pytest.raises(ModelError, match="not finite"):
        save(file, bad)
    with pytest.raises(ModelError, match=r"classifier"):
        save(file, genres=("blues", "jazz"))
    with pytest.raises(ModelError, match="twice"):
        save(file, genres=("blues", "jazz", "jazz"))
    with pytest.raises(ModelError, match="JSON"):
        save(file, training={"loss": float("nan")})
    with pytest.raises(ModelError, match="not a registered network"):
        save(file, nn.Linear(2, 3))
    assert file.read_bytes() == before


class Bomb:
    def __reduce__(self) -> tuple:
        return (Path.touch, (Path("/tmp/genre_core_pickle_was_run"),))


def pickled() -> bytes:
    return pickle.dumps(Bomb())


def torch_file() -> bytes:
    stream = io.BytesIO()
    torch.save(tiny_model().state_dict(), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"x", "not a safetensors"),
        (b"This is a text file, named like a model.", "not a safetensors"),
        (pickled(), "pickled"),
        (torch_file(), "pickled"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "Keras"),
        (struct.pack("<Q", 20) + b"{}", "cut off"),
        (struct.pack("<Q", 2) + b"[]", "metadata"),
        (struct.pack("<Q", 2) + b"{]", "JSON"),
        (struct.pack("<Q", 100_000) + b"[" * 100_000, "JSON"),
        (safetensors.torch.save({"weight": torch.zeros(3)}), "metadata"),
        (safetensors.torch.save({"weight": torch.zeros(3)}, {"format": "pt"}), "metadata"),
    ],
)
def test_foreign_bytes_are_refused(data: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=reason) as caught:
        load_checkpoint(path)
    assert str(path) in str(caught.value)
    assert "expected a .safetensors checkpoint" in str(caught.value)
    with pytest.raises(ModelError, match=reason):
        load_checkpoint(data)
    assert not Path("/tmp/genre_core_pickle_was_run").exists()


def test_a_header_whose_length_looks_like_a_pickle_is_read(tmp_path: Path) -> None:
    firsts = set()
    for padding in range(0, 256, 8):  # safetensors pads its header to eight bytes
        path = tmp_path / f"{padding}.safetensors"
        save(path, training={"note": "x" * padding})
        firsts.add(path.read_bytes()[0])
        load_checkpoint(path)
    assert 0x80 in firsts


def test_missing_file_folder_and_too_large(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No such file"):
        load_checkpoint(tmp_path / "none.safetensors")
    with pytest.raises(ModelError, match="folder"):
        load_checkpoint(tmp_path)
    with pytest.raises(ModelError, match="cannot be read"):
        load_checkpoint("null\0character")
    large = tmp_path / "large.safetensors"
    with large.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(ModelError, match="64 MiB"):
        load_checkpoint(large)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_truncated_file_is_refused(file: Path, kept: float) -> None:
    data = file.read_bytes()
    with pytest.raises(ModelError):
        load_checkpoint(data[: int(kept * len(data))])


def test_every_flipped_byte_is_noticed(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for position in range(0, len(data), len(data) // 60):
        damaged = bytearray(data)
        damaged[position] ^= 0x10
        with pytest.raises(ModelError):
            load_checkpoint(bytes(damaged))


def record_with(key: str, **values: object) -> dict[str, object]:
    settings = {"features": FeatureSettings(), "frames": FrameSettings()}[key]
    return dataclasses.asdict(settings) | values


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format_version": 2}, "version 2"),
        ({"model": "transformer"}, "transformer"),
        ({"model": None}, "no field 'model'"),
        ({"name": ""}, "name must have 1 to 100"),
        ({"name": "two\nlines"}, "cannot be printed"),
        ({"genres": None}, "genres"),
        ({"genres": ["blues", "jazz"]}, "classifier"),
        ({"genres": ["blues", "jazz", 3]}, r"genres\[2\] must be text"),
        ({"genres": ["blues", "jazz", "jazz"]}, "twice"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"temperature": float("nan")}, "JSON"),
        ({"features": {"hop": 1}}, "features has an unknown field 'hop'"),
        ({"features": record_with("features", sample_rate=400_000)}, "400000 Hz"),
        ({"features": record_with("features", n_mels=48)}, "48"),
        ({"features": record_with("features", n_mels="96")}, "n_mels"),
        ({"features": record_with("features", n_fft=512.5)}, "n_fft"),
        ({"features": record_with("features", hop_length=0)}, "impossible"),
        ({"features": record_with("features", n_fft=2048, hop_length=2048)}, "columns"),
        ({"frames": record_with("frames", frame_seconds=600.0)}, "600"),
        ({"frames": record_with("frames", trim_seconds=-1.0)}, "trim"),
        ({"hyperparameters": []}, "hyperparameters"),
        ({"hyperparameters": {"depth": 3}}, "depth"),
        ({"hyperparameters": TINY | {"channels": [10**8] * 2}}, "where the network has"),
        ({"hyperparameters": TINY | {"channels": "many"}}, "no such network"),
        ({"hyperparameters": TINY | {"channels": []}}, "no such network"),
        ({"hyperparameters": TINY | {"hidden": 10**30}}, "no such network"),
        ({"hyperparameters": TINY | {"conv_dropout": "x"}}, "no such network"),
        ({"hyperparameters": TINY | {"level": 3}}, "no such network"),
        ({"hyperparameters": TINY | {"extend_bands": True}}, "no setting extend_bands here"),
        ({"hyperparameters": TINY | {"dynamic_range_db": -5.0}}, "no such network"),
        ({"hyperparameters": TINY | {"n_genres": 4}}, "no such network"),
        ({"training": 5}, "training must be an object"),
        ({"more": 5}, "unknown field 'more'"),
    ],
)
def test_impossible_records_are_refused(file: Path, changes: dict, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        load_checkpoint(rewrite(file.read_bytes(), **changes))


@pytest.mark.parametrize(
    ("tensors", "reason"),
    [
        ({"classifier.bias": None}, "missing or left over: classifier.bias"),
        ({"extra": torch.zeros(1)}, "missing or left over: extra"),
        ({"classifier.bias": torch.zeros(4)}, "where the network has"),
        ({"classifier.bias": torch.tensor([0.0, 1.0, torch.inf])}, "not finite"),
        ({"classifier.bias": torch.zeros(3, dtype=torch.int32)}, "int32"),
        ({"band_norm.running_var": -torch.ones(96)}, "negative variance"),
    ],
)
def test_impossible_tensors_are_refused(file: Path, tensors: dict, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        load_checkpoint(rewrite(file.read_bytes(), tensors=tensors))


def test_a_wrong_hash_is_refused(file: Path) -> None:
    load_checkpoint(rewrite(file.read_bytes()))
    with pytest.raises(ModelError, match="does not match its hash"):
        load_checkpoint(rewrite(file.read_bytes(), hashed=False))


def test_a_network_that_cannot_read_a_frame_is_refused(file: Path) -> None:
    hyperparameters = tiny_model().hyperparameters | {"bidirectional": [True, True]}
    with pytest.raises(ModelError, match="cannot read a frame"):
        load_checkpoint(rewrite(file.read_bytes(), hyperparameters=hyperparameters))


def test_a_number_of_hundreds_of_digits_is_refused(file: Path) -> None:
    with pytest.raises(ModelError, match="temperature"):
        load_checkpoint(rewrite(file.read_bytes(), temperature=10**400))


def test_true_in_place_of_a_number_is_one(file: Path) -> None:
    hyperparameters = tiny_model().hyperparameters | {"dynamic_range_db": True}
    model, _ = load_checkpoint(rewrite(file.read_bytes(), hyperparameters=hyperparameters))
    assert torch.isfinite(model(torch.zeros(1, 96, 141))).all()
