"""The share of a training step spent on allocating memory, with and without `keep_freed_memory`.

    python -m benchmarks.training_memory

Two processes of one thread each take the same steps; user and system time are processor time, on
which other work on the machine has little influence.
"""

import json
import multiprocessing
import resource
import sys

STEPS = 10
BATCH, COLUMNS = 16, 468  # crops of 10 s


def measure(keep: bool) -> dict[str, float]:
    """Return the seconds and page faults of the steps, in a process of its own."""
    from genre_core.inference.malloc import keep_freed_memory

    if keep and not keep_freed_memory():
        print("this C library has no such setting", file=sys.stderr)
    import torch

    from genre_core.models import registry

    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = registry.build("crnn", 10).train().to(memory_format=torch.channels_last)
    log_mel = torch.randn(BATCH, model.n_mels, COLUMNS)

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(log_mel).float().square().mean()
        loss.backward()

    step()  # the first one compiles
    before = resource.getrusage(resource.RUSAGE_SELF)
    for _ in range(STEPS):
        step()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "user_seconds": round(after.ru_utime - before.ru_utime, 2),
        "system_seconds": round(after.ru_stime - before.ru_stime, 2),
        "page_faults": after.ru_minflt - before.ru_minflt,
        "most_memory_mib": after.ru_maxrss // 1024,
    }


def main() -> None:
    spawn = multiprocessing.get_context("spawn")
    for keep in (False, True):
        with spawn.Pool(1) as pool:
            print(json.dumps({"keep_freed_memory": keep, **pool.apply(measure, (keep,))}))


if __name__ == "__main__":
    main()
