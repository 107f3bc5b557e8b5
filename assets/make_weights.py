"""Trains the small networks in assets/weights, each from its recipe and seed, and writes their accuracy.

Run it from the repository's root with `python -m assets.make_weights [ID …]`: all of them, or some. It uses
the app's own training and takes a few minutes on one core. The same machine makes the same files again, bit
for bit; another processor may round differently, and then a picture or two may be classified differently.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import torch

from cnnviz.core.datasets.table import DATASETS
from cnnviz.core.networks.text import parse_stack
from cnnviz.engine.checkpoints.weights_file import SavedNetwork, weights_of
from cnnviz.engine.config.train_config import TrainConfig
from cnnviz.engine.training.trainer import Trainer

WEIGHTS = Path(__file__).parent / "weights"
HEAD = """# The networks that come with the app, trained and listed by assets/make_weights.py.
# Read by cnnviz.engine.checkpoints.pretrained. accuracy: share of correct answers on the test pictures.
"""
TITLES = {"mnist": "Digits", "fashion": "Clothes", "shapes": "Shapes"}
RECIPES = {
    "mnist": TrainConfig(
        net=parse_stack("1x28x28~conv-p1~relu~max_pool~conv-c16-p1~relu~max_pool~flatten~dense"),
        dataset="mnist",
        rate=6e-3,
        schedule="cosine",
        augment="shift",
        max_steps=12 * 140,
    ),
    "fashion": TrainConfig(
        net=parse_stack("1x28x28~conv-c16-p1~relu~max_pool~conv-c32-p1~relu~max_pool~flatten~dense"),
        dataset="fashion",
        rate=4e-3,
        schedule="cosine",
        augment="flip",
        max_steps=12 * 140,
    ),
    "shapes": TrainConfig(
        net=parse_stack(
            "3x32x32~conv-c16-p1-b0~batch_norm~relu~max_pool~conv-c32-p1-b0~batch_norm~relu~max_pool"
            "~conv-c64-p1-b0~batch_norm~relu~max_pool~flatten~dense"
        ),
        dataset="shapes",
        rate=6e-3,
        schedule="cosine",
        augment="shift_flip",
        max_steps=24 * 62,
    ),
}


def train(recipe: TrainConfig) -> tuple[SavedNetwork, float]:
    """The network after all its steps, and its accuracy on the test pictures."""
    data = DATASETS[recipe.dataset]
    trainer = Trainer(recipe, data.load(), data.classes)
    trainer.step(recipe.max_steps or 0)
    name = f"{TITLES[recipe.dataset]}, {recipe.max_steps:,} steps"
    saved = SavedNetwork(recipe, trainer.step_count, weights_of(trainer.network), name)
    return saved, trainer.evaluate("test").accuracy


def entry(name: str, accuracy: float) -> str:
    """The lines of weights.toml on one network."""
    recipe = RECIPES[name]
    parameters = sum(recipe.trained_net.parameter_counts())
    data = DATASETS[name]
    pictures = len(data.load().train)
    epochs = (recipe.max_steps or 0) // recipe.steps_per_epoch(pictures)
    about = f"{parameters:,} weights, trained for {epochs} epochs on {pictures:,} pictures."
    title = f"{TITLES[name]}: right on {accuracy:.1%} of the test pictures"
    lines = {"id": name, "title": title, "dataset": name, "file": f"{name}.safetensors", "about": about}
    return "\n".join(["[[network]]", *(f'{k} = "{v}"' for k, v in lines.items()), f"accuracy = {accuracy}"])


def main() -> None:
    """Train what was asked for, and write the files and the list; the others keep their lines."""
    torch.set_num_threads(1)
    listing = WEIGHTS / "weights.toml"
    known = tomllib.loads(listing.read_text(encoding="utf-8"))["network"] if listing.exists() else []
    accuracies = {one["id"]: one["accuracy"] for one in known}
    for name in sys.argv[1:] or RECIPES:
        saved, accuracies[name] = train(RECIPES[name])
        (WEIGHTS / f"{name}.safetensors").write_bytes(saved.to_bytes())
        print(f"{name}: {accuracies[name]:.2%} of the test pictures")
    entries = [entry(name, accuracies[name]) for name in RECIPES if name in accuracies]
    listing.write_text("\n\n".join([HEAD.rstrip(), *entries]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
