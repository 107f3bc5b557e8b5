"""A trained network in one file: its weights as safetensors, its settings as JSON in the file's metadata.

Torch-free, so that the web process can check a file that a visitor hands in; the two functions that meet a
torch module import nothing for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from cnnviz.engine.checkpoints.tensor_file import FileError, read_tensors, write_tensors
from cnnviz.engine.config.train_config import TrainConfig

if TYPE_CHECKING:
    from torch import nn

__all__ = ["FileError", "SavedNetwork", "load_weights", "weights_of"]

NETWORK = "network."
"""Names of a network's own arrays begin so; a saved state has others beside them (optimizer, generators)."""
_LONGEST_NAME = 80


@dataclass(frozen=True, eq=False)
class SavedNetwork:
    """What a file holds: the settings, the step it was saved at, a name, and arrays by name.

    With `whole` the arrays are a whole state, from which training goes on as if it had never stopped.
    """

    config: TrainConfig
    step: int
    arrays: Mapping[str, NDArray[Any]]
    name: str = ""

    @property
    def whole(self) -> bool:
        """Whether there is more in it than weights."""
        return any(not name.startswith(NETWORK) for name in self.arrays)

    @property
    def weights(self) -> dict[str, NDArray[Any]]:
        """The network's own arrays, named as in its state_dict."""
        return {
            name.removeprefix(NETWORK): array
            for name, array in self.arrays.items()
            if name.startswith(NETWORK)
        }

    def to_bytes(self) -> bytes:
        """The file."""
        metadata = {
            "format": "pt",
            "cnnviz": self.config.to_json(),
            "step": str(self.step),
            "name": self.name,
        }
        return write_tensors(self.arrays, metadata)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The network in a file, its settings checked. FileError, one sentence, for any other file."""
        arrays, metadata = read_tensors(content)
        if "cnnviz" not in metadata:
            raise FileError(
                "This safetensors file was not saved here: it does not say which network it is of."
            )
        try:
            config = TrainConfig.from_json(metadata["cnnviz"])
        except ValueError as error:
            raise FileError(f"The file's settings cannot be used: {error}") from None
        if problems := config.problems():
            raise FileError(f"The file's network cannot be used: {problems[0]}")
        saved = cls(
            config, _count(metadata.get("step", "")), arrays, metadata.get("name", "")[:_LONGEST_NAME]
        )
        saved._check()
        return saved

    def _check(self) -> None:
        """Refuse weights that are no numbers, and a count of them that is not the network's."""
        for name, array in self.weights.items():
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise FileError(f"The weights {name[:40]!r} in the file are not all numbers.")
        given = sum(
            a.size for name, a in self.weights.items() if name.rpartition(".")[2] in ("weight", "bias")
        )
        wanted = sum(self.config.trained_net.parameter_counts())
        if given != wanted:
            raise FileError(f"The file holds {given:,} weights, but its network has {wanted:,}.")


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def weights_of(network: nn.Module) -> dict[str, NDArray[Any]]:
    """A network's arrays, as SavedNetwork.arrays has them."""
    return {
        NETWORK + name: np.array(value.detach().cpu().numpy(), order="C")  # a copy: the network may train on
        for name, value in network.state_dict().items()
    }


def load_weights(network: nn.Module, weights: Mapping[str, NDArray[Any]]) -> None:
    """Give a network these arrays (named as in its state_dict); FileError, one sentence, where they differ.

    The network is left as it was where they do.
    """
    own = network.state_dict()
    for name in {**own, **weights}:
        if name not in weights or name not in own:
            raise FileError(f"The file and the network differ: only one of them has {name[:40]!r}.")
        if own[name].shape != weights[name].shape:
            raise FileError(
                f"{name!r} is {tuple(weights[name].shape)} in the file "
                f"but {tuple(own[name].shape)} in the network."
            )
    for name, value in own.items():
        value.copy_(value.new_tensor(weights[name]))
