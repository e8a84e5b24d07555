"""The numbers of a card, by hand."""

from dataclasses import replace
from typing import Any

import pytest

from genre_core.model_card.accuracy import (
    comparisons,
    genres_section,
    lengths_table,
    networks_table,
    own_length,
)
from genre_core.model_card.card import weaknesses
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.robustness import losses, robustness_section
from genre_core.model_card.training import epoch_was_chosen
from tests.unit.model_card.scored import scored


def row(text: str, first: str) -> list[str]:
    """Return the cells of the first table row whose first cell is `first`."""
    rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines())
    return next(cells for cells in rows if cells and cells[0] == first)


def test_the_own_frame_length_or_the_longest_that_was_scored(full: CardFacts) -> None:
    test = full.own("test")
    assert test is not None
    assert own_length(full, test) == 29.12
    assert own_length(full, scored([True] * 2, lengths=(3.0, 5.0))) == 5.0


def test_song_accuracy_with_the_published_network_beside(full: CardFacts) -> None:
    test = full.own("test")
    assert test is not None
    table = networks_table(full, test)
    assert row(table, "`small`")[1] == "8 = 80.0 % (49.0 to 94.3)"  # Wilson's interval
    assert row(table, "the published network")[1].startswith("0 = 0.0 %")
    first = comparisons(full, test)[0]
    assert first.other == "the published network"
    assert (first.test.first_only, first.test.second_only) == (8, 0)
    assert first.test.p_value == pytest.approx(2 / 2**8)


def test_each_aggregation_at_each_length(full: CardFacts) -> None:
    test = full.own("test")
    assert test is not None
    table = lengths_table(full, test)
    # The frames of a song are alike: nothing changes when they are combined.
    assert row(table, "29.12 s")[2:5] == ["80.0 % (49.0 to 94.3)"] * 3
    assert row(table, "5 s")[2:5] == ["80.0 % (49.0 to 94.3)"] * 3


def test_precision_recall_and_clips_of_each_genre(full: CardFacts) -> None:
    table = genres_section(full)
    assert row(table, "hiss")[1:4] == ["5", "71 %", "100 %"]
    assert row(table, "hum")[1:4] == ["5", "100 %", "60 %"]


def test_a_perturbation_costs_what_its_own_clips_lose(full: CardFacts) -> None:
    [mp3] = losses(full)
    assert (mp3.name, mp3.list_name) == ("MP3, 32 kbit/s", "test")
    assert mp3.loss == pytest.approx(5 / 6 - 3 / 6)
    assert mp3.summary.n_songs == 6
    assert losses(replace(full, score_sets={})) == []


def test_one_channel_is_measured_on_whole_songs_and_no_weakness(full: CardFacts) -> None:
    facts = {"list_name": "all", "scheme": "", "trim_seconds": 20.0}
    left = scored(
        [True] * 2 + [False] * 2,
        model_sha256=full.info.sha256,
        perturbation="one_channel",
        lengths=(29.12,),
        **facts,
    )
    sets = {**full.score_sets, "small.songs-all.one_channel.json": left}
    changed = replace(full, score_sets=sets)
    cells = row(robustness_section(changed), "left channel alone")
    assert cells[1:3] == ["whole songs", "4"]
    assert cells[4] == "-25.0"  # 2 of 4, and 3 of 4 unchanged
    assert not any("channel" in sentence for sentence in weaknesses(changed))


def test_weaknesses_are_counted(full: CardFacts) -> None:
    text = weaknesses(full)
    assert any("hiss 5, hum 5" in sentence for sentence in text)
    assert any("hum (60 %)" in sentence for sentence in text)
    assert "MP3, 32 kbit/s costs 33.3 points." in text
    stale = {"small.set-test.json": scored([True] * 4, model_sha256="0" * 64)}
    assert any(
        "small.set-test.json" in each for each in weaknesses(replace(full, score_sets=stale))
    )


@pytest.mark.parametrize(
    ("settings", "chosen"),
    [
        ({"select_by": "accuracy", "epochs": 30}, True),
        ({"select_by": "last", "epochs": 30}, False),
        ({"select_by": "accuracy", "epochs": 1}, False),
    ],
)
def test_whether_the_epoch_was_chosen_in_validation(settings: dict[str, Any], chosen: bool) -> None:
    assert epoch_was_chosen(settings) is chosen
