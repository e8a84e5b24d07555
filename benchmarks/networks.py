"""Measure the cost of networks of equal size; write assets/evaluations/experiments/networks.json.

    python -m benchmarks.networks [--sizes 100000 250000 500000 1000000] [--output FILE]

For each family at each size, and for the published network: parameters, multiply-adds, time and
memory of a frame of 29.12 s. Every network is measured in a process of its own, one after another
in one run, so that ratios hold even where the machine is slow. On one thread the time is processor
time, on which other programs have little influence; on two it is the clock's. The load at the
start is in the record.
"""

import argparse
import multiprocessing
import os
import resource
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

from benchmarks.report import commit
from genre_core.cli.progress import progress_bar
from genre_core.config import GENRES
from genre_core.experiments.results import Run, do_runs, results_file
from genre_core.markdown import markdown_table
from genre_core.models import registry, sizes
from genre_core.models.complexity import frame_columns, measure
from genre_core.models.folding import inference_copy
from genre_core.training.run_record import machine

SIZES = (100_000, 250_000, 500_000, 1_000_000)
REPEATS = 7
MOST_SECONDS = 5.0  # of repeats, where the machine is busy
MORE = 10  # times as many repeats of inference, which takes milliseconds
TRAIN_BATCH = 4
KIB_PER_MB = 1_000_000 / 1_024  # Linux counts the peak in KiB


def milliseconds(
    step: Callable[[], object], repeats: int, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Return the shortest time of a step, after one to warm up.

    Other work on the machine can only make a step longer, so the shortest is the best estimate.
    """
    step()
    seconds: list[float] = []
    until = time.monotonic() + MOST_SECONDS
    while len(seconds) < repeats and (not seconds or time.monotonic() < until):
        started = clock()
        step()
        seconds.append(clock() - started)
    return 1_000 * min(seconds)


def peak_mb() -> float:
    """Return the peak memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB


def cost(
    name: str, hyperparameters: dict[str, Any], repeats: int, one_thread: bool = False
) -> dict[str, Any]:
    """Return the row of one network; run in a process of its own, for its memory."""
    torch.manual_seed(0)
    model = registry.build(name, len(GENRES), **hyperparameters)
    counted = measure(model)
    frame = 10.0 * torch.randn(1, model.n_mels, frame_columns()) - 30.0
    fast = inference_copy(model)

    def infer() -> None:
        with torch.inference_mode():
            fast(frame)

    before = peak_mb()
    row: dict[str, Any] = {
        "parameters": counted.parameters,
        "multiply_adds": counted.multiply_adds,
    }
    for threads in (1,) if one_thread else (2, 1):
        torch.set_num_threads(threads)
        word = "thread" if threads == 1 else "threads"
        clock = time.process_time if threads == 1 else time.perf_counter
        row[f"infer_ms_{threads}_{word}"] = round(milliseconds(infer, MORE * repeats, clock), 2)
    row["infer_memory_mb"] = round(peak_mb() - before, 1)

    model.train().to(memory_format=torch.channels_last)  # as the trainer has it
    optimizer = torch.optim.AdamW(model.parameters())
    batch, labels = frame.repeat(TRAIN_BATCH, 1, 1), torch.arange(TRAIN_BATCH)

    def learn() -> None:
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(model(batch), labels).backward()
        optimizer.step()

    learning = milliseconds(learn, max(1, repeats // 2), time.process_time)
    row["train_ms"] = round(learning / TRAIN_BATCH, 2)
    row["train_memory_mb"] = round(peak_mb() - before, 1)
    return row


def plan(targets: Sequence[int], repeats: int, started: str, one_thread: bool = False) -> list[Run]:
    """Return a run for each network; `started` makes each command measure all of them anew."""
    chosen: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"family": family, "wanted_parameters": size}, sizes.for_size(family, size))
        for size in targets
        for family in sizes.FAMILIES
    ]
    chosen.append(({"family": "crnn_choi"}, {}))
    context = multiprocessing.get_context("spawn")
    runs = []
    for facts, hyperparameters in chosen:

        def do(
            name: str = facts["family"], options: dict[str, Any] = hyperparameters
        ) -> dict[str, Any]:
            with context.Pool(1) as pool:
                return pool.apply(cost, (name, options, repeats, one_thread))

        key = "-".join(str(fact) for fact in facts.values())
        runs.append(Run(key, facts, {"hyperparameters": hyperparameters, "at": started}, do))
    return runs


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, write the file and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.networks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument("--repeats", type=int, default=REPEATS, metavar="N")
    parser.add_argument(
        "--one-thread",
        action="store_true",
        help="leave out two threads, which a busy machine cannot time",
    )
    parser.add_argument("--output", type=Path, default=results_file("networks"), metavar="FILE")
    args = parser.parse_args(argv)
    given = sys.argv[1:] if argv is None else argv
    started = datetime.now(UTC).isoformat(timespec="seconds")
    header = {
        "experiment": "networks",
        "command": shlex.join(["python", "-m", "benchmarks.networks", *given]),
        "date": started,
        "commit": commit(),
        "machine": machine(),
        "load_at_start": round(os.getloadavg()[0], 1),
        "torch": torch.__version__,
    }
    with progress_bar("networks", "network") as show:
        record = do_runs(
            plan(args.sizes, args.repeats, started, args.one_thread), args.output, header, show
        )
    columns = [key for key in record["runs"][0] if key not in ("key", "fingerprint", "family")]
    rows = [[row["key"], *(str(row.get(key, "")) for key in columns)] for row in record["runs"]]
    print(markdown_table(["network", *columns], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
