"""Items made ahead by another thread: order, errors, and what closing does."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from genre_core.audio.read_ahead import read_ahead

PATIENCE_SECONDS = 30


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "read ahead"]


def test_items_come_in_order_and_from_another_thread() -> None:
    makers = []

    def items() -> Iterator[int]:
        for item in range(100):
            makers.append(threading.current_thread())
            yield item

    with closing(read_ahead(items(), 3)) as ahead:
        assert list(ahead) == list(range(100))
    assert threading.current_thread() not in makers
    assert readers() == []


def test_an_error_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise KeyError("two")

    with closing(read_ahead(items(), 3)) as ahead:
        assert next(ahead) == 1
        with pytest.raises(KeyError, match="two"):
            next(ahead)
    assert readers() == []


def test_no_more_than_so_many_wait() -> None:
    made: list[int] = []
    fourth = threading.Event()

    def items() -> Iterator[int]:
        for item in range(100):
            made.append(item)
            if item == 3:
                fourth.set()
            yield item

    with closing(read_ahead(items(), 3)) as ahead:
        assert next(ahead) == 0
        assert fourth.wait(PATIENCE_SECONDS)
    assert len(made) <= 5  # the one taken, three ahead, and the one that found no room


def test_closing_stops_the_thread_and_ends_the_source() -> None:
    ended = threading.Event()

    def items() -> Iterator[int]:
        try:
            while True:
                yield 0
        finally:
            ended.set()

    source = items()
    with closing(read_ahead(source, 3)) as ahead:
        next(ahead)
    assert readers() == []
    source.close()
    assert ended.is_set()


def test_a_caller_that_fails_leaves_no_thread() -> None:
    def fail() -> None:
        with closing(read_ahead(iter(range(1_000_000)), 3)) as ahead:
            for _ in ahead:
                raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fail()
    assert readers() == []
