"""What to call a network in a sentence."""

from genre_core.checkpoints.bundled import DEFAULT_MODEL
from genre_core.checkpoints.loading import PUBLISHED

_NAMES = {
    DEFAULT_MODEL: "the app’s network",
    PUBLISHED: "the published network",
    "crnn_pair": "the pair before",
}


def network_name(model: str) -> str:
    """Return a name in words where there is one, else `model`; unescaped."""
    return _NAMES.get(model, model)
