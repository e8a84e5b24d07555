"""Imports run one way, and only the page knows Streamlit."""

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# From top to bottom; a module may import from its own layer and those below it.
LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(layer.split())
    for layer in (
        "app",
        "ui",
        "plots cli __main__",
        "experiments",
        "training model_card",
        "evaluation",
        "inference",
        "datasets checkpoints lesson",
        "audio features models",
        "config errors types assets records markdown __init__",
    )
)
# Arrows that the moves alone leave pointing upwards; the next commit cuts them.
OWED = {
    ("genre_core.checkpoints.limits", "genre_core.inference.recognizer"),
    ("genre_core.datasets.uploads", "genre_core.evaluation.score_set"),
    ("genre_core.datasets.uploads", "genre_core.evaluation.scoring"),
    ("genre_core.datasets.uploads", "genre_core.inference.recognizer"),
    ("genre_core.models.complexity", "genre_core.checkpoints.checkpoint"),
    ("genre_core.models.complexity", "genre_core.checkpoints.bundled"),
}
DEPTH = {part: depth for depth, layer in enumerate(LAYERS) for part in layer}

IMPORT_ALL = """
import importlib, pkgutil, sys
import genre_core
names = [m.name for m in pkgutil.walk_packages(genre_core.__path__, "genre_core.",
                                               onerror=lambda name: None)
         if not m.name.startswith("genre_core.ui")]
for name in names:
    importlib.import_module(name)
print(len(names), *sorted(name for name in sys.modules if name.split(".")[0] == "streamlit"))
"""


def part_of(module: str) -> str:
    """Return the part that a module belongs to: "genre_core.models.crnn" -> "models"."""
    names = module.split(".")
    if names == ["genre_core"]:
        return "__init__"  # genre_core/__init__.py holds nothing else
    return names[1] if names[0] == "genre_core" else names[0]


def module_name(path: Path, root: Path) -> str:
    names = path.relative_to(root).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def project_imports(source: str, module: str, is_package: bool) -> Iterator[str]:
    """Yield the project's modules that a source text imports, wherever in it it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = module.split(".")
            if node.level:
                keep = len(parents) - node.level + is_package
                base = ".".join([*parents[:keep], *([node.module] if node.module else [])])
            else:
                base = node.module or ""
            # `from package import name`: the name may be a module itself.
            targets = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (t for t in targets if t.split(".")[0] in {"genre_core", "app"})


@pytest.fixture(scope="module")
def imports(project_root: Path) -> dict[str, set[str]]:
    """Every module of the project -> the modules of the project that it imports."""
    files = sorted((project_root / "genre_core").rglob("*.py"))
    files += [path for path in [project_root / "app.py"] if path.exists()]
    paths = {module_name(path, project_root): path for path in files}
    found = {}
    for module, path in paths.items():
        is_package = path.name == "__init__.py"
        named = set(project_imports(path.read_text("utf-8"), module, is_package))
        # A package counts only where no module of it is named: `from genre_core import config`.
        modules = named & paths.keys()
        found[module] = {m for m in modules if not any(n.startswith(f"{m}.") for n in modules)}
    return found


def upward(imports: dict[str, set[str]]) -> list[str]:
    """Return the imports that go from a lower layer to a higher one."""
    return [
        f"{module} imports {target}"
        for module, targets in imports.items()
        for target in sorted(targets)
        if DEPTH[part_of(target)] < DEPTH[part_of(module)] and (module, target) not in OWED
    ]


def test_every_module_has_its_layer(imports: dict[str, set[str]]) -> None:
    homeless = sorted({part_of(module) for module in imports} - DEPTH.keys())
    assert not homeless, f"give these a place in LAYERS and in docs/architecture.md: {homeless}"


def test_imports_run_one_way(imports: dict[str, set[str]]) -> None:
    assert upward(imports) == []


def test_imports_have_no_circle(imports: dict[str, set[str]]) -> None:
    inside = {module: targets - {module} for module, targets in imports.items()}
    order = list(graphlib.TopologicalSorter(inside).static_order())  # raises CycleError
    assert set(imports) <= set(order)


@pytest.mark.parametrize(
    ("source", "module", "is_package", "target"),
    [
        ("import genre_core.ui.services", "genre_core.audio", False, "genre_core.ui.services"),
        ("from genre_core import ui", "genre_core.audio", False, "genre_core.ui"),
        (
            "def f():\n    from genre_core.ui import pages",
            "genre_core.audio",
            False,
            "genre_core.ui",
        ),
        ("from . import ui", "genre_core.audio", False, "genre_core.ui"),
        ("from ..ui import pages", "genre_core.models", True, "genre_core.ui.pages"),
    ],
)
def test_an_import_upward_is_found(source: str, module: str, is_package: bool, target: str) -> None:
    named = set(project_imports(source, module, is_package))
    assert target in named
    assert upward({module: {target}}) == [f"{module} imports {target}"]


def test_only_the_page_imports_streamlit(project_root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL],
        cwd=project_root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    n_modules, *streamlit = done.stdout.split()
    assert int(n_modules) > 10
    assert streamlit == []
