"""The network in use: a choice among those that the app offers, and the upload of another."""

from collections.abc import Callable

import streamlit as st

from genre_core.checkpoints.checkpoint import MAX_FILE_BYTES
from genre_core.errors import ModelError
from genre_core.ui import models, services, uploads
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.models import ModelSource

_UPLOAD_KEY = "model_upload"
_COUNT_KEY = "model_uploads_taken"
_REFUSED_KEY = "model_upload_refused"


def model_choice(key: str) -> None:
    """Show the choice of the network for all pages; nothing where there is only one.

    `key` is that of the control, another at every place.
    """
    choice = models.model_choice()
    offered = choice.offered()
    if len(offered) < 2:
        return
    chosen = choice.chosen()
    # The session is the truth, for another page may change it too; the widget follows.
    st.session_state[key] = chosen.key if chosen is not None else next(iter(offered))
    st.selectbox(
        "Network in use",
        list(offered),
        format_func=lambda name: label(offered[name]),
        key=key,
        on_change=lambda: setattr(choice, "key", st.session_state[key]),
        help="Another network may have other labels. The choice holds on all pages.",
    )


def label(source: ModelSource) -> str:
    """Return what to call a checkpoint in a list."""
    return tidy(source.label) + (" (default)" if source.key == models.DEFAULT_KEY else "")


def model_upload(on_taken: Callable[[ModelSource], None]) -> None:
    """Let a checkpoint be uploaded, where the deployment allows it.

    `on_taken` is called with a checkpoint that can be used, before the page is drawn again.
    """
    if not models.allows_upload():
        return
    taken = st.session_state.setdefault(_COUNT_KEY, 0)
    key = f"{_UPLOAD_KEY}_{taken}"
    st.file_uploader(
        "Open a checkpoint of your own",
        type=["safetensors"],
        key=key,
        max_upload_size=MAX_FILE_BYTES // 2**20,
        on_change=_take,
        args=(key, on_taken),
    )
    st.caption(
        f"A .safetensors file that `python -m genre_core train` has written, up to "
        f"{MAX_FILE_BYTES // 2**20} MiB. It is checked before it is used, runs no code, stays in "
        f"memory for this session only; the last {models.MAX_UPLOADS} stay."
    )
    refused = st.session_state.pop(_REFUSED_KEY, "")
    if refused:
        st.error(as_markdown(refused), icon=":material/error:")


def how_to_add() -> str:
    """Return how another network comes to be offered, as Markdown."""
    upload = f" Set `{models.UPLOAD_VARIABLE}=1` to let visitors upload one."
    if models.allows_upload():
        upload = ""
    return (
        f"Name a folder of checkpoints in the environment variable `{models.FOLDERS_VARIABLE}` and "
        f"start the app again.{upload} docs/training.md says how to train a network on your own "
        "songs and labels."
    )


def _take(key: str, on_taken: Callable[[ModelSource], None]) -> None:
    upload = next(iter(uploads.arrived(key)), None)
    if upload is None:
        return
    source = ModelSource.from_upload(tidy(upload.name), uploads.take(upload))
    st.session_state[_COUNT_KEY] += 1
    try:
        services.recognizer(source)
    except ModelError as error:
        reason = str(error).removeprefix("The uploaded model: ").replace("`", "")
        st.session_state[_REFUSED_KEY] = f"{upload.name}: {reason}"
    else:
        models.model_choice().add(source)
        on_taken(source)
