"""Songs are found by content, in folders of every kind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from genre_core.audio.sniff import is_sound_file
from genre_core.errors import LibraryError
from genre_core.library.files import sha256_of, walk


def names(folder: Path, problems: list[str] | None = None) -> list[str]:
    report = (problems if problems is not None else []).append
    return [os.path.relpath(found.path, folder) for found in walk(folder, report)]


def write(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a/z", "a/deep/er/1", "top", ".hidden", ".git/x", "a/._shadow"):
        write(tmp_path / name)
    assert names(tmp_path) == ["top", "a/z", "a/deep/er/1", "b/1", "b/2"]


def test_links_in_circles_end(tmp_path: Path) -> None:
    write(tmp_path / "a" / "song")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to("self")
    (tmp_path / "again").symlink_to(tmp_path / "a")
    (tmp_path / "broken").symlink_to("nowhere")
    problems: list[str] = []
    assert names(tmp_path, problems) == ["a/song"]
    assert len(problems) == 2, "the two links that lead nowhere"


def test_pipes_and_sockets_are_no_songs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    assert names(tmp_path) == []


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="nowhere"):
        list(walk(tmp_path / "nowhere"))


def test_an_unreadable_folder_is_reported_and_the_others_are_read(
    tmp_path: Path, project_root: Path
) -> None:
    for name in ("a/1", "closed/2", "z/3"):
        write(tmp_path / name)
    (tmp_path / "closed").chmod(0)
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    program = (
        "import os, sys\n"
        "from genre_core.library.files import walk\n"
        "os.getuid() or os.setuid(65534)  # root may read anything\n"
        "print(*(os.path.basename(f.path) for f in walk(sys.argv[1], print)))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, cwd=project_root, capture_output=True, text=True, check=False)
    (tmp_path / "closed").chmod(0o755)
    problem, found = done.stdout.splitlines()
    assert "closed" in problem
    assert found == "1 3"


def test_fifty_thousand_files_are_walked_in_seconds(tmp_path: Path) -> None:
    for folder in range(50):
        (tmp_path / str(folder)).mkdir()
        for song in range(1000):
            os.close(os.open(tmp_path / str(folder) / f"{song}.mp3", os.O_CREAT | os.O_WRONLY))
    started = time.monotonic()
    assert sum(1 for _ in walk(tmp_path)) == 50_000
    assert time.monotonic() - started < 30


def test_the_hash_is_that_of_the_content(tmp_path: Path) -> None:
    assert sha256_of(str(write(tmp_path / "a", b"abc"))).startswith("ba7816bf8f01cfea")


def test_demo_songs_are_found(project_root: Path) -> None:
    demo = project_root / "assets" / "demo"
    songs = {Path(found.path).name for found in walk(demo) if is_sound_file(found.path)}
    assert songs == {
        path.name for path in demo.iterdir() if path.suffix in (".flac", ".ogg", ".mp3")
    }
