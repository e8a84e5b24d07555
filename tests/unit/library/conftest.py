"""A store to write."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from genre_core.library.writer import LibraryWriter


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[LibraryWriter]:
    with LibraryWriter.open(tmp_path / "store" / "own.db") as writer:
        yield writer
