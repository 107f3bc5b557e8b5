"""Training with every measurement of the Train page, compared with ConvNetJS, the live training page of 2014.

The same network (conv 8 3×3, ReLU, max 2, conv 16 3×3, ReLU, max 2, dense 10, softmax), the same pictures of
MNIST, batch 64, SGD with momentum 0.9, one thread each. ConvNetJS runs in Node, in turn with our
Trainer; `make bench` installs it from package-lock.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import numpy as np
import torch

from benchmarks._app import ROOT
from benchmarks._bench import amount, describe, environment, table, write_results
from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.networks.text import parse_stack
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.trainer import Trainer
from tools.node import NODE

MODULE = ROOT / "node_modules" / "convnetjs"  # by `make bench`, from package-lock.json
NETWORK = "1x28x28~conv-p1~relu~max_pool~conv-c16-p1~relu~max_pool~flatten~dense"
OURS, THEIRS, BATCH, ROUNDS = (
    amount(200, 3) * 64,
    amount(10, 1) * 64,
    64,
    amount(9, 1),
)  # pictures in a round of each: about 2 s
CONFIG = TrainConfig(
    net=parse_stack(NETWORK), dataset="mnist", optimizer="momentum", momentum=0.9, rate=0.05, batch=BATCH
)


class ConvNetJS:
    """A Node process that trains on request."""

    def __init__(self, folder: Path) -> None:
        if not MODULE.exists():
            raise SystemExit("This benchmark needs ConvNetJS: make node_modules/.installed.")
        train = DATASETS["mnist"].load().train
        rows = np.concatenate(
            [train.labels[:, None].astype(np.uint8), train.images.reshape(len(train), -1)], 1
        )
        (folder / "pictures").write_bytes(rows.tobytes())
        script = Path(__file__).with_name("_convnetjs.cjs")
        self.version = subprocess.run(
            [NODE, "--version"], capture_output=True, text=True, check=True
        ).stdout.strip()
        self._process = subprocess.Popen(
            [NODE, script, MODULE, folder / "pictures"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what: str, pictures: int) -> dict[str, float]:
        """ "train" or "accuracy" on so many pictures: value, cpu and wall seconds, parameters."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{what} {pictures}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The node process ended early.")
        return json.loads(line)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def convnetjs():
    with tempfile.TemporaryDirectory() as folder:
        other = ConvNetJS(Path(folder))
        try:
            yield other
        finally:
            other.close()


def our_round(trainer: Trainer) -> tuple[float, float]:
    """CPU and wall seconds of OURS pictures, in slices of 50 ms as the training process does them."""
    cpu, wall, aim = trainer.cpu_seconds, trainer.seconds, trainer.step_count + OURS // BATCH
    while trainer.step_count < aim:
        trainer.step(aim - trainer.step_count, seconds=0.05)
    return trainer.cpu_seconds - cpu, trainer.seconds - wall


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    torch.set_num_threads(1)
    where = environment(["torch", "numpy"])
    data = DATASETS["mnist"]
    trainer = Trainer(CONFIG, data.load(), data.classes)
    with convnetjs() as other:
        our_round(trainer)
        parameters = other.ask("train", THEIRS)["parameters"]
        assert parameters == trainer.started().parameters, "the networks differ"
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append([OURS / seconds for seconds in our_round(trainer)])
            answer = other.ask("train", THEIRS)
            theirs.append([THEIRS / answer["cpu"], THEIRS / answer["wall"]])
        version, pictures = other.version, THEIRS * (rounds + 1)
        right = other.ask("accuracy", 1000)["value"]
    ratios = {
        clock: [a[place] / b[place] for a, b in zip(ours, theirs, strict=True)]
        for place, clock in enumerate(("cpu", "wall"))
    }
    rows = [
        _row("cnnviz, all measurements on", ours),
        _row(f"ConvNetJS 0.3.0, node {version}", theirs),
        ("cnnviz ÷ ConvNetJS", *(f"{median(ratios[clock]):.1f}" for clock in ("cpu", "wall"))),
    ]
    results = table(("Training", "samples/s (CPU)", "samples/s (wall)"), rows)
    accuracy = (
        f"Both have {parameters:,.0f} weights. After {pictures:,} pictures ConvNetJS was right on "
        f"{right:.0%} of the first 1,000, so it does learn."
    )
    ratio_note = f"The ratio is the median over {rounds} rounds. {accuracy}"
    text = f"# Compared with ConvNetJS\n\n{__doc__}\n{results}\n\n{ratio_note}\n"
    figures = {"ours": ours, "theirs": theirs, "ratios": ratios, "node": version}
    write_results("convnetjs", {"environment": where, **figures}, f"{text}\n{describe(where)}")


def _row(name: str, speeds: list[list[float]]) -> tuple[str, str, str]:
    return (name, *(f"{median(speed[place] for speed in speeds):,.0f}" for place in (0, 1)))


if __name__ == "__main__":
    main()
