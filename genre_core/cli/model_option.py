"""The option `--model` of the command line: a name or a file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from genre_core.checkpoints.bundled import DEFAULT_MODEL
from genre_core.cli.text import printable
from genre_core.errors import ModelError

if TYPE_CHECKING:
    from genre_core.inference.recognizer import GenreRecognizer


def add_model_option(parser: argparse.ArgumentParser) -> None:
    """Add `--model`; `model_path` and `load_recognizer` take its value."""
    parser.add_argument(
        "--model",
        metavar="NAME|PATH",
        help="a model that comes with the program, or a checkpoint file "
        f"(default: {DEFAULT_MODEL})",
    )


def model_path(model: str | None) -> Path:
    """Return the file that `--model` names: a bundled model's name or a path; None: the default.

    Raises ModelError if it is neither.
    """
    from genre_core.checkpoints.bundled import bundled_models, default_model_path

    if model is None:
        return default_model_path()
    bundled = bundled_models()
    path = bundled.get(model, Path(model))
    if not path.is_file():
        names = ", ".join(bundled) or "none"
        raise ModelError(
            f"{printable(model)}: no such model. Give a checkpoint file, "
            f"or the name of a bundled model ({names})."
        )
    return path


def load_recognizer(model: str | None, *, is_fast: bool = False) -> "GenreRecognizer":
    """Load the model that `--model` names, or the published ten-genre .h5 file.

    `is_fast` is that of `GenreRecognizer`. Raises ModelError if there is no such file, or it holds
    no genre network.
    """
    from genre_core.checkpoints.loading import load_network
    from genre_core.inference.recognizer import GenreRecognizer
    from genre_core.inference.threads import limit_threads

    limit_threads()
    return GenreRecognizer(*load_network(model_path(model)), is_fast=is_fast)
