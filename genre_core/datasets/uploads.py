"""Uploaded songs with their labels: an archive with folders, or files and a table."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.audio.sniff import HEAD_BYTES, looks_like_sound
from genre_core.datasets.archive_names import comparable_name
from genre_core.datasets.archives import DEFAULT_LIMITS, SongArchive
from genre_core.datasets.labels import LabelRow, known_label, read_label_table, same_label
from genre_core.errors import DatasetError

ARCHIVE_EXTENSION = ".zip"
TABLE_EXTENSIONS = (".csv", ".tsv")
MAX_SONGS = DEFAULT_LIMITS.max_entries
MAX_BYTES = DEFAULT_LIMITS.max_bytes  # of all uploads together
_MAX_SENTENCES = 20  # about lines of a table that fit no song


@dataclass(frozen=True)
class OwnSong:
    """One song of the set.

    Attributes
    ----------
    name : path in the archive, or file name; no two songs share one
    label : as its owner wrote it
    read : returns the file's content; DatasetError if it cannot be read
    artist, title : empty if unknown
    """

    name: str
    label: str
    n_bytes: int
    read: Callable[[], bytes]
    artist: str = ""
    title: str = ""


@dataclass(frozen=True)
class OwnTestSet:
    """Songs with labels, and a sentence for each that was left out."""

    name: str
    songs: tuple[OwnSong, ...]
    problems: tuple[str, ...] = ()

    def label_counts(self) -> dict[str, int]:
        """Return the number of songs of each label."""
        counts = Counter(song.label for song in self.songs)
        return {label: counts[label] for label in sorted(counts)}


@dataclass(frozen=True, eq=False)
class Upload:
    """An uploaded file; `file` is open for reading in binary and seekable."""

    name: str
    n_bytes: int
    file: BinaryIO

    def read(self) -> bytes:
        """Return its content."""
        self.file.seek(0)
        return self.file.read()


def from_archive(
    archive: SongArchive, known: Sequence[str], table: Sequence[LabelRow] | None = None
) -> OwnTestSet:
    """Take the songs of an archive, each labelled by its folder, or by a table.

    One folder around all genre folders is ignored, unless its own name is a genre. With a table,
    all folders are.

    Raises DatasetError if no song has a label. `known` are the genres of the model.
    """
    name = PurePosixPath(archive.name).stem
    files = [
        OwnSong(file, "", archive.size(file), partial(archive.read, file)) for file in archive.files
    ]
    songs, problems = _sound_files(files)
    if table is not None:
        return _by_table(name, songs, table, problems)
    paths = [PurePosixPath(song.name).parts for song in songs]
    tops = {path[0] for path in paths}
    is_wrapped = (
        len(tops) == 1
        and same_label(tops.pop(), known) is None
        and any(len(path) >= 3 for path in paths)
    )
    labelled = []
    for song, path in zip(songs, paths, strict=True):
        folders = path[1:-1] if is_wrapped else path[:-1]
        if folders:
            labelled.append(replace(song, label=folders[0]))
        else:
            problems.append(f"{song.name}: lies in no folder of a genre.")
    return _test_set(name, labelled, problems)


def from_files(name: str, files: Sequence[OwnSong], table: Sequence[LabelRow]) -> OwnTestSet:
    """Take single files, labelled by a table; `name` is that of the set.

    The files' own labels are ignored, and so are files that are not sound. Raises DatasetError if
    no song has a label.
    """
    songs, problems = _sound_files(files)
    return _by_table(name, songs, table, problems)


def from_uploads(uploads: Sequence[Upload], known: Sequence[str]) -> OwnTestSet:
    """Take files that were uploaded together: an archive with or without a table, or songs and one.

    Raises DatasetError if they do not fit together, one of them is not usable, or no song has a
    label. `known` are the genres of the model.
    """
    tables = [upload for upload in uploads if _suffix(upload.name) in TABLE_EXTENSIONS]
    archives = [upload for upload in uploads if _suffix(upload.name) == ARCHIVE_EXTENSION]
    songs = [upload for upload in uploads if upload not in tables and upload not in archives]
    if len(uploads) > MAX_SONGS:
        raise DatasetError(
            f"{len(uploads):,} files, but a test set may have {MAX_SONGS:,}: divide it."
        )
    n_bytes = sum(upload.n_bytes for upload in uploads)
    if n_bytes > MAX_BYTES:
        raise DatasetError(
            f"{len(uploads):,} files of {n_bytes / 2**20:,.0f} MiB together, but a test set may "
            f"have {MAX_BYTES / 2**20:,.0f} MiB: divide it."
        )
    if len(archives) > 1 or len(tables) > 1:
        several = (archives if len(archives) > 1 else tables)[:2]
        names = " and ".join(upload.name for upload in several)
        raise DatasetError(f"{names}: only one of them at a time; remove the other.")
    if archives and songs:
        raise DatasetError(
            f"{archives[0].name} and {songs[0].name}: an archive or single songs, not both; "
            "remove one of them."
        )
    table = read_label_table(tables[0].read(), tables[0].name) if tables else None
    if archives:
        return from_archive(SongArchive(archives[0].file, archives[0].name), known, table)
    if table is None:
        raise DatasetError(
            f"{songs[0].name if songs else 'No file'}: songs alone do not say their genres: add a "
            "CSV table with a line “file,label” for each, or pack them into a ZIP with a folder "
            "for each genre."
        )
    files = [OwnSong(upload.name, "", upload.n_bytes, upload.read) for upload in songs]
    return from_files(PurePosixPath(tables[0].name).stem, files, table)


def unknown_labels(test_set: OwnTestSet, known: Sequence[str]) -> dict[str, int]:
    """Return the number of songs of each label that is not `known`; case does not count."""
    return {
        label: count
        for label, count in test_set.label_counts().items()
        if known_label(label, known) is None
    }


def with_known_labels(
    test_set: OwnTestSet, known: Sequence[str], accepted: Mapping[str, str]
) -> OwnTestSet:
    """Return the set with labels of the model alone; DatasetError if no song is left.

    Parameters
    ----------
    known : genres of the model
    accepted : the known label for each unknown one; songs with other unknown labels are left out,
        and `problems` says so
    """
    songs, problems = [], list(test_set.problems)
    for label, count in unknown_labels(test_set, known).items():
        n_songs = f"{count} {'song' if count == 1 else 'songs'}"
        if label in accepted:
            problems.append(f"{label}: {n_songs} counted as {accepted[label]}.")
        else:
            problems.append(f"{label}: {n_songs} left out, for the model does not know this label.")
    for song in test_set.songs:
        label_of_model = known_label(song.label, known) or accepted.get(song.label)
        if label_of_model is not None:
            songs.append(replace(song, label=label_of_model))
    return _test_set(test_set.name, songs, problems)


def _sound_files(songs: Sequence[OwnSong]) -> tuple[list[OwnSong], list[str]]:
    """Return the files that may be songs, and a sentence for each other."""
    sound, problems = [], []
    for song in songs:
        if _suffix(song.name) in SUPPORTED_EXTENSIONS or _begins_as_sound(song):
            sound.append(song)
        else:
            problems.append(f"{song.name}: not a sound file that can be read.")
    return sound, problems


def _begins_as_sound(song: OwnSong) -> bool:
    try:
        return looks_like_sound(song.read()[:HEAD_BYTES])
    except DatasetError:  # damaged in its archive
        return False


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _by_table(
    name: str, songs: Sequence[OwnSong], table: Sequence[LabelRow], problems: Sequence[str]
) -> OwnTestSet:
    problems = list(problems)
    by_path: dict[str, OwnSong] = {}
    by_file_name: dict[str, list[OwnSong]] = {}
    for song in songs:
        key = comparable_name(song.name)
        if key in by_path:
            problems.append(f"{song.name}: there are two songs of this name; rename one of them.")
            continue
        by_path[key] = song
        by_file_name.setdefault(PurePosixPath(key).name, []).append(song)

    labelled: dict[str, OwnSong] = {}
    without_song = []
    for row in table:
        key = comparable_name(row.file.replace("\\", "/").removeprefix("./"))
        same_name = by_file_name.get(PurePosixPath(key).name, [])
        song_of_row = by_path.get(key) or (same_name[0] if len(same_name) == 1 else None)
        where = f"line {row.line} of the table"
        if song_of_row is None and same_name:
            problems.append(
                f"{row.file}: {where} fits {len(same_name)} songs; write their folders."
            )
        elif song_of_row is None:
            without_song.append(f"{row.file}: {where} names no song that is there.")
        elif not row.label:
            problems.append(f"{row.file}: {where} has no label.")
        elif song_of_row.name in labelled:
            problems.append(f"{row.file}: {where} labels this song once more; the first counts.")
        else:
            labelled[song_of_row.name] = replace(
                song_of_row, label=row.label, artist=row.artist, title=row.title
            )
    problems += without_song[:_MAX_SENTENCES]
    if len(without_song) > _MAX_SENTENCES:
        n_more = len(without_song) - _MAX_SENTENCES
        problems.append(f"{n_more:,} more lines of the table name no song that is there.")
    for song in by_path.values():
        if song.name not in labelled:
            problems.append(f"{song.name}: has no label in the table.")
    return _test_set(name, list(labelled.values()), problems)


def _test_set(name: str, songs: Sequence[OwnSong], problems: Sequence[str]) -> OwnTestSet:
    if not songs:
        raise DatasetError(
            f"{name}: no song with a label: put the songs of each genre into a folder of that "
            f"name, or add a table of labels. {' '.join(problems[:3])}".strip()
        )
    return OwnTestSet(name, tuple(songs), tuple(problems))
