"""`python -m genre_core networks`: parameters of each network, and multiply-adds of a frame."""

import argparse

DESCRIPTION = """\
Print the size of the published network and of every model that comes with the program: parameters,
and multiply-adds for a frame of 29.12 s. They are counted, not timed.
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    subparsers.add_parser(
        "networks",
        help="print the size of each network and its arithmetic for a frame",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def run(args: argparse.Namespace) -> int:
    """Print the table; return 0."""
    from genre_core.checkpoints.bundled import bundled_models
    from genre_core.checkpoints.checkpoint import load_checkpoint
    from genre_core.config import GENRES, MAX_FRAME_SECONDS
    from genre_core.models import registry
    from genre_core.models.complexity import measure

    published = measure(registry.build("crnn_choi", len(GENRES)))
    print(f"{'network':24} {'parameters':>12} {'multiply-adds a frame':>22} {'of crnn_choi':>13}")
    rows = [("crnn_choi (published)", published)]
    for name, path in bundled_models().items():
        model, info = load_checkpoint(path)
        rows.append((name, measure(model, info.features.n_columns_of(MAX_FRAME_SECONDS))))
    for name, complexity in rows:
        share = complexity.multiply_adds / published.multiply_adds
        print(f"{name:24} {complexity.parameters:12,} {complexity.multiply_adds:22,} {share:13.0%}")
    return 0
