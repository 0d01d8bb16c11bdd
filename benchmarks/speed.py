"""How long each loss takes beside what the frameworks offer: forward, and forward with gradient, in float32.

`python -m benchmarks.speed [--quick]` runs the contenders of each case in turn, in rounds, in one process; a time is
the least of its rounds. It writes speed.json beside itself (not with --quick), which the appendix reads. Times are of
this machine and this hour; what they are read for is the ratios. torch.compile takes part if there is a C++ compiler.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = str(len(os.sched_getaffinity(0)))

import numpy as np

from . import contenders

HERE = Path(__file__).parent
ROUNDS = {False: 11, True: 3}
SECONDS = 4.0  # for one contender in one case, about


def timed(function):
    """Seconds: the mean of as many calls as take 20 ms, and not of the first, which finds cold caches."""
    start = time.perf_counter()
    function()
    once = time.perf_counter() - start
    repeats = int(2e-2 / max(once, 1e-7)) + 1
    start = time.perf_counter()
    for _ in range(repeats):
        function()
    return (time.perf_counter() - start) / repeats


def memory(function):
    """The bytes by which one call raises the process's peak, where Linux tells."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
        before = _high_water("VmRSS")
        function()
        return max(0, _high_water("VmHWM") - before)
    except OSError:
        return None


def _high_water(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise OSError(name)


def race(functions, quick):
    """The least time of each, in turn; and the memory it takes beyond what there was."""
    best = {}
    for function in functions.values():
        function()  # compile, allocate, warm the cache
    spent = time.perf_counter()
    for _ in range(ROUNDS[quick]):
        for name, function in functions.items():
            time.sleep(0.02)  # threads of the one before, which wait for more work, give up the processor
            best[name] = min(best.get(name, np.inf), timed(function))
        if time.perf_counter() - spent > SECONDS * len(functions):
            break
    return {name: {"seconds": best[name], "bytes": memory(functions[name])} for name in functions}


def copying(numbers):
    """The time of reading and writing as many float32 numbers: no result can be made in less."""
    a = np.ones(numbers, np.float32)
    b = np.empty_like(a)
    return min(timed(lambda: np.copyto(b, a)) for _ in range(5))


def main(quick):
    """Measure, print, and write."""
    results = {}
    for case, shape in contenders.CASES:
        if quick and np.prod(shape) > 5e6:
            continue
        y, f = contenders.data(case, shape)
        for gradient in (False, True):
            key = f"{case} {'x'.join(map(str, shape))}" + " with gradient" * gradient
            row = results[key] = {"copy": {"seconds": copying(f.size), "bytes": 0}}
            for framework in ("numpy", "torch", "tensorflow"):
                row |= race(contenders.of(framework, case, y, f, gradient), quick)
            print(key, *(f"\n    {n:44} {r['seconds'] * 1e3:10.3f} ms" for n, r in row.items()), flush=True)
    if not quick:
        (HERE / "speed.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main("--quick" in sys.argv)
