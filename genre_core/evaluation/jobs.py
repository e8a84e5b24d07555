"""The score files that belong to a network: which there are, and whether one is up to date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from genre_core.audio.perturbations import PERTURBATIONS
from genre_core.config import MAX_FRAME_SECONDS, FrameSettings
from genre_core.datasets.clips import Clip, DataSet, select
from genre_core.datasets.splits import given
from genre_core.errors import GenreError
from genre_core.evaluation.bundled import score_file
from genre_core.evaluation.score_file import load_score_set, save_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.scoring import SongList, score_dataset
from genre_core.evaluation.song_frames import FRAME_LENGTHS, CutSettings
from genre_core.inference.recognizer import GenreRecognizer


@dataclass(frozen=True)
class Job:
    """One score file to make.

    Attributes
    ----------
    clips : one for each song
    songs : provenance of the songs, without the command
    cut : how the songs are cut into frames
    """

    path: Path
    clips: tuple[Clip, ...]
    songs: SongList
    cut: CutSettings


def list_jobs(
    dataset: DataSet,
    model: str,
    folder: Path,
    parts: Sequence[str],
    frame_lengths: tuple[float, ...] = FRAME_LENGTHS,
) -> list[Job]:
    """Return the jobs on the test and validation lists of a data set that comes with lists.

    Parameters
    ----------
    model : name of the network
    folder : of the score files
    parts : some of "test", "valid" and "perturbed" (the test list, perturbed)
    frame_lengths : seconds
    """
    split = given(dataset)
    jobs = []
    for name, ids in (("test", split.test), ("valid", split.valid)):
        clips = select(dataset.clips, ids)
        if name in parts:
            path = score_file(model, dataset.name, name, folder=folder)
            songs = SongList(path.stem, dataset.name, name, "given")
            jobs.append(Job(path, clips, songs, CutSettings(frame_lengths)))
        if name == "test" and "perturbed" in parts and clips:
            for change in PERTURBATIONS:
                path = score_file(model, dataset.name, name, change, folder)
                songs = SongList(path.stem, dataset.name, name, "given")
                cut = CutSettings((MAX_FRAME_SECONDS,), perturbation=change)
                jobs.append(Job(path, clips, songs, cut))
    return jobs


def songs_job(
    dataset: DataSet,
    model: str,
    folder: Path,
    frame_lengths: tuple[float, ...] = FRAME_LENGTHS,
    perturbation: str = "",
) -> Job:
    """Return the job on whole songs, cut as the app cuts them; parameters as in `list_jobs`.

    `perturbation` is one of `perturbations.NAMES`, or empty.
    """
    path = score_file(model, "songs", "all", perturbation, folder)
    songs = SongList(path.stem, "songs", problems=dataset.problems)
    cut = CutSettings(frame_lengths, FrameSettings().trim_seconds, perturbation)
    return Job(path, dataset.clips, songs, cut)


def is_current(job: Job, recognizer: GenreRecognizer) -> bool:
    """Return whether the job's file has the same network, songs and settings as the job."""
    try:
        saved = load_score_set(job.path)
    except GenreError:
        return False  # missing, half a file, or of an older format
    record = saved.provenance
    failed = {problem.partition(":")[0] for problem in record.problems}
    expected = [clip.clip_id for clip in job.clips if clip.clip_id not in failed]
    return (
        record.model_sha256 == recognizer.info.sha256
        and record.dataset == job.songs.dataset
        and (record.list_name, record.scheme) == (job.songs.list_name, job.songs.scheme)
        and (record.trim_seconds, record.perturbation)
        == (job.cut.trim_seconds, job.cut.perturbation)
        and sorted(saved.frames) == sorted(job.cut.frame_lengths)
        and [clip.clip_id for clip in saved.clips] == expected
    )


def run_job(
    job: Job,
    recognizer: GenreRecognizer,
    command: str,
    on_progress: Callable[[int, int], None] | None = None,
) -> ScoreSet:
    """Score the job's clips and write its file.

    Parameters
    ----------
    command : for the record
    on_progress : called with (songs done, songs)
    """
    songs = replace(job.songs, command=command)
    scores = score_dataset(recognizer, job.clips, songs, job.cut, on_progress)
    save_score_set(job.path, scores)
    return scores
