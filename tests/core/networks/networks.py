"""Networks for tests: random small stacks, legal or not."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from cnnviz.core import NetSpec


def nested_list(deep: int) -> list[Any]:
    """A list in a list in a list …: too deep for repr."""
    nested: list[Any] = []
    for _ in range(deep):
        nested = [nested]
    return nested


sizes = st.integers(1, 4)
pairs = st.one_of(sizes, st.tuples(sizes, sizes).map(list))
pads = st.one_of(
    st.integers(0, 3), st.tuples(st.integers(0, 3), st.integers(0, 3)).map(list), st.just("same")
)
conv = st.fixed_dictionaries(
    {"type": st.just("conv"), "channels": st.sampled_from([1, 2, 4])},
    optional={
        "kernel": pairs,
        "stride": pairs,
        "padding": pads,
        "dilation": pairs,
        "bias": st.booleans(),
        "groups": st.sampled_from([1, 2]),
    },
)
max_pool = st.fixed_dictionaries(
    {"type": st.just("max_pool"), "kernel": pairs},
    optional={"stride": pairs, "padding": pads, "dilation": pairs, "ceil_mode": st.booleans()},
)
avg_pool = st.fixed_dictionaries(
    {"type": st.just("avg_pool"), "kernel": pairs},
    optional={"stride": pairs, "padding": pads, "ceil_mode": st.booleans()},
)
plain = st.sampled_from(
    [
        {"type": "relu"},
        {"type": "leaky_relu", "slope": 0.2},
        {"type": "softplus"},
        {"type": "batch_norm"},
        {"type": "dropout", "p": 0.3},
        {"type": "flatten"},
        {"type": "global_avg_pool"},
        {"type": "global_max_pool"},
        {"type": "dense", "units": 3},
    ]
)
ONE_CELL = {"type": "conv", "channels": 1, "kernel": 1}
flat_layers = st.one_of(conv, max_pool, avg_pool, plain)
residual = st.fixed_dictionaries(
    {"type": st.just("residual"), "layers": st.lists(st.one_of(conv, plain), min_size=0, max_size=3)},
    optional={"shortcut": st.sampled_from(["identity", "projection"])},
)
same_conv = st.fixed_dictionaries(
    {"type": st.just("conv"), "channels": st.just(2), "padding": st.just("same")},
    optional={"kernel": pairs, "dilation": pairs, "bias": st.booleans()},
)
strided_conv = st.fixed_dictionaries(
    {"type": st.just("conv"), "channels": st.sampled_from([2, 3]), "padding": st.just("same")},
    optional={"kernel": pairs, "stride": sizes},
)
smooth = st.sampled_from([{"type": "relu"}, {"type": "softplus"}, {"type": "leaky_relu", "slope": 0.2}])
blocks = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.just("residual"),
            "layers": st.lists(st.one_of(same_conv, smooth), min_size=1, max_size=3),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("residual"),
            "layers": st.tuples(smooth, strided_conv).map(list),
            "shortcut": st.just("projection"),
        }
    ),
)
layers = st.lists(st.one_of(conv, max_pool, avg_pool, plain, residual), min_size=0, max_size=5)
some_layers = st.lists(st.one_of(conv, max_pool, avg_pool, plain, residual), min_size=1, max_size=5)
window_layer = st.one_of(conv, max_pool, avg_pool)


def networks(
    stack: st.SearchStrategy[list[Any]] = layers, channels: tuple[int, ...] = (1, 2)
) -> st.SearchStrategy[dict[str, Any]]:
    shape = st.tuples(st.sampled_from(channels), st.integers(1, 14), st.integers(1, 14)).map(list)
    return st.fixed_dictionaries({"input": shape, "layers": stack})


def legal_networks(stack: st.SearchStrategy[list[Any]] = layers) -> st.SearchStrategy[dict[str, Any]]:
    """Networks that can be built: a layer that cannot follow is left out."""
    return networks(stack).map(_legal)


def legal_windows(*kinds: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Networks of windows that can be built, of one layer at least: a window of one cell always fits."""
    stack = st.lists(st.one_of(*kinds), min_size=1, max_size=4)
    return legal_networks(stack).map(lambda net: {**net, "layers": net["layers"] or [dict(ONE_CELL)]})


def refused_windows() -> st.SearchStrategy[dict[str, Any]]:
    """Networks of one window layer that cannot be built."""
    small = st.tuples(st.sampled_from([1, 2]), st.integers(1, 4), st.integers(1, 4)).map(list)
    nets = st.fixed_dictionaries({"input": small, "layers": window_layer.map(lambda one: [one])})
    return nets.filter(lambda net: bool(NetSpec.from_dict(net).problems()))


def _legal(given: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"input": given["input"], "layers": []}
    for layer in given["layers"]:
        longer = {**kept, "layers": [*kept["layers"], layer]}
        kept = kept if NetSpec.from_dict(longer).problems() else longer
    return kept
