"""`python -m genre_core networks`: sizes of the networks."""

from pathlib import Path

import pytest

from genre_core.checkpoints import bundled
from genre_core.checkpoints.checkpoint import save_checkpoint
from genre_core.cli import main
from genre_core.config import GENRES
from genre_core.models import registry
from genre_core.models.complexity import measure


def test_command_prints_the_published_and_the_bundled_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = registry.build("crnn", len(GENRES), channels=(4,), pools=((32, 5),), hidden=6)
    save_checkpoint(tmp_path / "small.safetensors", model, name="small", genres=GENRES)
    monkeypatch.setattr(bundled, "MODELS_FOLDER", tmp_path)
    assert main(["networks"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("crnn_choi (published)")
    assert lines[1].endswith("100%")
    assert f"{measure(model).multiply_adds:,}" in lines[2]
