"""The page "Class": teacher and pupils as browser sessions of one server."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import mutagen
import pytest
import soundfile
from streamlit.testing.v1 import AppTest

from genre_core.ui.pages.classroom import lobby
from genre_core.ui.pages.classroom.state import ClassState
from genre_core.ui.rooms import room as rules
from genre_core.ui.rooms import tally
from genre_core.ui.rooms.store import ALPHABET, CODE_LENGTH, rooms
from tests.app.test_analyse import html_of
from tests.app.test_guess_first import everything

Session = Callable[..., AppTest]
DEMOS = {"one": "reggae", "two": "rock", "three": "jazz", "four": "blues"}


@pytest.fixture(autouse=True)
def _no_rooms() -> Iterator[None]:
    yield
    for code in list(rooms._rooms):
        rooms.close(code)


@pytest.fixture
def songs(demo_folder: Path, wav_bytes: Callable[..., bytes]) -> Path:
    entries = []
    for seconds, (key, genre) in enumerate(DEMOS.items(), 31):
        (demo_folder / f"{key}.wav").write_bytes(wav_bytes(float(seconds), 12_000))
        entries.append({"name": key, "file": f"{key}.wav", "title": f"Title of {key}",
                        "genres": [genre], "seconds": seconds, "listen_for": ""})  # fmt: skip
    (demo_folder / "index.json").write_text(json.dumps({"songs": entries}), encoding="utf-8")
    return demo_folder


@pytest.fixture
def session(app: Session, songs: Path) -> Session:
    """Return a maker of browser sessions on the page "Class"."""

    def show() -> None:
        from genre_core.ui.pages.classroom import page

        page.page()

    def make(**query: str) -> AppTest:
        app()  # sets network and songs up
        test = AppTest.from_function(show, default_timeout=120)
        for key, value in query.items():
            test.query_params[key] = value
        return test.run()

    return make


def open_room(session: Session, n_songs: int = 3) -> AppTest:
    teacher = session()
    teacher.slider(key="class_demos").set_value(n_songs).run()
    teacher.button(key="class_open").click().run()
    assert not teacher.exception
    return teacher


def join(session: Session, code: str, name: str = "") -> AppTest:
    pupil = session(room=code)
    pupil.text_input(key="class_name").set_value(name)
    pupil.button(key=next(b.key for b in pupil.button if "class_join" in b.key)).click().run()
    assert not pupil.exception
    return pupil


def names_of(test: AppTest) -> set[str]:
    return {b.key for b in test.button}


def read_all(code: str) -> None:
    """Let the network read the songs, as the teacher's browser asks for step by step."""
    state = ClassState(ClassState.default)
    while not rooms.get(code).is_ready:
        lobby.read_one(state, code)
    assert state.problems == []


def started(session: Session, n_songs: int = 3) -> tuple[AppTest, str]:
    teacher = open_room(session, n_songs)
    code = teacher.query_params["room"]
    read_all(code)
    teacher.run().button(key="class_begin").click().run()
    assert teacher.title[0].value == f"Song 1 of {n_songs}"
    return teacher, code


def go_on(teacher: AppTest) -> AppTest:
    key = next(key for key in names_of(teacher) if key.startswith("class_go_on"))
    teacher.button(key=key).click().run()
    assert not teacher.exception
    return teacher


def test_a_room_has_a_code_a_qr_code_and_an_address(session: Session):
    teacher = open_room(session)
    code, key = teacher.query_params["room"], teacher.query_params["key"]
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(ALPHABET)
    assert f'gr-code">{code}<' in html_of(teacher)
    assert key not in html_of(teacher)
    assert f"room={code}" in everything(teacher)
    teacher.text_input(key="class_host").set_value("music.example.org:8080").run()
    assert "music.example.org:8080/class" in html_of(teacher)
    teacher.text_input(key="class_host").set_value("<script>").run()
    assert "is no address" in teacher.error[0].value
    assert teacher.button(key="class_begin").disabled  # the network has not read the songs


def test_a_class_guesses_and_sees_nothing_before_the_reveal(session: Session):
    teacher, code = started(session)
    pupils = [join(session, code, name) for name in ("Ada", "")]
    song = rooms.get(code).song
    for test in (teacher, *pupils):
        assert test.run().title[0].value == "Song 1 of 3"
        told = everything(test)
        assert song.title not in told
        assert song.verdict.genre not in html_of(test)
        assert "gr-revealed" not in html_of(test).replace(".gr-revealed", "")
        assert "Title of" not in told
    pupils[0].button(key=f"class_guess_0_{song.truth}").click().run()
    pupils[0].button(key="class_guess_0_No idea").click().run()
    pupils[0].button(key=f"class_guess_0_{song.truth}").click().run()
    assert any(f"You said **{song.truth}**" in each.value for each in pupils[0].markdown)
    assert "**1** of 2 pupils" in everything(teacher.run())
    go_on(teacher)
    for test in (teacher, *pupils):
        assert song.title in html_of(test.run())
        assert "It is <span" in html_of(test)
    assert "You said <span" in html_of(pupils[0])
    assert "You did not answer." in html_of(pupils[1])
    # Who clicks when the song is revealed is too late, and it is said.
    assert "class_guess_0_rock" not in names_of(pupils[1])


def test_the_class_stands_beside_the_network_at_the_end(session: Session):
    teacher, code = started(session)
    pupil = join(session, code)
    truths = [song.truth for song in rooms.get(code).songs]
    for place, truth in enumerate(truths):
        said = truth if place else "metal"
        pupil.run().button(key=f"class_guess_{place}_{said}").click().run()
        go_on(go_on(teacher))
    assert teacher.title[0].value == "The class and the network"
    for test in (teacher, pupil.run()):
        assert not test.exception
        assert [each.value for each in test.header[:2]] == ["The class", "The network"]
        assert len(test.get("plotly_chart")) == 2
        assert "**2 of 3 guesses** right" in test.markdown[-1].value + test.markdown[0].value + str(
            [each.value for each in test.markdown]
        )
    assert any("you were right on 2" in each.value for each in pupil.markdown)
    teacher.button(key="class_close").click().run()
    assert not teacher.exception
    assert rooms.get(code) is None
    assert "room" not in teacher.query_params
    gone = session(room=code)
    assert "There is no room" in gone.warning[0].value


def test_teacher_and_pupil_come_back_by_their_links_alone(session: Session):
    teacher, code = started(session)
    pupil = join(session, code)
    pupil.button(key="class_guess_0_blues").click().run()
    links = [dict(each.query_params) for each in (teacher, pupil)]
    again_teacher, again_pupil = (session(**link) for link in links)
    assert any((key or "").startswith("class_go_on") for key in names_of(again_teacher))
    assert any("You said **blues**" in each.value for each in again_pupil.markdown)
    assert len(rooms.get(code).pupils) == 1
    # Neither a wrong key nor a wrong token opens anything but the door.
    for query in ({"key": "x" * 16}, {"me": "x" * 16}, {}):
        assert session(room=code, **query).title[0].value == "Join the class"


def test_who_types_a_wrong_code_is_told_what_codes_look_like(session: Session):
    test = session()
    test.text_input(key="class_code_text").set_value("<b>AAAAAA")
    test.button(key=next(key for key in names_of(test) if "class_code" in key)).click().run()
    assert "There is no room with the code" in test.error[0].value
    assert "<b>" not in test.error[0].value.replace(r"\<b", "")
    code = open_room(session).query_params["room"]
    test.text_input(key="class_code_text").set_value(f" {code[:3].lower()}-{code[3:]} ")
    test.button(key=next(key for key in names_of(test) if "class_code" in key)).click().run()
    assert test.title[0].value == "Join the class"


def test_the_forty_first_is_refused_in_words(session: Session):
    code = open_room(session).query_params["room"]
    for number in range(rules.MOST_PUPILS):
        rooms.change(code, lambda room, number=number: rules.join(room, str(number), ""))
    late = join(session, code)
    assert "This room is full" in late.error[0].value
    assert len(rooms.get(code).pupils) == rules.MOST_PUPILS


def test_names_are_shown_as_text_and_shortened(session: Session):
    teacher = open_room(session)
    join(session, teacher.query_params["room"], "<img src=x> **bold** " * 3)
    teacher.run()
    (names,) = [each.value for each in teacher.markdown if "img" in each.value]
    assert r"\<img" in names
    assert "**bold" not in names


def test_own_songs_bring_their_genre_or_none(
    session: Session, wav_bytes: Callable[..., bytes], tmp_path: Path
):
    test = session()
    test.slider(key="class_demos").set_value(1).run()
    assert test.button(key="class_open").disabled
    tagged = tmp_path / "tagged.flac"
    samples, rate = soundfile.read(BytesIO(wav_bytes(31.0, 12_000)))
    soundfile.write(tagged, samples, rate)
    tags = mutagen.File(tagged)
    tags.update({"genre": "Hip-Hop", "title": "=Cell"})
    tags.save()
    files = [
        ("tagged.flac", tagged.read_bytes(), "audio/flac"),
        ("plain.wav", wav_bytes(32.0, 12_000), "audio/wav"),
        ("broken.wav", b"RIFF nothing of use", "audio/wav"),
    ]
    test.file_uploader[0].set_value(files).run()
    assert not test.exception
    assert [box.value for box in test.selectbox] == ["hiphop", "not said", "not said"]
    test.button(key="class_open").click().run()
    code = test.query_params["room"]
    state = ClassState(ClassState.default)
    while not rooms.get(code).is_ready:
        lobby.read_one(state, code)
    assert "broken" in state.problems[0]
    assert sorted(song.title for song in rooms.get(code).songs)[0] == "=Cell"
    assert [song.truth for song in rooms.get(code).songs].count(None) == 1
    test.run().button(key="class_begin").click().run()
    for _ in range(3):
        go_on(go_on(test))
    assert not test.exception
    assert tally.network_confusion(rooms.get(code)).sum() == 2  # without the one not said
    assert "'=Cell" in tally.csv(rooms.get(code))


def test_pupils_do_not_hear_what_is_played_aloud(session: Session):
    teacher = session()
    teacher.slider(key="class_demos").set_value(3).run()
    teacher.toggle(key="class_on_phones").set_value(False).run()
    teacher.button(key="class_open").click().run()
    code = teacher.query_params["room"]
    read_all(code)
    teacher.run().button(key="class_begin").click().run()
    assert len(teacher.get("audio")) == 1
    assert len(join(session, code).get("audio")) == 0
