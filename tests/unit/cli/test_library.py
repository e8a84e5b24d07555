"""The command `library`: from a folder to a store, a table and a playlist."""

import io
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tqdm import tqdm

from genre_core.cli import main
from genre_core.cli.library.scan import _Shown
from genre_core.library.scan import ScanCounts
from genre_core.library.store import LibraryStore
from tests.builders import library_store


@pytest.fixture
def music(tmp_path: Path, wav_bytes: Callable[..., bytes]) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    for seconds in (4.0, 5.0, 6.0):
        (folder / f"{seconds:g}.wav").write_bytes(wav_bytes(seconds))
    return folder


@pytest.fixture
def scan(tmp_path: Path, tiny_checkpoint: Path) -> list[str]:
    store = str(tmp_path / "music.db")
    return ["library", "scan", "--store", store, "--model", str(tiny_checkpoint)]


def test_a_scan_tells_what_it_did(
    scan: list[str], music: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (music / "bad.mp3").write_bytes(b"no sound")
    assert main([*scan, str(music), "--frame-seconds", "3"]) == 1
    out, err = capsys.readouterr()
    assert "bad.mp3" in err
    assert "4 songs found: 3 read, 1 failed" in out
    assert main([*scan, str(music), "--frame-seconds", "3"]) == 0
    assert "3 unchanged, 1 failed before" in capsys.readouterr().out
    with LibraryStore.open(tmp_path / "music.db") as store:
        model = store.model()
        assert model is not None
        assert model.frame_seconds == 3.0


def test_progress_says_songs_done_rate_time_left_and_failures() -> None:
    with tqdm(unit=" songs", file=io.StringIO(), mininterval=0.0) as bar:
        shown = _Shown(bar)
        shown.show(ScanCounts(found=200))
        assert "looking for songs: 200" in str(bar)
        for done in (1, 50):
            shown.show(ScanCounts(found=200, to_do=200, done=done, failed=1))
        assert re.search(r"50/200 \[.*<.*songs/s, 1 failed\]", str(bar))


def test_workers_read_the_same_folder(scan: list[str], music: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the extra `library`: dask[distributed]")
    assert main([*scan, str(music), "--workers", "1"]) == 0
    with LibraryStore.open(tmp_path / "music.db") as store:
        assert store.count() == 3


def test_without_the_extra_one_process_does_the_work_and_says_so(
    scan: list[str],
    music: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setitem(sys.modules, "genre_core.library.dask_engine", None)
    assert main([*scan, str(music), "--workers", "2"]) == 0
    assert "genre-core[library]" in capsys.readouterr().err
    with LibraryStore.open(tmp_path / "music.db") as store:
        assert store.count() == 3
    assert main([*scan, str(music), "--scheduler", "tcp://127.0.0.1:1"]) == 1
    assert "genre-core[library]" in capsys.readouterr().err


def test_ctrl_c_stops_cleanly_and_the_next_scan_goes_on(
    scan: list[str], music: Path, project_root: Path, wav_bytes: Callable[..., bytes]
) -> None:
    for index in range(300):
        (music / f"more {index}.wav").write_bytes(wav_bytes(3.0 + index / 100))
    command = [sys.executable, "-m", "genre_core", *scan, str(music)]
    process = subprocess.Popen(
        command, cwd=project_root, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    store = Path(scan[3])
    while not (store.is_file() and _n_songs(store)):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "Scan again to go on." in err
    n_songs = _n_songs(store)
    assert 0 < n_songs < 303
    assert main([*scan, str(music)]) == 0
    assert _n_songs(store) == 303


def _n_songs(path: Path) -> int:
    from genre_core.errors import LibraryError

    try:
        with LibraryStore.open(path) as store:
            return store.count()
    except LibraryError:  # the tables are being made
        return 0


@pytest.mark.parametrize("name", ["songs.csv", "songs.parquet", "songs.jsonl", "songs.sh"])
def test_the_ending_says_the_format(tmp_path: Path, name: str) -> None:
    store = str(library_store(tmp_path / "music.db", 5))
    assert main(["library", "export", str(tmp_path / name), "--store", store]) == 0
    starts = {
        "songs.csv": b"path,",
        "songs.parquet": b"PAR1",
        "songs.jsonl": b"{",
        "songs.sh": b"#!",
    }
    assert (tmp_path / name).read_bytes().startswith(starts[name])


def test_an_ending_without_a_format_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["library", "export", str(tmp_path / "songs.xls")]) == 1
    assert "--format" in capsys.readouterr().err


def test_playlists_of_every_kind(tmp_path: Path) -> None:
    store = library_store(tmp_path / "music.db", 60)
    output = tmp_path / "list.m3u8"
    command = ["library", "playlist", str(output), "--store", str(store)]

    def files() -> list[str]:
        lines = output.read_text("utf-8").splitlines()
        return [line for line in lines if not line.startswith("#")]

    with LibraryStore.open(store) as read:
        songs = {song.path: song for song in read.songs()}
    assert main([*command, "--genre", "jazz", "--songs", "3"]) == 0
    assert [songs[path].genre for path in files()] == ["jazz"] * 3
    sure = [songs[path].confidence for path in files()]
    assert sure == sorted(sure, reverse=True)
    assert main([*command, "--like", "song 000007", "--songs", "5"]) == 0
    assert len(files()) == 5
    assert files()[0].endswith("song 000007.mp3")
    assert main([*command, "--from", "song 000007", "--to", "song 000031", "--songs", "6"]) == 0
    assert [Path(files()[i]).name for i in (0, -1)] == ["song 000007.mp3", "song 000031.mp3"]
    assert len(files()) == 6


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--genre"),
        (["--like", "no such song"], "no such song"),
        (["--like", "song 00000"], "several"),
        (["--from", "song 000001"], "--to"),
        (["--genre", "polka"], "No song"),
        (["--genre", "jazz", "--songs", "0"], "at least 1"),
        (["--like", "song 000001", "--genre", "jazz"], "do not go"),
    ],
)
def test_a_playlist_of_nothing_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    store = str(library_store(tmp_path / "music.db", 12))
    output = str(tmp_path / "list.m3u8")
    assert main(["library", "playlist", output, "--store", store, *options]) == 1
    assert words in capsys.readouterr().err
    assert not Path(output).exists()


def test_a_missing_store_is_explained(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    store = str(tmp_path / "none.db")
    for action in (["export", "x.csv"], ["playlist", "x.m3u8", "--genre", "jazz"], ["tag"]):
        assert main(["library", *action, "--store", store]) == 1
        assert "library scan" in capsys.readouterr().err
    assert not Path(store).exists()
