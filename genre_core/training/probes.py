"""What published taggers would call a song: a linear probe on their features, as a teacher.

References
----------
Alain, Bengio (2017): Understanding intermediate layers using linear classifier probes. ICLR
    workshop.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from genre_core.models.won_taggers import WonTagger
from genre_core.training.data import TrainingData
from genre_core.training.settings import TrainingSettings
from genre_core.training.tagger_features import clip_summaries

INVERSE_STRENGTH = 0.01  # C of the logistic regression; .001 to .03 do about as well
MAX_ITERATIONS = 300


def probe_scores(
    taggers: Sequence[WonTagger], settings: TrainingSettings, data: TrainingData
) -> dict[str, np.ndarray]:
    """Fit the probe on the training songs, and score every clip, by clip id.

    Returns
    -------
    dict of str to float32 (n_genres,)
        Of clips with and without labels.
    """
    vectors = clip_summaries(taggers, {**data.train, **data.unlabelled}, settings, data)
    labelled = {clip.clip_id: data.genres.index(clip.label) for clip in data.train}
    probe = make_pipeline(
        StandardScaler(),
        LogisticRegression(C=INVERSE_STRENGTH, class_weight="balanced", max_iter=MAX_ITERATIONS),
    )
    probe.fit(np.stack([vectors[clip_id] for clip_id in labelled]), list(labelled.values()))
    seen = probe.classes_  # a genre may have no sound
    scores = np.zeros((len(vectors), len(data.genres)), dtype=np.float32)
    scores[:, seen] = probe.predict_proba(np.stack(list(vectors.values())))
    return dict(zip(vectors, scores, strict=True))
