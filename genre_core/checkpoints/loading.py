"""Any network that can name genres: a checkpoint, or the published ten-genre network."""

import hashlib
from pathlib import Path

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.checkpoints.info import CheckpointInfo
from genre_core.checkpoints.keras_weights import load_keras_weights, n_outputs, read_keras_weights
from genre_core.config import GENRES, FeatureSettings, FrameSettings
from genre_core.errors import ModelError
from genre_core.models.base import GenreNetwork
from genre_core.models.crnn_choi import CrnnChoi

PUBLISHED = "jimenez_gtzan10_crnn_theano"  # the ten-genre network: its name and its file's
KERAS_SUFFIXES = (".h5", ".hdf5")


def is_published(path: str | Path) -> bool:
    """Return whether `path` looks like a published Keras file and not like a checkpoint."""
    return Path(path).suffix.lower() in KERAS_SUFFIXES


def load_network(path: str | Path) -> tuple[GenreNetwork, CheckpointInfo]:
    """Load a .safetensors checkpoint, or the published ten-genre network's .h5 file.

    The network is in eval mode; the hash of a published file is that of the whole file. ModelError
    if the file is neither, or names tags instead of the ten genres.
    """
    if not is_published(path):
        return load_checkpoint(path)
    outputs = n_outputs(read_keras_weights(path))
    if outputs != len(GENRES):
        raise ModelError(
            f"{path}: has {outputs} outputs, not the {len(GENRES)} genres: it can start a "
            "training (--init), but not name genres."
        )
    model = CrnnChoi(outputs)
    load_keras_weights(path, model)
    info = CheckpointInfo(
        name=Path(path).stem,
        model_name="crnn_choi",
        hyperparameters=model.hyperparameters,
        genres=GENRES,
        features=FeatureSettings(),
        frames=FrameSettings(),
        temperature=1.0,
        sha256=hashlib.sha256(Path(path).read_bytes()).hexdigest(),
    )
    return model.eval(), info
