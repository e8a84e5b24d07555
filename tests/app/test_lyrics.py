"""The page "Lyrics", driven without a browser."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from genre_core.evaluation.lyrics_scores import lyrics_score_set
from genre_core.evaluation.score_file import dump_score_set
from genre_core.evaluation.score_set import Provenance
from genre_core.lyrics import bundled
from genre_core.lyrics.analysis import analyse_lyrics
from genre_core.lyrics.genres import genre_name
from genre_core.lyrics.reading import parse_any

TEXT = "Blood and death\nThe darkness will rise\n\n<b>No mercy</b>\nLove (x2)"
Session = Callable[..., AppTest]


@pytest.fixture
def lyrics_page() -> Session:
    """Return a maker of sessions on the page that have run once; keywords go into the URL."""

    def script() -> None:
        from genre_core.ui.pages.lyrics import page as lyrics

        lyrics.page()

    def session(**query: str) -> AppTest:
        test = AppTest.from_function(script, default_timeout=240)
        for key, value in query.items():
            test.query_params[key] = value
        return test.run()

    return session


def plain(markdown: str) -> str:
    return markdown.replace("\\", "")


def page_html(test: AppTest) -> str:
    return " ".join(each.proto.body for each in test.get("html"))


def test_pasted_words_get_a_verdict_and_are_shaded(lyrics_page: Session) -> None:
    test = lyrics_page()
    assert not test.exception
    assert 'class="gr-verdict"' not in page_html(test)
    test.text_area(key="lyrics_text").set_value(TEXT).run()
    assert not test.exception
    analysis = analyse_lyrics(parse_any(TEXT), bundled.bundled_model())
    html = page_html(test)
    assert f'<p class="gr-genre">{genre_name(analysis.genre)}</p>' in html
    assert 'title="blood: ' in html
    assert "<b>No mercy" not in html
    assert len(test.get("plotly_chart")) >= 2
    assert any("<b>, </b>, (x2)" in plain(each.value) for each in test.caption)


def test_the_shades_follow_the_genre_asked_about(lyrics_page: Session) -> None:
    test = lyrics_page(example="metal", about="pop")
    assert not test.exception
    before = page_html(test)
    assert "speaks for pop" in before
    test.selectbox(key="lyrics_about").set_value("metal").run()
    assert "speaks for metal" in page_html(test)
    assert test.query_params["about"] == "metal"


@pytest.mark.parametrize("example", [each.name for each in bundled.examples()])
def test_every_example_can_be_shown(lyrics_page: Session, example: str) -> None:
    test = lyrics_page(example=example)
    assert not test.exception
    assert not test.error
    assert 'class="gr-verdict"' in page_html(test)


@pytest.mark.parametrize(
    ("text", "message"),
    [("♪ 💔 !!!", "no word"), ("la " * 40_000, "100,000"), ("a\0b", "zero bytes")],
)
def test_bad_text_says_why(lyrics_page: Session, text: str, message: str) -> None:
    test = lyrics_page()
    test.text_area(key="lyrics_text").set_value(text).run()
    assert not test.exception
    assert message in test.error[0].value.replace("\\", "")


def test_another_language_and_few_words_are_said(lyrics_page: Session) -> None:
    test = lyrics_page()
    text = "Vielen Dank für die Blumen, vielen Dank, wie lieb von dir"
    test.text_area(key="lyrics_text").set_value(text).run()
    said = " ".join(each.value for each in test.warning)
    assert "German" in said
    assert "fewer than 50" in said


def test_a_link_to_nothing_says_so(lyrics_page: Session) -> None:
    test = lyrics_page(example="<script>", part="nowhere")
    assert not test.exception
    assert any("example" in each.value for each in test.warning)
    assert any("part" in each.value for each in test.warning)


@pytest.mark.parametrize("quantity", ["n_words", "richness", "net_sentiment"])
@pytest.mark.parametrize("span", ["1", "10"])
def test_over_the_years(lyrics_page: Session, quantity: str, span: str) -> None:
    test = lyrics_page(part="years", quantity=quantity, span=span, genres="rock.pop")
    assert not test.exception
    assert len(test.get("plotly_chart")) == 1
    assert any("From first to last: rock" in plain(each.value) for each in test.markdown)
    test.pills(key="lyrics_genres").set_value(["gospel"]).run()
    assert not test.exception
    assert test.query_params["genres"] == "gospel"


def test_typical_words_of_both_kinds_of_text(lyrics_page: Session) -> None:
    test = lyrics_page(part="typical", genre="hip hop")
    assert not test.exception
    assert len(test.get("plotly_chart")) == 1
    test.segmented_control(key="lyrics_typical_kind").set_value("processed").run()
    assert not test.exception
    assert "jazz" in test.pills(key="lyrics_typical_genre").options


def test_how_good_it_is(lyrics_page: Session) -> None:
    for kind in ("raw", "processed"):
        test = lyrics_page(part="quality", text=kind)
        assert not test.exception
        assert len(test.get("plotly_chart")) == 3
        assert "macro F1" in page_html(test)


def test_a_score_file_of_ones_own(lyrics_page: Session) -> None:
    songs = pd.DataFrame(
        {"song_id": ["a", "b"], "genre": ["rock", "pop"], "artist": "x", "title": "y"}
    )
    provenance = Provenance("c", "2026-01-01", "m", "0", "own songs", "all", "", None)
    scores = lyrics_score_set(
        "own", ("pop", "rock"), songs, np.array([[0.2, 0.8], [0.4, 0.6]]), provenance
    )
    test = lyrics_page(part="quality")
    file = io.BytesIO(dump_score_set(scores))
    test.file_uploader(key="lyrics_score_file").set_value(
        ("own.json", file.getvalue(), "application/json")
    ).run()
    assert not test.exception
    assert "50.0%" in page_html(test)
    assert any("own songs" in each.value for each in test.caption)


def test_a_score_file_of_sound_is_sent_to_its_page(
    lyrics_page: Session, project_root: Path
) -> None:
    test = lyrics_page(part="quality")
    data = (project_root / "assets/evaluations/gtzan10.gtzan-test.json").read_bytes()
    test.file_uploader(key="lyrics_score_file").set_value(
        ("sound.json", data, "application/json")
    ).run()
    assert "Test set" in test.error[0].value
