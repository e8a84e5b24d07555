"""Your own test set: songs and their genres go in, a score set comes out."""

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.datasets.labels import nearest_label, same_label
from genre_core.datasets.uploads import (
    ARCHIVE_EXTENSION,
    MAX_BYTES,
    MAX_SONGS,
    TABLE_EXTENSIONS,
    OwnTestSet,
    Upload,
    from_uploads,
    unknown_labels,
    with_known_labels,
)
from genre_core.errors import DatasetError, GenreError
from genre_core.evaluation.score_file import dump_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.scoring import ScoringRun, score_uploads
from genre_core.evaluation.song_frames import FRAME_LENGTHS, CutSettings
from genre_core.evaluation.song_run import Progress
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.ui import services
from genre_core.ui.components.text import as_markdown, file_stem
from genre_core.ui.words import count

LEAVE_OUT = "Leave out"
MAX_ASKED = 30  # unknown labels asked about; the rest is left out
MAX_LISTED = 200  # sentences shown about songs that were left out

Show = Callable[[ScoreSet, str], None]

_KEY = "own_test_set"
_TRIMS = {"songs": 20.0, "clips": None}  # s
_TRIM_NAMES = {"songs": "Whole songs", "clips": "Short clips"}
# One step more is done after so much time, then what waits in this session has its turn.
_STEP_SECONDS = 0.5
_STEP_SECONDS_IN_PAGE = 0.1
_MAX_UPLOAD_MB = 200
_page_run = threading.local()  # whether a thread runs the whole page or the fragment alone
_EXAMPLE = """\
my songs.zip            or        labels.csv
  blues/                            file,label
    one song.mp3                    one song.mp3,blues
    another.flac                    another.flac,blues
  hiphop/                           third.ogg,hiphop
    third.ogg
"""


@dataclass
class State:
    """What one browser session has done here.

    Streamlit lets a click start the page anew while the run before is still busy in a step, in
    another thread; so only one of them works at a time, and none undoes what the user chose.

    Attributes
    ----------
    result : ScoreSet or None
        Of the last run, wholly or as far as it went.
    is_new : bool
        Whether a run came to its end while the user looked at something else.
    run : ScoringRun or None
        Under way or stopped; it holds the songs.
    is_running : bool
    failures : tuple of str
        Songs that could not be read in the run that made `result`.
    error : str
        Why the last thing did not work.
    uploads : tuple of str
        Which uploads `test_set` was made of.
    test_set : OwnTestSet or None
        What stands in the drop zone.
    n_taken : int
        Part of the widgets' keys, so that they start empty again.
    """

    result: ScoreSet | None = None
    is_new: bool = False
    run: ScoringRun | None = None
    is_running: bool = False
    failures: tuple[str, ...] = ()
    error: str = ""
    uploads: tuple[str, ...] = ()
    test_set: OwnTestSet | None = None
    n_taken: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def start(self, run: ScoringRun) -> None:
        """Begin to score."""
        self.forget()
        self.run, self.is_running = run, True

    def go_on(self) -> None:
        """Score the songs that are left."""
        self.is_running = self.run is not None

    def work(self, seconds: float) -> None:
        """Score for so long, or to the end, or until stopped."""
        with self._lock:
            run = self.run
            if run is None:
                return
            until = time.monotonic() + seconds
            try:
                while self.is_running and run.advance() and time.monotonic() < until:
                    pass
            except BaseException:
                self.is_running = False  # it is not tried again by itself
                raise
            if run.is_finished:
                self._finish()

    def stop(self) -> None:
        """Stop scoring; what is done is kept, and the work can go on."""
        self.is_running = False
        with self._lock:  # a step that is under way ends first
            if self.run is not None:
                self._keep_result(self.run)

    def forget(self) -> None:
        """Let go of everything."""
        self.is_running = False
        with self._lock:
            self.result, self.run, self.is_new = None, None, False
            self.failures, self.error = (), ""
            self._empty_drop_zone()

    def _finish(self) -> None:
        """Keep the result and let the songs go."""
        assert self.run is not None
        self._keep_result(self.run)
        self.run, self.is_running, self.is_new = None, False, True
        self._empty_drop_zone()

    def _keep_result(self, run: ScoringRun) -> None:
        self.failures = run.failures
        try:
            self.result, self.error = run.result(), ""
        except DatasetError as error:
            # Before the first song is done there is nothing to show, and nothing is wrong.
            self.result, self.error = None, str(error) if run.is_finished else ""

    def _empty_drop_zone(self) -> None:
        self.test_set, self.uploads = None, ()
        self.n_taken += 1


def state() -> State:
    """Return this browser session's state."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = State()
    found: State = st.session_state[_KEY]
    return found


def section(show: Show) -> None:
    """Show how to bring songs along, the progress and the outcome.

    Parameters
    ----------
    show : callable
        Called with a result and its hash when the user wants to look at it.
    """
    own = state()
    own.is_new = False
    if own.error:
        st.error(as_markdown(own.error), icon=":material/error:")
        _list_problems("Songs that could not be read", own.failures)
    if own.run is not None:
        _under_way(own, show)
    elif own.result is not None:
        _outcome(own, own.result, show)
    else:
        _bring_songs(own)


def elsewhere(show: Show) -> None:
    """Let the work go on beside other things, and say when it is done; else show nothing.

    Parameters
    ----------
    show : callable
        As for `section`.
    """
    own = state()
    if own.is_running:
        with st.container(border=True):
            _working(own)
    elif own.is_new and own.result is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.success(_scored_in_words(own.result), icon=":material/check:", width="stretch")
            _show_button(own.result, show)
    elif own.is_new and own.error:
        st.error(as_markdown(own.error), icon=":material/error:")


def _bring_songs(own: State) -> None:
    types = [
        extension.lstrip(".")
        for extension in (ARCHIVE_EXTENSION, *TABLE_EXTENSIONS, *SUPPORTED_EXTENSIONS)
    ]
    uploads: list[Any] = st.file_uploader(
        "Drop a ZIP with a folder for each genre, or songs and a CSV of their labels",
        type=types,
        accept_multiple_files=True,
        key=f"own_songs_{own.n_taken}",
        max_upload_size=_MAX_UPLOAD_MB,
    )
    st.caption(
        f"Up to {_MAX_UPLOAD_MB} MB a file; {MAX_BYTES // 2**20:,} MB and {MAX_SONGS:,} songs "
        "together. Your songs are sent only to "
        "the computer that runs this app; they are held in memory, never written to disk, and "
        "forgotten when they are scored."
    )
    with st.expander("How the folders or the table should look", icon=":material/folder:"):
        st.code(_EXAMPLE, language=None)
        st.caption(
            "Fewer genres than the network knows are fine. For large sets there is a shell "
            "command, `python -m genre_core evaluate`; its result file opens here."
        )
    if not uploads:
        own.test_set, own.uploads, own.error = None, (), ""
        return
    try:
        network = services.recognizer()
        known = network.info.genres
        test_set = _test_set(own, uploads, known)
        accepted = _ask_for_labels(test_set, known)
        ready = with_known_labels(test_set, known, accepted)
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    _summary(ready)
    _settings_and_start(own, network, ready)


def _test_set(own: State, uploads: Sequence[Any], known: Sequence[str]) -> OwnTestSet:
    """Look into the uploads, once for each choice of them."""
    ids = tuple(upload.file_id for upload in uploads)
    if own.test_set is None or own.uploads != ids:
        files = [Upload(upload.name, upload.size, upload) for upload in uploads]
        own.test_set, own.uploads = from_uploads(files, known), ids
    return own.test_set


def _ask_for_labels(test_set: OwnTestSet, known: Sequence[str]) -> dict[str, str]:
    """Let the user say what the labels mean that the network does not know."""
    unknown = unknown_labels(test_set, known)
    if not unknown:
        return {}
    asked = sorted(unknown, key=lambda label: (-unknown[label], label))[:MAX_ASKED]
    keys = {label: f"own_label_{hash((test_set.name, label)):x}" for label in asked}
    nearest = {label: nearest_label(label, known) for label in asked}
    open_offers = {}
    for label in asked:
        st.session_state.setdefault(keys[label], same_label(label, known) or LEAVE_OUT)
        offer = nearest[label]
        if offer is not None and st.session_state[keys[label]] == LEAVE_OUT:
            open_offers[keys[label]] = offer
    with st.container(border=True, key="own_labels"):
        are = "is" if len(unknown) == 1 else "are"
        st.markdown(
            f"**{count(len(unknown), 'label')} {are} unknown to the network.** Count their songs "
            "as:"
        )
        with st.grid(min_column_width=230, gap="small"):
            for label in asked:
                offer = nearest[label]
                st.selectbox(
                    f"{as_markdown(label, 40)} ({count(unknown[label], 'song')})",
                    [LEAVE_OUT, *known],
                    key=keys[label],
                    help=f"The nearest known name is {offer}." if offer else None,
                )
        if open_offers:
            names = ", ".join(sorted(set(open_offers.values())))
            st.button(
                f"Take the nearest names ({names})",
                key="own_take_offers",
                on_click=st.session_state.update,
                args=(open_offers,),
            )
        if len(unknown) > MAX_ASKED:
            st.caption(f"{len(unknown) - MAX_ASKED} more unknown labels are left out.")
    chosen = {label: st.session_state[keys[label]] for label in asked}
    return {label: name for label, name in chosen.items() if name != LEAVE_OUT}


def _summary(test_set: OwnTestSet) -> None:
    counts = test_set.label_counts()
    listed = ", ".join(f"{as_markdown(label)} {n}" for label, n in counts.items())
    st.markdown(f"**{count(len(test_set.songs), 'song')}**: {listed}.")
    _list_problems("Left out or changed", test_set.problems)


def _settings_and_start(own: State, network: GenreRecognizer, test_set: OwnTestSet) -> None:
    with st.grid(2, min_column_width=300, gap="small"):
        lengths = st.pills(
            "Frame lengths to score",
            FRAME_LENGTHS,
            selection_mode="multi",
            default=FRAME_LENGTHS,
            format_func=lambda seconds: f"{seconds:g} s",
            key="own_lengths",
        )
        kind = st.segmented_control(
            "These are",
            list(_TRIMS),
            format_func=_TRIM_NAMES.__getitem__,
            default="songs",
            required=True,
            key="own_kind",
            help="Of whole songs 20 s are left out at both ends, as in the paper; short clips are "
            "heard from end to end.",
        )
    if st.button(
        "Score the songs",
        key="own_start",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not lengths,
    ):
        own.start(score_uploads(network, test_set, CutSettings(tuple(lengths), _TRIMS[kind])))
        st.rerun()


def _working(own: State) -> None:
    """Do the work, with its progress and a way to stop it."""
    _page_run.is_going_on = True
    _progress(own)
    st.button("Cancel", key="own_cancel", icon=":material/stop:", on_click=own.stop)


def _under_way(own: State, show: Show) -> None:
    """Show a run that is going on or stopped."""
    if own.is_running:
        _working(own)
        st.caption("Meanwhile look at the results; the work waits while you are on another page.")
        return
    assert own.run is not None
    progress = own.run.progress
    st.progress(
        progress.fraction, f"Stopped after {progress.songs_done} of {progress.n_songs} songs"
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Go on",
            key="own_go_on",
            icon=":material/play_arrow:",
            on_click=own.go_on,
        )
        if own.result is not None:
            _show_button(own.result, show)
            _keep_button(own.result)
        st.button("Forget the songs", key="own_forget", on_click=own.forget)
    _list_problems("Songs that could not be read", own.failures)


@st.fragment(run_every=1.0)
def _progress(own: State) -> None:
    """Show how far it is and do a little of the work, again and again.

    The timer only sets the work going; from then on it asks for its own next turn, for browsers
    slow the timers of hidden tabs down.
    """
    is_page_run, _page_run.is_going_on = getattr(_page_run, "is_going_on", False), False
    run = own.run
    if run is None or not own.is_running:
        return
    progress = run.progress
    st.progress(progress.fraction, progress_text(progress))
    _list_problems("Songs that could not be read", run.failures)
    own.work(_STEP_SECONDS_IN_PAGE if is_page_run else _STEP_SECONDS)
    if own.run is not run:
        st.rerun()
    elif own.is_running and not is_page_run:
        st.rerun(scope="fragment")


def progress_text(progress: Progress) -> str:
    """Return songs done, time left and what comes next, as Markdown."""
    parts = [f"{progress.songs_done} of {progress.n_songs} songs"]
    if progress.seconds_left is not None:
        parts.append(f"about {duration(progress.seconds_left)} left")
    if progress.song:
        parts.append(f"{as_markdown(progress.song, 40)}: {progress.step}")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Return a rough duration in words."""
    if seconds < 60:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _outcome(own: State, result: ScoreSet, show: Show) -> None:
    st.success(_scored_in_words(result), icon=":material/check:")
    with st.container(horizontal=True, gap="small"):
        _show_button(result, show)
        _keep_button(result)
        st.button(
            "Another test set", key="own_another", icon=":material/refresh:", on_click=own.forget
        )
    _list_problems("Songs that could not be read", own.failures)
    others = [problem for problem in result.provenance.problems if problem not in own.failures]
    _list_problems("Left out or changed", others)


def _scored_in_words(result: ScoreSet) -> str:
    return (
        f"{count(len(result.clips), 'song')} of **{as_markdown(result.name, 60)}**, scored by "
        f"{as_markdown(result.provenance.model, 60)}."
    )


def _show_button(result: ScoreSet, show: Show) -> None:
    def look() -> None:
        state().is_new = False
        show(result, hashlib.sha256(dump_score_set(result)).hexdigest())

    st.button(
        "See the results",
        key="own_show",
        type="primary",
        icon=":material/grid_view:",
        on_click=look,
    )


def _keep_button(result: ScoreSet) -> None:
    st.download_button(
        "Keep the result (JSON)",
        lambda: dump_score_set(result),
        file_name=f"{file_stem(result.name)}-scores.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key="own_keep",
    )


def _list_problems(title: str, problems: Sequence[str]) -> None:
    if not problems:
        return
    with st.expander(f"{title} ({len(problems):,})", icon=":material/info:"):
        shown = "\n".join(f"- {as_markdown(problem)}" for problem in problems[:MAX_LISTED])
        st.markdown(shown)
        if len(problems) > MAX_LISTED:
            st.caption(f"{len(problems) - MAX_LISTED:,} more stand in the result file.")
