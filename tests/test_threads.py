"""Several threads at once: equal things stay the same object, and each thread gets its answer."""

from __future__ import annotations

import subprocess
import sys
from threading import Barrier, Thread

from mcalc.dims import Dim

THREADS = 4
TOGETHER = """
import sys
from threading import Barrier, Thread
import mcalc
sys.setswitchinterval(1e-6)
barrier, said = Barrier(4), []
def work():
    for power in range(2, 8):
        barrier.wait()
        text = f"Σ_{{i=1}}^n (y_i - wᵀ x_i)^{power} + λ ‖w‖²"
        try:
            said.append((power, mcalc.derive(text, wrt="w", where="X: R^{n x d}; y: R^n; w: R^d").text))
        except Exception as trouble:
            said.append((power, repr(trouble)))
threads = [Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(said), len(set(said)), [text for _, text in said if "Mistake" in text or "Error" in text])
"""


def test_equal_sizes_made_by_several_threads_are_one_object() -> None:
    made: list[list[Dim]] = [[] for _ in range(THREADS)]
    barrier = Barrier(THREADS)

    def work(mine: list[Dim]) -> None:
        for k in range(400):
            if k % 20 == 0:
                barrier.wait()
            mine.append(Dim.named(f"size{k}"))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [Thread(target=work, args=(mine,)) for mine in made]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert all(len({id(mine[k]) for mine in made}) == 1 for k in range(400))


def test_threads_that_begin_together_read_and_derive_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", TOGETHER], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "24 6 []\n", done.stdout + done.stderr
