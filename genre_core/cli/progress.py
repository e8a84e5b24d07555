"""A progress bar on stderr for work that reports (done, total)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress_bar(description: str, unit: str) -> Iterator[Callable[..., None]]:
    """Show a bar, only on a terminal; yield a function that sets it to (done, total, note)."""
    with tqdm(desc=description, unit=unit, leave=False, disable=None) as bar:

        def show(done: int, total: int, note: str = "") -> None:
            bar.total = total
            if note:
                bar.set_postfix_str(note)
            bar.update(done - bar.n)

        yield show
