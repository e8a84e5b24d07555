"""The web server: `streamlit run server.py`. It serves app.py and warms up before visitors come."""

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.middleware import Middleware
from streamlit.starlette import App

from genre_core.ui.compressed_scripts import CompressedScripts


def warm_up() -> None:
    """Import the pages, load the default network and let it read a song, as a first visitor would.

    What is wrong with the network is left to the page, which says it.
    """
    # Here, as they take seconds: the server answers meanwhile.
    import importlib
    import pkgutil

    from genre_core.errors import GenreError
    from genre_core.inference.threads import limit_threads
    from genre_core.ui import models, pages, services
    from genre_core.ui.pages.analyse import example
    from genre_core.ui.songs import default_demo, demo_songs

    for module in pkgutil.walk_packages(pages.__path__, f"{pages.__name__}."):
        importlib.import_module(module.name)
    demo = default_demo(demo_songs())
    with suppress(GenreError):
        limit_threads()
        network = services.recognizer(models.files()[models.DEFAULT_KEY])
        if demo is not None:
            example.remember(network.analyse(demo.path), demo.title)
    # Streamlit collects garbage after every run of a script. To look through torch and all that
    # stays took 0.26 s each time, and no other thread ran meanwhile.
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _lifespan(_: App) -> AsyncIterator[None]:
    threading.Thread(target=warm_up, name="warm up", daemon=True).start()
    yield


app = App(
    Path(__file__).with_name("app.py"),
    lifespan=_lifespan,
    middleware=[Middleware(CompressedScripts)],
)
