"""Many processes or machines read the songs: Dask distributed, from the extra `library`.

The coordinator sends batches of paths, a few for each worker at a time, and gets songs back. A
batch whose worker dies is put aside; at the end its songs are read one by one, nothing beside them.
Only a song that ends its worker alone, and again when it is retried, is listed as failed: once may
be a kill from outside.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, WorkerPlugin, as_completed

from genre_core.errors import LibraryError
from genre_core.inference.malloc import keep_freed_memory
from genre_core.library.reading import Reader, Task, failure, read_batch
from genre_core.library.scan import Result, Results

SONGS_IN_BATCH = 4  # some seconds of work: little is read again after a crash
BATCHES_IN_FLIGHT = 3  # for each thread of the cluster: one read, one waiting, one on its way
READINGS_ALONE = 2  # of a song that may have ended its worker
CONNECT_SECONDS = 30.0
LOCAL_SETTINGS = {
    # After one death a batch comes back, instead of killing three more workers.
    "distributed.scheduler.allowed-failures": 0,
    # A worker that is being restarted, perhaps again, is not given up after 15 s.
    "distributed.deploy.lost-worker-timeout": "365 days",
}
KILLED = (
    "Its worker process ended while reading it, twice: the file crashes the decoder, "
    "or there is too little memory."
)
POLL_SECONDS = 0.005
RESULT_SECONDS = 60.0  # to fetch one that is done
WAIT_SECONDS = 10.0  # for a result, before it is asked whether there are workers at all
NO_WORKER = (
    "The cluster has no worker left: the scan waits for one. Start some with `dask worker`, or "
    "stop with Ctrl-C; the songs stored so far are kept."
)
LOST = "The connection to the cluster is lost. The songs stored so far are kept; scan again."


@dataclass(frozen=True)
class DaskEngine:
    """Reads songs on a cluster; results come in any order.

    `on_wait` is called with a sentence when no worker is left; processes of this machine are
    restarted by themselves.
    """

    client: Client
    songs_in_batch: int = SONGS_IN_BATCH
    on_wait: Callable[[str], None] = lambda message: None

    def __call__(self, reader: Reader, tasks: Iterable[Task]) -> Results:
        """Yield a result for each task. LibraryError if the cluster is lost."""
        suspects: list[Task] = []
        try:
            yield from self._read(reader, _batches(tasks, self.songs_in_batch), suspects)
            for task in suspects:
                yield from self._read_alone(reader, task)
        except (CancelledError, OSError, TimeoutError) as error:
            raise LibraryError(LOST) from error

    def _read_alone(self, reader: Reader, task: Task) -> Iterator[Result]:
        for _ in range(READINGS_ALONE):
            killed: list[Task] = []
            yield from self._read(reader, iter([[task]]), killed)
            if not killed:
                return
        yield failure(task, KILLED)

    def _read(
        self, reader: Reader, batches: Iterator[list[Task]], suspects: list[Task]
    ) -> Iterator[Result]:
        """Yield the results of batches; add to `suspects` the tasks whose worker died."""
        in_flight: dict[Future, list[Task]] = {}
        finished = as_completed(loop=self.client.loop)
        try:
            while True:
                if self.client.status != "running":
                    raise LibraryError(LOST)
                n_threads = sum(self.client.nthreads().values())
                n_wanted = max(BATCHES_IN_FLIGHT * n_threads, 1) - len(in_flight)
                for batch in islice(batches, max(n_wanted, 0)):
                    future = self.client.submit(read_on_worker, reader, batch, pure=False)
                    in_flight[future] = batch
                    finished.add(future)
                if not in_flight:
                    return
                future = self._next(finished)
                batch = in_flight.pop(future)
                try:
                    results = future.result(timeout=RESULT_SECONDS)
                except (KilledWorker, TimeoutError):  # or it died with a result not fetched yet
                    suspects.extend(batch)
                else:
                    yield from results
        finally:
            if self.client.status == "running":
                self.client.cancel(list(in_flight))

    def _next(self, finished: as_completed) -> Future:
        """Return the next future that is done; say so, once, if no worker is left to do any."""
        is_told, look_at = False, time.monotonic() + WAIT_SECONDS
        while not finished.has_ready():
            time.sleep(POLL_SECONDS)
            if is_told or time.monotonic() < look_at:
                continue
            look_at = time.monotonic() + WAIT_SECONDS
            if self.client.status != "running":
                raise LibraryError(LOST)
            if not self.client.nthreads():
                self.on_wait(NO_WORKER)
                is_told = True
        return next(finished)


def read_on_worker(reader: Reader, tasks: list[Task]) -> list[Result]:
    """Read a batch in a worker's process."""
    # Dask makes workers return freed memory at once, which takes a third of a network's time.
    keep_freed_memory()
    return read_batch(reader, tasks)


@contextmanager
def local_cluster(n_workers: int) -> Iterator[DaskEngine]:
    """Start `n_workers` processes of one thread on this machine; they end with the block."""
    with (
        dask.config.set(LOCAL_SETTINGS),
        _started(n_workers) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        client.register_plugin(IgnoreCtrlC())
        yield DaskEngine(client)


def _started(n_workers: int) -> LocalCluster:
    """Start the processes; Ctrl-C in these seconds would leave halves of them."""
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if is_main else None
    try:
        return LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        )
    finally:
        if is_main:
            signal.signal(signal.SIGINT, before)


@contextmanager
def remote_cluster(address: str, on_wait: Callable[[str], None] = print) -> Iterator[DaskEngine]:
    """Use a cluster that runs; LibraryError if there is none at `address`, or it has no worker.

    `on_wait` is called with a sentence when all its workers are lost later.
    """
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise LibraryError(
            f"{address}: no Dask scheduler answers there. Start one with `dask scheduler`, or "
            "read on this machine with --workers N."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise LibraryError(
                f"{address}: the scheduler has no worker. Start some with "
                f"`dask worker {address} --nthreads 1`."
            ) from error
        yield DaskEngine(client, on_wait=on_wait)


class IgnoreCtrlC(WorkerPlugin):
    """A terminal sends Ctrl-C to workers too; only the coordinator shall act on it."""

    name = "ignore-ctrl-c"

    def setup(self, worker: Any) -> None:
        """Ignore the signal in the worker's process."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def _batches(tasks: Iterable[Task], n_tasks: int) -> Iterator[list[Task]]:
    iterator = iter(tasks)
    while batch := list(islice(iterator, n_tasks)):
        yield batch
