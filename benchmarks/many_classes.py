"""What one training step costs as the number of classes grows: processor time and memory, by PyTorch, in float32.

`python -m benchmarks.many_classes` measures each way at each size in a process of its own, with one thread, and writes
many_classes.json beside itself, which the chapter on very many classes reads. A step is the loss of a batch and its
derivatives in the hidden states and in the weights that it touches. Processor time is taken, not the clock's, since
other programs may run; the least of several rounds counts.
"""

import datetime
import json
import platform
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SIZES = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
ROWS, INPUTS, DRAWN, ROUNDS = 128, 64, 128, 5


def material(classes):
    """Hidden states, weights, targets and draws."""
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng(8)
    hidden = torch.tensor(rng.normal(size=(ROWS, INPUTS)), dtype=torch.float32, requires_grad=True)
    weight = torch.tensor(0.1 * rng.standard_normal((classes, INPUTS), np.float32))
    target, drawn = (torch.tensor(rng.integers(classes, size=n)) for n in (ROWS, DRAWN))
    return hidden, weight, target, drawn


def full(hidden, weight, target, drawn):
    """The softmax over all classes, by PyTorch's own functions."""
    import torch

    weight.requires_grad_()
    torch.nn.functional.cross_entropy(hidden @ weight.T, target).backward()


def in_blocks(hidden, weight, target, drawn):
    """The same loss without its logits."""
    from lossutils.torch import linear_cross_entropy

    weight.requires_grad_()
    linear_cross_entropy(hidden, weight, target).backward()


def short_rows(hidden, weight, target, drawn):
    """Scores of the right class and of the draws, and the rows of the weights that they touch."""
    import torch

    touched = weight[torch.cat([target, drawn])].requires_grad_()
    right = (hidden * touched[:ROWS]).sum(1, keepdim=True)
    return torch.cat([right, hidden @ touched[ROWS:].T], 1)


def sampled(hidden, weight, target, drawn):
    """Sampled softmax, the draws shared by the batch and uniform."""
    import torch

    import lossutils as lu

    s = short_rows(hidden, weight, target, drawn)
    counts = torch.full_like(s, float(np.log(DRAWN / len(weight)))).detach()
    lu.SampledSoftmax()(counts, s).mean().backward()


def contrast(hidden, weight, target, drawn):
    """Noise-contrastive estimation with the same draws."""
    import torch

    import lossutils as lu

    s = short_rows(hidden, weight, target, drawn) - float(np.log(DRAWN / len(weight)))
    seen = torch.zeros_like(s).detach()
    seen[:, 0] = 1
    lu.BinaryCrossEntropy()(seen, s).sum(1).mean().backward()


def hierarchical(hidden, weight, target, drawn):
    """A balanced tree: the nodes above a leaf are found by halving its number."""
    import torch

    import lossutils as lu

    depth = int(np.ceil(np.log2(len(weight))))
    way = (target + len(weight))[:, None] >> torch.arange(depth + 1)
    nodes, turns = torch.clamp(way[:, 1:], max=len(weight) - 1), (way[:, :-1] & 1).float()
    touched = weight[nodes].requires_grad_()
    scores = (touched * hidden[:, None]).sum(-1)
    lu.BinaryCrossEntropy()(turns, scores).sum(1).mean().backward()


WAYS = {f.__name__: f for f in (full, in_blocks, sampled, contrast, hierarchical)}


def high_water(name):
    """A line of the process's status, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def measured(way, classes):
    """Seconds of the processor for a step, and by how much the first step raised the process's peak."""
    hidden, weight, target, drawn = material(classes)
    WAYS[way](*material(50))  # what is imported and compiled at the first call
    Path("/proc/self/clear_refs").write_text("5")
    before = high_water("VmRSS")
    step = WAYS[way]
    step(hidden, weight, target, drawn)
    peak = high_water("VmHWM") - before
    best = np.inf
    for _ in range(ROUNDS):
        repeats, start = 0, time.process_time()
        while time.process_time() - start < 0.2:
            step(hidden, weight, target, drawn)
            repeats += 1
        best = min(best, (time.process_time() - start) / repeats)
    return {"seconds": best, "bytes": peak}


def machine():
    """What was measured on, and when."""
    text = Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.split(":")[1].strip() for line in text if line.startswith("model name")), platform.machine())
    return {"processor": name, "threads": 1, "date": datetime.datetime.now(datetime.UTC).date().isoformat()}


def main(arguments):
    """Measure everything, or with a way and a size that alone, printed."""
    if arguments:
        print(json.dumps(measured(arguments[0], int(arguments[1]))))
        return
    found = {}
    for way in WAYS:
        for classes in SIZES:
            command = [sys.executable, "-m", "benchmarks.many_classes", way, str(classes)]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            found.setdefault(way, {})[str(classes)] = json.loads(said.splitlines()[-1])
            print(way, classes, found[way][str(classes)], flush=True)
    about = {"machine": machine(), "rows": ROWS, "inputs": INPUTS, "drawn": DRAWN}
    (HERE / "many_classes.json").write_text(json.dumps(about | {"ways": found}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
