"""How many CPU threads a network uses, and who may set them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from genre_core.errors import SettingsError
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.threads import THREADS_VARIABLE, inference_threads, limit_threads


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_there_is_one_thread_and_more_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(THREADS_VARIABLE, raising=False)
    assert inference_threads() == 1
    monkeypatch.setenv(THREADS_VARIABLE, "3")
    assert inference_threads() == 3


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", "²"])
def test_a_bad_number_of_threads_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS_VARIABLE, text)
    with pytest.raises(SettingsError, match=THREADS_VARIABLE):
        limit_threads()


def test_a_program_limits_the_threads_where_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(4)
    monkeypatch.setenv(THREADS_VARIABLE, "1")
    limit_threads()
    assert torch.get_num_threads() == 1


def test_a_recognizer_leaves_the_threads_of_the_process_alone(
    tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.set_num_threads(4)
    monkeypatch.setenv(THREADS_VARIABLE, "1")
    GenreRecognizer.from_checkpoint(tiny_checkpoint)
    assert torch.get_num_threads() == 4
