"""Train a model with more classes than one process holds: see the guide "When the classes do not fit".

python -m tools.many_classes [--classes 1000000] [--processes 2] [--steps 12] starts so many processes on this machine,
each with its part of the classes' weights. The toy: items 2i and 2i + 1 are bought together, and the model learns to
say which item goes with which. On several machines, torchrun starts `work` on each instead.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import torch
from torch import distributed as dist
from torch import multiprocessing

from lossutils.torch import linear_cross_entropy

WIDTH, ROWS, ITEMS = 16, 64, 256  # of a hidden state, of a batch, and how many items are ever seen


def work(rank: int, processes: int, folder: str, classes: int, steps: int) -> None:
    """One process: its classes' weights, and a copy of the rest of the model."""
    torch.set_num_threads(1)
    store = dist.FileStore(str(Path(folder) / "store"), processes)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=processes)
    torch.manual_seed(0)  # the same items and the same batches on each
    items = torch.nn.Embedding(ITEMS, WIDTH)
    edges = [classes * k // processes for k in range(processes + 1)]
    own = torch.zeros(edges[rank + 1] - edges[rank], WIDTH, requires_grad=True)
    optimiser = torch.optim.SGD([*items.parameters(), own], lr=30.0)
    start = time.monotonic()
    for step in range(steps):
        batch = torch.randint(ITEMS, (ROWS,))
        optimiser.zero_grad()
        loss = linear_cross_entropy(items(batch), own, (batch ^ 1) * (classes // ITEMS), group=dist.group.WORLD)
        loss.backward()
        optimiser.step()
        if rank == 0 and step % max(1, steps // 4) == 0:
            print(f"step {step:3d}: loss {loss.item():.3f}", flush=True)
    if rank == 0:
        took = (time.monotonic() - start) / steps
        print(f"{classes:,} classes, {edges[1] - edges[0]:,} on this process; {took:.2f} s a step")
    dist.destroy_process_group()


def main() -> None:
    """Start the processes, and wait for them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--classes", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--steps", type=int, default=12)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        arguments = (options.processes, folder, options.classes, options.steps)
        multiprocessing.spawn(work, arguments, options.processes)


if __name__ == "__main__":
    main()
