"""Training time of a small network until its accuracy on the test pictures is 97 %, with all measurements on.

The shipped 10,000 pictures of MNIST (9,000 to train on, 1,000 to validate with), one thread. The setting
below was chosen with the validation pictures. Its steps are fixed beforehand and all of them count; the 2,000
test pictures are used only at the end. What the page shows while it trains (gradient norms and ratios at
each step, statistics, validation, feature maps, predictions) is done and counted; a process's start is not.
"""

from __future__ import annotations

import sys
import time
from statistics import median

import torch

from benchmarks._bench import amount, describe, environment, table, write_results
from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.networks.text import parse_stack
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.trainer import Trainer

TARGET = 0.97
NETWORK = "1x28x28~conv-p1~relu~max_pool~conv-c16-p1~relu~max_pool~flatten~dense"
CONFIG = TrainConfig(
    net=parse_stack(NETWORK),
    dataset="mnist",
    optimizer="adam",
    rate=1e-2,
    schedule="warmup_cosine",
    batch=64,
    max_steps=amount(420, 5),
)
SEEDS = amount(7, 1)


def train(seed: int) -> dict[str, float]:
    """CPU and wall seconds of the preparation and of all steps, and the accuracy after them."""
    data = DATASETS["mnist"]
    splits = data.load()
    cpu, wall = time.process_time(), time.perf_counter()
    trainer = Trainer(CONFIG.changed(seed=seed), splits, data.classes)
    while trainer.status == "running":
        trainer.step(CONFIG.max_steps or 0, seconds=0.05)  # slices of 50 ms, as in the training process
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    validation, test = (trainer.evaluate(split).accuracy for split in ("validation", "test"))
    return {"seed": seed, "cpu": cpu, "wall": wall, "validation": validation, "test": test}


def main() -> None:
    torch.set_num_threads(1)
    where = environment(["torch", "numpy"])
    train(0)  # the first run of a process includes what torch sets up once
    runs = [train(seed) for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)]
    rows = [
        (
            run["seed"],
            f"{run['cpu']:.1f}",
            f"{run['wall']:.1f}",
            f"{run['validation']:.1%}",
            f"{run['test']:.2%}",
        )
        for run in runs
    ]
    results = table(("Seed", "CPU-seconds", "seconds", "validation", "test"), rows)
    reached = sum(run["test"] >= TARGET for run in runs)
    setting = (
        f"`{NETWORK}`, {CONFIG.optimizer}, rate {CONFIG.rate:g} with the schedule {CONFIG.schedule}, batch "
        f"{CONFIG.batch}, {CONFIG.max_steps} steps ({CONFIG.max_steps * CONFIG.batch / 9000:.1f} epochs)."
    )
    summary = (
        f"{reached} of {len(runs)} seeds reach {TARGET:.0%}; the median takes "
        f"{median(run['cpu'] for run in runs):.1f} CPU-seconds and ends at "
        f"{median(run['test'] for run in runs):.2%}."
    )
    text = f"# MNIST to 97 %\n\n{__doc__}\n{setting}\n\n{results}\n\n{summary}\n\n{describe(where)}"
    write_results("mnist_accuracy", {"environment": where, "setting": CONFIG.to_dict(), "runs": runs}, text)


if __name__ == "__main__":
    main()
