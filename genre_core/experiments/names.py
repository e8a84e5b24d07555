"""Names of the experiments' networks, songs and schemes, and the format of numbers."""

from genre_core.experiments.summaries import OptimizerCurve, ProtocolPair, Spread, TransferResult

LEARNT_NAMES: dict[str, str] = {
    "svm": "features, SVM",
    "softmax": "features, softmax",
    "knn": "features, kNN",
    "classifier": "classifier",
    "recurrent": "recurrent + classifier",
    "conv4": "conv4 + recurrent + classifier",
    "everything": "everything",
    "random": "everything, from random weights",
}
OPTIMIZER_NAMES = {"adam": "Adam", "sgd": "SGD, Nesterov momentum"}
NETWORK_NAMES = {
    "svm": "tag features, SVM",
    "tuned": "tag network, tuned",
    "scratch": "CRNN from scratch",
}
SONGS_NAMES = {"fault-free": "without faulty songs", "all": "all songs"}
SCHEME_NAMES = {"folds": "four folds", "hold-out": "60/20/20"}

HOW_TO_READ: dict[str, str] = {
    "size": "Higher is better. Bars are one standard deviation between seeds.",
    "transfer": "Bars are test songs, hollow diamonds are training songs. Far apart means that the "
    "training songs were memorised.",
    "curve": "Dotted is training, solid is test. The mark is the epoch that the validation list "
    "chose.",
    "optimizers": "Dotted is training, solid is test, each optimiser at its best learning rate.",
    "protocol": "Hatched bars: songs of one artist may be in both training and testing.",
}


def result_name(result: TransferResult) -> str:
    """Return the name of a way to use the pretrained network."""
    return LEARNT_NAMES.get(result.learns, result.learns)


def pair_name(pair: ProtocolPair) -> str:
    """Return the network and the songs of a pair, e.g. "tag features, SVM, all songs"."""
    return f"{network_name(pair)}, {SONGS_NAMES.get(pair.songs, pair.songs)}"


def percent(value: Spread) -> str:
    """Return a share as e.g. "50.9 ± 1.4 %"; without a spread where there is one seed."""
    text = f"{100 * value.mean:.1f}"
    return f"{text} ± {100 * value.deviation:.1f} %" if value.n > 1 else f"{text} %"


def network_name(pair: ProtocolPair) -> str:
    """Return the name of the network of a pair."""
    return NETWORK_NAMES.get(pair.network, pair.network)


def optimizer_name(curve: OptimizerCurve) -> str:
    """Return the name of the optimiser of a curve."""
    return OPTIMIZER_NAMES.get(curve.optimizer, curve.optimizer)
