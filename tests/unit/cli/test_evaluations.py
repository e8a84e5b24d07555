"""The subcommand `evaluations` on a generated data folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from genre_core.audio.perturbations import PERTURBATIONS
from genre_core.cli import evaluations, main
from genre_core.evaluation.score_file import load_score_set
from tests.unit.evaluation.test_coarse import write_pictures

SECONDS = 4.0  # of each clip, less than a frame


@pytest.fixture
def data(tmp_path: Path, wav_bytes: Callable[..., bytes]) -> Path:
    """A data set with lists, in the manner of GTZAN, and a folder of two whole songs."""
    gtzan = tmp_path / "data" / "gtzan"
    for folder in ("audio", "splits"):
        (gtzan / folder).mkdir(parents=True)
    rows = ["clip_id,genre,artist,title,near_duplicate_of"]
    for number, (genre, which) in enumerate(
        [("jazz", "train"), ("rock", "train"), ("jazz", "valid"), ("rock", "test")]
    ):
        name = f"{genre}.{number:05d}"
        rows.append(f"{name},{genre},artist {number},title,")
        (gtzan / "audio" / f"{name}.wav").write_bytes(wav_bytes(SECONDS, 12_000))
        with (gtzan / "splits" / f"{which}_filtered.txt").open("a") as lines:
            lines.write(f"{name}\n")
    (gtzan / "index.csv").write_text("\n".join([*rows, "pop.00009,pop,,,"]) + "\n")
    songs = tmp_path / "data" / "songs"
    songs.mkdir()
    (songs / "a.wav").write_bytes(wav_bytes(50.0, 12_000))
    (songs / "index.csv").write_text("file,genre,artist,title\na.wav,jazz,Some One,First\n")
    return tmp_path / "data"


def run(data: Path, model: Path, output: Path, *options: str) -> int:
    arguments = ["--data", str(data), "--model", str(model), "--output", str(output)]
    return main(["evaluations", *arguments, *options])


def test_writes_every_file_once_and_the_card(
    data: Path, tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "evaluations"
    model = tmp_path / "tiny.safetensors"
    model.write_bytes(tiny_checkpoint.read_bytes())
    assert run(data, model, output) == 0
    said = capsys.readouterr()
    assert "published network is not measured" in said.err
    assert "tiny.gtzan-coarse-test.json is left out" in said.err
    assert "up to date" not in said.out
    names = {path.name for path in output.iterdir()}
    lists = {"tiny.gtzan-test.json", "tiny.gtzan-valid.json", "tiny.songs-all.json"}
    lists |= {"tiny.songs-all.one_channel.json"}
    assert names == lists | {f"tiny.gtzan-test.{name}.json" for name in PERTURBATIONS}
    test = load_score_set(output / "tiny.gtzan-test.json")
    assert [clip.clip_id for clip in test.clips] == ["rock.00003"]
    assert sorted(test.frames) == [3.0, 5.0, 10.0, 29.12]
    assert test.provenance.split == "test (given)"
    assert test.provenance.problems == ()
    assert load_score_set(output / "tiny.songs-all.json").provenance.trim_seconds == 20.0
    left = load_score_set(output / "tiny.songs-all.one_channel.json")
    assert (left.provenance.trim_seconds, left.provenance.perturbation) == (20.0, "one_channel")
    assert list(left.frames) == [29.12]
    noisy = load_score_set(output / "tiny.gtzan-test.pink_noise.json")
    assert noisy.provenance.perturbation == "pink_noise"
    card = model.with_suffix(".md").read_text("utf-8")
    assert "Pink noise" in card or "pink noise" in card

    written = {path: path.stat().st_mtime_ns for path in output.iterdir()}
    assert run(data, model, output) == 0
    assert capsys.readouterr().out.count("up to date") == len(names)
    assert {path: path.stat().st_mtime_ns for path in output.iterdir()} == written


def test_measures_again_what_is_broken_or_of_other_weights_or_forced(
    data: Path, tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from genre_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint

    options = ("--only", "valid", "--no-card")
    path = tmp_path / "tiny.gtzan-valid.json"
    assert run(data, tiny_checkpoint, tmp_path, *options) == 0
    path.write_text(path.read_text("utf-8")[:100])
    assert run(data, tiny_checkpoint, tmp_path, *options) == 0
    first = load_score_set(path).provenance.model_sha256

    model, info = load_checkpoint(tiny_checkpoint)
    other = tmp_path / "other.safetensors"
    save_checkpoint(other, model, name="tiny", genres=info.genres, temperature=2.0)
    assert run(data, other, tmp_path, *options) == 0
    assert load_score_set(path).provenance.model_sha256 != first
    assert run(data, other, tmp_path, *options, "--force") == 0
    assert "up to date" not in capsys.readouterr().out


def test_the_published_network_is_scored_in_whole_frames_alone(
    data: Path,
    tiny_checkpoint: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Another network of the same form stands in for it."""
    from genre_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint

    monkeypatch.setattr(
        evaluations, "ancestor_path", lambda data: data / "weights" / "old.safetensors"
    )
    (data / "weights").mkdir()
    model, info = load_checkpoint(tiny_checkpoint)
    save_checkpoint(
        data / "weights" / "old.safetensors", model, name="old", genres=info.genres, temperature=2.0
    )
    output = tmp_path / "evaluations"
    assert run(data, tiny_checkpoint, output, "--no-card") == 0
    theirs = {path.name: load_score_set(path) for path in output.glob("old.*")}
    assert set(theirs) == {"old.gtzan-test.json", "old.gtzan-valid.json", "old.songs-all.json"}
    assert all(list(scored.frames) == [29.12] for scored in theirs.values())
    for name, scored in theirs.items():
        ours = load_score_set(output / name.replace("old", "tiny"))
        assert scored.clips == ours.clips
        assert scored.provenance.model_sha256 != ours.provenance.model_sha256
    capsys.readouterr()

    assert run(data, tiny_checkpoint, output, "--no-card") == 0
    said = capsys.readouterr().out
    assert all(f"{name}: up to date" in said for name in theirs)
    assert run(data, tiny_checkpoint, output, "--no-card", "--no-ancestor", "--force") == 0
    assert "old." not in capsys.readouterr().out


def test_coarse_pictures_are_scored_apart_once(
    data: Path, tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_pictures(data / "gtzan", ["rock.00003", "pop.00009"])
    with (data / "gtzan" / "splits" / "test_filtered.txt").open("a") as lines:
        lines.write("pop.00009\n")
    options = ("--only", "coarse", "--no-card")
    assert run(data, tiny_checkpoint, tmp_path, *options) == 0
    path = tmp_path / "coarse" / "tiny.gtzan-coarse-test.json"
    assert [each.name for each in tmp_path.glob("*.json")] == []
    scores = load_score_set(path)
    assert [clip.clip_id for clip in scores.clips] == ["rock.00003", "pop.00009"]
    assert {clip.kind for clip in scores.clips} == {"converted"}
    assert "2 coarse pictures" in capsys.readouterr().out

    written = path.stat().st_mtime_ns
    assert run(data, tiny_checkpoint, tmp_path, *options) == 0
    assert "up to date" in capsys.readouterr().out
    assert path.stat().st_mtime_ns == written
    path.write_text("{")
    assert run(data, tiny_checkpoint, tmp_path, *options) == 0
    assert len(load_score_set(path).clips) == 2
    (data / "gtzan" / "logmel_u8.npz").write_bytes(b"none")
    assert run(data, tiny_checkpoint, tmp_path, *options, "--force") == 1
    assert "logmel_u8.npz: not a file of pictures" in capsys.readouterr().err


def test_a_missing_data_set_is_named(
    tiny_checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "nowhere", tiny_checkpoint, tmp_path, "--no-card") == 1
    assert "nowhere" in capsys.readouterr().err
