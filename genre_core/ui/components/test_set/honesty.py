"""What was measured, on what, and what is wrong with it: beside the numbers, not under them."""

from collections import Counter

import streamlit as st

from genre_core.score_set import ScoreSet
from genre_core.ui.components.test_set.results import Result
from genre_core.ui.components.test_set.words import count
from genre_core.ui.components.text import as_markdown
from genre_core.ui.scores_view import ScoresView

_MOST_PROBLEMS = 20
_FAULTS = {
    "gtzan": "**Known faults.** Among the 1,000 clips of GTZAN Sturm (2013) found repetitions, "
    "distorted sound, disputed labels and artists that fill much of a genre. The filtered lists "
    "of Kereliuk, Sturm and Larsen (2015) leave those clips out and keep each artist in one list; "
    "numbers from random lists are many points higher and mean less."
}
_HEARD = {
    "audio": "as sound",
    "short_audio": "as excerpts of 2 to 3 s",
    "converted": "as converted spectrograms",
}


def honesty_card(view: ScoresView, found: Result, whole: ScoreSet) -> None:
    """Show the card.

    Parameters
    ----------
    view : ScoresView
    found : Result
        What the numbers beside it are of.
    whole : ScoreSet
        With all songs, also those that are not looked at now.
    """
    told = whole.provenance
    with st.container(border=True, key="ts_honesty"):
        st.markdown("##### What these numbers are worth")
        st.markdown("\n\n".join(_sentences(view, found, whole)))
        with st.expander("How and when it was computed", icon=":material/terminal:"):
            st.markdown(
                f"Network {as_markdown(told.model)}, hash "
                f"{as_markdown(told.model_sha256[:16])}. Computed on {as_markdown(told.date)} by:"
            )
            st.code(told.command or "(not recorded)", language="bash", wrap_lines=True)
            trim = (
                "The frames lie in the middle of each clip; both ends share what is left over."
                if told.trim_seconds is None
                else f"{told.trim_seconds:g} s were left out at both ends of each song."
            )
            st.markdown(f"{trim} Frames of digital silence are left out.")
        if told.problems:
            n = len(told.problems)
            with st.expander(f"Left out or noted: {count(n, 'clip')}", icon=":material/rule:"):
                shown = [f"- {as_markdown(text)}" for text in told.problems[:_MOST_PROBLEMS]]
                if n > _MOST_PROBLEMS:
                    shown.append(f"- and {n - _MOST_PROBLEMS} more, all in the score file")
                st.markdown("\n".join(shown))


def _sentences(view: ScoresView, found: Result, whole: ScoreSet) -> list[str]:
    told = whole.provenance
    kinds = Counter(clip.kind for clip in found.score_set.clips)
    heard = ", ".join(f"{n} {_HEARD[kind]}" for kind, n in kinds.most_common())
    artists = {clip.artist for clip in found.score_set.clips if clip.artist}
    by = f" by {count(len(artists), 'known artist')}" if artists else ""
    text = [
        f"**Data.** {as_markdown(told.dataset)}, list {as_markdown(told.split)}: "
        f"{count(len(found.score_set.clips), 'song')}{by}; {heard}. "
        + (f"The sound was changed first: {as_markdown(told.perturbation)}. "
           if told.perturbation else "")
    ]  # fmt: skip
    if kinds.get("converted"):
        text.append(
            "**Converted.** Of those songs there is no sound here, only a spectrogram of 8 bits "
            "and a column every 77 ms, stretched to the network’s bands and columns. It is blurred "
            "beside real sound, so such songs may be harder: see “Which songs”."
        )
    counts = found.frames.counts
    if (counts == 1).all():
        text.append(
            f"**One frame a song.** At {view.frame_seconds:g} s each song is a single frame. "
            "The mean of one frame is that frame, so both matrices are equal here."
        )
    else:
        most = f"{counts.min()} to {counts.max()}" if counts.min() < counts.max() else counts.max()
        single = [
            f"{seconds:g} s"
            for seconds, frames in sorted(found.score_set.frames.items())
            if (frames.counts == 1).all()
        ]
        text.append(
            f"**Frames.** {most} of {view.frame_seconds:g} s in each song."
            + (f" At {' and '.join(single)} each song is one frame, and both matrices are equal."
               if single else "")
        )  # fmt: skip
    for name, faults in _FAULTS.items():
        if name in told.dataset.lower():
            text.append(faults)
    small = [item for item in found.summary.per_genre if 0 < item.support < 10]
    if small:
        named = ", ".join(f"{as_markdown(item.genre)} {item.support}" for item in small)
        text.append(f"**Few songs.** {named}: a row of the matrix hangs on single songs there.")
    return text
