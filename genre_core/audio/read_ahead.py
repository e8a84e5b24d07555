"""Decode ahead: a thread of its own makes the next items while the caller works on one."""

import threading
from collections.abc import Generator, Iterator
from queue import SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")

_END = object()


def read_ahead(items: Iterator[Item], n_ahead: int) -> Generator[Item]:
    """Yield the items, and raise what they raise; at most `n_ahead` of them wait to be taken.

    Close this generator before what the items are read from: closing waits for the thread.
    """
    ready: SimpleQueue[object] = SimpleQueue()
    room = threading.Semaphore(n_ahead)
    is_closed = threading.Event()
    error: list[BaseException] = []

    def work() -> None:
        try:
            for item in items:
                ready.put(item)
                room.acquire()
                if is_closed.is_set():
                    return
        except BaseException as caught:
            error.append(caught)
        finally:
            ready.put(_END)

    thread = threading.Thread(target=work, name="read ahead", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not _END:
            yield item  # type: ignore[misc]
            room.release()
    finally:
        is_closed.set()
        room.release()
        thread.join()
    if error:
        raise error[0]
