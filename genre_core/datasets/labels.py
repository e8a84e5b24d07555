"""Names of genres as people write them, and tables of them."""

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from genre_core.errors import DatasetError

MAX_TABLE_BYTES = 4 * 2**20
MAX_ROWS = 20_000
MAX_FIELD = 1_000  # characters
LEAST_LIKENESS = 0.65  # difflib's ratio, 0 to 1, from which a name is suggested
_WORDS = re.compile(r"[^\W_]+")
SEPARATORS = (",", ";", "\t", "|")

# Names of columns, ours first; lower case.
_COLUMNS = {
    "file": ("file", "path", "filename", "file name", "song", "track"),
    "label": ("label", "genre", "class"),
    "artist": ("artist",),
    "title": ("title",),
}


@dataclass(frozen=True)
class LabelRow:
    """What a table says of one song; `line` counts from 1, artist and title may be empty."""

    file: str
    label: str
    artist: str
    title: str
    line: int


def spelling(label: str) -> str:
    """Return a label's letters and digits alone, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", label).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def known_label(label: str, known: Sequence[str]) -> str | None:
    """Return the known label that differs from `label` in nothing but case and outer spaces."""
    sought = label.strip().casefold()
    return next((name for name in known if name.casefold() == sought), None)


def same_label(label: str, known: Sequence[str]) -> str | None:
    """Return the known label of the same letters: "Hip-Hop" is "hiphop"."""
    sought = spelling(label)
    return next((name for name in known if sought and spelling(name) == sought), None)


def nearest_label(label: str, known: Sequence[str]) -> str | None:
    """Return the known label with the most similar spelling, or None.

    A known label that is a word of `label` is preferred: "rock" for "Rock and Roll", but nothing
    for "pop rock", where two of them are. Only the spelling counts: "rap" is similar to nothing.
    """
    by_spelling = {spelling(name): name for name in known}
    words = {spelling(word) for word in _WORDS.findall(label)}
    as_word = [name for spelt, name in by_spelling.items() if spelt in words]
    if as_word:
        return as_word[0] if len(as_word) == 1 else None
    near = difflib.get_close_matches(spelling(label), by_spelling, n=1, cutoff=LEAST_LIKENESS)
    return by_spelling[near[0]] if near else None


def read_label_table(data: bytes, name: str) -> list[LabelRow]:
    """Read a table of songs and their labels, as a spreadsheet saves it.

    Separated by comma, semicolon, tab or bar. The first line may name the columns (`file` and
    `label`, also `artist` and `title`, in any order); else the first column is the file and the
    second the label. Rows without a file are ignored.

    Raises DatasetError if it is too large, not text, or has only one column.

    Parameters
    ----------
    data : UTF-8, or UTF-16 with a byte order mark
    name : of the table, for messages
    """
    if len(data) > MAX_TABLE_BYTES:
        raise DatasetError(
            f"{name}: {len(data):,} bytes, but a table of labels may have {MAX_TABLE_BYTES:,}: "
            "divide it."
        )
    rows = _rows(decoded_text(data, name), name)
    if len(rows) > MAX_ROWS:
        raise DatasetError(
            f"{name}: {len(rows):,} lines, but a table of labels may have {MAX_ROWS:,}: divide it."
        )
    if not rows:
        raise DatasetError(f"{name}: no table of labels: give a line “file,label” for each song.")
    header = [cell.strip().lower() for cell in rows[0][1]]
    columns = {
        key: next((header.index(item) for item in names if item in header), None)
        for key, names in _COLUMNS.items()
    }
    if columns["file"] is not None and columns["label"] is not None:
        rows = rows[1:]
    else:
        columns = {"file": 0, "label": 1, "artist": None, "title": None}

    def cell(row: Sequence[str], key: str) -> str:
        column = columns[key]
        return row[column].strip() if column is not None and column < len(row) else ""

    table = [
        LabelRow(
            file=cell(row, "file"),
            label=cell(row, "label"),
            artist=cell(row, "artist"),
            title=cell(row, "title"),
            line=line,
        )
        for line, row in rows
    ]
    return [row for row in table if row.file]


def decoded_text(data: bytes, name: str) -> str:
    """Return text in UTF-8, or in UTF-16 with a byte order mark; else DatasetError."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"{name}: not text in UTF-8 ({error.reason}): save it as “CSV UTF-8”."
        ) from error
    if "\0" in text:
        raise DatasetError(f"{name}: not a table of text: save it as “CSV UTF-8”.")
    return text


def _rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Return (line number, cells) of each line that is not empty, by the fitting separator.

    It is the one by which the most lines have the same number of columns, two at least.
    """
    best: list[tuple[int, list[str]]] = []
    most_alike = 0
    for separator in SEPARATORS:
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
        except csv.Error as error:
            raise DatasetError(
                f"{name} line {reader.line_num}: {error}: save the table again as CSV."
            ) from error
        widths = [len(row) for _, row in rows if len(row) >= 2]
        alike = max((widths.count(width) for width in set(widths)), default=0)
        if alike > most_alike:
            best, most_alike = rows, alike
    if text.strip() and not best:
        raise DatasetError(
            f"{name}: only one column: give a line “file,label” for each song, separated by a "
            "comma, a semicolon or a tab."
        )
    for line, row in best:
        if any(len(cell) > MAX_FIELD for cell in row):
            raise DatasetError(
                f"{name} line {line}: a cell of more than {MAX_FIELD:,} characters: shorten it."
            )
    return best
