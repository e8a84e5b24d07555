"""How many CPU threads the networks of this process use."""

import os
from functools import cache

import torch
from threadpoolctl import threadpool_limits

from genre_core.errors import SettingsError

# While one core decodes, one is left for the network; and where two are not free at the same time,
# two threads wait for one another: they took twice the time of one beside a busy core.
DEFAULT_THREADS = 1
THREADS_VARIABLE = "GENRE_THREADS"


def inference_threads() -> int:
    """Return the number of CPU threads of a network: GENRE_THREADS, else one.

    Raises SettingsError if the environment variable is not a whole number of at least 1.
    """
    text = os.environ.get(THREADS_VARIABLE, "")
    if not text:
        return DEFAULT_THREADS
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise SettingsError(
            f"{THREADS_VARIABLE} must be a whole number of at least 1, not {text!r}."
        )
    return int(text)


def limit_threads() -> None:
    """Set the threads of torch and NumPy, at a program's start; errors: `inference_threads`."""
    threads = inference_threads()
    if threads != torch.get_num_threads():
        torch.set_num_threads(threads)
    _limit_numpy(threads)


@cache  # it takes milliseconds, and is for the process
def _limit_numpy(threads: int) -> None:
    """Limit the threads of NumPy's matrix products."""
    threadpool_limits(threads, user_api="blas")
