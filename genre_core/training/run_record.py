"""The records of a training, beside its checkpoint and in it.

OUTPUT.csv has a line an epoch; OUTPUT.run.json describes the run: command, machine, time.
"""

import csv
import io
import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from genre_core.checkpoints.info import CheckpointInfo
from genre_core.records import atomic_write
from genre_core.training.validation import EpochMetrics


def write_metrics(path: Path, history: Sequence[EpochMetrics]) -> None:
    """Write a CSV file with a line an epoch."""
    text = io.StringIO()
    writer = csv.DictWriter(text, EpochMetrics.__dataclass_fields__, lineterminator="\n")
    writer.writeheader()
    for metrics in history:
        writer.writerow({key: f"{value:.6g}" for key, value in vars(metrics).items()})
    with atomic_write(path) as file:
        file.write(text.getvalue().encode())


def best_epoch_record(best: EpochMetrics) -> dict[str, Any]:
    """Return the checkpoint's record of its own epoch."""
    return {
        "best_epoch": best.epoch,
        "valid_accuracy": _or_none(best.valid_accuracy),
        "valid_loss": _or_none(best.valid_loss),
    }


def write_run_record(
    output: Path,
    info: CheckpointInfo,
    history: Sequence[EpochMetrics],
    problems: Sequence[str],
    warnings: Sequence[str],
    *,
    command: str,
    device: str,
    seconds: float,
    seconds_before: Mapping[str, float],
) -> None:
    """Write OUTPUT.run.json.

    Parameters
    ----------
    output : the checkpoint
    problems, warnings : as in `Started`
    command : that started the run, or ""
    seconds : since the last start
    seconds_before : of earlier stages, by their names
    """
    on_cpu = torch.device(device).type == "cpu"
    record = {
        "command": command,
        "checkpoint_sha256": info.sha256,
        "seconds": round(sum(metrics.seconds for metrics in history), 1),
        "seconds_since_last_start": round(seconds, 1),
        "stages_seconds": dict(seconds_before),
        "machine": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "device": device if on_cpu else torch.cuda.get_device_name(device),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "problems": list(problems),
        "warnings": list(warnings),
        "training": info.training,
    }
    with atomic_write(output.with_suffix(".run.json")) as file:
        file.write((json.dumps(record, indent=2) + "\n").encode())


def machine() -> str:
    """Return the processor's name and the number of cores in use, as far as they are known."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        if models:
            name = models[0].partition(":")[2].strip()
    return f"{name}, {os.cpu_count()} cores"


def _or_none(value: float) -> float | None:
    """Return `value` for JSON, which has no NaN."""
    return None if math.isnan(value) else value
