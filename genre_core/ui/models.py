"""Which networks the app offers and which one a session has chosen.

Offered are the default, those that come with the app, those of trusted folders and, where the
deployment allows it, those that the session has uploaded.
"""

import hashlib
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from genre_core.checkpoints.bundled import bundled_models, default_model_path
from genre_core.errors import ModelError
from genre_core.ui.trusted_folders import trusted_folders

MODEL_VARIABLE = "GENRE_MODEL"  # path of the checkpoint to use instead of the bundled one
FOLDERS_VARIABLE = "GENRE_MODEL_FOLDERS"  # folders of checkpoints, separated as in PATH
UPLOAD_VARIABLE = "GENRE_ALLOW_MODEL_UPLOAD"  # 1: visitors may upload checkpoints

MAX_UPLOADS = 2  # of a session; one more replaces the oldest
DEFAULT_KEY = ""
_MOST_FILES = 200
_SUFFIX = ".safetensors"
_CHOICE_KEY = "models_session"


@dataclass(frozen=True)
class ModelSource:
    """A checkpoint that can be chosen.

    Attributes
    ----------
    key : unique among those offered; empty for the default
    label : what to call it: anybody's text, to be escaped wherever it is shown
    path : its file; None for an uploaded one
    data : the content of an uploaded one
    """

    key: str
    label: str
    path: Path | None = None
    data: bytes = field(default=b"", repr=False, compare=False)

    @classmethod
    def from_upload(cls, file_name: str, data: bytes) -> "ModelSource":
        """Make a source of what somebody uploaded; the same content has the same key."""
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        return cls(f"upload:{digest}", f"{file_name.removesuffix(_SUFFIX)} (uploaded)", data=data)


def model_path() -> Path:
    """Return the default checkpoint: `GENRE_MODEL` where it is set, the bundled one otherwise."""
    named = os.environ.get(MODEL_VARIABLE)
    return Path(named) if named else default_model_path()


def allows_upload() -> bool:
    """Return whether visitors may upload checkpoints."""
    return os.environ.get(UPLOAD_VARIABLE, "").strip().lower() in ("1", "true", "yes", "on")


def files() -> dict[str, ModelSource]:
    """Return the checkpoints on this machine by their keys, the default first, none twice."""
    paths: dict[Path, str] = {}
    with suppress(ModelError):  # `services.recognizer` reports it
        paths[model_path().absolute()] = DEFAULT_KEY
    for name, path in bundled_models().items():
        paths.setdefault(path.absolute(), f"bundled:{name}")
    for folder in trusted_folders(FOLDERS_VARIABLE):
        for path in sorted(folder.glob(f"*{_SUFFIX}"))[:_MOST_FILES]:
            paths.setdefault(path.absolute(), f"file:{path.absolute()}")
    stems = Counter(path.stem for path in paths)
    return {
        key: ModelSource(
            key, path.stem if stems[path.stem] == 1 else f"{path.stem} ({path.parent.name})", path
        )
        for path, key in paths.items()
    }


@dataclass
class ModelChoice:
    """The network in use, and those that this session has uploaded.

    Attributes
    ----------
    key : of the chosen one; empty for the default
    uploads : by their keys, the oldest first
    """

    key: str = DEFAULT_KEY
    uploads: dict[str, ModelSource] = field(default_factory=dict)

    def offered(self) -> dict[str, ModelSource]:
        """Return all that can be chosen, by their keys, the default first."""
        return {**files(), **self.uploads}

    def chosen(self) -> ModelSource | None:
        """Return the chosen one, the default where it is gone; None where there is neither."""
        offered = self.offered()
        return offered.get(self.key) or offered.get(DEFAULT_KEY)

    def add(self, source: ModelSource) -> None:
        """Add an uploaded one; beyond `MAX_UPLOADS` the oldest is removed."""
        self.uploads.pop(source.key, None)
        self.uploads[source.key] = source
        while len(self.uploads) > MAX_UPLOADS:
            del self.uploads[next(iter(self.uploads))]


def model_choice() -> ModelChoice:
    """Return the choice of this browser session."""
    if _CHOICE_KEY not in st.session_state:
        st.session_state[_CHOICE_KEY] = ModelChoice()
    choice: ModelChoice = st.session_state[_CHOICE_KEY]
    return choice
