"""A network's blocks as they come, with what each gives and costs, read off the network itself."""

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from genre_core.models.base import GenreNetwork
from genre_core.models.complexity import Complexity, frame_columns, measure
from genre_core.models.crnn import StartStep
from genre_core.models.crnn_pair import CrnnPair
from genre_core.models.layers import ConvBlock, KerasGRU, LowRankConv2d


@dataclass(frozen=True)
class Block:
    """One block of a network.

    Attributes
    ----------
    part : str
        Which network within the network it belongs to; empty where there is only one.
    name : str
        As `GenreNetwork.blocks` has it, without the part.
    does : str
        In plain words.
    shape : tuple of int
        What it gives for one frame: (maps, bands, columns), or (numbers,).
    parameters : int
        Numbers that it learns.
    multiply_adds : int
        For one frame.
    """

    part: str
    name: str
    does: str
    shape: tuple[int, ...]
    parameters: int
    multiply_adds: int


@dataclass(frozen=True)
class Architecture:
    """A network as its blocks, from input to output.

    Attributes
    ----------
    blocks : tuple of Block
        Those of one part after those of another, the common ones last.
    parameters, multiply_adds : int
        Of the whole network, the latter for one frame.
    """

    blocks: tuple[Block, ...]
    parameters: int
    multiply_adds: int


def architecture(model: GenreNetwork, n_columns: int | None = None) -> Architecture:
    """Return the blocks of `model`.

    A private copy hears an empty frame; `model` itself is left as it is.

    Parameters
    ----------
    model : GenreNetwork
    n_columns : int, optional
        Columns of the frame; those of 29.12 s by default.
    """
    n_columns = n_columns or frame_columns()
    cost = measure(model, n_columns)
    if isinstance(model, CrnnPair):
        blocks = tuple(
            block
            for part, network in model.parts.items()
            for block in _blocks(network, model, cost, n_columns, part)
        )
        product = _block(
            model,
            cost,
            "",
            "product",
            "weighs both answers and multiplies them",
            (n_outputs(model),),
        )
        blocks = (*blocks, product)
    else:
        blocks = _blocks(model, model, cost, n_columns)
    return Architecture(blocks, cost.parameters, cost.multiply_adds)


def n_outputs(model: GenreNetwork) -> int:
    """Return how many labels a network tells apart."""
    last = [module for module in model.modules() if isinstance(module, nn.Linear)][-1]
    return last.out_features


def _blocks(
    network: GenreNetwork, whole: GenreNetwork, cost: Complexity, n_columns: int, part: str = ""
) -> tuple[Block, ...]:
    """Return the blocks of one network that is, or is part of, `whole`."""
    maps, width = _shapes(network, n_columns)
    blocks = []
    for name, modules in network.blocks.items():
        shape: tuple[int, ...]
        if name in maps:
            shape = maps[name]
            conv = modules[0] if modules else None
            does = _convolution(conv) if isinstance(conv, ConvBlock) else _entrance(network)
        elif name == network.reader:
            n_maps, bands, steps = list(maps.values())[-1]
            shape, does = (width,), _reading(modules, n_maps * bands, steps)
        else:
            shape, does = (n_outputs(network),), "one number a label, from all of these"
        blocks.append(_block(whole, cost, part, name, does, shape))
    return tuple(blocks)


def _shapes(network: GenreNetwork, n_columns: int) -> tuple[dict[str, tuple[int, int, int]], int]:
    """Return the maps (C, F, T) of the input and each convolution block; what the reader gives."""
    maps: dict[str, tuple[int, int, int]] = {}

    def note(name: str, x: Tensor) -> None:
        maps[name] = (x.shape[1], x.shape[2], x.shape[3])

    network = copy.deepcopy(network).cpu().eval()
    for number, (name, block) in enumerate(network.convolutions.named_children()):
        if number == 0:
            block.register_forward_pre_hook(lambda _, inputs: note("input", inputs[0]))
        block.register_forward_hook(lambda _, __, output, name=name: note(name, output))
    with torch.inference_mode():
        summary = network.embed(torch.zeros(1, network.n_mels, n_columns))
    return maps, summary.shape[-1]


def _block(
    whole: GenreNetwork, cost: Complexity, part: str, name: str, does: str, shape: tuple[int, ...]
) -> Block:
    modules = whole.blocks[f"{part}.{name}" if part else name]
    own = {id(module) for each in modules for module in each.modules()}
    layers = [layer for layer, module in whole.named_modules() if id(module) in own]
    return Block(
        part=part,
        name=name,
        does=does,
        shape=shape,
        parameters=sum(number.numel() for each in modules for number in each.parameters()),
        multiply_adds=sum(cost.layers.get(layer, 0) for layer in layers),
    )


def _entrance(network: GenreNetwork) -> str:
    pooled = network.hyperparameters.get("pool_columns", 1)
    scaled = "log-mel-spectrogram, brought to one scale"
    return f"{scaled}; {pooled} columns averaged to one" if pooled > 1 else scaled


def _convolution(block: ConvBlock) -> str:
    height, width = block.conv.kernel_size
    rows, columns = block.pool.kernel_size  # type: ignore[misc]
    low_rank = isinstance(block.conv, LowRankConv2d)
    split = ", along bands first, then along columns" if low_rank else ""
    return (
        f"filters of {height} × {width} (bands × columns){split}, then the strongest of each "
        f"{rows} × {columns}"
    )


def _reading(modules: list[nn.Module], width: int, steps: int) -> str:
    layers = [layer for each in modules for layer in each.modules()]
    takes = f"{steps} steps of {width:,} numbers"
    if any(isinstance(layer, StartStep) for layer in layers):
        takes += ", after a learnt one,"
    for layer in layers:
        if isinstance(layer, nn.GRU):
            ways = ", forwards and backwards" if layer.bidirectional else ""
            return f"reads {takes} in order: {layer.num_layers} recurrent layers{ways}"
    n_recurrent = sum(isinstance(layer, KerasGRU) for layer in layers)
    if n_recurrent:
        return f"reads {takes} in order: {n_recurrent} recurrent layers"
    if any(isinstance(layer, nn.Linear) for layer in layers):
        return f"averages {takes}, then a dense layer looks across all bands"
    return f"averages {takes}"
