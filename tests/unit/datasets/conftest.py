"""A data set on disk for the tests of readers, splits and the feature cache."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def indexed(tmp_path: Path, wav_bytes: Callable[..., bytes]) -> Path:
    """A folder such as gtzan/: five clips, and sound of four."""
    root = tmp_path / "indexed"
    for folder in ("audio", "splits"):
        (root / folder).mkdir(parents=True)
    (root / "index.csv").write_text(
        "clip_id,genre,artist,title,near_duplicate_of\n"
        "rock.1,rock,The Few,Song,\n"
        "rock.2,rock,The Few,Other,\n"
        "jazz.1,jazz,,,\n"
        "jazz.2,jazz,A Trio,Tune,jazz.1\n"
        "jazz.3,jazz,A Trio,Lost,\n",
        encoding="utf-8",
    )
    for number, name in enumerate(("rock.1", "rock.2", "jazz.1", "jazz.2")):
        (root / "audio" / f"{name}.wav").write_bytes(wav_bytes(4.0 + 0.1 * number))
    (root / "splits" / "train_filtered.txt").write_text("rock.1\njazz.1\n")
    (root / "splits" / "test_filtered.txt").write_text("jazz/jazz.3.wav\nrock.2\n")
    return root
