"""How memory is returned to the system in a training, or a scan of many songs.

References
----------
mallopt(3), Linux Programmer's Manual (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD).
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
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False  # another C library
    settings = ((_M_MMAP_THRESHOLD, _MMAP_BYTES), (_M_TRIM_THRESHOLD, _TRIM_BYTES))
    return all(mallopt(name, value) == 1 for name, value in settings)
