"""The progress of a training on the command line."""

from pathlib import Path
from typing import Any

import pytest

from genre_core.cli import training_progress
from genre_core.cli.training_progress import TrainingProgress
from genre_core.training.events import Loading, Started, StepEnd


class Bar:
    """A progress bar that only counts."""

    made: list["Bar"] = []  # noqa: RUF012 - emptied by the fixture

    def __init__(self, total: int, desc: str, **options: Any) -> None:
        self.total, self.desc, self.n, self.is_open = total, desc, 0, True
        Bar.made.append(self)

    def update(self, n: int) -> None:
        self.n += n

    def set_description_str(self, text: str) -> None: ...

    def set_postfix_str(self, text: str) -> None: ...

    def close(self) -> None:
        self.is_open = False


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> list[Bar]:
    monkeypatch.setattr(training_progress, "tqdm", Bar)
    Bar.made.clear()
    return Bar.made


def test_each_stage_has_bars_of_its_own(
    bars: list[Bar], capsys: pytest.CaptureFixture[str]
) -> None:
    with TrainingProgress() as show:
        for n_steps in (4, 6):
            show(Loading(1, 2))
            show(Loading(2, 2))
            show(Started(Path("m.safetensors"), ("a.wav: empty",), ("conv1",), n_steps))
            for n_done in range(1, n_steps + 1):
                show(StepEnd(n_done, 1, 1, 0.5, 0.25))
    work = [(bar.desc, bar.n, bar.total) for bar in bars]
    assert work == [
        ("spectrograms", 2, 2),
        ("training", 4, 4),
        ("spectrograms", 2, 2),
        ("training", 6, 6),
    ]
    assert not any(bar.is_open for bar in bars)
    said = capsys.readouterr().err
    assert said.count("left out: a.wav: empty") == 2
    assert "conv1" in said


def test_a_resumed_training_begins_where_it_was(bars: list[Bar]) -> None:
    with TrainingProgress() as show:
        show(Started(Path("m.safetensors"), (), (), 10))
        show(StepEnd(7, 2, 3, 0.5, 0.25))
    assert [bar.n for bar in bars] == [7]
