"""A trained network in one file: safetensors, with everything needed to use it in the metadata.

The metadata has two entries: "genre_core", the JSON record of `info`, and "sha256", the hash of
that record and of every tensor. Reading a checkpoint only parses JSON and copies numbers: it never
runs code from the file, so a stranger's file is safe to open.
"""

import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from genre_core.checkpoints.familiarity import familiarity_tensors, take_familiarity
from genre_core.checkpoints.info import CheckpointInfo, dump_info, parse_info
from genre_core.config import (
    MAX_FRAME_SECONDS,
    MIN_FRAME_SECONDS,
    FeatureSettings,
    FrameSettings,
)
from genre_core.errors import ModelError
from genre_core.models import registry
from genre_core.models.base import GenreNetwork
from genre_core.models.familiarity import Familiarity
from genre_core.records import atomic_write, parse_json

MAX_FILE_BYTES = 64 * 2**20
MAX_HEADER_BYTES = 4 * 2**20
DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int64, torch.int32)
EXPECTED = "expected a .safetensors checkpoint written by `python -m genre_core train`"


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
    familiarity: Familiarity | None = None,
) -> CheckpointInfo:
    """Write a network and what belongs to it; return the info that `load_checkpoint` will return.

    Raises ModelError if the file could not be loaded again: unknown network, weights that are not
    finite, genres that do not match the outputs, values that JSON cannot hold.

    Parameters
    ----------
    path : a file already there is replaced when all is written
    model : built by `models.registry.build`
    name : name to show for this trained network
    genres : one for each output
    features, frames : settings that it was trained and evaluated with
    temperature : fitted on a validation list; 1 leaves the logits as they are
    training : training record: anything that JSON can hold
    familiarity : of its training frames
    """
    try:
        info = CheckpointInfo(
            name,
            registry.name_of(model),
            model.hyperparameters,
            tuple(genres),
            features,
            frames,
            temperature,
            training or {},
        )
    except ValueError as error:
        raise ModelError(f"{path}: {error}.") from error
    try:
        record = dump_info(info)
    except ValueError as error:
        raise ModelError(f"{path}: the record of this checkpoint is not JSON: {error}.") from error
    tensors = {
        key: tensor.detach().cpu().contiguous().clone()
        for key, tensor in model.state_dict().items()
    }
    tensors |= familiarity_tensors(familiarity)
    sha256 = _content_hash(record, tensors)
    data = safetensors.torch.save(tensors, {"genre_core": record, "sha256": sha256})
    _, read = _load(data, str(path))  # what cannot be read back is not written
    with atomic_write(path) as file:
        file.write(data)
    return read


def load_checkpoint(source: str | Path | bytes) -> tuple[GenreNetwork, CheckpointInfo]:
    """Read a checkpoint: a file, or its content as an upload comes.

    The network is in eval mode, on the CPU, float32. ModelError if the source is missing, too
    large, damaged, or anything else than such a checkpoint.
    """
    if isinstance(source, bytes):
        return _load(source, "The uploaded model")
    return _load(_read(Path(source)), str(source))


def read_info(path: str | Path) -> CheckpointInfo:
    """Read what a checkpoint says about its network, without its weights.

    The hash is not compared with the weights. ModelError as `load_checkpoint`.
    """
    data = _read(Path(path))
    try:
        metadata = _read_metadata(data)
        return parse_info(metadata["genre_core"], metadata["sha256"])
    except ModelError as error:
        raise ModelError(f"{path}: {error}; {EXPECTED}.") from error


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ModelError(f"{path}: a folder; {EXPECTED}.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ModelError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"{path}: cannot be read ({reason}); {EXPECTED}.") from error


def _load(data: bytes, source: str) -> tuple[GenreNetwork, CheckpointInfo]:
    if len(data) > MAX_FILE_BYTES:
        raise ModelError(f"{source}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
    try:
        metadata = _read_metadata(data)
        record = metadata["genre_core"]
        info = parse_info(record, metadata["sha256"])
        tensors = safetensors.torch.load(data)
        _check_dtypes(tensors)
        if _content_hash(record, tensors) != info.sha256:
            raise ModelError("the content does not match its hash: the file is damaged")
        familiarity = take_familiarity(tensors)
        return _build(info, tensors), replace(info, familiarity=familiarity)
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


def _check_dtypes(tensors: dict[str, Tensor]) -> None:
    for name, tensor in tensors.items():
        if tensor.dtype not in DTYPES:
            raise ModelError(f"{name} is {tensor.dtype}, a type that no network here has")


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
    try:
        header = parse_json(data[8 : 8 + length])
    except ValueError as error:
        raise ModelError(f"the metadata is {error}") from error
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    if not isinstance(metadata, dict) or not all(
        isinstance(metadata.get(key), str) for key in ("genre_core", "sha256")
    ):
        raise ModelError("a safetensors file without this program's metadata")
    return metadata


def _build(info: CheckpointInfo, tensors: dict[str, Tensor]) -> GenreNetwork:
    """Build the network and give it `tensors`, after checking every one of them."""
    try:
        with torch.device("meta"):  # shapes without memory, whatever sizes the file asks for
            model = registry.build(info.model_name, len(info.genres), **info.hyperparameters)
    except (ValueError, TypeError, AttributeError, OverflowError, RuntimeError) as error:
        raise ModelError(f"no such network can be built ({error})") from error
    _check_input(model, info.features)
    _check_runs(model.eval())
    expected = model.state_dict()
    if set(tensors) != set(expected):
        names = sorted(set(tensors) ^ set(expected))
        raise ModelError(f"tensors missing or left over: {', '.join(names[:4])}")
    for name, tensor in tensors.items():
        target = expected[name]
        if tensor.shape != target.shape:
            raise ModelError(
                f"{name} is {tuple(tensor.shape)} where the network has {tuple(target.shape)}"
            )
        if tensor.is_floating_point() != target.is_floating_point():
            raise ModelError(f"{name} is {tensor.dtype} where the network has {target.dtype}")
        if not torch.isfinite(tensor).all():
            raise ModelError(f"{name} holds values that are not finite")
        if name.endswith("running_var") and (tensor < 0).any():
            raise ModelError(f"{name} holds a negative variance")
    converted = {name: tensor.to(expected[name].dtype) for name, tensor in tensors.items()}
    model.load_state_dict(converted, assign=True)
    return model


def _check_runs(model: GenreNetwork) -> None:
    """Check that `model`, on the device "meta", gives something for its shortest frame."""
    try:
        model(torch.empty(1, model.n_mels, model.min_columns, device="meta"))
    except (ValueError, TypeError, AttributeError, IndexError, RuntimeError) as error:
        first_line = str(error).partition("\n")[0]
        raise ModelError(f"its network cannot read a frame ({first_line[:200]})") from error


def _check_input(model: GenreNetwork, features: FeatureSettings) -> None:
    """Check that `model` takes every frame that `features` can make."""
    if model.n_mels != features.n_mels:
        raise ModelError(f"a network for {model.n_mels} bands, features with {features.n_mels}")
    for seconds in (MIN_FRAME_SECONDS, MAX_FRAME_SECONDS):
        n_columns = features.n_columns_of(seconds)
        if not model.min_columns <= n_columns <= model.max_columns:
            raise ModelError(
                f"a frame of {seconds:g} s has {n_columns} columns; the network takes "
                f"{model.min_columns} to {model.max_columns:g}"
            )
