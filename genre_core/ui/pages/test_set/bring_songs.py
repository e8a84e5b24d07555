"""Your own test set: the drop zone, the genres of the labels, and the settings."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

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
from genre_core.errors import GenreError
from genre_core.evaluation.scoring import score_uploads
from genre_core.evaluation.song_frames import FRAME_LENGTHS, CutSettings
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.ui import services, uploads
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.test_set.problems import list_problems
from genre_core.ui.pages.test_set.scoring_state import ScoringState
from genre_core.ui.services.own_songs import MAX_SET_BYTES
from genre_core.ui.words import count

LEAVE_OUT = "Leave out"
MAX_LABELS = 30  # unknown labels offered; the others are left out
_TRIMS = {"songs": 20.0, "clips": None}  # s
_TRIM_NAMES = {"songs": "Whole songs", "clips": "Short clips"}
_MAX_UPLOAD_MB = 200
_EXAMPLE = """\
my songs.zip            or        labels.csv
  blues/                            file,label
    one song.mp3                    one song.mp3,blues
    another.flac                    another.flac,blues
  hiphop/                           third.ogg,hiphop
    third.ogg
"""


def bring_songs(own: ScoringState) -> None:
    """Show how to bring songs along, what they are, and the button that scores them."""
    types = [
        extension.lstrip(".")
        for extension in (ARCHIVE_EXTENSION, *TABLE_EXTENSIONS, *SUPPORTED_EXTENSIONS)
    ]
    files: list[UploadedFile] = st.file_uploader(
        "Drop a ZIP with a folder for each genre, or songs and a CSV of their labels",
        type=types,
        accept_multiple_files=True,
        key=f"own_songs_{own.n_taken}",
        max_upload_size=_MAX_UPLOAD_MB,
    )
    st.caption(
        f"Up to {_MAX_UPLOAD_MB} MB a file; {MAX_BYTES // 2**20:,} MB and {MAX_SONGS:,} songs "
        "together. Your songs are sent only to "
        "the computer that runs this app and are never written to disk. They stay in memory "
        f"until they are scored. Sets of up to {MAX_SET_BYTES // 2**20} MB stay half an hour more, "
        "so that you can hear each song beside its verdict."
    )
    with st.expander("How the folders or the table should look", icon=":material/folder:"):
        st.code(_EXAMPLE, language=None)
        st.caption(
            "Fewer genres than the network knows are fine. For large sets there is a shell "
            "command, `python -m genre_core evaluate`; its result file opens here."
        )
    if not files:
        own.test_set, own.uploads, own.error = None, (), ""
        return
    try:
        network = services.recognizer()
        known = network.info.genres
        test_set = _test_set(own, files, known)
        accepted = _ask_for_labels(test_set, known)
        ready = with_known_labels(test_set, known, accepted)
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    _summary(ready)
    if _settings_and_start(own, network, ready):
        for file in files:
            uploads.remove(file)  # the run has them
        st.rerun()


def _test_set(own: ScoringState, files: Sequence[UploadedFile], known: Sequence[str]) -> OwnTestSet:
    """Look into the uploads, once for each choice of them."""
    ids = tuple(file.file_id for file in files)
    if own.test_set is None or own.uploads != ids:
        opened = [Upload(file.name, file.size, file) for file in files]
        own.test_set, own.uploads = from_uploads(opened, known), ids
    return own.test_set


def _ask_for_labels(test_set: OwnTestSet, known: Sequence[str]) -> dict[str, str]:
    """Let the user say what the labels mean that the network does not know."""
    unknown = unknown_labels(test_set, known)
    if not unknown:
        return {}
    offered = sorted(unknown, key=lambda label: (-unknown[label], label))[:MAX_LABELS]
    keys = {label: f"own_label_{hash((test_set.name, label)):x}" for label in offered}
    nearest = {label: nearest_label(label, known) for label in offered}
    open_offers = {}
    for label in offered:
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
            for label in offered:
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
        if len(unknown) > MAX_LABELS:
            st.caption(f"{len(unknown) - MAX_LABELS} more unknown labels are left out.")
    chosen = {label: st.session_state[keys[label]] for label in offered}
    return {label: name for label, name in chosen.items() if name != LEAVE_OUT}


def _summary(test_set: OwnTestSet) -> None:
    counts = test_set.label_counts()
    listed = ", ".join(f"{as_markdown(label)} {n}" for label, n in counts.items())
    st.markdown(f"**{count(len(test_set.songs), 'song')}**: {listed}.")
    list_problems("Left out or changed", test_set.problems)


def _settings_and_start(own: ScoringState, network: GenreRecognizer, test_set: OwnTestSet) -> bool:
    """Show the settings and the button; return whether the run has begun."""
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
            "scored from end to end.",
        )
    is_asked = st.button(
        "Score the songs",
        key="own_start",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not lengths,
    )
    if is_asked:
        run = score_uploads(network, test_set, CutSettings(tuple(lengths), _TRIMS[kind]))
        own.start(run, test_set)
    return is_asked
