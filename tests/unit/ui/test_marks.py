"""The marks under the timeline, in words."""

from genre_core.inference.moments import Moment, Moments
from genre_core.ui.components.synced_player.marks import marks_of


def moment(start: float, score: float = 0.5) -> Moment:
    return Moment(start, start + 6.0, score)


def test_words_say_every_moment_and_marks_stand_in_the_middle() -> None:
    marks = marks_of(Moments("jazz", (moment(27.0, 0.98), moment(72.0)), (moment(50.0, 0.04),)))
    assert marks.words == "Most like jazz at 0:27 and 1:12; least at 0:50."
    assert [mark.seconds for mark in marks.marks] == [27.0, 50.0, 72.0]
    assert [mark.is_most for mark in marks.marks] == [True, False, True]
    assert marks.marks[0].middle_seconds == 30.0
    assert marks.marks[0].name == "Play from 0:27: most like jazz, 98 %"
    assert marks.marks[1].name == "Play from 0:50: least like jazz, 4 %"


def test_one_moment_and_none() -> None:
    assert marks_of(Moments("jazz", (moment(27.0),))).words == "Most like jazz at 0:27."
    none = marks_of(Moments("jazz"))
    assert none.words == "The song is about equally like jazz all through."
    assert none.marks == ()
