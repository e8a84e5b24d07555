"""What the documents name exists: files, modules and commands."""

import re
from pathlib import Path

import pytest

from genre_core.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "assets").glob("*/README.md")),
]
FOLDERS = "app|assets|benchmarks|docs|genre_core|tests"


@pytest.fixture(params=DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def text(request: pytest.FixtureRequest) -> str:
    return request.param.read_text("utf-8")


def missing_files(text: str) -> set[str]:
    """Return the paths of the repository in backticks that are not there."""
    paths = re.findall(rf"`((?:{FOLDERS})/[\w./-]+)`", text)
    return {path for path in paths if "NAME" not in path and not (ROOT / path).exists()}


def missing_modules(text: str) -> set[str]:
    """Return the modules of the project, run or quoted, that are not there."""
    names = re.findall(r"(?:`|-m |from )((?:genre_core|benchmarks)(?:\.\w+)+)", text)
    paths = {name: ROOT.joinpath(*name.split(".")) for name in names}
    return {
        n for n, path in paths.items() if not (path.with_suffix(".py").exists() or path.is_dir())
    }


def unknown_commands(text: str) -> set[str]:
    return set(re.findall(r"(?:-m genre_core|^genre-core) ([a-z][\w-]*)", text, re.M)) - set(
        COMMANDS
    )


@pytest.mark.parametrize("missing", [missing_files, missing_modules, unknown_commands])
def test_documents_name_what_exists(missing, text: str) -> None:
    assert missing(text) == set()


def test_what_is_missing_is_noticed() -> None:
    text = (
        "`tests/unit/nothing.py`, `genre_core.nothing.at_all`\npython -m genre_core dance song.mp3"
    )
    assert missing_files(text) == {"tests/unit/nothing.py"}
    assert missing_modules(text) == {"genre_core.nothing.at_all"}
    assert unknown_commands(text) == {"dance"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def missing_definitions(text: str) -> set[str]:
    """Return the functions and classes of the walks that their file does not define."""
    steps = re.findall(r"^\| `(\w+)` \| `(genre_core/[\w/]+\.py)` \|", text, re.MULTILINE)
    return {
        f"{name} in {path}"
        for name, path in steps
        if not re.search(rf"^\s*(def|class) {name}\b", (ROOT / path).read_text("utf-8"), re.M)
    }


def test_the_walks_go_through_what_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert len(re.findall(r"^\| `\w+` \| `genre_core/", text, re.MULTILINE)) > 20
    assert missing_definitions(text) == set()
    assert missing_definitions("| `nothing` | `genre_core/config.py` | |") == {
        "nothing in genre_core/config.py"
    }
