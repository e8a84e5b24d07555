"""The document, the pins and the lock name the same packages."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "dependencies.md").read_text("utf-8")


def pins() -> dict[str, Requirement]:
    """Return the runtime dependencies by name; pyproject.toml reads them from the same file."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    requirements = [Requirement(text) for line in lines if (text := line.partition("#")[0].strip())]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def extras() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        line.partition("==")[0]
        for group in project["optional-dependencies"].values()
        for line in group
    }


def locked() -> dict[str, str]:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, re.MULTILINE))


def rows() -> dict[str, list[str]]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in TEXT.splitlines()
        if line.startswith("|")
    ]
    return {row[0]: row[1:] for row in cells if row[0] not in ("package", "---")}


def test_the_document_lists_exactly_the_dependencies() -> None:
    assert set(rows()) == set(pins()) | extras()
    assert len(rows()) == len(pins()) + len(extras())


def test_each_has_a_reason_a_licence_and_a_replacement() -> None:
    assert [name for name, cells in rows().items() if len(cells) != 3 or not all(cells)] == []


def test_each_is_pinned_to_one_version_and_locked_to_it() -> None:
    versions = locked()
    for name, requirement in pins().items():
        assert str(requirement.specifier) == f"=={versions.get(name)}", name


def test_every_locked_package_has_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    packages = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)[1:]
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []
    assert f"pins {len(locked())} packages" in TEXT.replace("\n", " ")
