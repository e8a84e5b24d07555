"""Everything that decides a training, in one frozen value that goes into its checkpoint.

Each field has its help beside it: the options of the command `train` are made from these fields.
No torch here, so that `--help` answers at once.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from genre_core.errors import SettingsError
from genre_core.records import build, read_json
from genre_core.training.augmentation_settings import AugmentationSettings

Task = Literal["genres", "maps"]
BatchNorm = Literal["train", "frozen"]
Optimizer = Literal["adam", "adamw", "sgd"]
Schedule = Literal["cosine", "constant"]
Selection = Literal["accuracy", "last"]
Hearing = Literal["part", "song"]
Precision = Literal["float32", "bfloat16"]

MAX_FILE_BYTES = 2**20
NETWORK, OPTIMISATION, TEACHERS, EXAMPLES = "network", "optimisation", "teachers", "examples"


def _option(group: str, text: str) -> dict[str, str]:
    """Return the metadata of a field: its group of options and its help."""
    return {"group": group, "help": text}


@dataclass(frozen=True)
class TrainingSettings:
    """One training, or one stage of it. The help beside each field says what it means."""

    task: Task = field(
        default="genres",
        metadata=_option(NETWORK, "what is taught: genres, or the maps of a published tagger"),
    )
    model: str = field(
        default="crnn", metadata=_option(NETWORK, "architecture, as models.registry names it")
    )
    hyperparameters: Mapping[str, Any] = field(
        default_factory=dict,
        metadata=_option(NETWORK, "of the network, e.g. hidden=128 summary=mean"),
    )
    init: str = field(
        default="random",
        metadata=_option(NETWORK, "first weights: random, a checkpoint, or a published .h5 file"),
    )
    freeze: tuple[str, ...] = field(
        default=(),
        metadata=_option(
            NETWORK, "blocks that keep weights and statistics, e.g. input conv1 conv2"
        ),
    )
    batch_norm: BatchNorm = field(
        default="train",
        metadata=_option(
            NETWORK, "frozen: every batch norm keeps the statistics that it came with"
        ),
    )
    epochs: int = field(default=30, metadata=_option(OPTIMISATION, "passes"))
    batch_size: int = field(default=32, metadata=_option(OPTIMISATION, "examples in a step"))
    batches_per_epoch: int = field(
        default=0,
        metadata=_option(OPTIMISATION, "steps in an epoch; 0: as many as hold each song once"),
    )
    optimizer: Optimizer = field(
        default="adamw",
        metadata=_option(
            OPTIMISATION,
            "sgd has Nesterov momentum",
        ),
    )
    learning_rate: float = field(default=1e-3, metadata=_option(OPTIMISATION, "the highest"))
    block_rates: Mapping[str, float] = field(
        default_factory=dict,
        metadata=_option(
            OPTIMISATION, "factors on the learning rate, e.g. classifier=10 conv1=0.1"
        ),
    )
    relative_rates: bool = field(
        default=False,
        metadata=_option(
            OPTIMISATION,
            "multiply the learning rate of each tensor by the root mean square of its first values",
        ),
    )
    schedule: Schedule = field(
        default="cosine",
        metadata=_option(
            OPTIMISATION, "of the learning rate after its warm-up; cosine falls to a hundredth"
        ),
    )
    warmup_share: float = field(
        default=0.05,
        metadata=_option(OPTIMISATION, "share of all steps over which the learning rate rises"),
    )
    weight_decay: float = field(
        default=1e-2,
        metadata=_option(OPTIMISATION, "of matrices and kernels, not of biases and norms"),
    )
    momentum: float = field(default=0.9, metadata=_option(OPTIMISATION, "of sgd"))
    gradient_clip: float = field(
        default=5.0,
        metadata=_option(OPTIMISATION, "largest norm of all gradients together; 0: no limit"),
    )
    ema_decay: float = field(
        default=0.0,
        metadata=_option(
            OPTIMISATION, "of the moving average of the weights that is saved, e.g. 0.99; 0: none"
        ),
    )
    start_share: float = field(
        default=0.0,
        metadata=_option(
            OPTIMISATION, "share of the first weights in those that are saved, e.g. 0.5"
        ),
    )
    label_smoothing: float = field(
        default=0.0,
        metadata=_option(OPTIMISATION, "share of the target that goes to all genres alike"),
    )
    select_by: Selection = field(
        default="accuracy",
        metadata=_option(
            OPTIMISATION,
            "the epoch that is saved: the best by accuracy on the validation songs (then by "
            "cross-entropy), or the last",
        ),
    )
    precision: Precision = field(
        default="float32",
        metadata=_option(
            OPTIMISATION, "of the products; bfloat16 is faster where the processor has it"
        ),
    )
    seed: int = field(default=0, metadata=_option(OPTIMISATION, "of every random number"))
    teachers: tuple[str, ...] = field(
        default=(),
        metadata=_option(
            TEACHERS,
            "learn from these too: checkpoints, a published .h5, or score files of evaluate",
        ),
    )
    teacher_weight: float = field(
        default=0.5, metadata=_option(TEACHERS, "their share of the loss, 0 to 1")
    )
    teacher_temperature: float = field(
        default=2.0, metadata=_option(TEACHERS, "by which scores are softened")
    )
    teacher_hears: Hearing = field(
        default="part",
        metadata=_option(
            TEACHERS,
            "what networks among them are given: the part that the learner has, or the whole clip, "
            "once, which is quicker",
        ),
    )
    teacher_must_agree: bool = field(
        default=False, metadata=_option(TEACHERS, "a teacher counts only where it names the label")
    )
    class_balanced: bool = field(
        default=True,
        metadata=_option(
            EXAMPLES, "draw every genre equally often; otherwise as often as it has songs"
        ),
    )
    more: tuple[str, ...] = field(
        default=(),
        metadata=_option(
            EXAMPLES, "learn from all of these data sets too; their songs are not validated on"
        ),
    )
    unlabelled: tuple[str, ...] = field(
        default=(),
        metadata=_option(
            EXAMPLES, "folders of sound files without labels, for tasks that need none"
        ),
    )
    unlabelled_share: float = field(
        default=0.0,
        metadata=_option(
            EXAMPLES, "share of the examples without labels, where teachers name the genres"
        ),
    )
    augmentation: AugmentationSettings = field(
        default_factory=AugmentationSettings,
        metadata=_option(
            EXAMPLES, "changes of the examples, e.g. mixup_alpha=0.4 gain_db=[-30,10]"
        ),
    )

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises
        ------
        SettingsError
        """
        for name, hint in get_type_hints(TrainingSettings).items():
            if get_origin(hint) is Literal:
                _check_choice(name, getattr(self, name), get_args(hint))
        values = self.block_rates.values()
        numbers = all(isinstance(value, int | float) and value >= 0 for value in values)
        _check("block_rates", numbers, "numbers of at least 0")
        for name in ("epochs", "batch_size"):
            _check(name, getattr(self, name) >= 1, "at least 1")
        for name in ("learning_rate", "teacher_temperature"):
            _check(name, 0 < getattr(self, name) < math.inf, "finite and above 0")
        for name in ("warmup_share", "label_smoothing", "ema_decay", "start_share", "momentum"):
            _check(name, 0 <= getattr(self, name) < 1, "from 0 to below 1")
        for name in ("teacher_weight", "unlabelled_share"):
            _check(name, 0 <= getattr(self, name) <= 1, "from 0 to 1")
        for name in ("weight_decay", "gradient_clip", "batches_per_epoch"):
            _check(name, 0 <= getattr(self, name) < math.inf, "finite and at least 0")
        _check("seed", 0 <= self.seed < 2**63, "from 0 to below 2 to the power of 63")

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
        complete: dict[str, Any] = json.loads(cls().text())
        augmentation = record.get("augmentation", {})
        if isinstance(augmentation, Mapping):
            augmentation = complete["augmentation"] | augmentation
        try:
            return build(cls, {**complete, **record, "augmentation": augmentation}, "settings")
        except SettingsError:
            raise
        except ValueError as error:
            raise SettingsError(f"These training settings cannot be used: {error}.") from error


def read_stages(path: str | Path) -> list[dict[str, Any]]:
    """Read the record of each stage from a JSON file.

    The file holds the settings of one stage, or an object with a list of them, `stages`.

    Raises
    ------
    SettingsError
        If it holds neither.
    """
    try:
        record = read_json(path, MAX_FILE_BYTES)
    except ValueError as error:
        raise SettingsError(f"{path}: not a file of training settings: {error}.") from error
    stages = (
        record["stages"] if isinstance(record, dict) and set(record) == {"stages"} else [record]
    )
    if not isinstance(stages, list) or not all(isinstance(stage, dict) for stage in stages):
        raise SettingsError(
            f"{path}: a file of training settings holds a JSON object, or a list of them "
            'under the name "stages".'
        )
    return stages


def _check(name: str, valid: bool, expected: str) -> None:
    if not valid:
        raise SettingsError(f"The training setting {name} must be {expected}.")


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SettingsError(f"{name} is one of {', '.join(choices)}, not {value!r}.")
