"""Cross-validation, and folds of songs from elsewhere, by hand."""

from dataclasses import replace

from genre_core.evaluation.bundled import CrossValidation
from genre_core.evaluation.score_set import CROSS_VALIDATION
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.folds import (
    cross_validation_section,
    elsewhere_section,
    is_same_recipe,
)
from tests.unit.model_card.scored import scored
from tests.unit.model_card.test_facts import RECORD
from tests.unit.model_card.test_numbers import row

MORE = "../data/songs_more/songs.csv"


def test_cross_validation_counts_its_folds(full: CardFacts) -> None:
    settings = full.info.training["settings"]
    record = replace(RECORD, settings=settings)
    text = cross_validation_section(replace(full, cross_validation=record))
    assert row(text, "0") == ["0", "10", "8 of 10 = 80.0 % (49.0 to 94.3)"]
    assert "14 of 20 = 70.0 %" in text
    assert "70.0 % with a standard deviation of 14.1 points" in text


def test_folds_are_counted_genre_by_genre(full: CardFacts) -> None:
    correct = [True] * 5 + [False] + [True] * 3 + [False]
    facts = {"model": "small", "list_name": CROSS_VALIDATION, "dataset": RECORD.dataset}
    folds = scored(correct, **facts)
    sets = {**full.score_sets, "small.set-2-folds.json": folds}
    text = cross_validation_section(replace(full, cross_validation=RECORD, score_sets=sets))
    n_hums = sum(clip.label == "hum" for clip in folds.clips)
    assert row(text, "hum")[1] == str(n_hums)
    assert row(text, "hum")[2].startswith(f"{n_hums - 2} of {n_hums} = ")


def test_a_last_stage_by_itself_is_said(full: CardFacts) -> None:
    settings = full.info.training["settings"]
    stages = [{"settings": {"task": "maps"}}]
    info = replace(full.info, training={**full.info.training, "stages": stages})
    record = replace(RECORD, settings={**settings, "init": "runs/small.stage1.safetensors"})
    facts = replace(full, info=info, cross_validation=record)
    assert "had its training songs without their labels" in cross_validation_section(facts)
    other = replace(facts, cross_validation=replace(record, settings={**settings, "seed": 9}))
    assert "with another recipe" in cross_validation_section(other)
    assert "with another recipe" in cross_validation_section(replace(facts, info=full.info))


def test_another_recipe_of_the_folds_is_noticed(full: CardFacts) -> None:
    settings = full.info.training["settings"]
    same: CrossValidation = replace(RECORD, settings=settings)
    assert is_same_recipe(replace(full, cross_validation=same))
    for changes in ({"settings": {"seed": 1}}, {"stages": ({"seed": 1},)}):
        assert not is_same_recipe(replace(full, cross_validation=replace(same, **changes)))


def with_elsewhere(full: CardFacts) -> CardFacts:
    """Eight songs from elsewhere in folds, six correct; the two wrong ones are "hum"."""
    folds = scored(
        [True, False] * 2 + [True] * 4,
        list_name=CROSS_VALIDATION,
        scheme="4 folds by artist",
        dataset="songs_more",
    )
    return replace(full, score_sets={**full.score_sets, "small.songs_more-4-folds.json": folds})


def test_songs_from_elsewhere_are_counted_genre_by_genre_and_length_by_length(
    full: CardFacts,
) -> None:
    text = elsewhere_section(with_elsewhere(full))
    assert "8 songs of songs_more, 4 folds by artist" in text
    # The confidence is 0.75 throughout, and so is the accuracy.
    assert "6 of 8 = 75.0 % (40.9 to 92.9), expected calibration error 0.000" in text
    assert "high or medium certainty" in text
    assert row(text, "hiss") == ["hiss", "4", "4 of 4 = 100.0 % (51.0 to 100.0)"]
    assert row(text, "hum") == ["hum", "4", "2 of 4 = 50.0 % (15.0 to 85.0)"]
    assert row(text, "5 s")[2:] == ["6 of 8 = 75.0 % (40.9 to 92.9)", "0.000"]
    assert row(text, "29.12 s")[2:] == ["6 of 8 = 75.0 % (40.9 to 92.9)", "0.000"]


def test_folds_of_the_training_set_are_not_from_elsewhere(full: CardFacts) -> None:
    home = scored([True] * 4, list_name=CROSS_VALIDATION)
    text = elsewhere_section(replace(full, score_sets={"small.set-4-folds.json": home}))
    assert "Not measured" in text
    assert "benchmarks.more_folds" in text


def test_what_the_network_had_of_the_songs_from_elsewhere_is_said(full: CardFacts) -> None:
    without = elsewhere_section(with_elsewhere(full))
    assert "labels." not in without.replace("to give the labels", "")
    own = full.info.training
    maps = {"settings": {"task": "maps", "more": [MORE]}}
    last = own["settings"] | {"more": [MORE]}
    info = replace(full.info, training=own | {"stages": [maps], "settings": last})
    text = elsewhere_section(with_elsewhere(replace(full, info=info)))
    assert "had these songs without their labels" in text
    assert "has learnt from these songs, with their labels" in text
