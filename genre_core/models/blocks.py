"""A network's blocks in order: function, output shape and cost of each."""

import copy
from dataclasses import dataclass

import torch

from genre_core.models.base import BlockDescription, GenreNetwork
from genre_core.models.complexity import Complexity, frame_columns, measure


@dataclass(frozen=True)
class Block:
    """One block of a network.

    Attributes
    ----------
    name : as `GenreNetwork.blocks` has it
    does : in plain words
    shape : of its output for one frame: (maps, bands, columns), or (numbers,)
    parameters : trainable numbers
    multiply_adds : for one frame
    """

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
    parameters, multiply_adds : of the whole network, the latter for one frame
    """

    blocks: tuple[Block, ...]
    parameters: int
    multiply_adds: int


def architecture(model: GenreNetwork, n_columns: int | None = None) -> Architecture:
    """Return the blocks of `model`.

    A copy runs over an empty frame; `model` itself stays unchanged.

    Parameters
    ----------
    n_columns : columns of the frame; those of 29.12 s by default
    """
    n_columns = n_columns or frame_columns()
    cost = measure(model, n_columns)
    with torch.inference_mode():
        empty = torch.zeros(1, model.n_mels, n_columns)
        described = copy.deepcopy(model).cpu().eval().describe(empty)
    blocks = tuple(_block(model, cost, name, each) for name, each in described.items())
    return Architecture(blocks, cost.parameters, cost.multiply_adds)


def _block(model: GenreNetwork, cost: Complexity, name: str, described: BlockDescription) -> Block:
    modules = model.blocks[name]
    own = {id(module) for each in modules for module in each.modules()}
    layers = [layer for layer, module in model.named_modules() if id(module) in own]
    return Block(
        name=name,
        does=described.does,
        shape=described.shape,
        parameters=sum(number.numel() for each in modules for number in each.parameters()),
        multiply_adds=sum(cost.layers.get(layer, 0) for layer in layers),
    )
