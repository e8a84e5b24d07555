"""The page "Analyse a song", run through app.py without a browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.config import GENRES

Session = Callable[..., AppTest]


def html_of(test: AppTest) -> str:
    return "\n".join(element.proto.body for element in test.get("html"))


def has_verdict(test: AppTest) -> bool:
    return "gr-verdict" in html_of(test).replace(".gr-verdict", "")


def upload(test: AppTest, name: str, data: bytes) -> AppTest:
    test.file_uploader[0].set_value((name, data, "application/octet-stream"))
    return test.run()


def test_the_first_view_explains_itself_and_offers_demo_songs(app: Session):
    test = app().run()
    assert not test.exception
    assert test.title[0].value
    assert "Music genre recognizer" in html_of(test)
    labels = {button.key: button.label for button in test.button}
    assert labels["demo_island-morning"] == "Analyse “Island Morning”"
    assert {"demo_medley", "quick_start", "no_music"} <= labels.keys()
    assert not has_verdict(test)


def test_a_demo_song_is_one_click_away_and_the_link_follows(app: Session):
    test = app().run()
    test.button(key="demo_island-morning").click().run()
    assert not test.exception
    assert has_verdict(test)
    assert "Island Morning" in html_of(test)
    assert dict(test.query_params) == {"demo": "island-morning"}


def test_a_demo_song_says_what_it_was_composed_as(app: Session, demo_folder: Path):
    index = demo_folder / "index.json"
    written = json.loads(index.read_text())
    for genre in GENRES:  # until one is the verdict
        written["songs"][0]["genres"] = [genre]
        index.write_text(json.dumps(written))
        test = app(demo="island-morning").run()
        composed, is_wrong = f"Composed as {genre}", "the network is wrong" in html_of(test)
        assert composed in html_of(test)
        if f">{genre}</p>" in html_of(test) or f">{genre}, perhaps" in html_of(test):
            assert not is_wrong
            return
        assert is_wrong
    raise AssertionError("no verdict is one of the genres")


def test_an_upload_gives_a_verdict(app: Session, wav_bytes: Callable[..., bytes]):
    test = upload(app().run(), "my song.wav", wav_bytes(75.0, 12_000))
    assert not test.exception
    assert has_verdict(test)
    assert "my song.wav" in html_of(test)
    assert not test.query_params


def test_a_bad_upload_names_the_file_and_leaves_a_way_on(app: Session):
    test = upload(app().run(), "notes.mp3", b"these are only words " * 40)
    assert not test.exception
    assert [("notes" in e.value) for e in test.error] == [True]
    assert not has_verdict(test)
    test.button(key="demo_medley").click().run()
    assert not test.error
    assert has_verdict(test)


def test_after_a_bad_upload_the_previous_result_is_still_there(
    app: Session, wav_bytes: Callable[..., bytes], counts: dict[str, int]
):
    test = upload(app().run(), "good.wav", wav_bytes(40.0, 12_000))
    upload(test, "bad.wav", b"RIFF nothing of use")
    assert not test.exception
    assert "bad" in test.error[0].value
    assert has_verdict(test)
    assert "good.wav" in html_of(test)
    assert counts["scored"] == 1
    # ... and its controls still work.
    test.segmented_control(key="control_agg").set_value("majority_vote").run()
    assert has_verdict(test)


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)>.wav",
        "a" * 300 + ".wav",
        "песня 歌 \u202egnp.wav",
        "[link](javascript:alert(1)) $x^2$ :red[y].wav",
    ],
)
def test_hostile_file_names_are_shown_as_text(
    app: Session, wav_bytes: Callable[..., bytes], name: str
):
    test = upload(app().run(), name, wav_bytes(5.0, 12_000))
    assert not test.exception
    assert has_verdict(test)
    assert "<img" not in html_of(test)
    assert "\u202e" not in html_of(test)
    assert "a" * 100 not in html_of(test)
    upload(test, name, b"broken")
    assert "<img" not in test.error[0].value.replace(r"\<img", "")
    assert "](" not in test.error[0].value


def test_another_aggregation_runs_no_network(app: Session, counts: dict[str, int]):
    test = app(demo="island-morning", t="5").run()
    assert counts == {"decoded": 1, "scored": 1, "loaded": 1}
    for name, in_link in (("geometric_mean", "geometric"), ("majority_vote", "vote")):
        test.segmented_control(key="control_agg").set_value(name).run()
        assert not test.exception
        assert test.query_params["agg"] == in_link
    assert counts == {"decoded": 1, "scored": 1, "loaded": 1}


def test_frame_length_and_trim_rerun_only_what_depends_on_them(
    app: Session, counts: dict[str, int]
):
    test = app(demo="island-morning").run()
    test.select_slider(key="control_t").set_value(10.0).run()
    assert "Frame 1 of" not in html_of(test)
    assert counts == {"decoded": 1, "scored": 2, "loaded": 1}
    test.slider(key="control_n").set_value(0).run()
    assert counts == {"decoded": 1, "scored": 3, "loaded": 1}
    assert dict(test.query_params) == {"demo": "island-morning", "t": "10", "n": "0"}
    assert len([b for b in test.button if (b.key or "").startswith("open_frame_")]) == 7
    test.button(key="reset_settings").click().run()
    assert counts == {"decoded": 1, "scored": 3, "loaded": 1}  # all of it was known
    assert dict(test.query_params) == {"demo": "island-morning"}


def test_the_same_song_in_another_session_costs_nothing(app: Session, counts: dict[str, int]):
    app(demo="island-morning").run()
    second = app(demo="island-morning", agg="vote").run()
    assert has_verdict(second)
    assert counts == {"decoded": 1, "scored": 1, "loaded": 1}


def test_a_link_opens_its_view(app: Session):
    test = app(demo="reggae", t="10", n="5", agg="vote").run()
    assert not test.exception
    assert has_verdict(test)
    assert test.select_slider(key="control_t").value == 10.0
    assert test.slider(key="control_n").value == 5
    assert test.segmented_control(key="control_agg").value == "majority_vote"
    assert test.query_params["demo"] == "island-morning"


def test_a_bad_link_is_mended_with_a_note(app: Session):
    test = app(demo="medley", t="500", n="-3", agg="<b>median</b>").run()
    assert not test.exception
    assert has_verdict(test)
    assert len(test.warning) == 3
    assert "<b>" not in test.warning[2].value.replace(r"\<b", "")
    assert dict(test.query_params) == {"demo": "medley", "n": "0"}


def test_a_link_to_an_unknown_demo_song_shows_the_others(app: Session):
    test = app(demo="polka").run()
    assert not test.exception
    assert "polka" in test.warning[0].value
    assert any(b.key == "demo_medley" for b in test.button)


def test_a_missing_network_is_said_plainly(app: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENRE_MODEL", "/nowhere/net.safetensors")
    test = app(demo="medley").run()
    assert not test.exception
    assert "net" in test.error[0].value


def test_a_frame_opens_large_and_turns_to_the_next(app: Session):
    test = app(demo="island-morning", t="10").run()
    test.button(key="open_frame_1").click().run()
    assert not test.exception
    assert "Frame 2 · 0:30–0:40" in html_of(test)


def test_the_downloads_are_offered(app: Session):
    test = app(demo="island-morning").run()
    assert {b.key for b in test.get("download_button")} == {
        "download_report",
        "download_class",
        "download_card",
        "download_png",
        "download_csv",
        "download_json",
    }


def test_a_long_song_shows_twelve_frames_at_a_time(app: Session, wav_bytes: Callable[..., bytes]):
    test = app(t="3", n="0").run()
    upload(test, "long.wav", wav_bytes(90.0, 12_000))
    shown = [b.key for b in test.button if (b.key or "").startswith("open_frame_")]
    assert shown == [f"open_frame_{i}" for i in range(12)]


def test_the_about_page_names_the_network(app: Session):
    def about_page() -> None:
        from genre_core.ui.pages import about

        about.page()

    app()  # sets the network up
    test = AppTest.from_function(about_page, default_timeout=60).run()
    assert not test.exception
    assert "tiny" in test.caption[0].value
