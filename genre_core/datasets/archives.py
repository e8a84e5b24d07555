"""Songs from a ZIP archive that a stranger may have made.

Nothing is written to disk: one song at a time is unpacked into memory, so links, absolute names
and `../` can reach nothing. They are refused all the same, with everything that an ordinary
archive of songs does not contain: its names are shown and matched with labels.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from genre_core.datasets.archive_names import comparable_name, is_ignored, name_fault, shown_name
from genre_core.errors import DatasetError

MAX_TABLE_BYTES = 2**20  # of the archive's table of contents; some 10,000 plain names
CHUNK_BYTES = 2**16

NESTED_EXTENSIONS: tuple[str, ...] = (
    *(".zip", ".zipx", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz"),
    *(".zst", ".lz4", ".lzma", ".cab", ".iso", ".dmg", ".jar", ".apk", ".arj", ".cpio", ".z"),
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # flag bits: encrypted, strongly, with its table as well
_LOCAL_HEADER_BYTES = 30

# What zipfile raises on damage, beside its own error.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an archive may hold.

    Attributes
    ----------
    max_bytes : of the archive itself
    max_entries : files and folders, also those that are ignored
    max_song_bytes, max_total_bytes : unpacked
    max_ratio : unpacked size over packed size, of each entry of more than `ratio_from_bytes` and of
        the whole. Compressed sound hardly shrinks at all and WAV files by half; a bomb, by 1000.
    """

    max_bytes: int = 2**30
    max_entries: int = 2_000
    max_song_bytes: int = 200 * 2**20
    max_total_bytes: int = 2 * 2**30
    max_ratio: float = 100.0
    ratio_from_bytes: int = 2**20


DEFAULT_LIMITS = ArchiveLimits()


class SongArchive:
    """An archive whose table of contents has passed every check.

    Not for several threads at once.

    Raises DatasetError if it is no ZIP archive or damaged, or one of its entries is encrypted,
    nested, a link, of an unsafe or repeated name, or beyond `limits`.

    Parameters
    ----------
    source : content, or a seekable file that stays open as long as songs are read
    name : of the archive, for messages

    Attributes
    ----------
    files : paths of the files inside, as stored, sorted; without what operating systems leave
        behind (`__MACOSX`, `.DS_Store`, hidden files)
    """

    def __init__(
        self, source: bytes | BinaryIO, name: str, limits: ArchiveLimits = DEFAULT_LIMITS
    ) -> None:
        self.name = name
        self._limits = limits
        self._shown = shown_name(name)
        file = io.BytesIO(source) if isinstance(source, bytes) else source
        n_bytes = file.seek(0, io.SEEK_END)
        if n_bytes > limits.max_bytes:
            raise DatasetError(
                f"{self._shown}: {_mebibytes(n_bytes)}, but an archive may have "
                f"{_mebibytes(limits.max_bytes)}: divide the songs among several."
            )
        try:
            self._zip = zipfile.ZipFile(_BoundedFile(file, n_bytes, self._shown))
        except _DAMAGE as error:
            raise DatasetError(
                f"{self._shown}: not a ZIP archive, or damaged or cut short ({error}): "
                "pack or upload it again."
            ) from error
        entries = self._zip.infolist()
        self._check(entries, n_bytes)
        self._entries = {
            entry.filename: entry
            for entry in sorted(entries, key=lambda entry: entry.filename)
            if not entry.is_dir() and not is_ignored(entry.filename)
        }
        self.files = tuple(self._entries)

    def size(self, file: str) -> int:
        """Return the unpacked size of one of `files` in bytes, as declared."""
        return self._entries[file].file_size

    def read(self, file: str) -> bytes:
        """Unpack one of `files` into memory.

        Raises DatasetError if it is damaged, is not what the table of contents declares, or is an
        archive itself.
        """
        entry = self._entries[file]
        data = bytearray()
        try:
            with self._zip.open(entry) as opened:
                while chunk := opened.read(CHUNK_BYTES):
                    data += chunk
                    if len(data) > min(entry.file_size, self._limits.max_song_bytes):
                        raise zipfile.BadZipFile("more data than declared")
        except _DAMAGE as error:
            raise DatasetError(
                f"{self._shown}: {shown_name(file)} cannot be unpacked ({error}): pack it again."
            ) from error
        if len(data) != entry.file_size:
            raise DatasetError(
                f"{self._shown}: {shown_name(file)} declares {entry.file_size:,} bytes but holds "
                f"{len(data):,}: pack it again."
            )
        content = bytes(data)
        if zipfile.is_zipfile(io.BytesIO(content)):
            raise DatasetError(
                f"{self._shown}: {shown_name(file)} is an archive inside the archive: unpack it "
                "first."
            )
        return content

    def _check(self, entries: Sequence[zipfile.ZipInfo], n_bytes: int) -> None:
        limits = self._limits
        if len(entries) > limits.max_entries:
            raise DatasetError(
                f"{self._shown}: {len(entries):,} entries, but an archive may have "
                f"{limits.max_entries:,}: divide the songs among several."
            )
        seen: dict[str, str] = {}
        for entry in entries:
            remedy = self._fault(entry)
            if remedy:
                raise DatasetError(f"{self._shown}: {shown_name(entry.orig_filename)} {remedy}.")
            if entry.is_dir():
                continue
            key = comparable_name(entry.filename)
            if key in seen:
                raise DatasetError(
                    f"{self._shown}: {shown_name(entry.filename)} and {shown_name(seen[key])} have "
                    "the same name: rename one of them and pack again."
                )
            seen[key] = entry.filename
        total = sum(entry.file_size for entry in entries)
        if total > limits.max_total_bytes:
            raise DatasetError(
                f"{self._shown}: unpacks to {_mebibytes(total)}, but an archive may unpack to "
                f"{_mebibytes(limits.max_total_bytes)}: divide the songs among several."
            )
        if self._is_bomb(total, n_bytes):
            raise DatasetError(
                f"{self._shown}: unpacks to {total / n_bytes:,.0f} times its size, but "
                f"{limits.max_ratio:g} times is the limit: that is no archive of songs."
            )
        self._check_overlap(entries)

    def _fault(self, entry: zipfile.ZipInfo) -> str:
        """Return what is wrong with an entry and the remedy; empty if nothing is."""
        limits = self._limits
        fault = name_fault(entry.orig_filename)
        if fault:
            return f"{fault}: pack the folder again with plain names"
        if entry.flag_bits & _ENCRYPTED:
            return "is encrypted: pack it without a password"
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            return "is a link or a special file: pack the songs themselves"
        if entry.compress_type not in _METHODS:
            return "is packed in a rare way: pack it with the ordinary method (Deflate)"
        if PurePosixPath(entry.filename).suffix.lower() in NESTED_EXTENSIONS:
            return "is an archive inside the archive: unpack it first"
        if entry.file_size > limits.max_song_bytes:
            return (
                f"unpacks to {_mebibytes(entry.file_size)}, but a song may have "
                f"{_mebibytes(limits.max_song_bytes)}: leave it out or compress its sound"
            )
        if self._is_bomb(entry.file_size, entry.compress_size):
            return (
                f"unpacks to more than {limits.max_ratio:g} times its packed size, which sound "
                "does not: leave it out"
            )
        return ""

    def _is_bomb(self, unpacked: int, packed: int) -> bool:
        limits = self._limits
        return unpacked > limits.ratio_from_bytes and unpacked > limits.max_ratio * packed

    def _check_overlap(self, entries: Sequence[zipfile.ZipInfo]) -> None:
        """Refuse entries that overlap: they would unpack the same bytes several times."""
        end = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            if entry.header_offset < end:
                raise DatasetError(
                    f"{self._shown}: {shown_name(entry.filename)} shares its bytes with another "
                    "entry: pack the songs again."
                )
            end = entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size


class _BoundedFile:
    """A file that refuses to be read in large pieces.

    zipfile reads the table of contents at once, however large it is said to be, and makes an
    object of half a kilobyte for each entry, before they can be counted.
    """

    def __init__(self, file: BinaryIO, n_bytes: int, shown: str) -> None:
        self._file = file
        self._n_bytes = n_bytes
        self._shown = shown
        self.seek, self.tell = file.seek, file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        left = max(self._n_bytes - self._file.tell(), 0)
        size = left if size < 0 else min(size, left)
        if size > MAX_TABLE_BYTES:
            raise DatasetError(
                f"{self._shown}: its table of contents has {_mebibytes(size)}, but "
                f"{_mebibytes(MAX_TABLE_BYTES)} is the limit: divide the songs among several "
                "archives."
            )
        return self._file.read(size)


def _mebibytes(n_bytes: int) -> str:
    return f"{n_bytes / 2**20:,.0f} MiB" if n_bytes >= 2**20 else f"{n_bytes:,} bytes"
