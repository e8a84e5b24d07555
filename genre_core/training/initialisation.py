"""Where a network's first weights come from, and which of them may move.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Transfer learning for music classification and regression
    tasks. ISMIR. (the published weights as a start)
Jiménez, José: fine-tuning of the published network, block by block, for ten genres.
"""

from collections.abc import Collection
from pathlib import Path

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.checkpoints.keras_start import initialise_convolutions, initialise_recurrent
from genre_core.checkpoints.keras_weights import load_keras_weights, n_outputs, read_keras_weights
from genre_core.checkpoints.loading import is_published
from genre_core.checkpoints.won_weights import is_won_tagger, load_won_tagger
from genre_core.errors import ModelError, SettingsError
from genre_core.models import registry
from genre_core.models.base import GenreNetwork
from genre_core.models.crnn import Crnn
from genre_core.models.crnn_choi import CrnnChoi
from genre_core.training.data import TrainingData
from genre_core.training.settings import TrainingSettings
from genre_core.training.tagger_features import some_frames
from genre_core.training.tagger_start import start_from_tagger


def build_network(
    settings: TrainingSettings, data: TrainingData
) -> tuple[GenreNetwork, tuple[str, ...]]:
    """Build the network of `settings` with its first weights.

    Returns
    -------
    model : GenreNetwork
    blocks : tuple of str
        Names of the blocks whose weights came from a file.

    Raises
    ------
    ModelError, SettingsError
        If the settings, the data and the file do not fit together.
    """
    try:
        model = registry.build(settings.model, len(data.genres), **dict(settings.hyperparameters))
    except ValueError as error:
        raise SettingsError(f"The network cannot be built: {error}.") from error
    if model.n_mels != data.features.n_mels:
        raise SettingsError(
            f"{settings.model} takes {model.n_mels} mel bands, the features have "
            f"{data.features.n_mels}: set the hyperparameter n_mels, or other features."
        )
    if is_won_tagger(settings.init):
        tagger = load_won_tagger(settings.init)
        blocks = start_from_tagger(model, tagger, some_frames(data), settings.seed)
    else:
        blocks = () if settings.init == "random" else initialise(model, settings.init)
    return model, blocks


def initialise(model: GenreNetwork, source: str | Path) -> tuple[str, ...]:
    """Copy weights from a file into `model` wherever they fit, in place.

    Parameters
    ----------
    model : GenreNetwork
    source : str or Path
        A checkpoint (tensors of the same name and shape are copied) or a published .h5 file.

    Returns
    -------
    tuple of str
        Names of the blocks that came from the file, wholly.

    Raises
    ------
    ModelError
        If the file cannot be read or nothing in it fits.
    """
    if is_published(source):
        return _initialise_published(model, source)
    other, _ = load_checkpoint(source)
    ours, theirs = model.state_dict(), other.state_dict()
    fitting = {name for name in ours if name in theirs and ours[name].shape == theirs[name].shape}
    if not fitting:
        raise ModelError(
            f"{source}: nothing in this checkpoint fits the network: "
            "choose the same --model and hyperparameters."
        )
    for name in fitting:
        ours[name].copy_(theirs[name])  # the dict shares memory with the model
    return tuple(
        block
        for block, modules in model.blocks.items()
        if all(name in fitting for name in _names_in(model, modules))
    )


def freeze(model: GenreNetwork, blocks: Collection[str]) -> None:
    """Stop the weights of `blocks` from learning; see `set_training_mode` for their statistics.

    Raises
    ------
    SettingsError
        If there is no such block.
    """
    for block in blocks:
        if block not in model.blocks:
            known = ", ".join(model.blocks)
            raise SettingsError(f"The network has no block {block!r} to freeze; it has {known}.")
        for module in model.blocks[block]:
            module.requires_grad_(False)


def set_training_mode(
    model: GenreNetwork, frozen_blocks: Collection[str], *, frozen_batch_norm: bool = False
) -> None:
    """Put `model` in training mode, with the batch norms of frozen blocks left in eval mode.

    Dropout stays active in frozen blocks: it disturbs, but learns nothing.

    Parameters
    ----------
    model : GenreNetwork
    frozen_blocks : collection of str
    frozen_batch_norm : bool
        Leave every batch norm in eval mode. Their scale and shift still learn, where not frozen.
    """
    model.train()
    parts: list[nn.Module] = [model] if frozen_batch_norm else []
    parts += [module for block in frozen_blocks for module in model.blocks[block]]
    for part in parts:
        for module in part.modules():
            if isinstance(module, _BatchNorm):
                module.eval()


def _initialise_published(model: GenreNetwork, source: str | Path) -> tuple[str, ...]:
    n_genres = int(model.state_dict()["classifier.bias"].shape[0])
    same_outputs = n_outputs(read_keras_weights(source)) == n_genres
    if isinstance(model, CrnnChoi):
        load_keras_weights(source, model, classifier=same_outputs)
        return tuple(name for name in model.blocks if same_outputs or name != "classifier")
    if isinstance(model, Crnn):
        copied = initialise_convolutions(source, model)
        if model.hyperparameters["recurrent"] != "keras_gru":
            return copied
        ours = model.settings
        whole = same_outputs and ours.summary == "last" and ours.activation == "sigmoid"
        initialise_recurrent(source, model, classifier=whole)
        return (*copied, "recurrent", *(("classifier",) if whole else ()))
    raise ModelError(f"{source}: published weights fit crnn_choi and crnn only.")


def _names_in(model: nn.Module, modules: Collection[nn.Module]) -> list[str]:
    """Return the names in `model.state_dict()` of all tensors in `modules`."""
    inside = {
        id(tensor) for module in modules for tensor in module.state_dict(keep_vars=True).values()
    }
    return [
        name for name, tensor in model.state_dict(keep_vars=True).items() if id(tensor) in inside
    ]
