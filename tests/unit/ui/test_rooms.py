"""Class rooms: what may happen in them, their bounds, and what is counted."""

import io
import threading
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from genre_core.errors import RoomError
from genre_core.ui.rooms import address, tally
from genre_core.ui.rooms import room as rules
from genre_core.ui.rooms.room import NetworkVerdict, Room, RoomSong
from genre_core.ui.rooms.store import ALPHABET, CODE_LENGTH, RoomStore, as_code, is_teacher

GENRES = ("blues", "jazz", "rock")


def a_song(truth: str | None = "jazz", data: bytes = b"sound") -> RoomSong:
    return RoomSong("A title", "a.mp3", data, "audio/mpeg", truth)


def songs(n: int = 3) -> tuple[RoomSong, ...]:
    return tuple(a_song() for _ in range(n))


def a_room(*heard: tuple[str | None, str], pupils: int = 0) -> Room:
    """Return a room that has begun: of each song the true genre, and what the network says."""
    read = tuple(
        replace(a_song(truth), verdict=NetworkVerdict(genre, 0.5)) for truth, genre in heard
    )
    room = Room("CODE", "key", GENRES, read)
    for number in range(pupils):
        room = rules.join(room, str(number), "")
    return rules.go_on(room, "lobby", 0)


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_room_goes_from_song_to_song_and_ends() -> None:
    room = a_room(("jazz", "jazz"), ("rock", "jazz"), ("blues", "blues"))
    seen = []
    while room.stage != "end":
        seen.append((room.stage, room.place))
        room = rules.go_on(room, room.stage, room.place)
    assert seen == [(stage, place) for place in range(3) for stage in ("guess", "reveal")]
    assert rules.go_on(room, "end", 2) is room


def test_a_second_click_does_not_skip_a_song() -> None:
    room = a_room(("jazz", "jazz"), ("rock", "rock"), ("rock", "rock"))
    revealed = rules.go_on(room, "guess", 0)
    assert rules.go_on(revealed, "guess", 0) is revealed


def test_a_room_does_not_begin_before_the_network_has_read_it() -> None:
    room = Room("CODE", "key", GENRES, songs())
    assert rules.go_on(room, "lobby", 0).stage == "lobby"
    for place in range(3):
        room = rules.note_verdict(room, place, NetworkVerdict("jazz", 0.9))
    assert rules.go_on(room, "lobby", 0).stage == "guess"


def test_a_guess_can_be_changed_until_the_reveal() -> None:
    room = a_room(("jazz", "jazz"), ("rock", "rock"), ("rock", "rock"), pupils=1)
    room = rules.guess(room, "0", 0, "rock")
    room = rules.guess(room, "0", 0, None)
    assert room.pupils["0"].guesses == {0: None}
    assert room.n_answers == 1
    revealed = rules.go_on(room, "guess", 0)
    for place in (0, 1):  # too late, too early
        with pytest.raises(RoomError, match="too late"):
            rules.guess(revealed, "0", place, "jazz")
    with pytest.raises(RoomError, match="no such pupil"):
        rules.guess(room, "stranger", 0, "jazz")
    with pytest.raises(RoomError, match="genre"):
        rules.guess(room, "0", 0, "polka")


def test_the_forty_first_pupil_is_refused() -> None:
    room = a_room(("jazz", "jazz"), pupils=rules.MOST_PUPILS)
    with pytest.raises(RoomError, match="40 pupils"):
        rules.join(room, "late", "")


@pytest.mark.parametrize("n_songs", [0, 2, 21])
def test_too_few_or_too_many_songs_are_refused(n_songs: int) -> None:
    with pytest.raises(RoomError, match="3 to 20 songs"):
        RoomStore().open(songs(n_songs), GENRES)


def test_too_large_songs_are_refused() -> None:
    large = a_song(data=bytes(rules.MOST_ROOM_MEGABYTES * 2**20 // 3 + 1))
    with pytest.raises(RoomError, match="80 MB"):
        RoomStore().open((large,) * 3, GENRES)
    store = RoomStore(most_megabytes=1)
    store.open((a_song(data=bytes(2**20 // 3)),) * 3, GENRES)
    with pytest.raises(RoomError, match="all rooms"):
        store.open((a_song(data=bytes(2**20 // 3)),) * 3, GENRES)


def test_a_song_that_cannot_be_read_is_left_out_unless_too_few_are_left() -> None:
    room = Room("CODE", "key", GENRES, songs(4))
    left = rules.drop_song(room, room.songs[1])
    assert len(left.songs) == 3
    with pytest.raises(RoomError, match="fewer than 3"):
        rules.drop_song(left, left.songs[0])


def test_there_are_as_many_rooms_as_the_store_holds() -> None:
    store = RoomStore(most_rooms=2)
    first = store.open(songs(), GENRES)
    store.open(songs(), GENRES)
    with pytest.raises(RoomError, match="2 rooms are open"):
        store.open(songs(), GENRES)
    store.close(first.code)
    store.open(songs(), GENRES)


def test_a_silent_room_is_closed_and_one_in_use_is_not() -> None:
    clock = Clock()
    store = RoomStore(silence_seconds=100.0, clock=clock)
    silent, used = store.open(songs(), GENRES), store.open(songs(), GENRES)
    clock.seconds = 99.0
    store.change(used.code, lambda room: rules.join(room, "token", ""))
    assert store.get(silent.code)  # to look at a room does not keep it open
    clock.seconds = 100.0
    assert store.get(silent.code) is None
    assert store.get(used.code)
    with pytest.raises(RoomError, match="closed"):
        store.change(silent.code, lambda room: room)


def test_a_silent_room_is_closed_though_nobody_asks() -> None:
    store = RoomStore(silence_seconds=0.05)
    store.open(songs(), GENRES)
    timer = store._timer
    assert timer is not None
    timer.join(60)
    assert store._rooms == {}


def test_a_refused_change_leaves_the_room_as_it_was() -> None:
    store = RoomStore()
    room = store.open(songs(), GENRES)
    with pytest.raises(RoomError):
        store.change(room.code, lambda current: rules.guess(current, "0", 0, "jazz"))
    assert store.get(room.code) is room


def test_many_threads_lose_no_pupil_and_let_in_none_too_many() -> None:
    store = RoomStore()
    code = store.open(songs(), GENRES).code
    refused = []
    at_once = threading.Barrier(8)

    def arrive(thread: int) -> None:
        at_once.wait(60)
        for number in range(6):
            try:
                store.change(code, partial(rules.join, token=f"{thread} {number}", name=""))
            except RoomError:
                refused.append(number)

    threads = [threading.Thread(target=arrive, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    room = store.get(code)
    assert room is not None
    assert len(room.pupils) == rules.MOST_PUPILS
    assert len(refused) == 48 - rules.MOST_PUPILS


def test_codes_differ_and_hold_no_word_and_no_look_alike() -> None:
    store = RoomStore(most_rooms=200)
    codes = [store.open(songs(), GENRES).code for _ in range(200)]
    assert len(set(codes)) == 200
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert not set(ALPHABET) & set("AEIOU01258BFKLSZ")
    assert len(ALPHABET) ** CODE_LENGTH > 20_000_000


def test_a_code_is_found_as_people_type_it() -> None:
    store = RoomStore()
    code = store.open(songs(), GENRES).code
    assert store.find(f" {code[:3].lower()}-{code[3:].lower()} ") is store.get(code)
    assert store.find("AAAAAA") is None
    assert as_code("x" * 1000 + "<script>") == "X" * 12


def test_the_key_is_the_teachers_alone() -> None:
    room = RoomStore().open(songs(), GENRES)
    assert is_teacher(room, room.key)
    assert not is_teacher(room, "")
    assert not is_teacher(room, "ключ")
    assert room.key not in repr(room)


def played() -> Room:
    """Return a room at its end: three songs, one of which has no true genre, and three pupils."""
    room = a_room(("jazz", "rock"), (None, "rock"), ("rock", "rock"), pupils=3)
    said = [("jazz", "jazz", None), ("jazz", "rock", "rock"), ("rock", "blues", "skip")]
    for place, genres in enumerate(said):
        for pupil, genre in enumerate(genres):
            if genre != "skip":
                room = rules.guess(room, str(pupil), place, genre)
        room = rules.go_on(rules.go_on(room, "guess", place), "reveal", place)
    return room


def test_the_matrices_count_what_was_said_of_songs_with_a_true_genre() -> None:
    room = played()
    assert tally.genres_in_use(room) == GENRES
    np.testing.assert_array_equal(tally.class_confusion(room), [[0, 0, 0], [0, 2, 0], [1, 0, 1]])
    np.testing.assert_array_equal(tally.network_confusion(room), [[0, 0, 0], [0, 0, 1], [0, 0, 1]])


def test_a_songs_tally() -> None:
    first, second, third = tally.tallies(played())
    assert (first.guesses, first.no_idea, first.no_answer) == ({"jazz": 2}, 1, 0)
    assert (second.most_said, second.share_right) == (("rock",), None)
    assert (third.most_said, third.no_answer, third.share_right) == (("blues", "rock"), 1, 0.5)
    hardest = tally.hardest(played())
    assert hardest == third


def test_the_table_names_no_pupil_and_runs_no_formula() -> None:
    room = played()
    named = replace(room, pupils={**room.pupils, "3": rules.Pupil("Ada", {})})
    titled = replace(named, songs=(replace(room.songs[0], title="=1+1"), *room.songs[1:]))
    text = tally.csv(titled)
    assert "Ada" not in text
    header, first, *_ = text.splitlines()
    assert header == "song,title,true_genre,network,network_score,blues,jazz,rock,no_idea,no_answer"
    assert first == "1,'=1+1,jazz,rock,0.5,0,2,0,1,1"


def test_a_link_has_the_address_that_phones_reach() -> None:
    link = address.join_link("http://localhost:8501/app/class", "192.168.1.20:8501", "CODE")
    assert link == "http://192.168.1.20:8501/app/class?room=CODE"
    assert address.host_for_pupils("https://music.example.org/class") == "music.example.org"
    assert address.is_own("http://127.0.0.1:8501/class")
    assert not address.is_own("http://192.168.1.20:8501/class")


def test_the_machines_own_address_stands_in_for_localhost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "lan_address", lambda: "192.168.1.20")
    assert address.host_for_pupils("http://localhost:8501/class") == "192.168.1.20:8501"
    monkeypatch.setattr(address, "lan_address", lambda: None)
    assert address.host_for_pupils("http://localhost:8501/class") == "localhost:8501"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("192.168.1.20:8501", True),
        ("music.example.org", True),
        ("[fe80::1]:8501", True),
        ("", False),
        ("two words", False),
        ("host/path", False),
        ("<b>:1", False),
        ("host:port", False),
    ],
)
def test_what_counts_as_an_address(text: str, is_one: bool) -> None:
    assert address.is_host(text) == is_one


def test_the_qr_code_is_black_on_white_with_a_margin() -> None:
    from PIL import Image

    from genre_core.ui.pages.classroom.lobby import qr_png

    short, other = (qr_png(f"http://192.168.1.20:8501/class?room={code}") for code in ("AB", "CD"))
    assert short != other
    picture = Image.open(io.BytesIO(short)).convert("L")
    assert picture.width == picture.height
    assert picture.getextrema() == (0, 255)  # black on white, on dark pages, too
    assert picture.getpixel((0, 0)) == 255  # the quiet margin
