"""What the card says of coarse pictures, by hand."""

from dataclasses import replace

from genre_core.evaluation.bundled import coarse_file
from genre_core.evaluation.score_file import save_score_set
from genre_core.model_card.card import card
from genre_core.model_card.coarse import coarse_section
from genre_core.model_card.facts import CardFacts, read_facts
from tests.unit.model_card.scored import scored
from tests.unit.model_card.test_numbers import row


def test_pictures_of_clips_with_sound_are_counted_apart(full: CardFacts) -> None:
    """The first ten of 34 exist as sound too, of which eight are correct."""
    coarse = scored([True] * 2 + [False] * 8 + [True, False] * 12, model_sha256=full.info.sha256)
    text = coarse_section(replace(full, coarse=coarse))
    assert "24 clips of the test list without sound" in text
    assert "12 of 24 = 50.0 % (31.4 to 68.6)" in text
    assert row(text, "hiss")[1:] == ["12", "12 of 12 = 100.0 % (75.8 to 100.0)"]
    assert row(text, "hum")[1:] == ["12", "0 of 12 = 0.0 % (0.0 to 24.2)"]
    assert "Of the 10 clips of the list that have a picture and sound" in text
    assert "names 2 correctly from the picture and 8 from the sound" in text
    assert "a column every 21 ms" in text  # 256 samples at 12 kHz


def test_genres_of_few_pictures_have_no_row(full: CardFacts) -> None:
    coarse = scored([True] * 20, model_sha256=full.info.sha256)  # ten without sound: five a genre
    text = coarse_section(replace(full, coarse=coarse))
    assert "|" not in text
    assert "10 of 10" in text


def test_no_other_number_of_the_card_counts_them(full: CardFacts) -> None:
    coarse = scored([False] * 34, model_sha256=full.info.sha256)
    before, after = card(full), card(replace(full, coarse=coarse))
    without = before.split("## Coarse clips")
    with_them = after.split("## Coarse clips")
    assert without[0] == with_them[0]
    assert without[1].split("## ", 1)[1] == with_them[1].split("## ", 1)[1]
    assert "Not measured" in without[1].split("## ", 1)[0]


def test_scores_of_other_weights_are_not_read(bare: CardFacts, tmp_path, checkpoint) -> None:
    path = coarse_file("small", "set", "test", tmp_path)
    assert path == tmp_path / "coarse" / "small.set-coarse-test.json"
    save_score_set(path, scored([True] * 4, model_sha256="0" * 64))
    assert read_facts(checkpoint, tmp_path).coarse is None
    save_score_set(path, scored([True] * 4, model_sha256=bare.info.sha256))
    read = read_facts(checkpoint, tmp_path)
    assert read.coarse is not None
    assert read.score_sets == {}
