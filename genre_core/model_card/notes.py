"""Facts about data sets and first weights that are in no file of this repository."""

from genre_core.checkpoints.loading import PUBLISHED

TAG_NETWORKS = (
    "choi_msd_crnn_theano",
    "choi_msd_cnn_theano",
    "won_msd_fcn",
    "won_msd_crnn",
)

DATASET_NOTES: dict[str, tuple[str, ...]] = {
    "gtzan": (
        "GTZAN (Tzanetakis and Cook 2002): 1,000 clips of 30 s, in one channel, ten genres, "
        "commercial recordings up to about 2000, chosen and labelled by one person. Its faults "
        "(repetitions, distortions, doubtful labels) are catalogued by Sturm (2013).",
        "The split is the fault-filtered, artist-filtered one of Kereliuk, Sturm and Larsen "
        "(2015): 443 / 197 / 290 clips to train, validate and test; no artist and no "
        "near-duplicate stands on two sides.",
        "Sound is at hand for 751 clips: 335 / 147 / 213 of the lists. The other 248 (77 of the "
        "test list: mostly hip hop, reggae and rock) exist as coarse spectrograms only: 8 bits, a "
        "point every 77 ms, absolute level lost. The network does not learn from them, and what it "
        'names those of the test list is reported apart, under "Coarse clips".',
    ),
    "songs_more": (
        "Excerpts of 30 s of well-known songs, mostly of the 1990s to 2020s. Counted are those "
        "whose label has high or medium certainty. Nobody listened to give the labels: they are "
        "what an artist is known for.",
        "Bob Marley and Creed, 15 of the counted songs, are in GTZAN's training list too, with 7 "
        "clips, which all folds learn from.",
    ),
}
INIT_NOTES: dict[str, str] = {
    PUBLISHED: (
        "Its first weights are those of the published ten-genre network, which its authors tuned "
        "on GTZAN with a split that they did not publish. Clips of this test list may have been "
        "among the training clips of that network."
    ),
    **dict.fromkeys(
        TAG_NETWORKS,
        "Its convolutions start from a published tag network, which was trained on the "
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
        TAG_NETWORKS[:2], "First weights: K. Choi, G. Fazekas, M. Sandler, K. Cho (MIT)."
    ),
    **dict.fromkeys(
        TAG_NETWORKS[2:],
        "Its first kernels were fitted to the feature maps of a network of M. Won, A. Ferraro, "
        "D. Bogdanov, X. Serra (2020; MIT).",
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
