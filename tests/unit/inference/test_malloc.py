"""Memory that a training frees is reused without new pages."""

import subprocess
import sys

import pytest

FAULTS = """
import resource, sys
import numpy as np
from genre_core.inference.malloc import keep_freed_memory
if sys.argv[1] == "keep" and not keep_freed_memory():
    print(-1); sys.exit()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def use():
    np.ones(40_000_000, dtype=np.uint8)  # above every threshold that glibc finds by itself
use()
before = faults()
for _ in range(5):
    use()
print(faults() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a setting of the GNU C library")
def test_freed_memory_is_used_again_without_page_faults() -> None:
    def count(mode: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", FAULTS, mode], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    faults = count("keep")
    if faults < 0:
        pytest.skip("this C library has no such setting")
    assert faults * 10 < count("return")
