"""How the networks are built: each drawn block by block, read off the network itself."""

import html
import math

import streamlit as st

from genre_core.models.blocks import Architecture, Block
from genre_core.ui import services
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.networks.table import table_html

_KEY = "networks_family"
NAMES: dict[str, str] = {
    "crnn": "Convolutional recurrent",
    "crnn_choi": "Published in 2017",
    "crnn_gru": "Convolutional, one GRU",
    "k1c2": "Filters along time",
    "k2c2": "Fully convolutional",
}
ABOUT: dict[str, str] = {
    "crnn": "Convolutions find what sounds at each moment, recurrent layers read what follows "
    "what.",
    "crnn_choi": "The published convolutional recurrent network: for frames of 29.12 s only.",
    "crnn_gru": "Convolutions, one recurrent layer that reads both ways, and the mean of its "
    "steps; for any level and any length.",
    "k1c2": "Filters run along time only, each mel band by itself; dense layers look across bands.",
    "k2c2": "Fully convolutional: five blocks shrink both axes until nothing but channels is left.",
}
_MOST_PX = 62.0  # height of a box of `_MOST_BANDS`; both axes are logarithmic
_LEAST_PX = 6.0
_MOST_BANDS, _MOST_COLUMNS = 128, 2048


def built() -> None:
    """Show one network at a choice, and the size and arithmetic of all."""
    st.caption(
        "From top to bottom, what each block does with one frame of 29.12 s. A box is as wide as "
        "the maps have columns and as high as they have bands (both logarithmic). Shapes and "
        "numbers are read off the networks: the one in use as it is, with its own spectrogram, the "
        "others as the program builds them, for 12 kHz."
    )
    info = services.recognizer().checkpoint
    name = st.segmented_control(
        "Architecture",
        list(ABOUT),
        default=info.model_name if info.model_name in ABOUT else "crnn",
        key=_KEY,
        required=True,
        format_func=lambda each: _choice_name(each, info.model_name),
    )
    networks = services.architectures() | {info.model_name: services.architecture_in_use()}
    own = f" The network in use, “{info.name}”, is built so." if name == info.model_name else ""
    own += f" Its name in the code is “{name}”."
    st.markdown(as_markdown(ABOUT[name] + own))
    st.html(drawing_html(name, networks[name]))
    st.header("Size and arithmetic", anchor=False)
    st.html(
        table_html(
            "All architectures as drawn above, for ten genres and a frame of 29.12 s",
            ["Architecture", "Parameters", "Multiply-adds a frame", "Multiply-adds a parameter"],
            [
                [
                    f"{NAMES.get(name, name)} ({name})",
                    f"{each.parameters:,}",
                    f"{each.multiply_adds:,}",
                    f"{each.multiply_adds / each.parameters:,.0f}",
                ]
                for name, each in networks.items()
            ],
        )
    )
    st.caption(in_words(networks))


def _choice_name(name: str, in_use: str) -> str:
    return NAMES.get(name, name) + (" (in use)" if name == in_use else "")


def in_words(networks: dict[str, Architecture]) -> str:
    """Return the sentence under the table: which network uses each of its numbers most often."""
    by_use = sorted(
        networks, key=lambda name: networks[name].multiply_adds / networks[name].parameters
    )
    least, most = by_use[0], by_use[-1]
    ratio = [networks[name].multiply_adds / networks[name].parameters for name in (least, most)]
    return (
        f"Size is not cost: in a frame {_quoted(most)} uses each of its numbers "
        f"{ratio[1]:,.0f} times on average, {_quoted(least)} {ratio[0]:,.0f} times. A convolution "
        "uses a weight at every point of its map, a dense layer once."
    )


def _quoted(name: str) -> str:
    return f"“{NAMES.get(name, name)}”"


def drawing_html(name: str, architecture: Architecture) -> str:
    """Return a network as a list of its blocks."""
    items = "".join(_block_html(block) for block in architecture.blocks)
    label = html.escape(f"{name}, from input to output")
    return f'<ol class="gr-net" aria-label="{label}">{items}</ol>'


def _block_html(block: Block) -> str:
    width, height = _box(block.shape)
    cost = (
        f"{block.parameters:,} parameters, {block.multiply_adds:,} multiply-adds"
        if block.parameters
        else "nothing to learn"
    )
    return (
        f'<li><div class="gr-shape" aria-hidden="true"><div style="width:{width:.0f}%;'
        f'height:{height:.0f}px"></div></div><div><p><b>{html.escape(block.name)}</b>: '
        f"{html.escape(block.does)}</p><p>→ {shape_in_words(block.shape)}</p>"
        f'<p class="gr-soft">{cost}</p></div></li>'
    )


def shape_in_words(shape: tuple[int, ...]) -> str:
    """Return what a block gives, e.g. "64 maps of 48 bands × 170 columns"."""
    if len(shape) == 1:
        return f"{shape[0]:,} numbers"
    maps, bands, columns = shape
    pictures = "1 picture" if maps == 1 else f"{maps:,} maps"
    return (
        f"{pictures} of {bands:,} band{'s' if bands != 1 else ''} × "
        f"{columns:,} column{'s' if columns != 1 else ''}"
    )


def _box(shape: tuple[int, ...]) -> tuple[float, float]:
    """Return width (% of its place) and height (px) of a box."""
    bands, columns = (1, shape[0]) if len(shape) == 1 else shape[1:]
    width = 100 * math.log2(1 + columns) / math.log2(1 + _MOST_COLUMNS)
    height = _MOST_PX * math.log2(1 + bands) / math.log2(1 + _MOST_BANDS)
    return min(100.0, width), max(_LEAST_PX, height)
