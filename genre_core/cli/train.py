"""`python -m genre_core train`: from a folder of songs to a checkpoint."""

import argparse
import json
import math
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genre_core.cli.data_options import add_split_options, chosen_split, split_name
from genre_core.cli.training_progress import TrainingProgress, stop_on_interrupt
from genre_core.errors import SettingsError

if TYPE_CHECKING:
    from genre_core.training.run import TrainedNetwork
    from genre_core.training.settings import TrainingSettings

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
    # Imported here: torch takes seconds, and --help should not.
    from genre_core.checkpoints.info import feature_settings
    from genre_core.datasets.readers import load_dataset
    from genre_core.training.run import TrainingStopped, checkpoint_path, train

    checkpoint_path(args.output)
    settings = _settings(args)
    features = feature_settings(_pairs(args.features or []))
    _prepare_torch(args.device, args.threads)
    dataset = load_dataset(args.dataset)
    try:
        with TrainingProgress() as progress, stop_on_interrupt() as should_stop:
            network = train(
                dataset,
                settings,
                args.output,
                split=chosen_split(dataset, args),
                split_name=split_name(dataset, args),
                features=features,
                train_lists=args.train_lists,
                valid_list=args.valid_list,
                name=args.name,
                cache=args.cache,
                device=args.device,
                resume=args.resume,
                on_event=progress,
                should_stop=should_stop,
                command=shlex.join(["python", "-m", "genre_core", *sys.argv[1:]]),
            )
    except TrainingStopped as stopped:
        print(f"stopped; the same command with --resume goes on from {stopped.state_path}")
        return INTERRUPTED
    print(_closing_line(args.output, network))
    return 0


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
        choices=("accuracy", "last"),
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
    from genre_core.training.settings import TrainingSettings, read_settings

    record = read_settings(Path(args.settings)) if args.settings else {}
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


def _closing_line(output: str, network: "TrainedNetwork") -> str:
    best = network.best
    measured = (
        ""
        if math.isnan(best.valid_accuracy)  # no validation list
        else f", {best.valid_accuracy:.1%} of the validation songs correct"
    )
    return f"{output}: epoch {best.epoch}{measured}, temperature {network.info.temperature:.2f}"
