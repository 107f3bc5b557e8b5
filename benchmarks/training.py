"""Training with every measurement on, compared with a textbook loop and the fastest plain loop that we know.

conv 8 – pool – conv 16 – pool – dense 10, batch 64, 28×28, one thread, in turn in one run. A round is
long enough to include validation, statistics and pictures, so that their cost is in every figure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional

from benchmarks._bench import Timing, amount, describe, environment, interleave, ratio, table, write_results
from cnnviz.core.datasets.table import DATASETS, Splits
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.trainer import Trainer

STEPS, ROUNDS, BATCH = amount(300, 3), amount(7, 1), 64


def network(*, pool_first: bool = False) -> nn.Sequential:
    """`pool_first`: each ReLU after its pool, which gives the same numbers with a quarter of the work."""
    first, second = [nn.ReLU(), nn.MaxPool2d(2)], [nn.ReLU(), nn.MaxPool2d(2)]
    order = -1 if pool_first else 1
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        *first[::order],
        nn.Conv2d(8, 16, 3, padding=1),
        *second[::order],
        nn.Flatten(),
        nn.Linear(784, 10),
    )


def plain_loop(data: Splits, *, best: bool, pool_first: bool = False) -> Callable[[], None]:
    """STEPS steps of a loop that only trains; `best`: channels_last and the fused optimizer."""
    images = torch.tensor(data.train.images).float() / 255
    labels = torch.tensor(data.train.labels).long()
    model = network(pool_first=pool_first)
    if best:
        images = images.to(memory_format=torch.channels_last)
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **({"fused": True} if best else {}))

    def run() -> None:
        done = 0
        while done < STEPS:
            order = torch.randperm(len(images))
            for start in range(0, len(order) - BATCH + 1, BATCH):
                index = order[start : start + BATCH]
                optimizer.zero_grad()
                functional.cross_entropy(model(images[index]), labels[index]).backward()
                optimizer.step()
                done += 1
                if done == STEPS:
                    return

    return run


def instrumented(data: Splits) -> Callable[[], None]:
    """The same steps by our Trainer, asked for slices of 50 ms as the training process does."""
    trainer = Trainer(TrainConfig(dataset="mnist"), data, DATASETS["mnist"].classes)

    def run() -> None:
        aim = trainer.step_count + STEPS
        while trainer.step_count < aim:
            trainer.step(aim - trainer.step_count, seconds=0.05)

    return run


def main() -> None:
    torch.set_num_threads(1)
    where = environment(["torch", "numpy"])
    data = DATASETS["mnist"].load()
    work = {
        "textbook loop": plain_loop(data, best=False),
        "fastest plain loop": plain_loop(data, best=True),
        "the same, pool before ReLU": plain_loop(data, best=True, pool_first=True),
        "cnnviz": instrumented(data),
    }
    timings = interleave(work, rounds=int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
    best = timings["fastest plain loop"]
    rows = [_row(name, timing, best) for name, timing in timings.items()]
    header = ("Loop", "ms a step (CPU)", "samples/s (CPU)", "speed ÷ fastest plain loop")
    results_table = table(header, rows)
    text = f"# Training\n\n{__doc__}\n{results_table}\n\n{describe(where)}"
    figures = {name: {"cpu": timing.cpu, "wall": timing.wall} for name, timing in timings.items()}
    results = {"environment": where, "steps": STEPS, "timings": figures}
    write_results("training", results, text)


def _row(name: str, timing: Timing, best: Timing) -> tuple[str, str, str, str]:
    milliseconds = 1000 * timing.median_cpu / STEPS
    return (
        name,
        f"{milliseconds:.2f}",
        f"{1000 * BATCH / milliseconds:,.0f}",
        f"{1 / ratio(timing, best):.3f}",
    )


if __name__ == "__main__":
    main()
