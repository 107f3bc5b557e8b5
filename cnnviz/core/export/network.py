"""A network as a PyTorch program that runs by itself."""

from __future__ import annotations

from cnnviz.core.networks.layers import RESIDUAL_SOURCE, Residual
from cnnviz.core.networks.spec import NetSpec

__all__ = ["pytorch_source"]


def pytorch_source(spec: NetSpec) -> str:
    """A script that defines `network`, an nn.Module from (N, C, H, W) to the spec's output, and runs it once.

    The layers are the ones that cnnviz itself builds; the outputs are logits, without a softmax.
    Raises LayerError (a ValueError), one sentence with the numbers, where the network is illegal.
    """
    shapes = [spec.input, *spec.shapes()]
    lines: list[str] = []
    for layer, before, after in zip(spec.layers, shapes, shapes[1:], strict=False):
        expressions = layer.code(before)
        comment = f"  # {'×'.join(map(str, after))}"
        lines += [f"    {_indented(expression)}," for expression in expressions]
        lines[-1] += comment
    body = "\n".join(lines)
    stack = f"network = nn.Sequential(\n{body}\n)\n" if lines else "network = nn.Sequential()\n"
    block = f"{RESIDUAL_SOURCE}\n\n" if any(isinstance(layer, Residual) for layer in spec.layers) else ""
    channels, height, width = spec.input
    return (
        '"""Written by cnnviz."""\n\n'
        "import torch\nfrom torch import nn\n\n\n"
        f"{block}{stack}\n"
        'if __name__ == "__main__":\n'
        f"    pictures = torch.rand(1, {channels}, {height}, {width})  # N, C, H, W\n"
        "    print(tuple(network.eval()(pictures).shape))\n"
        '    print(sum(weight.numel() for weight in network.parameters()), "weights")\n'
    )


def _indented(expression: str) -> str:
    return expression.replace("\n", "\n    ")
