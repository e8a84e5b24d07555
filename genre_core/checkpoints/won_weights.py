"""The published weights of Won et al. -> `models.won_taggers`."""

from pathlib import Path

import safetensors.torch
from safetensors import SafetensorError, safe_open

from genre_core.errors import ModelError
from genre_core.models.won_taggers import Kind, WonTagger

MAX_FILE_BYTES = 64 * 2**20
EXPECTED = "expected a published tag network, such as won_msd_fcn.safetensors"


def is_won_tagger(path: str | Path) -> bool:
    """Return whether `path` holds the weights of a published tag network, not a checkpoint."""
    if Path(path).suffix != ".safetensors" or not Path(path).is_file():
        return False
    try:
        with safe_open(path, "pt") as file:
            return "spec_bn.weight" in file.keys()  # noqa: SIM118 - not a dict
    except (SafetensorError, OSError):
        return False


def load_won_tagger(path: str | Path) -> WonTagger:
    """Load a published tag network, in eval mode.

    Which of the two kinds it is shows in its weights. ModelError if the file is missing, larger
    than 64 MiB, not safetensors, or of another network.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(f"{path}: no such file; {EXPECTED}.")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ModelError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
    try:
        weights = safetensors.torch.load_file(path)
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{path}: not a readable safetensors file ({error}); {EXPECTED}."
        ) from error
    kind: Kind = "crnn" if "layer5.weight_ih_l0" in weights else "fcn"
    model = WonTagger(kind)
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ModelError(
            f"{path}: its weights do not fit the network ({kind}); {EXPECTED}."
        ) from error
    return model.eval()
