"""How memory is returned to the system: seldom in a training or a scan, soon in a server.

References
----------
mallopt(3) and malloc_trim(3), Linux Programmer's Manual.
"""

import ctypes
import sys

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_MMAP_BYTES = 2**30
_TRIM_BYTES = 2**31 - 1  # the largest that mallopt takes


def keep_freed_memory() -> bool:
    """Let this process keep large blocks that it frees, instead of returning them at once.

    Returns False, and changes nothing, where the C library has no such setting. Each training step
    frees and asks for the same hundreds of megabytes. By default the GNU C library returns them to
    the system, which clears every page before it gives them out again: a fifth of the processor's
    time and more (`benchmarks.training_memory`). The process then holds on to the most it ever
    needed: right for a training or a scan, not for a server.
    """
    settings = ((_M_MMAP_THRESHOLD, _MMAP_BYTES), (_M_TRIM_THRESHOLD, _TRIM_BYTES))
    return all(_call("mallopt", name, value) for name, value in settings)


def return_freed_memory() -> bool:
    """Return freed memory to the system; False where the C library cannot, or had none.

    The GNU C library cannot where threads have arenas of their own: set MALLOC_ARENA_MAX to 1.
    """
    return _call("malloc_trim", 0)


def _call(function: str, *arguments: int) -> bool:
    """Call a function of the GNU C library; return whether it is there and returns 1."""
    if sys.platform != "linux":
        return False
    try:
        return bool(getattr(ctypes.CDLL(None), function)(*arguments) == 1)
    except (AttributeError, OSError):
        return False  # another C library
