"""Archives that an attacker, an old program or bad luck could make."""

import io
import itertools
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from genre_core.datasets import archives
from genre_core.datasets.archives import ArchiveLimits, SongArchive
from genre_core.errors import DatasetError

SONG = bytes(range(256)) * 8


def make_zip(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def entry(name: str, mode: int = 0, flags: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    info.flag_bits = flags
    return info


def patched(data: bytes, name: bytes, offset: int, layout: str, value: int) -> bytes:
    """Change a field of the entry `name` in the table of contents; `offset` from its start."""
    changed = bytearray(data)
    start = data.rindex(name) - 46
    assert data[start : start + 4] == b"PK\x01\x02"
    struct.pack_into(layout, changed, start + offset, value)
    return bytes(changed)


def refused(data: bytes, limits: ArchiveLimits = archives.DEFAULT_LIMITS) -> str:
    with pytest.raises(DatasetError) as caught:
        SongArchive(data, "songs.zip", limits)
    assert "songs.zip" in str(caught.value)
    return str(caught.value)


def test_songs_come_out_as_they_went_in():
    data = make_zip(("rock/b.mp3", b"b"), ("rock/a.mp3", SONG), ("jazz/", b""), method=8)
    for source in (data, io.BytesIO(data)):
        archive = SongArchive(source, "songs.zip")
        assert archive.files == ("rock/a.mp3", "rock/b.mp3")
        assert archive.read("rock/a.mp3") == SONG
        assert archive.read("rock/b.mp3") == b"b"
        assert archive.size("rock/a.mp3") == len(SONG)


def test_what_operating_systems_leave_behind_is_ignored():
    names = ["__MACOSX/rock/._a.mp3", "rock/.DS_Store", ".git/x.mp3", "rock/Thumbs.db"]
    data = make_zip(("rock/a.mp3", SONG), *((name, b"junk") for name in names))
    assert SongArchive(data, "songs.zip").files == ("rock/a.mp3",)


@pytest.mark.parametrize("name", ["../evil.mp3", "/evil.mp3", "C:/evil.mp3", "a/../evil.mp3"])
def test_one_unsafe_name_refuses_the_archive(name: str):
    message = refused(make_zip(("rock/a.mp3", SONG), (name, SONG)))
    assert "evil.mp3" in message
    assert "pack" in message


def test_a_backslash_and_a_zero_byte_are_seen_behind_what_zipfile_makes_of_them():
    plain = make_zip(("rock/aXb.mp3", SONG))
    assert "backslash" in refused(plain.replace(b"aXb", b"a\\b"))
    assert "invisible" in refused(plain.replace(b"aXb", b"a\0b"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_special_files_are_refused(kind: int):
    message = refused(make_zip((entry("rock/a.mp3", kind | 0o777), b"/etc/passwd")))
    assert "link or a special file" in message
    assert "rock/a.mp3" in message


@pytest.mark.parametrize("flags", [0x1, 0x41, 0x2000])
def test_encrypted_entries_are_refused(flags: int):
    data = patched(make_zip(("rock/a.mp3", SONG)), b"rock/a.mp3", 8, "<H", flags)
    assert "password" in refused(data)


@pytest.mark.parametrize("name", ["rock/more.zip", "more.7z", "rock/x.tar.gz", "x.RAR"])
def test_nested_archives_are_refused(name: str):
    assert "unpack it first" in refused(make_zip(("rock/a.mp3", SONG), (name, SONG)))


def test_an_archive_that_calls_itself_a_song_is_not_handed_out():
    inner = make_zip(("b.mp3", SONG))
    archive = SongArchive(make_zip(("rock/a.mp3", inner)), "songs.zip")
    with pytest.raises(DatasetError, match=r"rock/a\.mp3.*archive inside the archive"):
        archive.read("rock/a.mp3")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_may_ask_for_much_memory_are_refused(method: int):
    assert "Deflate" in refused(make_zip(("rock/a.mp3", SONG), method=method))


def test_too_many_entries_are_refused():
    data = make_zip(*((f"rock/{i}.mp3", b"") for i in range(10_000)))
    message = refused(data)
    assert "10,000 entries" in message
    assert "2,000" in message


def test_a_huge_table_of_contents_is_refused_before_it_is_read():
    small = make_zip(("rock/a.mp3", b""))
    start = small.index(b"PK\x01\x02")
    line = small[start : small.index(b"PK\x05\x06")]
    n_lines = 60_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, n_lines * len(line), start, 0)
    data = small[:start] + line * n_lines + end
    tracemalloc.start()
    message = refused(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "table of contents" in message
    assert most < 2 * archives.MAX_TABLE_BYTES


def test_huge_declared_sizes_are_refused():
    data = make_zip(("rock/a.mp3", SONG))
    large = patched(data, b"rock/a.mp3", 24, "<L", 3 * 2**30)
    assert "3,072 MiB" in refused(large)
    many = make_zip(*((f"rock/{i}.mp3", SONG) for i in range(5)))
    limits = ArchiveLimits(max_total_bytes=4 * len(SONG))
    assert "unpacks to" in refused(many, limits)
    assert "divide" in refused(many, limits)


def test_a_bomb_is_refused_by_its_ratio():
    data = make_zip(("rock/a.mp3", bytes(5 * 2**20)), method=8)
    assert len(data) < 10_000
    assert "100 times" in refused(data)
    # Many small bombs make a large one.
    data = make_zip(*((f"rock/{i}.mp3", bytes(2**19)) for i in range(20)), method=8)
    assert "100 times" in refused(data)


def test_an_archive_that_is_too_large_itself_is_refused():
    data = make_zip(("rock/a.mp3", SONG))
    assert "divide" in refused(data, ArchiveLimits(max_bytes=len(data) - 1))


def test_a_bomb_that_declares_a_small_size_stays_small():
    bomb = bytes(20 * 2**20)
    data = make_zip(("rock/a.mp3", bomb), ("rock/b.mp3", SONG), method=8)
    data = patched(data, b"rock/a.mp3", 24, "<L", 100)
    archive = SongArchive(data, "songs.zip")
    tracemalloc.start()
    with pytest.raises(DatasetError, match="cannot be unpacked"):
        archive.read("rock/a.mp3")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**20
    assert archive.read("rock/b.mp3") == SONG  # the others are still there


def test_a_song_that_holds_less_than_it_declares_is_damaged():
    data = patched(make_zip(("rock/a.mp3", SONG), method=8), b"rock/a.mp3", 24, "<L", 5_000)
    with pytest.raises(DatasetError, match=r"rock/a\.mp3"):
        SongArchive(data, "songs.zip").read("rock/a.mp3")


def test_entries_that_share_bytes_are_refused():
    data = make_zip(("rock/a.mp3", SONG), ("rock/b.mp3", SONG))
    assert "shares its bytes" in refused(patched(data, b"rock/b.mp3", 42, "<L", 0))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("rock/a.mp3", "rock/a.mp3"),
        ("rock/a.mp3", "rock/A.MP3"),
        ("rock/\u00e9.mp3", "rock/e\u0301.mp3"),
        ("rock/a.mp3", "rock/\uff41.mp3"),
        ("rock/ab.mp3", "rock/a\u200db.mp3"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_look_the_same_are_refused(first: str, second: str):
    assert "same name" in refused(make_zip((first, b"1"), (second, b"2")))


def damaged(data: bytes) -> dict[str, bytes]:
    return {
        "empty": b"",
        "no zip": b"these are only words " * 100,
        "rar": b"Rar!\x1a\x07\x01\x00" + bytes(500),
        "cut short": data[: len(data) // 2],
        "without its last byte": data[:-1],
        "only the end": data[-22:],
        "table elsewhere": data[:-22]
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 99, 7, 0),
        "bad name": data.replace(b"rock/a.mp3", b"rock/\xff.mp3"),
    }


@pytest.mark.parametrize("kind", sorted(damaged(b"")))
def test_what_is_no_whole_archive_is_refused(kind: str):
    info = entry("rock/a.mp3")
    data = make_zip((info, SONG), ("rock/é.mp3", SONG))
    if kind == "bad name":
        data = patched(data, b"rock/a.mp3", 8, "<H", 0x800)
    assert "pack" in refused(damaged(data)[kind])


def test_damage_anywhere_is_an_error_that_names_the_archive():
    data = make_zip(("rock/a.mp3", SONG), ("jazz/b.mp3", b"b" * 99), method=8)
    n_read, messages = 0, []
    for position, value in itertools.product(range(0, len(data), 3), (0x00, 0xFF)):
        broken = data[:position] + bytes([value]) + data[position + 1 :]
        try:
            archive = SongArchive(broken, "songs.zip")
            for file in archive.files:
                archive.read(file)
            n_read += 1
        except DatasetError as error:
            messages.append(str(error))
    assert n_read > 0
    assert messages
    assert all("songs.zip" in message for message in messages)


def test_nothing_is_written(monkeypatch: pytest.MonkeyPatch):
    def no_writing(mode: str) -> Callable:
        def opener(*arguments, **keywords):
            raise AssertionError(f"{mode} called with {arguments}")

        return opener

    data = make_zip(("rock/a.mp3", SONG), method=8)
    monkeypatch.setattr("builtins.open", no_writing("open"))
    monkeypatch.setattr("os.open", no_writing("os.open"))
    monkeypatch.setattr("os.mkdir", no_writing("os.mkdir"))
    assert SongArchive(data, "songs.zip").read("rock/a.mp3") == SONG
