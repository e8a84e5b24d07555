"""The sound that is no music is unlike all that the bundled network has learnt."""

from genre_core.checkpoints.bundled import bundled_models
from genre_core.cli.model_option import load_recognizer
from genre_core.ui.no_music import siren


def test_the_bundled_network_says_that_a_siren_is_unlike_its_songs():
    assert bundled_models()
    analysis = load_recognizer(None).analyse(siren().data, name=siren().file_name)
    assert analysis.unlike_training
    assert len(siren().data) < 2**20
