"""Where the files that come with the program lie.

In a checkout: `assets/` at its root. The build copies that folder into the package as `_assets`.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_assets"

ASSETS_FOLDER = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "assets"
MODELS_FOLDER = ASSETS_FOLDER / "models"
DEMO_FOLDER = ASSETS_FOLDER / "demo"
EVALUATIONS_FOLDER = ASSETS_FOLDER / "evaluations"
EMBEDDINGS_FOLDER = EVALUATIONS_FOLDER / "embeddings"
EXPERIMENTS_FOLDER = EVALUATIONS_FOLDER / "experiments"
LYRICS_FOLDER = ASSETS_FOLDER / "lyrics"
