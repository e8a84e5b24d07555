"""What a checkpoint says about its network: a JSON record, checked field by field."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

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
from genre_core.models.familiarity import Familiarity
from genre_core.records import Between, Size, build, parse_json

FORMAT_VERSION = 1
MAX_GENRES = 1_000

Name = Annotated[str, Size(1, 100)]


@dataclass(frozen=True)
class CheckpointInfo:
    """What a checkpoint says about its network.

    Attributes
    ----------
    name : of this trained network, e.g. "crnn"
    model_name : of its architecture in `models.registry`
    hyperparameters : for `models.registry.build`
    genres : one for each output, in order
    frames : settings of its evaluation
    temperature : scores are softmax(logits / temperature)
    training : record of its training, any JSON
    sha256 : hash of the content (hex), equal for equal weights and metadata
    familiarity : None if the checkpoint has none or its tensors were not read
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
    familiarity: Familiarity | None = field(default=None, compare=False)


@dataclass(frozen=True)
class _Record:
    format_version: int
    name: Name
    model: Name
    hyperparameters: dict[str, Any]
    genres: Annotated[tuple[Name, ...], Size(2, MAX_GENRES)]
    features: FeatureSettings
    frames: FrameSettings
    temperature: Annotated[float, Between(1e-3, 1e3)]
    training: dict[str, Any]


def dump_info(info: CheckpointInfo) -> str:
    """Return the record of `info`, all but its hash, as JSON; ValueError if JSON cannot hold it."""
    record = _Record(
        FORMAT_VERSION,
        info.name,
        info.model_name,
        info.hyperparameters,
        info.genres,
        info.features,
        info.frames,
        info.temperature,
        info.training,
    )
    try:
        return json.dumps(asdict(record), sort_keys=True, separators=(",", ":"), allow_nan=False)
    except TypeError as error:
        raise ValueError(str(error)) from error


def parse_info(text: str, sha256: str) -> CheckpointInfo:
    """Read a record; ModelError says what is wrong with it."""
    try:
        value = parse_json(text)
        if isinstance(value, dict) and value.get("format_version") != FORMAT_VERSION:
            raise ValueError(
                f"format version {value.get('format_version')!r}, but this program reads version "
                f"{FORMAT_VERSION}"
            )
        record = build(_Record, value)
        for name in (record.name, record.model, *record.genres):
            if not name.isprintable():
                raise ValueError(f"the name {name!r} has characters that cannot be printed")
        if len(set(record.genres)) != len(record.genres):
            raise ValueError("genres has a name twice")
        _check_features(record.features)
        _check_frames(record.frames)
    except ValueError as error:
        raise ModelError(str(error)) from error
    return CheckpointInfo(
        record.name,
        record.model,
        record.hyperparameters,
        record.genres,
        record.features,
        record.frames,
        record.temperature,
        record.training,
        sha256,
    )


def feature_settings(changes: Mapping[str, Any]) -> FeatureSettings:
    """Return the default feature settings with some fields changed.

    SettingsError if there is no such field, or a network with these could not be saved.
    """
    try:
        settings = build(FeatureSettings, {**asdict(FeatureSettings()), **changes}, "features")
        _check_features(settings)
    except ValueError as error:
        raise SettingsError(f"These features are not possible: {error}.") from error
    return settings


def _check_features(settings: FeatureSettings) -> None:
    if not MIN_SAMPLE_RATE <= settings.sample_rate <= MAX_SAMPLE_RATE:
        raise ValueError(
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
        raise ValueError(f"impossible feature settings {asdict(settings)}")


def _check_frames(settings: FrameSettings) -> None:
    if not MIN_FRAME_SECONDS <= settings.frame_seconds <= MAX_FRAME_SECONDS:
        raise ValueError(
            f"frames of {settings.frame_seconds:g} s, outside "
            f"{MIN_FRAME_SECONDS:g} to {MAX_FRAME_SECONDS:g} s"
        )
    if not 0.0 <= settings.trim_seconds <= MAX_TRIM_SECONDS:
        raise ValueError(
            f"a trim of {settings.trim_seconds:g} s, outside 0 to {MAX_TRIM_SECONDS:g} s"
        )
