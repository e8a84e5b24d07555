"""`python -m genre_core train`: from a folder of songs to a checkpoint."""

import argparse
import json
import math
import os
import platform
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from genre_core.cli.data_options import (
    add_split_options,
    chosen_split,
    report_problems,
    split_name,
)
from genre_core.errors import DatasetError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genre_core.datasets.clips import DataSet
    from genre_core.datasets.splits import Split
    from genre_core.training.settings import TrainingSettings
    from genre_core.training.trainer import EpochMetrics, Trainer, TrainingResult

INTERRUPTED = 130
LISTS = ("train", "valid", "test")
DESCRIPTION = """\
Train a network on a data set and write the checkpoint that did best on the validation list.

DATASET is a folder with a subfolder of songs for each label, a CSV file (path,label and, if
known, group or album,artist,title,split; without a label the artist is the label), or an .npz
array file. Songs that cannot be read are listed and
left out. Ctrl-C saves the state; the same command with --resume goes on to the same result as if
nothing had happened.
"""
EXAMPLES = """\
examples:
  python -m genre_core train songs/ --output runs/mine.safetensors
  python -m genre_core train songs/ --output runs/mine.safetensors --init crnn.safetensors \\
      --freeze conv1 conv2 --batch-norm frozen --learning-rate 2e-4 --epochs 10
  python -m genre_core train songs.csv --output runs/fold1.safetensors --split folds --fold 1
  python -m genre_core train songs/ --output runs/mine.safetensors --settings recipe.json --resume

beside the checkpoint: .csv (a line an epoch), .state (to resume from), .run.json (the command, the
settings, the machine, how long it took)
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "train",
        help="train a network on a folder of songs",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dataset", metavar="DATASET", help="folder, .csv or .npz")
    parser.add_argument(
        "--output", required=True, metavar="CHECKPOINT", help=".safetensors file to write"
    )
    parser.add_argument("--name", help="of the trained network (default: the output file's)")
    parser.add_argument(
        "--resume", action="store_true", help="go on where the same command was stopped"
    )
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help="JSON file with any of the settings below (the options here win)",
    )
    add_split_options(parser)
    lists = parser.add_argument_group("which lists")
    lists.add_argument(
        "--train-lists",
        nargs="+",
        choices=LISTS,
        default=["train"],
        metavar="LIST",
        help="learn from these: train, valid (default: train)",
    )
    lists.add_argument(
        "--valid-list",
        choices=(*LISTS, "none"),
        default="valid",
        metavar="LIST",
        help="choose the best epoch by this one; none: keep the last (default: valid)",
    )
    _add_network_options(parser)
    _add_optimisation_options(parser)
    _add_data_options(parser)
    machine = parser.add_argument_group("machine")
    machine.add_argument("--device", default="cpu", help="as torch names it (default: cpu)")
    machine.add_argument("--threads", type=int, metavar="N", help="CPU threads (default: torch's)")
    machine.add_argument(
        "--precision",
        choices=("float32", "bfloat16"),
        help="of the products; bfloat16 is faster where the processor has it (default: float32)",
    )
    machine.add_argument(
        "--cache",
        default="runs/cache",
        metavar="FOLDER",
        help="where spectrograms are kept between runs (default: runs/cache)",
    )


def run(args: argparse.Namespace) -> int:
    """Train as `args` says; return 0, or 130 if it was interrupted."""
    from genre_core.datasets.readers import load_dataset
    from genre_core.training.settings import TrainingSettings

    if args.valid_list in args.train_lists:
        raise SettingsError(
            f"The list {args.valid_list} cannot both train and validate: "
            "choose another --valid-list, or none."
        )
    output = _output_path(args.output)
    settings = _settings(args)
    _prepare_torch(args.device, args.threads)

    dataset = load_dataset(args.dataset)
    report_problems(dataset.problems)
    if len(dataset.genres) < 2:
        raise DatasetError(
            f"{dataset.name}: holds only {dataset.genres[0]}; two genres are needed."
        )
    split = chosen_split(dataset, args)
    parts: dict[str, str] = {}
    for part, source in settings.init_parts.items():
        parts[part] = source
        if Path(source).suffix == ".json":  # a recipe: train the part first
            part_output = output.with_name(f"{output.stem}.{part}.safetensors")
            print(f"{part}, one part of it: {part_output}", file=sys.stderr)
            part_settings = TrainingSettings.from_record(_read_settings(Path(source)))
            status = _train(args, dataset, split, part_settings, part_output)
            if status:
                return status
            parts[part] = str(part_output)
    return _train(args, dataset, split, replace(settings, init_parts=parts), output, args.name)


def _train(
    args: argparse.Namespace,
    dataset: "DataSet",
    split: "Split",
    settings: "TrainingSettings",
    output: Path,
    name: str | None = None,
) -> int:
    """Train one network; return 0, or 130 if it was interrupted."""
    # Imported here: torch takes seconds, and --help should not.
    import torch

    from genre_core.checkpoints.checkpoint import feature_settings
    from genre_core.datasets.clips import select
    from genre_core.datasets.feature_cache import FeatureCache
    from genre_core.training.distillation import NetworkTeacher, load_teacher
    from genre_core.training.trainer import Trainer

    ids = [clip_id for which in args.train_lists for clip_id in getattr(split, which)]
    kinds = tuple(kind for kind, weight in settings.kind_weights.items() if weight > 0)
    train = select(dataset.clips, ids, kinds)  # type: ignore[arg-type]
    valid = (
        select(dataset.clips, getattr(split, args.valid_list), ("audio", "converted"))
        if args.valid_list != "none"
        else ()
    )
    if args.valid_list != "none" and not valid:
        raise DatasetError(f"The list {args.valid_list} is empty: choose --valid-list none.")

    features = feature_settings(_pairs(args.features or []))
    cache = FeatureCache(features, args.cache)
    with tqdm(desc="spectrograms", unit="clip", leave=False, disable=None) as bar:
        loaded, problems = cache.load([*train, *valid], _progress(bar))
    report_problems(problems)
    teachers = [
        load_teacher(path, dataset.genres, features, args.device) for path in settings.teachers
    ]
    if settings.teacher_hears == "song":
        asked = {
            clip: loaded[clip]
            for clip in train
            if clip in loaded and clip.kind in settings.teacher_kinds
        }
        teachers = [
            teacher.saved(asked) if isinstance(teacher, NetworkTeacher) else teacher
            for teacher in teachers
        ]
    trainer = Trainer(
        settings,
        dataset.genres,
        {clip: loaded[clip] for clip in train if clip in loaded},
        {clip: loaded[clip] for clip in valid if clip in loaded},
        output,
        features=features,
        name=name,
        teachers=teachers,
        record={
            "dataset": dataset.name,
            "split": split_name(dataset, args),
            "train_lists": args.train_lists,
            "valid_list": args.valid_list,
            "torch": torch.__version__,
            **_parts_record(settings.init_parts),
        },
        device=args.device,
    )
    if trainer.initialised:
        sources = ", ".join([settings.init, *settings.init_parts.values()])
        print(f"from {sources}: {', '.join(trainer.initialised)}", file=sys.stderr)
    started = time.monotonic()
    with _progress_bar(trainer), _stop_on_interrupt(trainer):
        result = trainer.run(resume=args.resume)
    if result.interrupted:
        print(f"stopped; the same command with --resume goes on from {trainer.state_path}")
        return INTERRUPTED
    _write_run_record(trainer, result, [*dataset.problems, *problems], time.monotonic() - started)
    print(_closing_line(trainer, result))
    return 0


def _parts_record(sources: Mapping[str, str]) -> dict[str, Any]:
    """Return how the parts of a network of networks were trained, as far as their files say."""
    from genre_core.checkpoints.checkpoint import load_checkpoint
    from genre_core.training.initialisation import is_published

    parts = {
        part: load_checkpoint(path)[1].training
        for part, path in sources.items()
        if not is_published(path)
    }
    return {"parts": parts} if parts else {}


def _parts_seconds(sources: Mapping[str, str]) -> dict[str, float]:
    """Return how long the training of each part took, as far as a record lies beside it."""
    seconds = {}
    for part, path in sources.items():
        record = Path(path).with_suffix(".run.json")
        if record.is_file():
            seconds[part] = float(json.loads(record.read_text(encoding="utf-8"))["seconds"])
    return seconds


def _add_network_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("network")
    group.add_argument(
        "--model", help="architecture: crnn, crnn_pair, crnn_choi ... (default: crnn)"
    )
    group.add_argument(
        "--hyperparameter",
        nargs="+",
        action="extend",
        metavar="KEY=VALUE",
        help="of the network, e.g. hidden=128 summary=mean",
    )
    group.add_argument(
        "--features",
        nargs="+",
        action="extend",
        metavar="KEY=VALUE",
        help="how sound becomes a spectrogram, e.g. sample_rate=22050 n_fft=1024 hop_length=512 "
        "(default: 12000 Hz, 512, 256, 96 mel bands)",
    )
    group.add_argument(
        "--init",
        metavar="random|FILE",
        help="first weights: random, a checkpoint, or a published .h5 file (default: random)",
    )
    group.add_argument(
        "--freeze",
        nargs="*",
        metavar="BLOCK",
        help="parts that keep weights and statistics: input conv1 conv2 conv3 conv4 recurrent",
    )
    group.add_argument(
        "--batch-norm",
        choices=("train", "frozen"),
        help="frozen: every batch norm keeps the statistics that it came with (default: train)",
    )


def _add_optimisation_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("optimisation")
    group.add_argument("--epochs", type=int, metavar="N", help="(default: 30)")
    group.add_argument("--batch-size", type=int, metavar="N", help="(default: 32)")
    group.add_argument(
        "--batches-per-epoch",
        type=int,
        metavar="N",
        help="(default: as many as hold each song once)",
    )
    group.add_argument(
        "--optimizer",
        choices=("adam", "adamw", "sgd"),
        help="sgd has Nesterov momentum (default: adamw)",
    )
    group.add_argument("--learning-rate", type=float, metavar="X", help="highest (default: 1e-3)")
    group.add_argument(
        "--block-rates",
        nargs="+",
        metavar="BLOCK=FACTOR",
        help="factor on the learning rate, e.g. classifier=10 conv1=0.1",
    )
    group.add_argument(
        "--schedule",
        choices=("cosine", "constant"),
        help="of the learning rate, after a warm-up (default: cosine)",
    )
    group.add_argument("--warmup-share", type=float, metavar="X", help="of all steps")
    group.add_argument("--weight-decay", type=float, metavar="X", help="(default: 0.01)")
    group.add_argument("--momentum", type=float, metavar="X", help="of sgd (default: 0.9)")
    group.add_argument("--gradient-clip", type=float, metavar="X", help="0: none (default: 5)")
    group.add_argument(
        "--ema-decay",
        type=float,
        metavar="X",
        help="keep a moving average of the weights, e.g. 0.99 (default: 0, none)",
    )
    group.add_argument(
        "--start-share",
        type=float,
        metavar="X",
        help="how much of the first weights is in what is kept, e.g. 0.5 (default: 0)",
    )
    group.add_argument("--label-smoothing", type=float, metavar="X", help="(default: 0)")
    group.add_argument(
        "--select-by",
        choices=("accuracy", "loss", "kinds", "last"),
        help="what makes an epoch the best one (default: accuracy of the validation songs)",
    )
    group.add_argument("--seed", type=int, metavar="N", help="(default: 0)")
    teachers = parser.add_argument_group("teachers")
    teachers.add_argument(
        "--teacher",
        nargs="+",
        metavar="FILE",
        dest="teachers",
        help="learn from these too: checkpoints, a published .h5, or score files of `evaluate`",
    )
    teachers.add_argument(
        "--teacher-weight", type=float, metavar="X", help="share of the loss (default: 0.5)"
    )
    teachers.add_argument("--teacher-temperature", type=float, metavar="X", help="(default: 2)")
    teachers.add_argument(
        "--teacher-hears",
        choices=("part", "song"),
        help="what networks among them listen to (default: part; song is quicker)",
    )
    teachers.add_argument(
        "--teacher-must-agree",
        action="store_const",
        const=True,
        help="let them count only where they name the label",
    )
    teachers.add_argument(
        "--teacher-kinds",
        nargs="+",
        choices=("audio", "short_audio", "converted"),
        metavar="KIND",
        help="ask them only about: audio, short_audio, converted (default: all)",
    )


def _add_data_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("examples")
    group.add_argument(
        "--unbalanced",
        action="store_const",
        const=False,
        dest="class_balanced",
        help="draw genres as often as they have songs, instead of equally often",
    )
    group.add_argument(
        "--kind-weights",
        nargs="+",
        metavar="KIND=WEIGHT",
        help="odds within each genre (default: audio=1 short_audio=0.5 converted=1)",
    )
    group.add_argument(
        "--augment",
        nargs="+",
        action="extend",
        metavar="KEY=VALUE",
        help="any setting of genre_core.augmentation, e.g. mixup_alpha=0.4 gain_db=[-30,10]",
    )
    group.add_argument(
        "--no-augmentation", action="store_true", help="frames of 29.12 s as they are"
    )


def _settings(args: argparse.Namespace) -> "TrainingSettings":
    """Return the file's settings with those replaced that were given as options."""
    from dataclasses import asdict

    from genre_core.training.augmentation import NONE
    from genre_core.training.settings import TrainingSettings

    record = _read_settings(Path(args.settings)) if args.settings else {}
    options = (
        *("model", "init", "freeze", "batch_norm", "epochs", "batch_size", "batches_per_epoch"),
        *("optimizer", "learning_rate", "schedule", "warmup_share", "weight_decay", "momentum"),
        *("gradient_clip", "ema_decay", "start_share", "label_smoothing", "select_by", "seed"),
        *("teachers", "precision"),
        *("teacher_weight", "teacher_temperature", "teacher_kinds", "teacher_hears"),
        "teacher_must_agree",
        "class_balanced",
    )
    for option in options:
        if getattr(args, option) is not None:
            record[option] = getattr(args, option)
    if args.init is not None:
        record.pop("init_parts", None)  # one file for all of it
    if args.hyperparameter:
        record["hyperparameters"] = record.get("hyperparameters", {}) | _pairs(args.hyperparameter)
    if args.block_rates:
        record["block_rates"] = _pairs(args.block_rates)
    if args.kind_weights:
        record["kind_weights"] = _pairs(args.kind_weights)
    if args.no_augmentation:
        record["augmentation"] = asdict(NONE)
    if args.augment:
        record["augmentation"] = record.get("augmentation", {}) | _pairs(args.augment)
    return TrainingSettings.from_record(record)


def _read_settings(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: not a readable JSON file of settings ({error}).") from error
    if not isinstance(record, dict):
        raise SettingsError(f"{path}: settings are a JSON object.")
    return record


def _pairs(texts: list[str]) -> dict[str, Any]:
    """Return KEY=VALUE as a dict; a value that is no JSON is text."""
    pairs: dict[str, Any] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise SettingsError(f"{text!r} is not of the form KEY=VALUE.")
        try:
            pairs[key] = json.loads(value)
        except ValueError:
            pairs[key] = value
    return pairs


def _output_path(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".safetensors":
        raise SettingsError(f"{text}: a checkpoint's name ends in .safetensors.")
    return path


def _prepare_torch(device: str, threads: int | None) -> None:
    """Make the same command give the same weights on the same machine, without delay."""
    import torch

    from genre_core.training.malloc import keep_freed_memory

    keep_freed_memory()

    if threads is not None:
        if threads < 1:
            raise SettingsError(f"--threads must be at least 1, not {threads}.")
        torch.set_num_threads(threads)
    try:
        kind = torch.device(device).type
    except RuntimeError as error:
        raise SettingsError(f"No device is named {device!r}: use cpu or cuda.") from error
    if kind == "cuda":
        if not torch.cuda.is_available():
            raise SettingsError("This machine has no usable CUDA device: use --device cpu.")
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.backends.cudnn.benchmark = False


def _progress(bar: "tqdm[None]") -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return show


@contextmanager
def _progress_bar(trainer: "Trainer") -> "Iterator[None]":
    """Show loss, accuracy and time left while the trainer runs, and a line an epoch."""
    n_epochs = trainer.settings.epochs
    with tqdm(total=n_epochs * trainer.n_steps, unit="step", leave=False, disable=None) as bar:

        def show(running: "Trainer") -> None:
            bar.set_description_str(f"epoch {running.epoch + 1}/{n_epochs}")
            bar.set_postfix_str(
                f"loss {running.running_loss:.3f}, accuracy {running.running_accuracy:.1%}"
            )
            bar.update(running.epoch * running.n_steps + running.step - bar.n)

        def tell(running: "Trainer") -> None:
            tqdm.write(_epoch_line(running.history[-1]), file=sys.stderr)

        trainer.on("step_end", show)
        trainer.on("epoch_end", tell)
        yield


def _epoch_line(last: "EpochMetrics") -> str:
    """Return what an epoch came to; kinds of source are told apart only where there are two."""
    parts = [
        f"epoch {last.epoch:3d}",
        f"loss {last.train_loss:.3f}  accuracy {last.train_accuracy:.1%}",
    ]
    if not math.isnan(last.valid_accuracy):
        parts.append(f"valid: loss {last.valid_loss:.3f}  songs {last.valid_accuracy:.1%}")
    by_kind = {"audio": last.valid_audio_accuracy, "converted": last.valid_converted_accuracy}
    if not any(math.isnan(accuracy) for accuracy in by_kind.values()):
        parts += [f"{kind} {accuracy:.1%}" for kind, accuracy in by_kind.items()]
    return "  ".join([*parts, f"{last.seconds:.0f} s"])


def _stop_on_interrupt(trainer: "Trainer") -> AbstractContextManager[None]:
    """Let the first Ctrl-C stop after the step; a second one ends the program at once."""
    if threading.current_thread() is not threading.main_thread():
        return nullcontext()  # signals reach the main thread only

    @contextmanager
    def handling() -> "Iterator[None]":
        before = signal.getsignal(signal.SIGINT)

        def stop(number: int, frame: object) -> None:
            signal.signal(signal.SIGINT, before)
            tqdm.write("stopping after this step; Ctrl-C again ends at once", file=sys.stderr)
            trainer.stop()

        signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    return handling()


def _write_run_record(
    trainer: "Trainer", result: "TrainingResult", problems: list[str], seconds: float
) -> None:
    """Write what belongs to this run and not to its weights."""
    import torch

    assert result.checkpoint is not None
    record: Mapping[str, Any] = {
        "command": shlex.join(["python", "-m", "genre_core", *sys.argv[1:]]),
        "checkpoint_sha256": result.checkpoint.sha256,
        "seconds": round(sum(metrics.seconds for metrics in result.history), 1),
        "seconds_since_last_start": round(seconds, 1),
        "parts_seconds": _parts_seconds(trainer.settings.init_parts),
        "machine": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "device": str(trainer.device)
        if trainer.device.type == "cpu"
        else torch.cuda.get_device_name(trainer.device),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "problems": problems,
        "training": result.checkpoint.training,
    }
    path = trainer.output.with_suffix(".run.json")
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _closing_line(trainer: "Trainer", result: "TrainingResult") -> str:
    assert result.best is not None
    assert result.checkpoint is not None
    best = result.best
    measured = (
        ""
        if best.valid_accuracy != best.valid_accuracy  # NaN: no validation list
        else f", {best.valid_accuracy:.1%} of the validation songs right"
    )
    return (
        f"{trainer.output}: epoch {best.epoch}{measured}, "
        f"temperature {result.checkpoint.temperature:.2f}"
    )
