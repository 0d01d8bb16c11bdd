"""A model whose classes lie on several processes, which the notebook starts: see `train`.

python -m lossutils.book.experiments.training RANK PROCESSES FOLDER is one of them, and prints its losses.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

CLASSES, SEEN, WIDTH, ROWS, STEPS = 50_000, 128, 8, 32, 12


def train(processes: int) -> list[list[float]]:
    """The losses of the steps, from each of so many processes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-W", "ignore", "-m", __name__]
        started = [
            subprocess.Popen(
                [*command, str(rank), str(processes), folder],
                cwd=Path(__file__).parents[3],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for rank in range(processes)
        ]
        said = [process.communicate() for process in started]
    if any(process.returncode for process in started):
        raise RuntimeError("\n".join(error for _, error in said))
    return [json.loads(text) for text, _ in said]


def work(rank: int, processes: int, folder: str) -> list[float]:
    """One process: the weights of its own classes, and a copy of everything else."""
    import torch
    from torch import distributed as dist

    from lossutils.torch import linear_cross_entropy

    torch.set_num_threads(1)
    store = dist.FileStore(folder + "/store", processes)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=processes)
    torch.manual_seed(0)
    items, edges = torch.nn.Embedding(SEEN, WIDTH), [CLASSES * k // processes for k in range(processes + 1)]
    weight = torch.zeros(edges[rank + 1] - edges[rank], WIDTH, requires_grad=True)
    optimiser, losses = torch.optim.SGD([*items.parameters(), weight], lr=20.0), []
    for _ in range(STEPS):
        batch = torch.randint(SEEN, (ROWS,))
        target = (batch ^ 1) * (CLASSES // SEEN)  # the other of two that go together
        loss = linear_cross_entropy(items(batch), weight, target, group=dist.group.WORLD)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    dist.destroy_process_group()
    return losses


if __name__ == "__main__":
    print(json.dumps(work(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
