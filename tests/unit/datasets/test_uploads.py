"""Somebody's own songs with labels: what counts as a song of which genre, and scoring in steps."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from genre_core.config import GENRES
from genre_core.datasets.archives import SongArchive
from genre_core.datasets.labels import LabelRow, read_label_table
from genre_core.datasets.readers import load_dataset
from genre_core.datasets.uploads import (
    MAX_BYTES,
    OwnSong,
    OwnTestSet,
    Upload,
    from_archive,
    from_files,
    from_uploads,
    unknown_labels,
    with_known_labels,
)
from genre_core.errors import DatasetError, SettingsError
from genre_core.evaluation.score_file import dump_score_set, parse_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.scoring import ScoringRun, SongList, score_dataset, score_uploads
from genre_core.evaluation.song_frames import CutSettings
from genre_core.inference.recognizer import GenreRecognizer

LENGTHS = CutSettings((3.0, 5.0))


@pytest.fixture(scope="module")
def recognizer(tiny_checkpoint: Path) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(tiny_checkpoint)


@pytest.fixture
def songs(wav_bytes: Callable[..., bytes]) -> dict[str, bytes]:
    """Three songs of 9, 10 and 7 s in two genres, and one that is none."""
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (7 * 12_000, 1))
    return {
        "jazz/a.wav": wav_bytes(9.0, 12_000),
        "jazz/broken.wav": b"these are only words " * 50,
        "rock/b.wav": wav_bytes(10.0, 12_000),
        "rock/c.wav": wav_bytes(samples=noise, sample_rate=12_000),
    }


def zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def archive_of(*names: str, files: dict[str, bytes] | None = None) -> SongArchive:
    return SongArchive(zip_of(files or dict.fromkeys(names, b"x")), "mine.zip")


def table(text: str) -> list[LabelRow]:
    return read_label_table(text.encode(), "labels.csv")


def labels(test_set: OwnTestSet) -> dict[str, str]:
    return {song.name: song.label for song in test_set.songs}


def steps(run: ScoringRun) -> Iterator[None]:
    while run.advance():
        yield


def same_scores(one: ScoreSet, other: ScoreSet) -> bool:
    return one.frames.keys() == other.frames.keys() and all(
        np.array_equal(one.frames[s].counts, other.frames[s].counts)
        and np.allclose(one.frames[s].start_seconds, other.frames[s].start_seconds)
        and np.allclose(one.frames[s].scores, other.frames[s].scores, atol=1e-3)
        for s in one.frames
    )


# --- which song is of which genre


@pytest.mark.parametrize("top", ["", "My songs/"])
def test_folders_are_labels_with_or_without_one_around_them(top: str):
    names = [f"{top}rock/a.mp3", f"{top}Jazz/live/b.mp3", f"{top}c.mp3", f"{top}rock/cover.jpg"]
    found = from_archive(archive_of(*names), GENRES)
    assert labels(found) == {names[0]: "rock", names[1]: "Jazz"}
    assert found.name == "mine"
    assert len(found.problems) == 2
    assert any("c.mp3: lies in no folder" in problem for problem in found.problems)
    assert any("cover.jpg: not a sound file" in problem for problem in found.problems)


def test_a_single_genre_with_albums_is_not_taken_for_a_wrapping():
    found = from_archive(archive_of("Hip-Hop/album/a.mp3", "Hip-Hop/b.mp3"), GENRES)
    assert set(labels(found).values()) == {"Hip-Hop"}


def test_a_table_labels_songs_by_path_or_by_name():
    archive = archive_of("x/a.mp3", "x/b.mp3", "y/b.mp3", "y/c.mp3", "y/d.mp3")
    rows = table(
        "file,label,artist,title\nA.MP3,rock,Band,Song\nx/b.mp3,jazz\nb.mp3,pop\n./y/c.mp3,\n"
        "C:\\music\\a.mp3,metal\nzzz.mp3,pop\n"
    )
    found = from_archive(archive, GENRES, rows)
    assert labels(found) == {"x/a.mp3": "rock", "x/b.mp3": "jazz"}
    assert (found.songs[0].artist, found.songs[0].title) == ("Band", "Song")
    said = "\n".join(found.problems)
    for words in (
        "b.mp3: line 4 of the table fits 2 songs",
        "c.mp3: line 5 of the table has no label",
        "line 6 of the table labels this song once more",
        "zzz.mp3: line 7 of the table names no song",
        "y/d.mp3: has no label",
    ):
        assert words in said


def test_single_files_and_a_table():
    files = [OwnSong(name, "", 1, lambda: b"x") for name in ("a.mp3", "a.mp3", "b.ogg", "l.txt")]
    found = from_files("mine", files, table("a.mp3;rock\nb.ogg;jazz"))
    assert labels(found) == {"a.mp3": "rock", "b.ogg": "jazz"}
    assert len(found.problems) == 2  # a name that is there twice, and a text


def test_many_lines_without_a_song_are_counted():
    rows = table("a.mp3,rock\n" + "".join(f"{i}.mp3,pop\n" for i in range(500)))
    found = from_archive(archive_of("a.mp3"), GENRES, rows)
    assert len(found.problems) == 21
    assert "480 more lines" in found.problems[-1]


def upload(name: str, data: bytes = b"x") -> Upload:
    return Upload(name, len(data), io.BytesIO(data))


def test_what_is_dropped_at_once_is_sorted_out():
    zipped = upload("mine.zip", zip_of(dict.fromkeys(("rock/a.mp3", "jazz/b.mp3"), b"x")))
    rows = upload("Labels.CSV", b"a.mp3;pop\nb.mp3;pop")
    single = [upload("a.mp3", b"first"), upload("b.mp3", b"second")]
    assert set(labels(from_uploads([zipped], GENRES)).values()) == {"rock", "jazz"}
    assert set(labels(from_uploads([rows, zipped], GENRES)).values()) == {"pop"}
    found = from_uploads([*single, rows], GENRES)
    assert found.name == "Labels"
    assert [song.read() for song in found.songs] == [b"first", b"second"]
    assert [song.read() for song in found.songs] == [b"first", b"second"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "add a CSV"),
        (("a.mp3",), "add a CSV"),
        (("a.csv", "b.csv"), "only one of them"),
        (("a.zip", "b.zip"), "only one of them"),
        (("a.zip", "b.mp3"), "not both"),
        (("a.zip",), "not a ZIP archive"),
        (("a.csv",), "only one column"),
        (("a.mp3",) * 2_001, "2,000"),
    ],
)
def test_what_does_not_fit_together_is_refused(names: tuple[str, ...], words: str):
    with pytest.raises(DatasetError, match=words):
        from_uploads([upload(name) for name in names], GENRES)


def test_too_much_at_once_is_refused_before_it_is_read():
    large = Upload("a.mp3", MAX_BYTES, io.BytesIO())
    with pytest.raises(DatasetError, match=r"1,024 MiB together.*divide"):
        from_uploads([large, upload("labels.csv", b"a.mp3,rock")], GENRES)


def test_without_labels_there_is_a_remedy():
    with pytest.raises(DatasetError, match="folder of that name"):
        from_archive(archive_of("a.mp3", "b.mp3"), GENRES)
    with pytest.raises(DatasetError, match="table"):
        from_archive(archive_of("rock/a.mp3"), GENRES, table("b.mp3,rock"))


def test_unknown_labels_are_left_out_or_counted_as_accepted():
    found = from_archive(archive_of("Rock/a.mp3", "hip-hop/b.mp3", "folk/c.mp3"), GENRES)
    assert unknown_labels(found, GENRES) == {"folk": 1, "hip-hop": 1}
    ready = with_known_labels(found, GENRES, {"hip-hop": "hiphop"})
    assert labels(ready) == {"Rock/a.mp3": "rock", "hip-hop/b.mp3": "hiphop"}
    assert len(ready.problems) == 2
    assert "counted as hiphop" in "".join(ready.problems)
    folk = from_archive(archive_of("folk/c.mp3"), GENRES)
    with pytest.raises(DatasetError, match="does not know this label"):
        with_known_labels(folk, GENRES, {})


# --- scoring


def test_the_scores_are_those_of_the_command_line(
    recognizer: GenreRecognizer, songs: dict[str, bytes], tmp_path: Path
):
    run = score_uploads(recognizer, from_archive(archive_of(files=songs), GENRES), LENGTHS)
    for _ in steps(run):
        pass
    ours = run.result()
    for name, data in songs.items():
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    dataset = load_dataset(tmp_path / "mine")
    theirs = score_dataset(recognizer, dataset.clips, SongList("mine", "mine"), LENGTHS)
    assert ours.clips == theirs.clips
    assert ours.genres == theirs.genres
    assert same_scores(ours, theirs)
    assert run.failures[0].startswith("jazz/broken.wav: ")
    assert ours.provenance.problems == run.failures == theirs.provenance.problems
    again = parse_score_set(dump_score_set(ours), "mine.json")
    assert again.clips == ours.clips
    assert again.provenance == ours.provenance
    assert same_scores(again, ours)


def test_work_stops_after_any_frame_and_goes_on(
    recognizer: GenreRecognizer, songs: dict[str, bytes]
):
    def new_run() -> ScoringRun:
        return score_uploads(recognizer, from_archive(archive_of(files=songs), GENRES), LENGTHS)

    whole = new_run()
    n_steps = 1 + sum(1 for _ in steps(whole))
    assert n_steps > 10  # each frame is a step
    run = new_run()
    with pytest.raises(DatasetError, match="no song could be scored"):
        run.result()
    sizes = []
    while run.advance():
        if len(run.rows):
            part = run.result()
            assert len(part.clips) == len(run.rows)
            assert "Stopped after" in part.provenance.problems[-1]
            parse_score_set(dump_score_set(part), "part")
            sizes.append(len(run.rows))
    assert sorted(set(sizes)) == [1, 2]
    assert same_scores(run.result(), whole.result())
    assert run.result().provenance.problems == whole.result().provenance.problems
    assert run.advance() is False


def test_progress_counts_songs_and_time(recognizer: GenreRecognizer, songs: dict[str, bytes]):
    now = iter(np.arange(0.0, 1e4, 0.5))  # half a second each time one looks
    test_set = from_archive(archive_of(files=songs), GENRES)
    run = score_uploads(recognizer, test_set, LENGTHS, clock=lambda: float(next(now)))
    first = run.progress
    assert (first.songs_done, first.n_songs, first.fraction) == (0, 4, 0.0)
    assert first.seconds_left is None
    assert first.song == "jazz/a.wav"
    fractions, left = [0.0], []
    while run.advance():
        progress = run.progress
        fractions.append(progress.fraction)
        if progress.songs_done:
            left.append(progress.seconds_left)
            worked = 0.5 * (len(fractions) - 1)
            assert left[-1] == pytest.approx(worked / progress.fraction - worked)
    assert fractions == sorted(fractions)
    assert run.progress.fraction == 1.0
    assert run.progress.songs_done == 4
    assert left


def test_a_song_that_breaks_inside_the_archive_is_listed(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]
):
    files = {"rock/a.wav": b"MARK" + bytes(100), "rock/b.wav": wav_bytes(4.0, 12_000)}
    data = zip_of(files).replace(b"MARK", b"KRAM")
    run = score_uploads(
        recognizer, from_archive(SongArchive(data, "mine.zip"), GENRES), CutSettings((3.0,))
    )
    for _ in steps(run):
        pass
    assert len(run.failures) == 1
    assert "cannot be unpacked" in run.failures[0]
    assert [clip.clip_id for clip in run.result().clips] == ["rock/b.wav"]


def test_too_little_memory_for_one_song_is_its_failure_alone(
    recognizer: GenreRecognizer, wav_bytes: Callable[..., bytes]
):
    def read() -> bytes:
        raise MemoryError

    good = wav_bytes(4.0, 12_000)
    songs = (OwnSong("a.wav", "rock", 9, read), OwnSong("b.wav", "jazz", 9, lambda: good))
    run = score_uploads(recognizer, OwnTestSet("mine", songs), CutSettings((3.0,)))
    for _ in steps(run):
        pass
    assert "memory" in run.failures[0]
    assert len(run.rows) == 1


def test_only_one_song_is_held_at_a_time(recognizer: GenreRecognizer, songs: dict[str, bytes]):
    n_read = []

    def reader(name: str) -> Callable[[], bytes]:
        def read() -> bytes:
            n_read.append(name)
            return songs[name]

        return read

    own = tuple(OwnSong(name, "rock", 9, reader(name)) for name in songs)
    run = score_uploads(recognizer, OwnTestSet("mine", own), CutSettings((3.0,)))
    for _ in steps(run):
        assert len(n_read) <= run.progress.songs_done + 1
    assert n_read == list(songs)


def test_nothing_is_left_on_disk(
    recognizer: GenreRecognizer,
    songs: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    run = score_uploads(
        recognizer, from_archive(archive_of(files=songs), GENRES), CutSettings((3.0,))
    )
    for _ in steps(run):
        assert list(tmp_path.iterdir()) == []
    assert len(run.rows) == 3
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_run_is_refused_at_once(recognizer: GenreRecognizer):
    song = OwnSong("a.wav", "polka", 9, lambda: b"")
    with pytest.raises(DatasetError, match="polka"):
        score_uploads(recognizer, OwnTestSet("mine", (song,)))
    with pytest.raises(DatasetError, match="nothing to score"):
        score_uploads(recognizer, OwnTestSet("mine", ()))
    known = OwnTestSet("mine", (OwnSong("a.wav", "rock", 9, lambda: b""),))
    with pytest.raises(SettingsError):
        score_uploads(recognizer, known, CutSettings((1.0,)))
