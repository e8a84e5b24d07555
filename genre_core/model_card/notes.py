"""Facts about data sets and first weights that are in no file of this repository."""

from genre_core.checkpoints.loading import PUBLISHED

DATASET_NOTES: dict[str, tuple[str, ...]] = {
    "gtzan": (
        "GTZAN (Tzanetakis and Cook 2002): 1,000 clips of 30 s, ten genres, commercial "
        "recordings up to about 2000, chosen and labelled by one person. Its faults (repetitions, "
        "distortions, doubtful labels) are catalogued by Sturm (2013).",
        "The split is the fault-filtered, artist-filtered one of Kereliuk, Sturm and Larsen "
        "(2015): 443 / 197 / 290 clips to train, validate and test; no artist and no "
        "near-duplicate stands on two sides.",
        "Sound was available for 513 clips, and excerpts of 2 to 3 s for 499. The others exist as "
        "coarse spectrograms only (8 bits, one point every 77 ms, absolute level lost), converted "
        "to the input of the network.",
        "jazz.00054, a clip of the training list, is missing altogether.",
    )
}
INIT_NOTES: dict[str, str] = {
    PUBLISHED: (
        "Its first weights are those of the published ten-genre network, which its authors tuned "
        "on GTZAN with a split that they did not publish. Clips of this test list may have been "
        "among the training clips of that network."
    ),
    **dict.fromkeys(
        ("choi_msd_crnn_theano", "choi_msd_cnn_theano"),
        "First weights of its convolutions are those of a published tag network, trained on the "
        "Million Song Dataset, where artists of the test list may occur, without genre labels of "
        "this kind.",
    ),
}
INIT_CREDITS: dict[str, str] = {
    PUBLISHED: (
        "First weights: J. Jiménez, J. José, fine-tuned from K. Choi, G. Fazekas, M. Sandler, "
        "K. Cho (both MIT)."
    ),
    **dict.fromkeys(
        ("choi_msd_crnn_theano", "choi_msd_cnn_theano"),
        "First weights: K. Choi, G. Fazekas, M. Sandler, K. Cho (MIT).",
    ),
}
DATASET_CREDITS: dict[str, str] = {
    "gtzan": (
        "Data: G. Tzanetakis, P. Cook, *Musical genre classification of audio signals* (2002); "
        "B. L. Sturm, *The GTZAN dataset: its contents, its faults ...* (2013); C. Kereliuk, "
        "B. L. Sturm, J. Larsen, *Deep learning and music adversaries* (2015), for the split. The "
        "recordings are commercial and are not part of this repository."
    )
}
