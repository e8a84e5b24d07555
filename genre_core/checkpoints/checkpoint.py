"""A trained network in one file: safetensors, with everything needed to use it in the metadata.

The metadata has two entries: "genre_core", a JSON record (format version, architecture,
hyperparameters, genres, feature and frame settings, temperature, training record), and "sha256",
the hash of that record and of every tensor. Reading a checkpoint only parses JSON and copies
numbers: it never runs code from the file, so a stranger's file is safe to open.
"""

import hashlib
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from genre_core.config import (
    MAX_FRAME_SECONDS,
    MAX_SAMPLE_RATE,
    MAX_TRIM_SECONDS,
    MIN_FRAME_SECONDS,
    MIN_SAMPLE_RATE,
    FeatureSettings,
    FrameSettings,
)
from genre_core.errors import ModelError, SettingsError
from genre_core.models import registry
from genre_core.models.base import GenreNetwork

FORMAT_VERSION = 1
MAX_FILE_BYTES = 64 * 2**20
MAX_HEADER_BYTES = 4 * 2**20
MAX_GENRES = 1_000
MAX_NAME_CHARACTERS = 100
EXPECTED = "expected a .safetensors checkpoint written by `python -m genre_core train`"


@dataclass(frozen=True)
class CheckpointInfo:
    """What a checkpoint says about its network.

    Attributes
    ----------
    name : str
        Of this trained network, e.g. "crnn".
    model_name : str
        Of its architecture, as `models.registry` knows it.
    hyperparameters : dict
        For `models.registry.build`.
    genres : tuple of str
        One for each output, in order.
    features : FeatureSettings
    frames : FrameSettings
        Those it was evaluated with.
    temperature : float
        Scores are softmax(logits / temperature).
    training : dict
        How it came to be; free JSON.
    sha256 : str
        Hash of the content (hex): equal for equal weights and metadata.
    """

    name: str
    model_name: str
    hyperparameters: dict[str, Any]
    genres: tuple[str, ...]
    features: FeatureSettings
    frames: FrameSettings
    temperature: float
    training: dict[str, Any] = field(default_factory=dict)
    sha256: str = ""


def save_checkpoint(
    path: str | Path,
    model: GenreNetwork,
    *,
    name: str,
    genres: Sequence[str],
    features: FeatureSettings = FeatureSettings(),  # noqa: B008 - frozen
    frames: FrameSettings = FrameSettings(),  # noqa: B008 - frozen
    temperature: float = 1.0,
    training: dict[str, Any] | None = None,
    half: bool = False,
) -> CheckpointInfo:
    """Write a network and what belongs to it.

    Parameters
    ----------
    path : str or Path
        Of the file to write; a file already there is replaced at once when all is written.
    model : GenreNetwork
        Built by `models.registry.build`.
    name : str
        Name to show for this trained network.
    genres : sequence of str
        One for each output.
    features, frames
        Settings that it was trained and evaluated with.
    temperature : float
        Fitted on a validation list; 1 leaves the logits as they are.
    training : dict, optional
        Training record: anything that JSON can hold.
    half : bool
        Store matrices and kernels as float16, in half the space; vectors stay float32. They are
        float32 again after loading, rounded to 11 bits.

    Returns
    -------
    CheckpointInfo
        As `load_checkpoint` will return it.

    Raises
    ------
    ModelError
        If the file could not be loaded again: unknown network, weights that are not finite, genres
        that do not match the outputs, values that JSON cannot hold.
    """
    try:
        model_name = registry.name_of(model)
    except ValueError as error:
        raise ModelError(f"{path}: {error}.") from error
    record = {
        "format_version": FORMAT_VERSION,
        "name": name,
        "model": model_name,
        "hyperparameters": model.hyperparameters,
        "genres": list(genres),
        "features": asdict(features),
        "frames": asdict(frames),
        "temperature": temperature,
        "training": training or {},
    }
    try:
        text = json.dumps(record, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ModelError(f"{path}: the record of this checkpoint is not JSON: {error}.") from error
    tensors = {}
    for key, tensor in model.state_dict().items():
        tensor = tensor.detach().cpu().contiguous().clone()
        if half and tensor.is_floating_point() and tensor.ndim >= 2:
            tensor = tensor.half()
        tensors[key] = tensor
    metadata = {"genre_core": text, "sha256": _content_hash(text, tensors)}
    data = safetensors.torch.save(tensors, metadata)
    _, info = _load(data, str(path))  # what cannot be read back is not written
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    partial.replace(path)
    return info


def load_checkpoint(source: str | Path | bytes) -> tuple[GenreNetwork, CheckpointInfo]:
    """Read a checkpoint.

    Parameters
    ----------
    source : str, Path or bytes
        A file, or its content (as an upload comes).

    Returns
    -------
    model : GenreNetwork
        In eval mode, on the CPU, float32.
    info : CheckpointInfo

    Raises
    ------
    ModelError
        If the source is missing, too large, damaged, or anything else than such a checkpoint.
    """
    if isinstance(source, bytes):
        return _load(source, "The uploaded model")
    path = Path(source)
    try:
        if path.is_dir():
            raise ModelError(f"{path}: a folder; {EXPECTED}.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ModelError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"{path}: cannot be read ({reason}); {EXPECTED}.") from error
    return _load(data, str(path))


def read_info(path: str | Path) -> CheckpointInfo:
    """Read what a checkpoint says about its network, without its weights.

    Raises
    ------
    ModelError
        If the file cannot be read or is no such checkpoint. That its hash fits its weights is not
        checked: `load_checkpoint` does.
    """
    try:
        metadata = _read_metadata(Path(path).read_bytes())
        return _parse_record(metadata["genre_core"], metadata["sha256"])
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); {EXPECTED}.") from error
    except (SafetensorError, ModelError) as error:
        raise ModelError(f"{path}: {error}; {EXPECTED}.") from error


def _load(data: bytes, source: str) -> tuple[GenreNetwork, CheckpointInfo]:
    if len(data) > MAX_FILE_BYTES:
        raise ModelError(f"{source}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
    try:
        metadata = _read_metadata(data)
        record = metadata["genre_core"]
        info = _parse_record(record, metadata["sha256"])
        tensors = safetensors.torch.load(data)
        if _content_hash(record, tensors) != info.sha256:
            raise ModelError("the content does not match its hash: the file is damaged")
        return _build(info, tensors), info
    except SafetensorError as error:
        raise ModelError(f"{source}: damaged or not safetensors ({error}); {EXPECTED}.") from error
    except ModelError as error:
        raise ModelError(f"{source}: {error}; {EXPECTED}.") from error


def _content_hash(record: str, tensors: dict[str, Tensor]) -> str:
    """SHA-256 over the record and, sorted by name, each tensor's name, dtype, shape and bytes."""
    digest = hashlib.sha256(record.encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        head = json.dumps([name, str(tensor.dtype), list(tensor.shape)])
        digest.update(head.encode())
        digest.update(tensor.contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _read_metadata(data: bytes) -> dict[str, str]:
    """Return the metadata of safetensors `data`: header length (8 bytes), JSON header, tensors."""
    if not data:
        raise ModelError("the file is empty")
    # The header's length may begin with any bytes, those of other formats too: look at its brace.
    if data[8:9] != b"{":
        if data[:2] == b"PK" or data[:1] == b"\x80":
            raise ModelError("a pickled file (.pt, .pth), which is refused because it can run code")
        if data[:4] == b"\x89HDF":
            raise ModelError("Keras weights in HDF5, not a checkpoint of this program")
    length = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else 0
    if not 2 <= length <= MAX_HEADER_BYTES:
        raise ModelError("not a safetensors file")
    if length + 8 > len(data):
        raise ModelError("the file is cut off")
    header = _parse_json(data[8 : 8 + length])
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    if not isinstance(metadata, dict) or not all(
        isinstance(metadata.get(key), str) for key in ("genre_core", "sha256")
    ):
        raise ModelError("a safetensors file without this program's metadata")
    return metadata


def _parse_json(text: str | bytes) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ModelError("the metadata is not readable JSON") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _parse_record(text: str, sha256: str) -> CheckpointInfo:
    record = _parse_json(text)
    if not isinstance(record, dict):
        raise ModelError("the metadata is not a JSON object")
    version = record.get("format_version")
    if version != FORMAT_VERSION:
        raise ModelError(
            f"format version {version!r}, but this program reads version {FORMAT_VERSION}"
        )
    return CheckpointInfo(
        name=_name(record.get("name"), "name"),
        model_name=_name(record.get("model"), "model"),
        hyperparameters=_mapping(record, "hyperparameters"),
        genres=_genres(record.get("genres")),
        features=_features(_mapping(record, "features")),
        frames=_frames(_mapping(record, "frames")),
        temperature=_temperature(record.get("temperature")),
        training=_mapping(record, "training"),
        sha256=sha256,
    )


def _mapping(record: dict[str, Any], key: str) -> dict[str, Any]:
    value = record.get(key)
    if not isinstance(value, dict):
        raise ModelError(f"{key} is missing or not an object")
    return value


def _name(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ModelError(f"{key} is missing or not text")
    if not 1 <= len(value) <= MAX_NAME_CHARACTERS:
        raise ModelError(f"{key} must have 1 to {MAX_NAME_CHARACTERS} characters")
    return value


def _genres(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 2 <= len(value) <= MAX_GENRES:
        raise ModelError(f"genres must be a list of 2 to {MAX_GENRES} names")
    genres = tuple(_name(genre, "each genre") for genre in value)
    if len(set(genres)) != len(genres):
        raise ModelError("genres holds a name twice")
    return genres


def _temperature(value: Any) -> float:
    if not _is_number(value) or not 1e-3 <= value <= 1e3:
        raise ModelError(f"temperature must be 0.001 to 1000, not {value!r}")
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


Settings = TypeVar("Settings", FeatureSettings, FrameSettings)


def _settings(cls: type[Settings], values: dict[str, Any]) -> Settings:
    """Build the frozen dataclass `cls` from `values`: the same fields, numbers of the same kind."""
    kinds = get_type_hints(cls)
    if set(values) != {item.name for item in fields(cls)}:
        raise ModelError(f"{cls.__name__} must have exactly {', '.join(kinds)}")
    for name, value in values.items():
        if not _is_number(value) or (kinds[name] is int and not isinstance(value, int)):
            raise ModelError(f"{cls.__name__}.{name} must be a {kinds[name].__name__}")
    return cls(**{name: kinds[name](value) for name, value in values.items()})


def feature_settings(changes: Mapping[str, Any]) -> FeatureSettings:
    """Return the default feature settings with some values changed.

    Parameters
    ----------
    changes : mapping
        Fields of `FeatureSettings`.

    Raises
    ------
    SettingsError
        If there is no such setting, or a network with these could not be saved.
    """
    try:
        return _features({**asdict(FeatureSettings()), **changes})
    except ModelError as error:
        raise SettingsError(f"These features are not possible: {error}.") from error


def _features(values: dict[str, Any]) -> FeatureSettings:
    settings = _settings(FeatureSettings, values)
    if not MIN_SAMPLE_RATE <= settings.sample_rate <= MAX_SAMPLE_RATE:
        raise ModelError(
            f"features for {settings.sample_rate} Hz, outside {MIN_SAMPLE_RATE:,} to "
            f"{MAX_SAMPLE_RATE:,} Hz"
        )
    if (
        not 16 <= settings.n_fft <= 16_384
        or not 16 <= settings.hop_length <= settings.n_fft
        or not 1 <= settings.n_mels <= settings.n_fft // 2
        or not 0.0 < settings.amin <= 1.0
        or not 0.0 < settings.top_db <= 400.0
    ):
        raise ModelError(f"impossible feature settings {values}")
    return settings


def _frames(values: dict[str, Any]) -> FrameSettings:
    settings = _settings(FrameSettings, values)
    if not MIN_FRAME_SECONDS <= settings.frame_seconds <= MAX_FRAME_SECONDS:
        raise ModelError(
            f"frames of {settings.frame_seconds:g} s, outside "
            f"{MIN_FRAME_SECONDS:g} to {MAX_FRAME_SECONDS:g} s"
        )
    if not 0.0 <= settings.trim_seconds <= MAX_TRIM_SECONDS:
        raise ModelError(
            f"a trim of {settings.trim_seconds:g} s, outside 0 to {MAX_TRIM_SECONDS:g} s"
        )
    return settings


def _build(info: CheckpointInfo, tensors: dict[str, Tensor]) -> GenreNetwork:
    """Build the network and give it `tensors`, after checking every one of them."""
    try:
        with torch.device("meta"):  # shapes without memory, whatever sizes the file asks for
            model = registry.build(info.model_name, len(info.genres), **info.hyperparameters)
    except (ValueError, TypeError, AttributeError, OverflowError, RuntimeError) as error:
        raise ModelError(f"no such network can be built ({error})") from error
    _check_input(model, info.features)
    expected = model.state_dict()
    if set(tensors) != set(expected):
        names = sorted(set(tensors) ^ set(expected))
        raise ModelError(f"tensors missing or left over: {', '.join(names[:4])}")
    for name, tensor in tensors.items():
        wanted = expected[name]
        if tensor.shape != wanted.shape:
            raise ModelError(
                f"{name} is {tuple(tensor.shape)} where the network has {tuple(wanted.shape)}"
            )
        if tensor.is_floating_point() != wanted.is_floating_point():
            raise ModelError(f"{name} is {tensor.dtype} where the network has {wanted.dtype}")
        if not torch.isfinite(tensor).all():
            raise ModelError(f"{name} holds values that are not finite")
        if name.endswith("running_var") and (tensor < 0).any():
            raise ModelError(f"{name} holds a negative variance")
    converted = {name: tensor.to(expected[name].dtype) for name, tensor in tensors.items()}
    model.load_state_dict(converted, assign=True)
    return model.eval()


def _check_input(model: GenreNetwork, features: FeatureSettings) -> None:
    """Check that `model` takes every frame that `features` can make."""
    if model.n_mels != features.n_mels:
        raise ModelError(f"a network for {model.n_mels} bands, features with {features.n_mels}")
    for seconds in (MIN_FRAME_SECONDS, MAX_FRAME_SECONDS):
        n_columns = features.n_columns(round(seconds * features.sample_rate))
        if not model.min_columns <= n_columns <= model.max_columns:
            raise ModelError(
                f"a frame of {seconds:g} s has {n_columns} columns; the network takes "
                f"{model.min_columns} to {model.max_columns:g}"
            )
