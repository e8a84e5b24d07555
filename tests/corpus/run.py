"""Damage files of every kind and read them, each within 20 s and 1 GB: nothing else may happen.

    python -m tests.corpus.run                      # 10,000 damaged files of each kind
    python -m tests.corpus.run --kinds sound --count 500 --seed 7
    python -m tests.corpus.run --kinds sound --only 1234 --keep /tmp/found

A worker process reads file after file and reports each; it is killed after 20 s without a report
and started again behind the file. An answer is a result or a `GenreError`. Anything else is a
fault: another exception, the end of the process, a line on the terminal, too much time or memory.
"""

import argparse
import os
import random
import resource
import select
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

LIMIT_SECONDS = 20.0
START_SECONDS = 120.0  # imports and the seeds
LIMIT_BYTES = 2**30
MOST_SHOWN = 10
REPOSITORY = Path(__file__).parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kinds", nargs="+", help="default: all")
    parser.add_argument("--count", type=int, default=10_000, help="files of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="read this one file in this process")
    parser.add_argument("--keep", type=Path, help="folder for files that make a fault")
    parser.add_argument("--worker", nargs=2, type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        work(args.kinds[0], args.seed, *args.worker)
        return 0
    if args.only is not None:
        from tests.corpus.readers import READERS

        content, name = case(args.kinds[0], args.seed, args.only)
        print(f"{name}, {len(content):,} bytes")
        if args.keep:
            args.keep.write_bytes(content)
        with tempfile.TemporaryDirectory() as folder:
            READERS[args.kinds[0]](content, Path(folder))
        return 0
    from tests.corpus.seeds import SEEDS

    n_faults = 0
    for kind in args.kinds or SEEDS:
        outcomes, faults = run(kind, args.seed, args.count)
        n_faults += len(faults)
        counts = ", ".join(f"{n:,} {outcome}" for outcome, n in sorted(outcomes.items()))
        print(
            f"{kind}: {sum(outcomes.values()):,} files: {counts}; {len(faults)} faults", flush=True
        )
        for fault in faults[:MOST_SHOWN]:
            print(f"  {fault}", flush=True)
    return 1 if n_faults else 0


def run(kind: str, seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """Read damaged files 0 to `count`; return how many ended how, and a line for each fault."""
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    start = 0
    while start < count:
        start = _run_worker(kind, seed, start, count, outcomes, faults)
    return outcomes, faults


def _run_worker(
    kind: str, seed: int, start: int, count: int, outcomes: Counter[str], faults: list[str]
) -> int:
    """Run one worker; return the number of the file to go on with."""
    command = [sys.executable, "-m", "tests.corpus.run", "--kinds", kind, "--seed", str(seed)]
    command += ["--worker", str(start), str(count)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONFAULTHANDLER": "1"}
    at, limit, is_ready = start, START_SECONDS, False
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=said, cwd=REPOSITORY, env=environment
        ) as worker,
    ):
        assert worker.stdout is not None
        pending = b""
        fault = ""
        while True:
            if not select.select([worker.stdout], [], [], limit)[0]:
                worker.kill()
                fault = f"no answer within {limit:g} s"
                break
            data = os.read(worker.stdout.fileno(), 65_536)
            if not data:
                break
            limit = LIMIT_SECONDS
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                number, _, outcome = line.decode().partition(" ")
                if outcome == "ready":
                    is_ready = True
                    continue
                outcomes[outcome.partition(":")[0]] += 1
                if outcome.startswith("fault"):
                    faults.append(f"{kind} {number} {outcome}")
                at = int(number) + 1
        worker.wait()
        said.seek(0)
        words = said.read().decode(errors="replace")
        if at < count:
            if not is_ready:
                raise RuntimeError(f"{kind}: the good files cannot be read:\n{words}")
            fault = fault or f"the process ended ({worker.returncode})"
            outcomes["fault"] += 1
            faults.append(f"{kind} {at} fault: {fault} {words[-300:]!r}")
            at += 1
        elif words:
            faults.append(f"{kind} {start} to {at} fault: on the terminal {words[:300]!r}")
    return at


def case(
    kind: str, seed: int, number: int, seeds: dict[str, bytes] | None = None
) -> tuple[bytes, str]:
    """Return a damaged file and the name of the good one."""
    from tests.corpus.readers import damaged
    from tests.corpus.seeds import SEEDS

    seeds = seeds or {name: make() for name, make in SEEDS[kind].items()}
    rng = random.Random(f"{kind} {seed} {number}")
    names = sorted(seeds)
    name = names[number % len(names)]
    return damaged(kind, seeds[name], seeds[rng.choice(names)], rng), name


def work(kind: str, seed: int, start: int, count: int) -> None:
    """Read files `start` to `count` and print a line for each."""
    from genre_core.errors import GenreError
    from tests.corpus.readers import READERS
    from tests.corpus.seeds import SEEDS

    report = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a reader prints is a fault too
    seeds = {name: make() for name, make in SEEDS[kind].items()}
    with tempfile.TemporaryDirectory() as folder:
        READERS[kind](next(iter(seeds.values())), Path(folder))  # imports, before the limit
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + LIMIT_BYTES, used + LIMIT_BYTES))
        print(f"{start} ready", file=report)
        for number in range(start, count):
            content, name = case(kind, seed, number, seeds)
            try:
                READERS[kind](content, Path(folder))
                outcome = "read"
            except GenreError as error:
                outcome = "refused" if str(error).strip() else f"fault: {name}: no message"
            except BaseException as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                text = " ".join(f"{type(error).__name__}: {error}".split())[:200]
                where = f"{Path(frame.filename).name}:{frame.lineno}"
                outcome = f"fault: {name}: {text} ({where})"
            print(f"{number} {outcome}", file=report)


if __name__ == "__main__":
    sys.exit(main())
