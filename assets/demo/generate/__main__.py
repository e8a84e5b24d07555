"""Render every demo song, or those named: `python -m generate [NAME ...]` from `assets/demo`."""

import argparse
from pathlib import Path

from .catalogue import NAMES, write_index, write_song

FOLDER = Path(__file__).resolve().parents[1]


def main() -> None:
    """Render, encode and list the songs."""
    parser = argparse.ArgumentParser(prog="generate", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="one of: " + ", ".join(NAMES))
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the songs")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"no such song: {', '.join(sorted(unknown))}")
    for name in arguments.names or NAMES:
        print(f"{name} ...", flush=True)
        write_song(name, arguments.out)
    write_index(arguments.out)


if __name__ == "__main__":
    main()
