"""How many CPU threads the networks of this process use."""

import os

import torch

from genre_core.errors import SettingsError

DEFAULT_THREADS = 2  # more gain little for one frame, and several users share the machine
THREADS_VARIABLE = "GENRE_THREADS"


def inference_threads() -> int:
    """Return the number of CPU threads of a network: GENRE_THREADS, else at most two.

    Raises SettingsError if the environment variable is not a whole number of at least 1.
    """
    text = os.environ.get(THREADS_VARIABLE, "")
    if not text:
        return min(DEFAULT_THREADS, torch.get_num_threads())
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise SettingsError(
            f"{THREADS_VARIABLE} must be a whole number of at least 1, not {text!r}."
        )
    return int(text)


def limit_threads() -> None:
    """Set torch's threads for the whole process, once at its start; errors: `inference_threads`."""
    threads = inference_threads()
    if threads != torch.get_num_threads():
        torch.set_num_threads(threads)
