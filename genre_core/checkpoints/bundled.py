"""The checkpoints that come with the program."""

from pathlib import Path

from genre_core.assets import MODELS_FOLDER
from genre_core.errors import ModelError

DEFAULT_MODEL = "gtzan10"


def bundled_models() -> dict[str, Path]:
    """Return the checkpoints that come with the program, by name, the default first."""
    paths = sorted(MODELS_FOLDER.glob("*.safetensors"))
    return {path.stem: path for path in sorted(paths, key=lambda path: path.stem != DEFAULT_MODEL)}


def default_model_path() -> Path:
    """Return the checkpoint that is used where none is named; ModelError if it is missing."""
    path = MODELS_FOLDER / f"{DEFAULT_MODEL}.safetensors"
    if not path.is_file():
        raise ModelError(
            f"{path}: the default model is missing; restore it from the repository, or name "
            "another checkpoint."
        )
    return path
