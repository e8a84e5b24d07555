"""Memory and processor time of another process, on Linux."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")  # a second


def resident_megabytes(pid: int) -> float:
    """Return the resident memory of a process, in MB."""
    return _status(pid, "VmRSS")


def peak_megabytes(pid: int) -> float:
    """Return the most resident memory that a process has had, in MB."""
    return _status(pid, "VmHWM")


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process and its threads, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def machine_seconds() -> float:
    """Return the processor time that all programs have used on all cores, in seconds.

    Time that the host took from a virtual machine counts as used.
    """
    user, nice, system, _, _, *others = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + sum(others)) / _TICKS


def _status(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024 / 1e6
