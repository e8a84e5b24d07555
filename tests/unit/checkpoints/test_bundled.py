from pathlib import Path

import pytest

from genre_core.checkpoints import bundled
from genre_core.errors import ModelError


def test_bundled_models_are_found_default_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled, "MODELS_FOLDER", tmp_path)
    monkeypatch.setattr(bundled, "DEFAULT_MODEL", "main")
    assert bundled.bundled_models() == {}
    with pytest.raises(ModelError, match="default model is missing"):
        bundled.default_model_path()
    for name in ("another", "main", "small"):
        (tmp_path / f"{name}.safetensors").touch()
    (tmp_path / "main.md").touch()
    assert list(bundled.bundled_models()) == ["main", "another", "small"]
    assert bundled.bundled_models()["small"] == tmp_path / "small.safetensors"
    assert bundled.default_model_path() == tmp_path / "main.safetensors"
