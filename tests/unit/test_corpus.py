"""A short set of the damaged files of `tests.corpus`; in full it is run by hand."""

import sys

import pytest

from tests.corpus import run
from tests.corpus.seeds import SEEDS


@pytest.mark.parametrize("kind", SEEDS)
def test_damaged_files_are_read_or_refused(kind):
    count = max(50, 2 * len(SEEDS[kind]))
    outcomes, faults = run.run(kind, seed=0, count=count)
    assert not faults
    assert sum(outcomes.values()) == count


def test_a_fault_is_found(monkeypatch, tmp_path):
    """A worker that is silent for too long, is a fault."""
    worker = tmp_path / "worker"
    worker.write_text("#!/bin/sh\necho 0 ready\nexec sleep 600\n")
    worker.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(worker))
    monkeypatch.setattr(run, "LIMIT_SECONDS", 0.1)
    _, faults = run.run("lyrics", seed=0, count=1)
    assert "no answer" in faults[0]
