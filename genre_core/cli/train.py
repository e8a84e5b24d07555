"""`python -m genre_core train`: from a folder of songs to a checkpoint."""

import argparse
import math
import os
from typing import TYPE_CHECKING, Any

from genre_core.cli import INTERRUPTED
from genre_core.cli.data_options import add_split_options, chosen_split, split_name
from genre_core.cli.setting_options import add_setting_options, chosen_settings, pairs
from genre_core.cli.text import command_line
from genre_core.cli.training_progress import TrainingProgress, stop_on_interrupt
from genre_core.errors import SettingsError

if TYPE_CHECKING:
    from genre_core.training.fit import TrainedNetwork

LISTS = ("train", "valid", "test")
DESCRIPTION = """\
Train a network on a data set and write the checkpoint that did best on the validation list.

DATASET is a folder with a subfolder of songs for each label, or a CSV file (path,label and, if
known, group or album,artist,title,split; without a label the artist is the label). Songs that
cannot be read are listed and left out. Ctrl-C saves the state; the same command with --resume
continues to the same result as without the interruption.
"""
EXAMPLES = """\
examples:
  python -m genre_core train songs/ --output runs/mine.safetensors
  python -m genre_core train songs/ --output runs/mine.safetensors --init gtzan10.safetensors \\
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
    parser.add_argument("dataset", metavar="DATASET", help="folder or .csv")
    parser.add_argument(
        "--output", required=True, metavar="CHECKPOINT", help=".safetensors file to write"
    )
    parser.add_argument("--name", help="of the trained network (default: the output file's)")
    parser.add_argument(
        "--resume", action="store_true", help="continue where the same command was stopped"
    )
    add_split_options(parser)
    add_training_options(parser)


def add_training_options(parser: argparse.ArgumentParser) -> None:
    """Add every option of a training but those of the data set and its split."""
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
    parser.add_argument(
        "--features",
        nargs="+",
        action="extend",
        metavar="KEY=VALUE",
        help="how sound becomes a spectrogram, e.g. sample_rate=22050 n_fft=1024 hop_length=512 "
        "(default: 12000 Hz, 512, 256, 96 mel bands)",
    )
    add_setting_options(parser)
    machine = parser.add_argument_group("machine")
    machine.add_argument("--device", default="cpu", help="as torch names it (default: cpu)")
    machine.add_argument("--threads", type=int, metavar="N", help="CPU threads (default: torch's)")
    machine.add_argument(
        "--cache",
        default="runs/cache",
        metavar="FOLDER",
        help="where spectrograms are stored between runs (default: runs/cache)",
    )


def training_arguments(args: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of `training.run.train` from the options of `add_training_options`."""
    from genre_core.checkpoints.info import feature_settings
    from genre_core.records import make_folder

    return {
        "settings": chosen_settings(args),
        "features": feature_settings(pairs(args.features or [])),
        "train_lists": args.train_lists,
        "valid_list": args.valid_list,
        "cache": make_folder(args.cache),
        "device": args.device,
        "command": command_line(),
    }


def run(args: argparse.Namespace) -> int:
    """Train a network; return 0, or 130 if it was interrupted."""
    # Imported here: torch takes seconds, and --help should not.
    from genre_core.datasets.readers import load_dataset
    from genre_core.records import make_folder
    from genre_core.training.fit import TrainingStopped, checkpoint_path
    from genre_core.training.run import train

    make_folder(checkpoint_path(args.output).parent)
    arguments = training_arguments(args)
    prepare_torch(args.device, args.threads)
    dataset = load_dataset(args.dataset)
    try:
        with TrainingProgress() as progress, stop_on_interrupt() as should_stop:
            network = train(
                dataset,
                output=args.output,
                split=chosen_split(dataset, args),
                split_name=split_name(dataset, args),
                name=args.name,
                resume=args.resume,
                on_event=progress,
                should_stop=should_stop,
                **arguments,
            )
    except TrainingStopped as stopped:
        print(f"stopped; the same command with --resume continues from {stopped.state_path}")
        return INTERRUPTED
    print(_closing_line(args.output, network))
    return 0


def prepare_torch(device: str, threads: int | None) -> None:
    """Set threads and memory, and make a command reproducible on the same machine."""
    import torch

    from genre_core.inference.malloc import keep_freed_memory

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
