"""Folders on this computer whose files every visitor may choose."""

import os
from pathlib import Path


def trusted_folders(variable: str) -> tuple[Path, ...]:
    """Return the folders that an environment variable names, as far as they are there.

    Parameters
    ----------
    variable : its name; the folders in it are separated as in PATH
    """
    named = os.environ.get(variable, "").split(os.pathsep)
    paths = [Path(name.strip()) for name in named if name.strip()]
    return tuple(path for path in paths if path.is_dir())
