"""The laws of docs/architecture.md: imports run downwards, and libraries stay where they belong."""

import graphlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.imports import imported_names, read_imports

# From top to bottom; a module may import from its own floor and those below it.
FLOORS = (
    "app benchmarks tests",
    "ui.pages",
    "ui.components",
    "ui",
    "plots cli __main__",
    "experiments",
    "library training model_card",
    "evaluation",
    "inference",
    "datasets checkpoints lesson",
    "audio features models lyrics",
    "config errors types assets records markdown __init__",
)
DEPTH = {part: depth for depth, floor in enumerate(FLOORS) for part in floor.split()}

# Parts of one floor that do not know one another.
STRANGERS = (
    frozenset({"audio", "features", "models", "lyrics"}),
    frozenset({"library", "training", "model_card"}),
)

# Library -> the parts that may import it.
HOMES = {
    "streamlit": ("app", "ui"),
    "plotly": ("plots", "ui"),
    "matplotlib": ("plots", "ui"),
}

# Libraries that take their time to load; `--help` answers without them.
HEAVY = ("torch", "librosa", "sklearn", "scipy", "pandas", "matplotlib", "plotly", "streamlit")

Imports = dict[str, set[str]]


@pytest.fixture(scope="module")
def imports(project_root: Path) -> Imports:
    return read_imports(project_root)


def part(module: str) -> str:
    """Return the part with a floor of its own: "genre_core.models.crnn" -> "models"."""
    names = module.removeprefix("genre_core.").split(".")
    if names == ["genre_core"]:
        return "__init__"
    inner = ".".join(names[:2])
    return inner if inner in DEPTH else names[0]


def is_page(module: str) -> bool:
    return part(module) == "ui.pages" and module != "genre_core.ui.pages"


def page(module: str) -> str:
    """Return the page's name: "genre_core.ui.pages.lesson.link" -> "lesson"."""
    return module.split(".")[3]


def ours(imports: Imports) -> list[tuple[str, str]]:
    """Return the imports of the project's own modules."""
    return [
        (module, target)
        for module, targets in imports.items()
        for target in sorted(targets)
        if target.split(".")[0] in {"genre_core", "app", "benchmarks", "tests"}
    ]


def upward(imports: Imports) -> list[tuple[str, str]]:
    return [(a, b) for a, b in ours(imports) if DEPTH[part(b)] < DEPTH[part(a)]]


def between_strangers(imports: Imports) -> list[tuple[str, str]]:
    return [
        (a, b)
        for a, b in ours(imports)
        if part(a) != part(b) and any({part(a), part(b)} <= group for group in STRANGERS)
    ]


def between_pages(imports: Imports) -> list[tuple[str, str]]:
    return [(a, b) for a, b in ours(imports) if is_page(a) and is_page(b) and page(a) != page(b)]


def away_from_home(imports: Imports) -> list[tuple[str, str]]:
    return [
        (module, library)
        for module, targets in imports.items()
        for library, homes in HOMES.items()
        if library in targets and part(module).split(".")[0] not in homes
    ]


LAWS = (upward, between_strangers, between_pages, away_from_home)


def loaded_by(statement: str, root: Path) -> set[str]:
    """Run a statement in a process of its own and return which heavy libraries it loads."""
    program = (
        "import atexit, sys\n"
        "names = lambda: {name.split('.')[0] for name in sys.modules}\n"
        "atexit.register(lambda: print('loaded:', *names(), file=sys.stderr))\n"
        f"{statement}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split()) & set(HEAVY)


def test_every_module_has_its_floor(imports: Imports) -> None:
    homeless = sorted({part(module) for module in imports} - DEPTH.keys())
    assert not homeless, f"give these a place in FLOORS and in docs/architecture.md: {homeless}"


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_no_import_breaks_the_law(law, imports: Imports) -> None:
    assert law(imports) == []


def test_imports_have_no_circle(imports: Imports) -> None:
    inside = {module: targets - {module} for module, targets in imports.items()}
    assert set(imports) <= set(graphlib.TopologicalSorter(inside).static_order())


@pytest.mark.parametrize(
    ("law", "module", "source"),
    [
        (upward, "genre_core.inference.sliding", "import genre_core.evaluation.scoring"),
        (upward, "genre_core.audio.load", "def f():\n    from genre_core.ui import services"),
        (upward, "genre_core.types", "from . import markdown, models"),
        (upward, "genre_core.ui.services", "from genre_core.ui.components import text"),
        (upward, "genre_core.ui.components.text", "from ..pages import about"),
        (upward, "genre_core.cli.train", "from benchmarks import report"),
        (between_strangers, "genre_core.audio.load", "from genre_core.features import log_mel"),
        (between_strangers, "genre_core.models.crnn", "import genre_core.lyrics.words"),
        (between_strangers, "genre_core.training.run", "from ..model_card import card"),
        (between_pages, "genre_core.ui.pages.about", "from .analyse import song_input"),
        (between_pages, "genre_core.ui.pages.lesson.page", "from ..test_set import words"),
        (away_from_home, "genre_core.plots.style", "import streamlit as st"),
        (away_from_home, "genre_core.evaluation.metrics", "from matplotlib import pyplot"),
        (away_from_home, "genre_core.cli.train", "import plotly.graph_objects as go"),
    ],
)
def test_a_planted_breach_is_caught(law, module: str, source: str) -> None:
    names = set(imported_names(source, module, is_package=False))
    planted = {module: names | {name.split(".")[0] for name in names}}
    assert law(planted)


def test_a_circle_is_caught() -> None:
    with pytest.raises(graphlib.CycleError):
        test_imports_have_no_circle(
            {"genre_core.a": {"genre_core.b"}, "genre_core.b": {"genre_core.a"}}
        )


@pytest.mark.parametrize("command", ["", "'train', "])
def test_help_loads_no_heavy_library(command: str, project_root: Path) -> None:
    statement = f"from genre_core.cli import main; main([{command}'--help'])"
    assert loaded_by(statement, project_root) == set()


def test_a_heavy_library_is_caught(project_root: Path) -> None:
    assert loaded_by("import plotly", project_root) == {"plotly"}


def test_the_picture_shows_these_floors(project_root: Path, imports: Imports) -> None:
    text = (project_root / "docs" / "architecture.md").read_text("utf-8")
    picture = text.partition("```\n")[2].partition("```")[0]
    lines = [re.split(r"\s{3,}", line)[0] for line in picture.splitlines()]
    shown = [set(line.replace("┊", " ").split()) for line in lines]
    existing = {part(module) for module in imports} - {"__init__"}
    assert [floor & existing for floor in shown] == [set(f.split()) & existing for f in FLOORS]
