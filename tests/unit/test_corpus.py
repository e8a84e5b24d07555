"""A short set of the damaged files of `tests.corpus`; in full it is run by hand."""

import pytest

from tests.corpus import run
from tests.corpus.seeds import SEEDS


@pytest.mark.parametrize("kind", SEEDS)
def test_damaged_files_are_read_or_refused(kind):
    outcomes, faults = run.run(kind, seed=0, count=50)
    assert not faults
    assert sum(outcomes.values()) == 50


def test_a_fault_is_found(monkeypatch):
    """A worker that is silent for too long, is a fault."""
    monkeypatch.setattr(run, "LIMIT_SECONDS", 0.0)
    _, faults = run.run("lyrics", seed=0, count=2)
    assert "no answer" in faults[0]
