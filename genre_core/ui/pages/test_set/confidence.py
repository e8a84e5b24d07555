"""Whether its confidence can be believed."""

import streamlit as st

from genre_core.evaluation.calibration import reliability
from genre_core.plots.bands import coverage_figure
from genre_core.plots.reliability import reliability_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.pages.test_set.link import ScoresView
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.section import section
from genre_core.ui.words import percent

_SHARES_OF_VOTES = {
    "majority_vote": "With the vote, the confidence is the share of frames that name the genre. ",
    "knn": "With kNN, the confidence is the share of all neighbours that are of the genre. ",
}


def confidence(view: ScoresView, result: Result) -> None:
    """Show the reliability diagram, and accuracy when the unsure songs are set aside."""
    section(
        "Can its confidence be believed?",
        _SHARES_OF_VOTES.get(view.aggregation, "")
        + "Left: songs sorted by confidence. Where a bar ends on the dashed line, the confidence "
        "is right. Right: the accuracy among the surest songs.",
    )
    labels, by_song = result.score_set.labels(), result.verdicts.by_song
    bins = reliability(labels, by_song)
    mean_confidence = float(by_song.max(axis=1).mean())
    accuracy = result.summary.song_accuracy.value
    if abs(mean_confidence - accuracy) < 0.02:
        trend = "on average it is right"
    elif mean_confidence > accuracy:
        trend = "on average it is too high"
    else:
        trend = "on average it is too low"
    calibration = (
        f"Confidence is {percent(mean_confidence)} on average, and {percent(accuracy)} of the "
        f"songs are right: {trend}. Expected calibration error: "
        f"{percent(result.summary.calibration_error)}."
    )
    curve = result.selective
    half = curve.at(0.5)
    all_together = half == len(curve.coverage) - 1
    surest = (
        "Too many songs are equally sure to set some of them aside."
        if all_together
        else f"Of the surest {percent(curve.coverage[half], 0)} of the songs (confidence "
        f"{percent(curve.threshold[half], 0)} or more) {percent(curve.accuracy[half])} are right, "
        f"of all {percent(curve.accuracy[-1])}."
    )
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container(gap="xsmall"):
            st.markdown("### Confidence and accuracy")
            st.plotly_chart(
                reliability_figure(bins),
                config=CHART_CONFIG,
                key="ts_reliability",
                alt=f"Reliability diagram. {calibration}",
            )
            st.caption(
                f"{calibration} The number in a bar is its songs; whiskers are 95 % intervals."
            )
        with st.container(gap="xsmall"):
            st.markdown("### Setting the unsure songs aside")
            st.plotly_chart(
                coverage_figure(curve),
                config=CHART_CONFIG,
                key="ts_coverage",
                alt=f"Accuracy against the share of the surest songs. {surest}",
            )
            st.caption(f"{surest} The band is Wilson’s 95 % interval.")
