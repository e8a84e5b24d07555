"""Everything that decides a training run, in one frozen value that goes into its checkpoint."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from genre_core.datasets.clips import SOURCE_KINDS, SourceKind
from genre_core.errors import SettingsError
from genre_core.training.augmentation import AugmentationSettings

BatchNorm = Literal["train", "frozen"]
Optimizer = Literal["adam", "adamw", "sgd"]
Schedule = Literal["cosine", "constant"]
Selection = Literal["accuracy", "last"]
Task = Literal["genres"]
Hearing = Literal["part", "song"]
Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class TrainingSettings:
    """One training run.

    Attributes
    ----------
    task : "genres"
        What is taught; see `tasks.TASKS`.
    model : str
        Name in `models.registry`.
    hyperparameters : mapping
        For the network's constructor.
    init : str
        "random", or a checkpoint or published .h5 file whose weights are copied where they fit.
    init_parts : mapping of part to str
        For a network made of networks (`crnn_pair`): the same for each of its parts. The command
        `train` also takes a part's own settings file here (.json), and trains the part first.
    freeze : tuple of str
        Names of blocks that keep their weights and batch-norm statistics.
    batch_norm : "train" or "frozen"
        "frozen": every batch norm uses and keeps the statistics it came with.
    optimizer : "adam", "adamw" or "sgd"
        SGD with Nesterov momentum.
    learning_rate : float
        Highest.
    block_rates : mapping of block name to float
        Factors on the learning rate, e.g. {"classifier": 10}.
    momentum, weight_decay : float
        Decay on matrices and kernels only, not on biases and norms.
    schedule : "cosine" or "constant"
        After a linear warm-up over `warmup_share` of all steps; cosine falls to a hundredth.
    warmup_share : float
    epochs, batch_size : int
    batches_per_epoch : int
        0: as many as it takes to draw as many examples as there are training songs.
    label_smoothing : float
    gradient_clip : float
        Largest norm of all gradients together; 0: no limit.
    ema_decay : float
        Of the exponential moving average of the weights that is validated and saved; 0: none.
    start_share : float
        How much of the first weights is in those that are validated and saved; 0: nothing. A
        network tuned on few songs keeps so what its start knew of others.
    class_balanced : bool
        Draw every genre equally often; otherwise as often as it has songs.
    kind_weights : mapping of source kind to float
        Odds of drawing sound, short sound or converted clips, within each genre, among the kinds
        that it has.
    teachers : tuple of str
        Checkpoints, published .h5 files or score files whose mean scores are learnt beside the
        labels.
    teacher_weight : float
        Share of the loss, 0 to 1.
    teacher_temperature : float
    teacher_kinds : tuple of source kind
        What the teachers are asked about; the labels alone count elsewhere.
    teacher_hears : "part" or "song"
        What networks as teachers listen to: the part that the pupil is given, or the whole clip,
        once, which takes no time in every step.
    teacher_must_agree : bool
        Let a teacher count only where it names the label.
    select_by : "accuracy" or "last"
        What makes an epoch the best one: song accuracy on the validation list (each song from its
        best source), then its cross-entropy; or being the last.
    precision : "float32" or "bfloat16"
        Of the products while learning (the weights stay float32). On a processor with bfloat16
        instructions the second is about twice as fast.
    seed : int
    augmentation : AugmentationSettings
    """

    task: Task = "genres"
    model: str = "crnn"
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)
    init: str = "random"
    init_parts: Mapping[str, str] = field(default_factory=dict)
    freeze: tuple[str, ...] = ()
    batch_norm: BatchNorm = "train"
    optimizer: Optimizer = "adamw"
    learning_rate: float = 1e-3
    block_rates: Mapping[str, float] = field(default_factory=dict)
    momentum: float = 0.9
    weight_decay: float = 1e-2
    schedule: Schedule = "cosine"
    warmup_share: float = 0.05
    epochs: int = 30
    batch_size: int = 32
    batches_per_epoch: int = 0
    label_smoothing: float = 0.0
    gradient_clip: float = 5.0
    ema_decay: float = 0.0
    start_share: float = 0.0
    class_balanced: bool = True
    kind_weights: Mapping[str, float] = field(
        default_factory=lambda: {"audio": 1.0, "short_audio": 0.5, "converted": 1.0}
    )
    teachers: tuple[str, ...] = ()
    teacher_weight: float = 0.5
    teacher_temperature: float = 2.0
    teacher_kinds: tuple[SourceKind, ...] = SOURCE_KINDS
    teacher_hears: Hearing = "part"
    teacher_must_agree: bool = False
    select_by: Selection = "accuracy"
    precision: Precision = "float32"
    seed: int = 0
    augmentation: AugmentationSettings = field(default_factory=AugmentationSettings)

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises
        ------
        SettingsError
        """
        hints = get_type_hints(TrainingSettings)
        for name in (
            "task",
            "batch_norm",
            "optimizer",
            "schedule",
            "select_by",
            "precision",
            "teacher_hears",
        ):
            _check_choice(name, getattr(self, name), get_args(hints[name]))
        for kind in (*self.kind_weights, *self.teacher_kinds):
            _check_choice("source kind", kind, SOURCE_KINDS)
        for name in ("block_rates", "kind_weights"):
            values = getattr(self, name).values()
            numbers = all(isinstance(value, int | float) and value >= 0 for value in values)
            _check(name, numbers, "numbers of at least 0")
        for name in ("epochs", "batch_size"):
            _check(name, getattr(self, name) >= 1, "at least 1")
        for name in ("learning_rate", "teacher_temperature"):
            _check(name, getattr(self, name) > 0, "above 0")
        for name in ("warmup_share", "label_smoothing", "ema_decay", "start_share", "momentum"):
            _check(name, 0 <= getattr(self, name) < 1, "from 0 to below 1")
        _check("teacher_weight", 0 <= self.teacher_weight <= 1, "from 0 to 1")
        for name in ("weight_decay", "gradient_clip", "batches_per_epoch"):
            _check(name, getattr(self, name) >= 0, "at least 0")

    def record(self) -> dict[str, Any]:
        """Return a plain dict that JSON can hold; `from_record` is its inverse."""
        return asdict(self)

    def text(self) -> str:
        """Return the record as one line, the same for the same settings."""
        return json.dumps(self.record(), sort_keys=True)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "TrainingSettings":
        """Build settings from a dict as JSON gives it; fields that are missing keep defaults.

        Raises
        ------
        SettingsError
            If a name is unknown or a value impossible.
        """
        own = dict(record)
        augmentation = own.pop("augmentation", {})
        if not isinstance(augmentation, Mapping):
            raise SettingsError(f"augmentation must be an object, not {augmentation!r}.")
        varied = AugmentationSettings(**_plain_fields(AugmentationSettings, augmentation))
        return cls(**_plain_fields(cls, own), augmentation=varied)


def read_settings(path: Path) -> dict[str, Any]:
    """Read a JSON object of settings.

    Raises
    ------
    SettingsError
        If there is none.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: not a readable JSON file of settings ({error}).") from error
    if not isinstance(record, dict):
        raise SettingsError(f"{path}: settings are a JSON object.")
    return record


def _plain_fields(cls: type[Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of dataclass `cls` in `record`, each of the kind that it declares."""
    known = {item.name for item in fields(cls)}
    unknown = sorted(set(record) - known)
    if unknown:
        raise SettingsError(
            f"Unknown training setting {unknown[0]!r}; known: {', '.join(sorted(known))}."
        )
    hints = get_type_hints(cls)
    return {name: _of_kind(name, value, hints[name]) for name, value in record.items()}


def _of_kind(name: str, value: Any, hint: Any) -> Any:
    """Return `value` as `hint` declares it: lists become tuples, integers become floats.

    Raises
    ------
    SettingsError
        If it is something else.
    """
    origin = get_origin(hint)
    if origin is tuple and isinstance(value, list | tuple):
        kinds = get_args(hint)
        kinds = kinds[:1] * len(value) if Ellipsis in kinds else kinds
        if len(kinds) == len(value):
            return tuple(
                _of_kind(name, item, kind) for item, kind in zip(value, kinds, strict=True)
            )
    elif hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    else:
        expected = str if origin is Literal else origin or hint
        if isinstance(value, expected) and isinstance(value, bool) == (hint is bool):
            return value
    raise SettingsError(f"The training setting {name} cannot be {value!r}.")


def _check(name: str, valid: bool, expected: str) -> None:
    if not valid:
        raise SettingsError(f"The training setting {name} must be {expected}.")


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SettingsError(f"{name} is one of {', '.join(choices)}, not {value!r}.")
