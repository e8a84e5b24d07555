"""What was measured, on what, and what is wrong with it: beside the numbers, not under them."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from genre_core.audio.perturbations import change_name
from genre_core.checkpoints.bundled import bundled_models
from genre_core.checkpoints.checkpoint import read_info
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.errors import ModelError
from genre_core.evaluation.score_set import Provenance, ScoreSet
from genre_core.model_card.facts import first_weights
from genre_core.model_card.notes import INIT_NOTES
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.test_set.link import ScoresView, is_validation
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.words import count

_MOST_PROBLEMS = 20
_FAULTS = {
    "gtzan": "**Known faults.** Among the 1,000 clips of GTZAN Sturm (2013) found repetitions, "
    "distorted sound, disputed labels and artists that fill much of a genre. The filtered lists "
    "of Kereliuk, Sturm and Larsen (2015) leave those clips out and keep each artist in one list; "
    "numbers from random lists are many points higher and mean less."
}
_AUTHORS_SPLIT = (
    "This is the network that its authors published. They tuned it on GTZAN with a split that "
    "they did not publish, so it may have learnt from clips of this list."
)


def honesty_card(view: ScoresView, result: Result, whole: ScoreSet) -> None:
    """Show the card beside the numbers of `result`; `whole` has the songs not shown too."""
    provenance = whole.provenance
    with st.container(border=True, key="ts_honesty"):
        st.header("What these numbers are worth", anchor=False)
        st.markdown("\n\n".join(_sentences(view, result, whole)))
        with st.expander("How and when it was computed", icon=":material/terminal:"):
            st.markdown(
                f"Network {as_markdown(provenance.model)}, hash "
                f"{as_markdown(provenance.model_sha256[:16])}… (all of it in the JSON below). "
                "Computed on "
                f"{as_markdown(readable_date(provenance.date))} by:"
            )
            st.code(provenance.command or "(not recorded)", language="bash", wrap_lines=True)
            trim = (
                "The frames lie in the middle of each clip; both ends share what is left over."
                if provenance.trim_seconds is None
                else f"{provenance.trim_seconds:g} s were left out at both ends of each song."
            )
            st.markdown(f"{trim} Frames of digital silence are left out.")
        if notes := (*provenance.problems, *provenance.warnings):
            n = len(notes)
            with st.expander(f"Left out or noted: {count(n, 'clip')}", icon=":material/rule:"):
                shown = [f"- {as_markdown(text)}" for text in notes[:_MOST_PROBLEMS]]
                if n > _MOST_PROBLEMS:
                    shown.append(f"- and {n - _MOST_PROBLEMS} more, all in the score file")
                st.markdown("\n".join(shown))


def readable_date(text: str) -> str:
    """Return an ISO date and time as e.g. "2026-11-23, 01:09 UTC"; anything else as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    return f"{moment.astimezone(UTC):%Y-%m-%d, %H:%M} UTC"


def known_songs(provenance: Provenance) -> str:
    """Say whether the network may have been trained on the songs; empty where that is not known."""
    if provenance.model == PUBLISHED:
        return _AUTHORS_SPLIT
    for path in bundled_models().values():
        with suppress(ModelError, OSError):
            notes = _notes_of_weights(str(path), path.stat().st_mtime_ns)
            if provenance.model_sha256 in notes:
                return notes[provenance.model_sha256]
    return ""


@st.cache_data(max_entries=16, show_spinner=False)
def _notes_of_weights(path: str, changed_ns: int) -> dict[str, str]:
    """Return what is to be said of a checkpoint's first weights, by the checkpoint's hash."""
    info = read_info(Path(path))
    notes = dict.fromkeys(INIT_NOTES[name] for name in first_weights(info) if name in INIT_NOTES)
    return {info.sha256: " ".join(notes)}


def _sentences(view: ScoresView, result: Result, whole: ScoreSet) -> list[str]:
    provenance = whole.provenance
    n_songs = len(result.score_set.clips)
    list_name = "" if provenance.list_name == "all" else f", list {as_markdown(provenance.split)}"
    artists = {clip.artist for clip in result.score_set.clips if clip.artist}
    by = f" by {count(len(artists), 'known artist')}" if artists else ""
    text = [
        f"**Data.** {as_markdown(provenance.dataset)}{list_name}: {count(n_songs, 'song')}{by}. "
        + (f"The sound was changed first: {as_markdown(change_name(provenance.perturbation))}. "
           if provenance.perturbation else "")
    ]  # fmt: skip
    if is_validation(whole):
        text.append(
            "**A validation list.** Training time and temperature are usually chosen by such a "
            "list. If this network’s were, the numbers here are too good."
        )
    elif provenance.list_name == "train":
        text.append(
            "**A training list.** If the network learnt from these songs, it knows their genres. "
            "Then the numbers here say nothing about other songs."
        )
    counts = result.frames.counts
    if (counts == 1).all():
        text.append(
            f"**One frame a song.** At {view.frame_seconds:g} s each song is a single frame. "
            + (
                "The mean of one frame is that frame, so both matrices are equal there; kNN uses "
                "other songs, so they may differ here."
                if view.aggregation == "knn"
                else "The mean of one frame is that frame, so both matrices are equal here."
            )
        )
        if provenance.trim_seconds and not result.score_set.has_several_frames():
            text.append(
                f"**Short songs.** {provenance.trim_seconds:g} s are left out at both ends of a "
                "whole song. That leaves one frame of any length here. Score these songs again as "
                "short clips: of them nothing is left out."
            )
    else:
        most = f"{counts.min()} to {counts.max()}" if counts.min() < counts.max() else counts.max()
        single = [
            f"{seconds:g} s"
            for seconds, frames in sorted(result.score_set.frames.items())
            if (frames.counts == 1).all()
        ]
        text.append(
            f"**Frames.** {most} of {view.frame_seconds:g} s in each song."
            + (f" At {' and '.join(single)} each song is one frame, and both matrices are equal"
               f"{' (but for kNN)' if view.aggregation == 'knn' else ''}." if single else "")
        )  # fmt: skip
    for name, faults in _FAULTS.items():
        if name in provenance.dataset.lower():
            text.append(faults)
    note = known_songs(provenance)
    if note and provenance.dataset == "gtzan":
        text.append(f"**Trained on these songs?** {note}")
    small = [item for item in result.summary.per_genre if 0 < item.support < 10]
    if small:
        named = ", ".join(f"{as_markdown(item.genre)} {item.support}" for item in small)
        text.append(f"**Few songs.** {named}: there, single songs decide a row of the matrix.")
    return text
