"""Two networks on one song: their frames under one another, and where they disagree."""

import streamlit as st

from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.disagreement import Disagreement, disagreement
from genre_core.plots.disagreement import SIGN, marked_frames_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.plots.time_axis import clock
from genre_core.types import Verdict
from genre_core.ui import models, services, session
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.components.model_choice import how_to_add, label, model_choice, model_upload
from genre_core.ui.components.song_choice import OWN, song_choice, song_labels
from genre_core.ui.components.text import as_html, tidy
from genre_core.ui.components.verdict_card import cancellable
from genre_core.ui.models import ModelSource
from genre_core.ui.pages.networks.table import table_html
from genre_core.ui.songs import Song, default_demo, demo_songs
from genre_core.ui.words import percent

_SONG_KEY = "networks_song"
_MODEL_KEYS = ("networks_first", "networks_second")
_CANCELLED_KEY = "networks_cancelled"  # key of the comparison that was cancelled
_MOST_NAMED = 12  # frames named in a sentence


def compare() -> None:
    """Show the choice of two networks and a song, and the scores of both."""
    offered = models.model_choice().offered()
    if len(offered) < 2:
        st.info(
            "There is only one network here, and a comparison needs two.",
            icon=":material/compare_arrows:",
        )
        st.markdown(how_to_add())
        model_upload(_compare_with)
        return
    with st.grid(2, min_column_width=280):
        sources = [_model(number, offered) for number in range(2)]
        song = _song()
        model_choice("networks_listens")
    model_upload(_compare_with)
    if song is None:
        st.info("There are no demo songs here: first open a song under “Analyse a song”.")
        return
    if sources[0] == sources[1]:
        st.info("Choose two different networks.", icon=":material/compare_arrows:")
        return
    settings = session.current().view.frames
    question = (sources[0].key, sources[1].key, song.digest, settings)
    if st.session_state.get(_CANCELLED_KEY) == question:
        st.button(
            "Compare the two",
            key="networks_again",
            icon=":material/play_arrow:",
            on_click=lambda: st.session_state.pop(_CANCELLED_KEY),
        )
        return
    place, button = st.empty(), st.empty()
    on_step = cancellable(
        place,
        button,
        "networks_cancel",
        lambda: st.session_state.update({_CANCELLED_KEY: question}),
    )

    def analyse(source: ModelSource) -> SongAnalysis:
        return services.analyse(
            song,
            settings,
            lambda what, share: on_step(f"{source.label}: {what}", share),
            source=source,
        )

    first, second = (analyse(source) for source in sources)
    place.empty()
    button.empty()
    _result(song, sources, first, second)


def _compare_with(uploaded: ModelSource) -> None:
    """Make an uploaded network the second one: it is to be seen at once."""
    st.session_state[_MODEL_KEYS[1]] = uploaded.key


def _model(number: int, offered: dict[str, ModelSource]) -> ModelSource:
    key = _MODEL_KEYS[number]
    keys = list(offered)
    if st.session_state.get(key) not in keys:
        st.session_state[key] = keys[number]
    else:
        st.session_state[key] = st.session_state[
            key
        ]  # else Streamlit drops it while other parts are shown
    chosen = st.selectbox(
        ("First network", "Second network")[number],
        keys,
        format_func=lambda each: label(offered[each]),
        key=key,
    )
    return offered[chosen]


def _song() -> Song | None:
    """Show the choice of the song: the session's own, or a demo song."""
    labels, songs, analysed = song_labels(), demo_songs(), session.current().song
    if not labels:
        return None
    if st.session_state.get(_SONG_KEY) not in labels:
        own = analysed.demo if analysed is not None and analysed.demo in labels else None
        first = default_demo(songs)
        usual = OWN if OWN in labels or first is None else first.key
        st.session_state[_SONG_KEY] = own or usual
    key = song_choice("Song", _SONG_KEY)
    return analysed if key == OWN else songs[key].load()


def _result(
    song: Song, sources: list[ModelSource], first: SongAnalysis, second: SongAnalysis
) -> None:
    result = disagreement(first, second)
    verdicts = [_verdict(each) for each in (first, second)]
    st.html(
        f'<p class="gr-song">{as_html(song.name)}</p>'
        f"<p>{in_words(result, [source.label for source in sources], verdicts)}</p>"
    )
    marks = f" A grey cap with {SIGN} marks the frames that the two name differently."
    st.caption(f"Each column is one frame, each colour a label.{marks if result.frames else ''}")
    for number, (source, analysis, verdict) in enumerate(
        zip(sources, (first, second), verdicts, strict=True)
    ):
        chip = chip_html(verdict.genre, f"{verdict.genre} {percent(verdict.confidence, 0)}")
        st.html(f'<p class="gr-card-title">{as_html(source.label)} says {chip}</p>')
        labels = result.second if number else result.first
        st.plotly_chart(
            marked_frames_figure(analysis, result.frames),
            config=CHART_CONFIG,
            key=f"networks_frames_{number}",
            alt=f"What {tidy(source.label)} says of each frame: "
            + ", ".join(f"{i} {label or 'silent'}" for i, label in enumerate(labels, start=1))
            + ".",
        )
    with st.expander("The frames as a table", icon=":material/table:"):
        st.html(_table(sources, first, second, result))


def in_words(result: Disagreement, names: list[str], verdicts: list[Verdict]) -> str:
    """Return in HTML how far two networks agree about a song.

    `names` are anybody's text.
    """
    one, other = (as_html(name) for name in names)
    said = (
        f"{one} says {as_html(verdicts[0].genre)} ({percent(verdicts[0].confidence, 0)}), "
        f"{other} says {as_html(verdicts[1].genre)} ({percent(verdicts[1].confidence, 0)})"
    )
    if not result.common:
        return f"The two have no label in common, so they cannot disagree: {said}."
    note = ""
    unknown = any(set(verdict.genres) - set(result.common) for verdict in verdicts)
    if unknown:
        note = f" They have {len(result.common)} labels in common; each other label belongs to one."
    if not result.frames:
        agree = "They agree in the only frame"
        if result.n_counted != 1:
            agree = f"They agree in each of the {result.n_counted} frames"
        return f"{agree}. Of the whole song {said}.{note}"
    numbers = [str(index + 1) for index in result.frames]
    named = ", ".join(numbers[:_MOST_NAMED]) + (" …" if len(numbers) > _MOST_NAMED else "")
    return (
        f"They disagree in {len(numbers)} of {result.n_counted} frames: {named}. Of the whole song "
        f"{said}.{note}"
    )


def _verdict(analysis: SongAnalysis) -> Verdict:
    return analysis.verdict(session.current().view.aggregation)


def _table(
    sources: list[ModelSource], first: SongAnalysis, second: SongAnalysis, result: Disagreement
) -> str:
    differ = set(result.frames)
    rows = []
    for span in first.frames.spans[: len(result.first)]:
        labels_of_both = []
        for analysis, labels in ((first, result.first), (second, result.second)):
            name = labels[span.index]
            share = percent(analysis.scores[span.index].max(), 0)
            labels_of_both.append(f"{name} {share}" if name else "silent")
        rows.append(
            [
                f"{span.index + 1}",
                f"{clock(span.start_seconds)}–{clock(span.end_seconds)}",
                *labels_of_both,
                "disagree" if span.index in differ else "",
            ]
        )
    names = [tidy(source.label, 30) for source in sources]
    return table_html(
        "What each network says of each frame",
        ["Frame", "Time", *names, ""],
        rows,
        words=(1, 2, 3, 4),
    )
