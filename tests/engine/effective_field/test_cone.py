"""A cone gives what the whole network gives at that region."""

import pytest
import torch

from cnnviz.core.networks.spec import NetSpec
from cnnviz.engine.config.errors import EngineError
from cnnviz.engine.effective_field.cone import needed, run
from cnnviz.engine.effective_field.weights import TrainedRules

torch.set_num_threads(1)  # as in the child process; two threads on a busy machine wait for each other


def conv(channels=4, **settings):
    return {"type": "conv", "channels": channels, "kernel": 3, **settings}


BLOCK = {
    "type": "residual",
    "shortcut": "projection",
    "layers": [conv(6, stride=2, padding=1), {"type": "batch_norm"}, {"type": "relu"}, conv(6, padding=1)],
}
STACKS = {
    "plain": [conv(), {"type": "relu"}, conv()],
    "strided": [conv(stride=2, padding=1), conv(stride=[1, 2]), conv(dilation=2, padding=2)],
    "same, even": [conv(kernel=4, padding="same"), conv(kernel=[2, 5], padding="same", stride=2)],
    "max pool": [conv(padding=1), {"type": "max_pool", "kernel": 3, "stride": 2, "padding": 1}, conv()],
    "dilated pool": [conv(padding=1), {"type": "max_pool", "kernel": 2, "stride": 2, "dilation": 2}, conv()],
    "pools in ceil mode": [
        {"type": "max_pool", "kernel": 3, "stride": 2, "ceil_mode": True},
        {"type": "avg_pool", "kernel": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        {"type": "avg_pool", "kernel": 2, "stride": 2, "ceil_mode": True},
    ],
    "groups": [conv(4, groups=2), {"type": "tanh"}, conv(8, groups=4, bias=False)],
    "batch norm": [
        conv(),
        {"type": "batch_norm"},
        {"type": "elu", "alpha": 0.7},
        {"type": "dropout", "p": 0.5},
    ],
    "residual": [conv(), BLOCK, {"type": "residual", "layers": [conv(6, padding=1)]}],
}


def network(spec):
    torch.manual_seed(1)
    shapes = [spec.input, *spec.shapes()]
    net = torch.nn.Sequential(*(one.module(at) for one, at in zip(spec.layers, shapes, strict=False)))
    net.train()(torch.randn(8, *spec.input))  # batch norms with statistics of their own
    return net.eval()


@pytest.mark.parametrize("layers", STACKS.values(), ids=STACKS)
def test_a_cone_gives_what_the_whole_network_gives(layers):
    spec = NetSpec.from_dict({"input": [2, 23, 19], "layers": layers})
    net = network(spec)
    x = torch.randn(1, 2, 23, 19)
    whole = net(x)
    state = {name: value.numpy() for name, value in net.state_dict().items()}
    rows, columns = whole.shape[2:]
    for top, left in ((0, 0), (rows // 2, columns // 2), (rows - 1, columns - 1)):
        region = ((top, top + 1), (left, left + 1))
        (a, b), (c, d) = needed(spec.layers, spec.input, region)
        part = run(spec.layers, spec.input, x[..., a:b, c:d], region, TrainedRules(False, state))
        torch.testing.assert_close(part[0, :, 0, 0], whole[0, :, top, left], rtol=1e-4, atol=1e-5)


def test_the_cone_is_as_small_as_the_receptive_field():
    spec = NetSpec.from_dict({"input": [1, 100, 100], "layers": [conv(padding=1)] * 5})
    assert needed(spec.layers, spec.input, ((50, 51), (0, 1))) == ((45, 56), (0, 6))


def test_a_unit_in_the_padding_alone_is_named():
    spec = NetSpec.from_dict({"input": [1, 5, 5], "layers": [conv(padding=4)]})
    with pytest.raises(EngineError, match="padding alone"):
        needed(spec.layers, spec.input, ((0, 1), (0, 1)))
