"""The section "Your own test set", run without a browser in a page that holds nothing else."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.evaluation.score_set import ScoreSet
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.ui.components import step_work
from genre_core.ui.models import MODEL_VARIABLE
from genre_core.ui.pages.test_set.bring_songs import LEAVE_OUT
from genre_core.ui.pages.test_set.score_songs import progress_text
from genre_core.ui.words import duration

PATIENCE_SECONDS = 120
MOST_RUNS = 200


def page() -> None:
    import streamlit as st

    from genre_core.ui.pages.test_set import score_songs

    def show(score_set, digest) -> None:
        st.session_state["shown"] = score_set
        st.session_state.setdefault("digests", []).append(digest)

    if st.toggle("elsewhere"):
        score_songs.elsewhere(show)
    else:
        score_songs.section(show)


@pytest.fixture
def test(tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv(MODEL_VARIABLE, str(tiny_checkpoint))
    return AppTest.from_function(page, default_timeout=PATIENCE_SECONDS).run()


@pytest.fixture
def _one_step_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """However fast the machine, the work is still under way after its first run."""
    monkeypatch.setattr(step_work, "STEP_SECONDS_IN_PAGE", 0.0)


@pytest.fixture
def songs(wav_bytes: Callable[..., bytes]) -> dict[str, bytes]:
    song = wav_bytes(7.0, 12_000)
    return {
        "jazz/a.wav": song,
        "jazz/broken.wav": b"these are only words " * 50,
        "Hip-Hop/b.wav": song,
        "clasical/c.wav": song,
        "folk/d.wav": song,
    }


def zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def upload(test: AppTest, *files: tuple[str, bytes]) -> AppTest:
    test.file_uploader[0].set_value([(name, data, "") for name, data in files])
    return test.run()


def words_of(test: AppTest) -> str:
    elements = [*test.markdown, *test.caption, *test.error, *test.success]
    return "\n".join(element.value for element in elements).replace("\\", "")


def is_running(test: AppTest) -> bool:
    return any(button.key == "own_cancel" for button in test.button)


def progress_of(test: AppTest) -> str:
    return test.get("progress")[0].proto.text


def until(test: AppTest, is_reached: Callable[[AppTest], bool]) -> None:
    """Run the page again and again: a browser's timer does it outside of tests."""
    for _ in range(MOST_RUNS):
        if is_reached(test):
            return
        test.run()
        assert not test.exception
    raise AssertionError("the work does not come to an end")


def shown(test: AppTest) -> ScoreSet:
    """Press the button that shows the result, and return what the page was given."""
    test.button(key="own_show").click().run()
    assert not test.exception
    score_set: ScoreSet = test.session_state["shown"]
    return score_set


def test_songs_are_scored_to_the_end_and_shown(test: AppTest, songs: dict[str, bytes]):
    upload(test, ("mine.zip", zip_of(songs)))
    assert not test.exception
    chosen = {box.label.replace("\\", ""): box.value for box in test.selectbox}
    assert chosen == {
        "Hip-Hop (1 song)": "hiphop",  # the same letters: offered at once
        "clasical (1 song)": LEAVE_OUT,
        "folk (1 song)": LEAVE_OUT,
    }
    test.button(key="own_take_offers").click().run()
    assert [box.value for box in test.selectbox] == ["hiphop", "classical", LEAVE_OUT]
    assert "4 songs" in words_of(test)
    assert "folk: 1 song left out" in words_of(test)
    test.button(key="own_start").click().run()
    until(test, lambda test: not is_running(test))
    result = shown(test)
    assert {clip.clip_id: clip.label for clip in result.clips} == {
        "Hip-Hop/b.wav": "hiphop",
        "clasical/c.wav": "classical",
        "jazz/a.wav": "jazz",
    }
    assert sorted(result.frames) == [3.0, 5.0, 10.0, 29.12]
    assert result.provenance.trim_seconds == 20.0
    assert "3 songs" in test.success[0].value
    assert "jazz/broken.wav:" in words_of(test)
    assert len(test.get("download_button")) == 1
    assert len(test.session_state["digests"]) == 1
    test.button(key="own_another").click().run()
    assert len(test.file_uploader) == 1


@pytest.mark.usefixtures("_one_step_a_run")
def test_cancel_keeps_what_is_done_and_the_rest_can_follow(
    test: AppTest, wav_bytes: Callable[..., bytes]
):
    names = [f"{genre}/{n}.wav" for genre in ("jazz", "rock") for n in range(2)]
    song = wav_bytes(7.0, 12_000)
    upload(test, ("mine.zip", zip_of(dict.fromkeys(names, song))))
    test.segmented_control(key="own_kind").set_value("clips").run()
    test.button(key="own_start").click().run()
    run = test.session_state["own_test_set"].run
    until(test, lambda test: "2 of 4 songs" in progress_of(test))
    assert is_running(test)
    assert "left" in progress_of(test)
    test.button(key="own_cancel").click().run()
    assert not is_running(test)
    part = shown(test)
    assert len(part.clips) == 2
    assert "Stopped after" in part.provenance.problems[-1]
    n_scored = len(run.rows)
    test.run()
    assert len(run.rows) == n_scored  # it really stands still
    test.button(key="own_go_on").click().run()
    until(test, lambda test: not is_running(test))
    whole = shown(test)
    assert [clip.clip_id for clip in whole.clips] == sorted(names)
    assert whole.provenance.problems == ()
    assert len(set(test.session_state["digests"])) == 2


@pytest.mark.usefixtures("_one_step_a_run")
def test_the_work_goes_on_beside_other_things(test: AppTest, songs: dict[str, bytes]):
    upload(test, ("mine.zip", zip_of(songs)))
    test.toggle[0].set_value(True).run()
    assert not words_of(test)  # nothing is under way
    test.toggle[0].set_value(False).run()
    upload(test, ("mine.zip", zip_of(songs)))
    test.button(key="own_start").click().run()
    test.toggle[0].set_value(True).run()
    until(test, lambda test: not is_running(test))
    assert "2 songs" in test.success[0].value
    assert len(shown(test).clips) == 2
    assert not test.success  # said once
    test.toggle[0].set_value(False).run()
    assert "2 songs" in test.success[0].value


@pytest.mark.usefixtures("_one_step_a_run")
def test_what_was_stopped_can_be_forgotten(test: AppTest, wav_bytes: Callable[..., bytes]):
    upload(test, ("mine.zip", zip_of({"rock/a.wav": wav_bytes(40.0, 12_000)})))
    test.button(key="own_start").click().run()
    test.button(key="own_cancel").click().run()
    assert all(button.key != "own_show" for button in test.button)  # no song is done
    assert not test.error
    test.button(key="own_forget").click().run()
    assert test.session_state["own_test_set"].run is None
    assert len(test.file_uploader) == 1


def test_songs_and_a_table(test: AppTest, wav_bytes: Callable[..., bytes]):
    song = wav_bytes(4.0, 12_000)
    upload(test, ("a.wav", song), ("b.wav", song))
    assert "add a CSV" in words_of(test)
    upload(test, ("a.wav", song), ("b.wav", song), ("my labels.csv", b"a.wav;rock\nb.wav;pop"))
    test.button(key="own_start").click().run()
    until(test, lambda test: not is_running(test))
    result = shown(test)
    assert [clip.label for clip in result.clips] == ["rock", "pop"]
    assert result.name == "my labels"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("notes.zip", b"these are only words", "not a ZIP archive"),
        ("evil.zip", zip_of({"../evil.mp3": b"x"}), "evil.mp3"),
        ("bomb.zip", zip_of({f"rock/{n}.mp3": b"" for n in range(3_000)}), "3,000 entries"),
        ("empty.zip", zip_of({}), "no song with a label"),
        ("folk.zip", zip_of({"folk/a.mp3": b"x"}), "does not know this label"),
    ],
)
def test_a_bad_upload_is_named_and_can_be_replaced(
    test: AppTest, songs: dict[str, bytes], name: str, data: bytes, words: str
):
    upload(test, (name, data))
    assert not test.exception
    assert words in test.error[0].value.replace("\\", "")
    assert all(button.key != "own_start" for button in test.button)
    upload(test, ("mine.zip", zip_of(songs)))
    assert not test.error
    assert test.button(key="own_start")


def test_when_no_song_can_be_read_the_reasons_are_given(test: AppTest):
    upload(test, ("mine.zip", zip_of({"rock/a.mp3": b"no sound", "rock/b.mp3": b"none"})))
    test.button(key="own_start").click().run()
    until(test, lambda test: not is_running(test))
    assert all(button.key != "own_show" for button in test.button)
    assert "no song could be scored" in words_of(test)
    assert "rock/b.mp3:" in words_of(test)
    assert len(test.file_uploader) == 1


def test_a_step_that_crashes_stops_the_run(
    test: AppTest, songs: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    upload(test, ("mine.zip", zip_of(songs)))

    def crash(*arguments) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(GenreRecognizer, "decode", crash)
        test.button(key="own_start").click().run()
        assert test.exception
        test.run()
        assert not test.exception
    test.button(key="own_go_on").click().run()
    until(test, lambda test: not is_running(test))
    assert len(shown(test).clips) == 2


@pytest.mark.usefixtures("_one_step_a_run")
def test_two_sessions_do_not_share_their_songs(
    test: AppTest, songs: dict[str, bytes], tiny_checkpoint: Path
):
    upload(test, ("mine.zip", zip_of(songs)))
    test.button(key="own_start").click().run()
    other = AppTest.from_function(page, default_timeout=PATIENCE_SECONDS).run()
    assert is_running(test)
    assert not is_running(other)
    assert len(other.file_uploader) == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "1 s"), (59.4, "59 s"), (60.0, "1 min"), (3_540.0, "59 min"), (5_400.0, "1 h 30 min")],
)
def test_durations_are_rough(seconds: float, words: str):
    assert duration(seconds) == words


def test_foreign_names_are_escaped_in_the_progress():
    from genre_core.inference.step_run import Progress

    text = progress_text(Progress(1, 9, 0.1, "rock/**bold**.mp3", "decoding", 61.0))
    assert text.startswith("1 of 9 songs · about 1 min left · ")
    assert "**" not in text.replace("\\*", "")
