"""What `pip install .` puts on a machine: the command, and the bundled model inside the package."""

import configparser
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ASSETS = ("models", "evaluations", "demo")


@pytest.fixture(scope="module")
def installed(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what the wheel puts into site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=project_root, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_the_assets_and_not_their_makers(
    installed: Path, project_root: Path
) -> None:
    assert {path.name for path in installed.glob("*") if path.suffix != ".dist-info"} == {
        "genre_core"
    }
    for kind in ASSETS:
        files = {path.name for path in (project_root / "assets" / kind).iterdir() if path.is_file()}
        assert files
        assert files <= {path.name for path in (installed / "genre_core/_assets" / kind).iterdir()}
    assert not (installed / "genre_core/_assets/demo/generate").exists()


def test_the_installed_command_analyses_a_song(
    installed: Path, tmp_path: Path, wav_bytes: Callable[..., bytes]
) -> None:
    """In another folder, with the model of the package; what pip writes is the same two lines."""
    scripts = configparser.ConfigParser()
    scripts.read(next(installed.glob("*.dist-info")) / "entry_points.txt")
    module, function = scripts["console_scripts"]["genre-core"].split(":")
    (tmp_path / "song.wav").write_bytes(wav_bytes(5.0))
    program = f"import sys; from {module} import {function}; sys.exit({function}())"
    done = subprocess.run(
        [sys.executable, "-c", program, "analyse", "--json", "song.wav"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["genre"] in verdict["genres"]
    assert verdict["frames"][0]["end_seconds"] == pytest.approx(5.0)


def test_the_wheel_asks_for_what_the_app_asks_for(installed: Path, project_root: Path) -> None:
    lines = (project_root / "requirements.txt").read_text("utf-8").splitlines()
    wanted = {line.partition("#")[0].strip() for line in lines} - {""}
    metadata = next(installed.glob("*.dist-info")) / "METADATA"
    head = metadata.read_text("utf-8").partition("\n\n")[0].splitlines()
    asked = {line.partition(": ")[2] for line in head if line.startswith("Requires-Dist")}
    assert {line for line in asked if "extra ==" not in line} == wanted


def test_the_tests_have_what_the_extras_ask_for(project_root: Path) -> None:
    settings = tomllib.loads((project_root / "pyproject.toml").read_text("utf-8"))
    lines = (project_root / "requirements-dev.txt").read_text("utf-8").splitlines()
    installed = {line.partition("#")[0].strip() for line in lines}
    extras = settings["project"]["optional-dependencies"]
    assert {"library"} <= extras.keys()
    assert {pin for pins in extras.values() for pin in pins} <= installed


def test_the_tools_agree_on_the_oldest_python(project_root: Path) -> None:
    settings = tomllib.loads((project_root / "pyproject.toml").read_text("utf-8"))
    oldest = settings["project"]["requires-python"].partition(",")[0].removeprefix(">=")
    assert settings["tool"]["mypy"]["python_version"] == oldest
    assert settings["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")
    assert f"python{oldest} " in (project_root / "Makefile").read_text("utf-8")


def test_a_commit_is_checked_as_make_lint_checks_it(project_root: Path) -> None:
    hooks = (project_root / ".pre-commit-config.yaml").read_text("utf-8")
    assert [line for line in hooks.splitlines() if "entry:" in line] == ["        entry: make lint"]
