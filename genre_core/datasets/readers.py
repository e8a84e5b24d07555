"""Read a data set: where its songs are, their labels, and which belong together.

Three kinds of data set are read, by what the path is:

- a folder with a subfolder for each genre, sound files inside it;
- a table (.csv, .tsv, .txt; separated by comma, semicolon, tab or bar) with columns `path, label`
  and optionally `group` (or `album`), `title, artist, split`; without a label, the artist is the
  label;
- a folder with `index.csv` (`clip_id, genre, artist, title, near_duplicate_of`), `audio/` and
  `splits/*.txt`.

Nothing is decoded here; see `feature_cache`.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.audio.sniff import is_sound_file
from genre_core.datasets.clips import Clip, DataSet
from genre_core.datasets.labels import SEPARATORS, decoded_text
from genre_core.errors import DatasetError

MAX_CLIPS = 200_000
TABLE_SUFFIXES = (".csv", ".tsv", ".txt")

# Column names that a CSV may use, ours first.
_COLUMNS = {
    "path": ("path", "file", "filename"),
    "label": ("label", "genre"),
    "group": ("group", "album"),
    "title": ("title",),
    "artist": ("artist",),
    "split": ("split",),
}


def load_dataset(path: str | Path) -> DataSet:
    """Read a data set of any of the three kinds.

    Raises DatasetError if there is nothing at `path`, it is of no known kind, or no clip is left.
    """
    path = Path(path)
    if path.is_dir():
        dataset = _from_index(path) if (path / "index.csv").is_file() else _from_folders(path)
    elif path.is_file() and path.suffix.lower() in TABLE_SUFFIXES:
        dataset = _from_csv(path)
    elif path.exists():
        raise DatasetError(
            f"{path}: not a data set; give a folder with a subfolder for each genre, or a CSV file "
            "with the columns path and label."
        )
    else:
        raise DatasetError(f"{path}: there is no such file or folder.")
    if not dataset.clips:
        problems = " ".join(dataset.problems[:3])
        raise DatasetError(f"{path}: no usable clip in this data set. {problems}".strip())
    return dataset


def unlabelled_clips(folder: str | Path) -> tuple[Clip, ...]:
    """Return every sound file in a folder and its subfolders, with an empty label.

    Raises DatasetError if there is none.
    """
    folder = Path(folder)
    clips = tuple(
        Clip(file.relative_to(folder).as_posix(), "", "", file.stem, "", file)
        for file in sorted(folder.rglob("*"))
        if not file.name.startswith(".") and is_sound_file(file)
    )
    if not clips:
        raise DatasetError(f"{folder}: no folder with sound files: name one that has some.")
    _check_size(folder, clips)
    return clips


def _from_folders(path: Path) -> DataSet:
    clips: list[Clip] = []
    problems: list[str] = []
    for folder in sorted(item for item in path.iterdir() if item.is_dir()):
        if folder.name.startswith("."):
            continue
        for file in sorted(item for item in folder.rglob("*") if item.is_file()):
            name = file.relative_to(path).as_posix()
            if file.name.startswith("."):
                continue
            if not is_sound_file(file):
                problems.append(f"{name}: not a sound file that can be read.")
                continue
            clips.append(Clip(name, folder.name, "", file.stem, "", file))
            _check_size(path, clips)
    return _dataset(path, clips, problems=problems)


def _from_csv(path: Path) -> DataSet:
    rows = _read_csv(path)
    columns = set(rows[0]) if rows else set()
    names = {key: [name for name in names if name in columns] for key, names in _COLUMNS.items()}
    by_artist = not names["label"] and bool(names["artist"])
    if by_artist:
        names["label"] = names["artist"]
    missing = [key for key in ("path", "label") if not names[key]]
    if missing:
        raise DatasetError(
            f"{path}: no column named {' or '.join(missing)}; the first line must hold "
            "path,label (or path,artist) and may hold group,album,title,artist,split."
        )

    def value(row: dict[str, str], key: str) -> str:
        """Return the first filled-in column of those that may hold `key`."""
        return next((row[name] for name in names[key] if row[name]), "")

    clips: list[Clip] = []
    problems: list[str] = []
    splits: dict[str, list[str]] = {}
    for number, row in enumerate(rows, start=2):
        name, label = value(row, "path"), value(row, "label")
        file = path.parent / name
        if not name or not label:
            problems.append(f"{path.name} line {number}: no path or no label.")
        elif not _is_file(file):
            problems.append(f"{path.name} line {number}: {name}: no such file.")
        else:
            group, title, artist = (value(row, key) for key in ("group", "title", "artist"))
            if by_artist and group:
                group = f"{artist}: {group}"  # many artists have an album "Greatest hits"
            clips.append(Clip(name, label, group, title or file.stem, artist, file))
            if value(row, "split"):
                splits.setdefault(value(row, "split"), []).append(name)
        _check_size(path, clips)
    return _dataset(path, clips, splits=splits, problems=problems)


def _from_index(path: Path) -> DataSet:
    sound = {file.stem: file for file in _sound_files(path / "audio")}
    clips: list[Clip] = []
    problems: list[str] = []
    duplicates: list[tuple[str, str]] = []
    silent: list[str] = []
    index = path / "index.csv"
    for number, row in enumerate(_read_csv(index), start=2):
        clip_id, label = row.get("clip_id", ""), row.get("genre", "")
        if not clip_id or not label:
            problems.append(f"index.csv line {number}: no clip_id or no genre.")
            continue
        artist, title = row.get("artist", ""), row.get("title", "")
        if clip_id in sound:
            group = row.get("group", "")
            clips.append(Clip(clip_id, label, group, title, artist, sound[clip_id]))
            _check_size(path, clips)
        else:
            silent.append(clip_id)
        if row.get("near_duplicate_of"):
            duplicates.append((clip_id, row["near_duplicate_of"]))
    if silent:
        n = f"{len(silent)} of the {len(silent) + len(clips)} clips"
        problems.append(f"index.csv: no sound of {n} is there, e.g. {silent[0]}.")
    return _dataset(
        path,
        clips,
        splits={
            file.stem.removesuffix("_filtered"): _read_list(file)
            for file in sorted((path / "splits").glob("*.txt"))
        },
        duplicates=duplicates,
        problems=problems,
    )


def _dataset(
    path: Path,
    clips: Sequence[Clip],
    splits: Mapping[str, Sequence[str]] | None = None,
    duplicates: Sequence[tuple[str, str]] = (),
    problems: Sequence[str] = (),
) -> DataSet:
    return DataSet(
        name=path.stem if path.is_file() else path.resolve().name,
        clips=tuple(clips),
        genres=tuple(sorted({clip.label for clip in clips})),
        splits={name: tuple(ids) for name, ids in (splits or {}).items()},
        duplicates=tuple(duplicates),
        problems=tuple(problems),
    )


def _read_csv(path: Path) -> list[dict[str, str]]:
    try:
        text = decoded_text(path.read_bytes(), str(path))
        first = text.lstrip("\r\n").partition("\n")[0]
        separator = max(SEPARATORS, key=first.count)  # of the names of the columns
        return [
            {name.strip(): (text or "").strip() for name, text in row.items() if name is not None}
            for row in csv.DictReader(
                io.StringIO(text, newline=""), restval="", delimiter=separator
            )
        ]
    except (OSError, csv.Error) as error:
        raise DatasetError(f"{path}: not a readable CSV file ({error}).") from error


def _read_list(path: Path) -> list[str]:
    """Return the lines of a split: clip ids, with or without a path and an extension of sound."""
    ids = []
    try:
        text = decoded_text(path.read_bytes(), str(path))
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror}).") from error
    for line in text.splitlines():
        name = line.strip().rsplit("/", 1)[-1]
        if Path(name).suffix.lower() in SUPPORTED_EXTENSIONS:
            name = Path(name).stem
        if name:
            ids.append(name)
    return ids


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or with a null character
        return False


def _sound_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if is_sound_file(file))


def _check_size(path: Path, clips: Sequence[Clip]) -> None:
    if len(clips) > MAX_CLIPS:
        raise DatasetError(f"{path}: more than {MAX_CLIPS} clips; split the data set.")
