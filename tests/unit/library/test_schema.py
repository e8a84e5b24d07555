"""The documentation of the store and the store agree."""

import re
import sqlite3
from pathlib import Path

from genre_core.library import schema


def test_the_document_names_every_table_and_column(project_root: Path) -> None:
    text = (project_root / "docs" / "library.md").read_text("utf-8")
    section = text.partition("## The store")[2].partition("```")[0]
    documented = {
        match[1]: re.findall(r"`(\w+)`", match[2])
        for match in re.finditer(r"^\| `(\w+)` \| (.*) \|$", section, re.M)
    }
    connection = sqlite3.connect(":memory:")
    schema.create(connection)
    tables = [name for (name,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table'"
    )]  # fmt: skip
    assert documented == {
        table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for table in tables
    }
    assert f"version {schema.VERSION} " in section
