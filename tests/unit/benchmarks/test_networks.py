"""`python -m benchmarks.networks` on very small networks."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from benchmarks import networks
from genre_core.models import registry, sizes

OPTIONS = {"channels": (2, 2, 2, 2, 2)}


def test_cost_counts_and_measures_a_network() -> None:
    threads = torch.get_num_threads()
    try:
        row = networks.cost("k2c2", OPTIONS, repeats=1)
        short = networks.cost("k2c2", OPTIONS, repeats=1, one_thread=True)
    finally:
        torch.set_num_threads(threads)
    model = registry.build("k2c2", 10, **OPTIONS)
    assert row["parameters"] == sum(parameter.numel() for parameter in model.parameters())
    assert row["multiply_adds"] > 96 * 341 * 2 * 9
    assert min(row["infer_ms_1_thread"], row["infer_ms_2_threads"], row["train_ms"]) > 0
    assert set(row) - set(short) == {"infer_ms_2_threads"}
    assert row["train_memory_mb"] >= row["infer_memory_mb"] >= 0


class HerePool:
    """A pool that works in this process."""

    def __init__(self, n_processes: int) -> None:
        assert n_processes == 1

    def __enter__(self) -> "HerePool":
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def apply(self, function: Any, arguments: tuple[Any, ...]) -> Any:
        name, hyperparameters, repeats, one_thread = arguments
        assert not one_thread
        return {"name": name, "widths": list(hyperparameters.values()), "repeats": repeats}


def test_every_family_at_every_size_and_the_published_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Spawn:
        Pool = HerePool

    monkeypatch.setattr(networks.multiprocessing, "get_context", lambda method: Spawn)
    monkeypatch.setattr(sizes, "for_size", lambda family, size: {"hidden": size})
    output = tmp_path / "networks.json"
    arguments = ["--sizes", "7", "9", "--repeats", "3", "--output", str(output)]
    assert networks.main(arguments) == 0
    record = json.loads(output.read_text())
    keys = [row["key"] for row in record["runs"]]
    assert keys == [f"{f}-{n}" for n in (7, 9) for f in sizes.FAMILIES] + ["crnn_choi"]
    assert [row["widths"] for row in record["runs"]] == [[7]] * 3 + [[9]] * 3 + [[]]
    assert {row["repeats"] for row in record["runs"]} == {3}
    assert "crnn_choi" in capsys.readouterr().out
    assert record["command"].endswith("--repeats 3 --output " + str(output))
