"""Read the project's imports from its source and count them, without running any of it.

    python -m benchmarks.imports [FOLDER]

FOLDER is a working tree (this one by default), so that two commits can be compared.
`tests/unit/test_layering.py` checks the same imports against the laws of docs/architecture.md.
"""

import argparse
import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.report import ROOT


def module_name(path: Path, root: Path) -> str:
    """Return the module's dotted name; a package is named by its folder."""
    names = path.relative_to(root).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def imported_names(source: str, module: str, is_package: bool) -> Iterator[str]:
    """Yield every dotted name that a source text imports, at its top or inside a function.

    `from package import name` yields `package` and `package.name`, which may be a module itself.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".")
                keep = len(parents) - node.level + is_package
                base = ".".join([*parents[:keep], *([base] if base else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def read_imports(root: Path) -> dict[str, set[str]]:
    """Return each module of `genre_core` and `app` -> what it imports.

    Modules of the project have their full name; of a library, only the first name is returned.
    """
    paths = [*sorted((root / "genre_core").rglob("*.py")), root / "app.py"]
    modules = {module_name(path, root): path for path in paths}
    imports = {}
    for module, path in modules.items():
        names = set(imported_names(path.read_text("utf-8"), module, path.name == "__init__.py"))
        inner = names & modules.keys()
        # `from genre_core import config` names the package too, which is not meant.
        inner -= {name for name in inner if any(n.startswith(f"{name}.") for n in inner)}
        imports[module] = inner | {name.split(".")[0] for name in names} - {"genre_core", "app"}
    return imports


def room(module: str) -> str:
    """Return the package of `genre_core`, or the file at its root, that a module belongs to."""
    names = module.split(".")
    if names[0] != "genre_core":
        return names[0]
    return names[1] if len(names) > 1 else "__init__"


def arrows(imports: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return which room imports which other room."""
    return {
        (room(module), room(target))
        for module, targets in imports.items()
        for target in targets & imports.keys()
        if room(target) != room(module)
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT, metavar="FOLDER")
    root = parser.parse_args(argv).folder
    imports = read_imports(root)
    between_modules = sum(len(targets & imports.keys()) for targets in imports.values())
    flat = [path for path in (root / "genre_core").glob("*.py") if not path.stem.startswith("__")]
    packages = [path for path in (root / "genre_core").iterdir() if (path / "__init__.py").exists()]
    print(f"{len(flat)} modules at the root of genre_core, {len(packages)} packages")
    print(f"{len(imports)} modules, {between_modules} imports between them")
    print(f"{len({room(module) for module in imports})} rooms, {len(arrows(imports))} arrows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
